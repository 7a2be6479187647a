/** A context kept in a variable of the module or sent to another actor: it belongs to one incarnation and throws when that has ended. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "escaped-context",
  code: 3008,
  title: "An actor context is given out of the actor",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "escaped-context", {
      other: "it is done here",
      message: ({ subject }) => `the context belongs to this incarnation alone and is given out through "${subject}"`,
    }),
};
