/** A path through a handler that replies twice: the second reply throws `AlreadyRepliedError` and ends the actor. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "double-reply",
  code: 2009,
  title: "A handler replies twice on one path",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "double-reply", {
      message: ({ subject }) => `${subject} was answered before on this path`,
    }),
};
