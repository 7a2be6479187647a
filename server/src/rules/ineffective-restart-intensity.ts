/** `maxRestarts: 0` over permanent children: the first crash of any of them ends the supervisor and all the others. */
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "ineffective-restart-intensity",
  code: 4010,
  title: "A supervisor restarts nothing: the first crash ends it",
  severity: "information",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    facts.supervisors
      .filter(
        ({ maxRestarts, children }) =>
          maxRestarts.known &&
          maxRestarts.value === 0 &&
          children.some(({ restart }) => restart.known && restart.value === "permanent"),
      )
      .map(({ nameSpan }) => ({
        path: facts.path,
        span: nameSpan,
        message: "with maxRestarts 0 the first crash of a child ends this supervisor and all its children",
      })),
};
