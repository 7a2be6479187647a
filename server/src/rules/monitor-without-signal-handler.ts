/** A monitor in an actor that handles no signals: the `down` it waits for arrives and nothing happens. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "monitor-without-signal-handler",
  code: 5009,
  title: "An actor monitors others and handles no signals",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "deaf-monitor", {
      other: "it is done here",
      message: () => "the end of the monitored actor arrives in handleSignal, which this actor does not have",
    }),
};
