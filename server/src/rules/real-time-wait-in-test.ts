/** A test that owns the time of its program and sleeps all the same: nothing happens meanwhile, but for what the machine does by chance. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "real-time-wait-in-test",
  code: 8002,
  title: "A test in virtual time sleeps on the clock of the machine",
  severity: "warning",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "real-wait", {
      message: () => "virtual time stands still while the test sleeps: let it pass with advance, or wait with settle",
    }),
};
