/**
 * A question, and a second message to the same actor that depends on the answer: what the answer says may no longer hold.
 *
 * Silent where the second goes to another, or where the first answer is no yes or no and the second a question too.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "check-then-act",
  code: 3007,
  title: "An actor asks another and then acts on the answer in a second message",
  severity: "hint",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "check-then-act", {
      message: ({ subject }) => `other messages can come to ${subject}: let one message do both`,
      other: "the answer is from here",
    }),
};
