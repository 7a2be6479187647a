/** A process that an actor starts past its supervisor: it lives on when the actor ends, and nobody starts it again. */
import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "unsupervised-process",
  code: 9002,
  title: "An actor starts a process that nobody supervises",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "unsupervised-process", {
      message: ({ subject }) =>
        `what ${subject} starts lives on when this actor ends: make it a child with osProcess, or ask a processManager`,
    }),
};
