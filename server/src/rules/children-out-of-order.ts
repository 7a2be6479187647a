/** Under `rest_for_one`, a child that looks up one started after it: when that one is restarted, this one is not. */
import type { Finding, Fix } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { dependenciesOf } from "./sibling-dependencies.ts";

export const rule: ProgramRule = {
  name: "children-out-of-order",
  code: 4007,
  title: "A child stands before a sibling it depends on",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return [...index.supervisors.values()].flatMap(({ path, fact }) => {
    if (!fact.strategy.known || fact.strategy.value !== "rest_for_one") return [];
    return dependenciesOf(index, fact).flatMap(({ child, needs, lookup }): readonly Finding[] => {
      if (fact.children.indexOf(child) > fact.children.indexOf(needs) || child.path !== path) return [];
      const name = needs.id.known ? `"${needs.id.value}"` : "the other";
      return [
        {
          path,
          span: child.span,
          message: `this child needs ${name}, which is started after it and restarted without it`,
          related: [{ ...lookup, message: "it is looked up here" }],
          fixes: swap(index, path, child.span, needs.span),
        },
      ];
    });
  });
}

/** The two specs change places; only where both stand in the open. */
function swap(
  index: ProgramIndex,
  path: string,
  first: { start: number; end: number },
  second: { start: number; end: number },
): readonly Fix[] {
  const text = index.textOf(path);
  const isPlain =
    text !== undefined && first.end <= second.start && text[first.start] === "{" && text[second.start] === "{";
  if (!isPlain) return [];
  const edits = [
    { path, span: first, newText: text.slice(second.start, second.end) },
    { path, span: second, newText: text.slice(first.start, first.end) },
  ];
  return [{ title: "Start it after what it needs", isSafe: false, edits }];
}
