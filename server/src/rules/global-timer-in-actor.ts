/** A timer of Node that touches the actor and that nobody can stop: it fires when the incarnation it belongs to is gone. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "global-timer-in-actor",
  code: 5002,
  title: "A timer of Node outlives the incarnation that started it",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "unguarded-timer", {
      other: "it is done here",
      message: ({ subject }) => `${subject} fires also when this incarnation has ended: use context.timers`,
    }),
};
