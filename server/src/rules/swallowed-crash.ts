/** A handler whose whole body is a `try` that drops every failure: the supervisor never hears of it, and the state may be broken. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "swallowed-crash",
  code: 5007,
  title: "A handler hides every crash from its supervisor",
  severity: "warning",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "swallowed-crash", {
      message: () => "every failure ends here: the supervisor cannot restart what it does not hear of",
    }),
};
