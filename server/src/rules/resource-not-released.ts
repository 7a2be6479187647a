/**
 * What a start takes and only a message gives back: an incarnation that crashes leaves it taken, and the next one finds it so.
 *
 * Silent where the actor has a `postStop`, handles signals or uses its signal, and where it gives the thing back nowhere.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "resource-not-released",
  code: 5015,
  title: "What a start takes is given back only for a message",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "held-resource", {
      message: ({ subject }) =>
        `${subject} is given back for this message only: a crash leaves it taken, and the next start finds it so: do it in postStop`,
      other: "it is taken here",
    }),
};
