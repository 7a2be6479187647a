/** Two variants with one discriminant: a handler for it must tell them apart by something else. */
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "ambiguous-discriminant",
  code: 1007,
  title: "Two variants of a message type have the same discriminant",
  severity: "warning",
  preset: "strict",
  scope: "file",
  check: (facts) =>
    facts.actors.flatMap(({ ambiguous, nameSpan, name }) =>
      ambiguous.map((tag) => ({
        path: facts.path,
        span: nameSpan,
        message: `${name} has more than one message of type ${tag}`,
      })),
    ),
};
