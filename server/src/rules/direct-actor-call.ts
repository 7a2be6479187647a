/** A callback of an actor that is called by hand: no mailbox, no context of its own, no supervisor. Tests may. */
import type { FileRule } from "./rule.ts";
import { isTestFile } from "./test-files.ts";

export const rule: FileRule = {
  name: "direct-actor-call",
  code: 5001,
  title: "A callback of an actor is called outside of a system",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    (isTestFile(facts.path) ? [] : facts.spawns.directCalls).map(({ span, actor, method }) => ({
      path: facts.path,
      span,
      message: `${method} of ${actor} is the system's to call: spawn the actor and send it a message`,
    })),
};
