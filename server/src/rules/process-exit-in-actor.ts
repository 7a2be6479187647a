/** An actor that ends the whole process: no actor is stopped in order, no `postStop` runs. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "process-exit-in-actor",
  code: 5008,
  title: "An actor ends the whole process",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "process-exit", {
      other: "it is done here",
      message: ({ subject }) => `${subject} ends every actor without its postStop: stop the actor, or throw`,
    }),
};
