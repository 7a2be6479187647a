/** What belongs to the current message (`reply`, `sender`, `envelope`, `stash`), used in a function that runs when the turn is over. */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "message-context-outlives-turn",
  code: 3006,
  title: "The current message is used after its turn",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "late-context", {
      other: "it is done here",
      message: ({ subject }) =>
        `context.${subject} is of the message being handled, and this function runs after its turn: take it before, or use deferReply`,
    }),
};
