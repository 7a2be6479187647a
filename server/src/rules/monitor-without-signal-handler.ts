/** Signals that are asked for, by a monitor or by trapping exits, in an actor whose signal handler is missing or does nothing. */

import type { Incident } from "../facts/incident.ts";
import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "monitor-without-signal-handler",
  code: 5009,
  title: "An actor monitors others or traps exits, and handles no signals",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "deaf-monitor", { message: (incident) => messageOf(incident), other: "it is done here" }),
};

function messageOf({ subject, other }: Incident): string {
  const what = subject === "monitor" ? "the end of the monitored actor arrives" : "the ends of linked actors arrive";
  return `${what} in handleSignal, which this actor ${other === undefined ? "does not have" : "leaves without a word"}`;
}
