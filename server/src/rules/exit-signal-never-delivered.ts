/**
 * Code for exit signals in an actor that never traps them: the exit of a linked actor ends it instead.
 *
 * Silent where the context is given to other code, and where the class extends another than `Actor`: these may trap.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "exit-signal-never-delivered",
  code: 5013,
  title: "A signal handler waits for exits that the actor does not trap",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "undelivered-exit", {
      message: () =>
        "no exit signal arrives here: without context.trapExit(true) the exit of a linked actor ends this one",
    }),
};
