/** An object that is changed after it was sent: on one thread the receiver holds the same object and sees the change, or not. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "mutation-after-send",
  code: 3001,
  title: "An object is changed after it was sent",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "mutation-after-send", {
      message: ({ subject }) => `"${subject}" was sent before and is changed now: the receiver holds the same object`,
      other: "it is sent here",
    }),
};
