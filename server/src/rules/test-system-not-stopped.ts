/** A test system that nobody stops: what must hold at its end is never looked at. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "test-system-not-stopped",
  code: 8003,
  title: "A test system is never stopped",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "test-not-stopped", {
      message: () => "nobody stops this test system, and its invariants are checked when it stops",
      fix: "Hold it with await using",
    }),
};
