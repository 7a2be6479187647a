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
  options: { allow: "calls that may block, such as readFileSync" },
  check: (facts, { allow = [] }) => {
    const incidents = facts.incidents.filter(({ subject }) => !allow.includes(subject));
    return incidentFindings({ ...facts, incidents }, "blocking-call", {
      message: ({ subject }) => `${subject} holds up all actors of this thread: use the asynchronous form`,
      other: "it is called here",
    });
  },
};
