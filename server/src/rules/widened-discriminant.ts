/** A protocol whose `type` can be any text: neither the compiler nor this checker can say what is not handled. */
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "widened-discriminant",
  code: 1006,
  title: "The discriminant of a message type is not a literal",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    facts.actors.flatMap(({ widened, nameSpan, name }) =>
      widened === undefined
        ? []
        : [
            {
              path: facts.path,
              span: widened.span ?? nameSpan,
              message: `"${widened.property}" of the messages of ${name} can be any value: write the literal of each variant`,
            },
          ],
    ),
};
