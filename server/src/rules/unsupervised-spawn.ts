/** An actor started at the top of a system, beside its tree: nobody restarts it. Meant for programs, not for tests. */
import type { FileRule } from "./rule.ts";
import { isTestFile } from "./test-files.ts";

export const rule: FileRule = {
  name: "unsupervised-spawn",
  code: 4004,
  title: "An actor is started outside of the supervision tree",
  severity: "warning",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    isTestFile(facts.path)
      ? []
      : facts.spawns.spawns
          .filter((spawn) => spawn.by === "system")
          .map((spawn) => ({
            path: facts.path,
            span: spawn.span,
            message: "nobody restarts this actor: make it a child of a supervisor",
            ...(spawn.supervised === undefined ? {} : { fixes: [{ ...spawn.supervised, isSafe: false }] }),
          })),
};
