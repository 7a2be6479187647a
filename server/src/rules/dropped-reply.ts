/**
 * The port of a deferred reply that goes nowhere: who asked waits until the time is out.
 *
 * Silent where the port is given to other code, where it may have been answered before, and where a timer ends what has waited too
 * long.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "dropped-reply",
  code: 2014,
  title: "The port of a deferred reply is dropped without an answer",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "dropped-reply", {
      message: ({ subject, actor }) => {
        const name = facts.actors.find(({ id }) => id === actor)?.name ?? "this actor";
        return `${subject} gets no reply from ${name}: its port is dropped here`;
      },
      other: "the reply is deferred here",
    }),
};
