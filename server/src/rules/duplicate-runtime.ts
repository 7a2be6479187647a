/**
 * Two copies of the runtime in one program: an actor class of the one is none for the other, and each has systems, registries and errors of its
 * own.
 *
 * Reported at the import that brings in the second copy. Silent for types, of which nothing is left when the program runs.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "duplicate-runtime",
  code: 7007,
  title: "Two copies of the runtime are in one program",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "other-runtime", {
      message: ({ subject }) => `this brings a second copy of the runtime, ${subject}: install one for both`,
    }),
};
