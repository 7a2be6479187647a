/** A promise nobody waits for: the work outlives the turn, and its failure ends the actor as an unhandled rejection. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "floating-promise-in-handler",
  code: 5005,
  title: "A promise in the code of an actor is not waited for",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "floating-promise", {
      other: "it is done here",
      message: ({ subject }) => `nobody waits for ${subject}: await it, or give it to context.pipeToSelf`,
      fix: "Wait for it",
    }),
};
