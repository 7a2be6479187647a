/**
 * Two timers with one key and different messages, started one after the other: the second cancels the first.
 *
 * Silent where anything but other calls and constants stands between them.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "timer-key-reused",
  code: 5014,
  title: "A timer replaces one that was just started under the same key",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "reused-timer-key", {
      message: ({ subject }) =>
        `the timer ${subject} that was started before is cancelled by this one: give it a key of its own`,
      other: "it is started here",
    }),
};
