/** A restart intensity no supervisor can have: `maxRestarts` that is not a whole number >= 0, a period that is not > 0. */
import type { FileRule } from "./rule.ts";
import { replaceBySuggestion, specFindings } from "./spec-finding.ts";

export const rule: FileRule = {
  name: "invalid-restart-intensity",
  code: 4001,
  title: "A supervisor's maxRestarts or maxRestartPeriodMs is not a number it accepts",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    specFindings(facts, ["invalid_max_restarts", "invalid_max_restart_period"], (fault, path) =>
      replaceBySuggestion(fault, path, (value) => `Use the default, ${value}`),
    ),
};
