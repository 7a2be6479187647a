/**
 * A handler of a functional actor that makes its next state, or a `become`, and does not give it back: the state stays as it is.
 *
 * Silent where a handler returns anything, but for statements that are nothing but a value.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "lost-next-state",
  code: 1012,
  title: "A handler makes the next state and does not return it",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "lost-state", {
      message: () => "the next state is what the handler returns: this goes nowhere",
    }),
};
