/** An actor started at the top of a system, beside its tree: nobody restarts it. Meant for programs, not for tests. */
import type { FileRule } from "../rule.ts";

const TEST_FILE = /(?:^|[/.])(?:test|tests|spec|__tests__)[/.]/;

export const rule: FileRule = {
  name: "unsupervised-spawn",
  code: 4004,
  title: "An actor is started outside of the supervision tree",
  severity: "warning",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    TEST_FILE.test(facts.path)
      ? []
      : facts.spawns.spawns
          .filter((spawn) => spawn.by === "system")
          .map((spawn) => ({
            path: facts.path,
            span: spawn.span,
            message: "nobody restarts this actor: make it a child of a supervisor",
          })),
};
