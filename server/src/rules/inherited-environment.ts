/** A process gets all that this program's environment has, secrets included. */
import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "inherited-environment",
  code: 9006,
  title: "A process gets the whole environment of this program",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "inherited-environment", {
      message: ({ subject }) =>
        `${subject} hands on every variable of this program, its secrets too: name those that are needed`,
    }),
};
