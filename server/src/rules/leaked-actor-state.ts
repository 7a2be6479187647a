/** State of an actor that is sent as it is and changed in place: the receiver sees, and can make, changes outside of any turn. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "leaked-actor-state",
  code: 3002,
  title: "State that an actor changes in place is sent by reference",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "leaked-state", {
      message: ({ subject }) => `${subject} is sent by reference and changed in place: send a copy`,
      other: "it is changed here",
    }),
};
