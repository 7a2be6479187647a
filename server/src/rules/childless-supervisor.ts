/** A supervisor without children: it may get some while it runs; if not, it does nothing. */
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "childless-supervisor",
  code: 4011,
  title: "A supervisor has no children",
  severity: "hint",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    facts.supervisors
      .filter(
        ({ children, moreChildren, strategy }) =>
          children.length === 0 &&
          moreChildren === undefined &&
          strategy.known &&
          strategy.value !== "simple_one_for_one",
      )
      .map(({ nameSpan }) => ({
        path: facts.path,
        span: nameSpan,
        message: "this supervisor has no children: only startChild can give it some",
      })),
};
