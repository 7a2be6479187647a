/**
 * A `stash` in an actor that never calls `unstashAll`: the messages set aside are lost when it ends.
 *
 * Silent where the context is given to other code, or the class extends another than `Actor`.
 */

import { incidentFindings } from "./incident-findings.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "stash-without-unstash",
  code: 1009,
  title: "An actor sets messages aside and never takes them up again",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    incidentFindings(facts, "lost-stash", {
      message: () => "what is stashed comes back by context.unstashAll(), which this actor never calls",
    }),
};
