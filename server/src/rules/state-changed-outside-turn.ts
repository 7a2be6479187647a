/**
 * State of an actor changed by a callback of a promise, a timer or a listener: it runs between the turns, and in the middle of one that waits.
 *
 * Silent where a turn waits for it, where the field is used nowhere else, and for what only takes something out of a collection.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "state-changed-outside-turn",
  code: 3010,
  title: "An actor's state is changed outside of its turns",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "change-outside-turn", {
      message: ({ subject }) =>
        `${subject} is changed outside of a turn: send the actor a message, or use context.pipeToSelf`,
      other: "the change is made by what this runs",
    }),
};
