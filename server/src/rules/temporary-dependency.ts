/** A temporary child that a sibling looks up: once it has ended it never comes back. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { dependenciesOf } from "./sibling-dependencies.ts";

export const rule: ProgramRule = {
  name: "temporary-dependency",
  code: 4009,
  title: "A child that is never restarted is needed by a sibling",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return [...index.supervisors.values()].flatMap(({ path, fact }) =>
    dependenciesOf(index, fact).flatMap(({ child, needs, lookup }): readonly Finding[] => {
      if (!needs.restart.known || needs.restart.value !== "temporary" || needs.path !== path) return [];
      const who = child.id.known ? `"${child.id.value}"` : "a sibling";
      const span = needs.restartSpan ?? needs.span;
      const fixes =
        needs.restartSpan === undefined
          ? []
          : [{ title: "Make it permanent", isSafe: false, edits: [{ path, span, newText: '"permanent"' }] }];
      return [
        {
          path,
          span,
          message: `${who} needs this child, and a temporary child never comes back`,
          related: [{ ...lookup, message: "it is looked up here" }],
          ...(fixes.length === 0 ? {} : { fixes }),
        },
      ];
    }),
  );
}
