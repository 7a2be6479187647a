/**
 * A handler of a question that can end without an answer: who asked waits until the time is out.
 *
 * Followed through `if` and early returns. Silent when the reply is deferred, the message stashed, the actor stopped, or the
 * context given to other code; when conditions may exclude each other; in loops and `try`.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "missing-reply",
  code: 2008,
  title: "The handler of a question can end without a reply",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "missing-reply", {
      message: ({ subject }) => `${subject} is asked and gets no reply on this path`,
    }),
};
