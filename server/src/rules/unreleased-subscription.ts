/**
 * A listener that an actor puts on an emitter of the module and never takes off: each restart adds one, and the old ones act for an actor that
 * is gone.
 *
 * Silent where the actor takes any listener off, where the emitter is its own or was given to it, and where the listener does not touch it.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "unreleased-subscription",
  code: 5004,
  title: "A listener on something that outlives the actor is never taken off",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "unreleased-subscription", {
      message: ({ subject }) =>
        `${subject} keeps this listener, and with it the incarnation, after its end: take it off in postStop`,
    }),
};
