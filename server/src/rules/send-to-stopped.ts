/**
 * A message to a child that ends by itself, through a ref that was kept from its start: after its end it is lost.
 *
 * Silent where the actor watches its children, asks whether they live, or gives the field another value.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "send-to-stopped",
  code: 5010,
  title: "A ref is kept of a child that ends by itself",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "send-to-stopped", {
      message: ({ subject }) =>
        `${subject} ends by itself, and what is sent after that is lost: monitor it and start it anew, or send to one that stays`,
      other: "it stops here",
    }),
};
