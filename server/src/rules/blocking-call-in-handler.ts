/**
 * A synchronous call of Node in a handler, itself or in functions of the project it calls: no other actor of the thread runs
 * meanwhile. What runs only under a condition in a called function is left alone, and so is `preStart`.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "blocking-call-in-handler",
  code: 6001,
  title: "A handler makes a call that blocks the thread",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "blocking-call", {
      message: ({ subject }) => `${subject} holds up all actors of this thread: use the asynchronous form`,
      other: "it is called here",
    }),
};
