/** Two children of one tree with the same registered name: the second fails to start while the first lives. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact } from "../facts/supervisor-fact.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { descendants } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "duplicate-registered-name",
  code: 5012,
  title: "Two children of a tree have the same registered name",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const roots = index.files.flatMap((file) => file.spawns.systems.flatMap(({ root }) => root ?? []));
  return distinctFindings(roots.flatMap((root) => clashesBelow(index, root)));
}

function clashesBelow(index: ProgramIndex, root: string): readonly Finding[] {
  const named = new Map<string, ChildFact>();
  const children = [...descendants(index, root)].flatMap((id) => index.supervisors.get(id)?.fact.children ?? []);
  return children.flatMap((child): readonly Finding[] => {
    const name = child.name.known ? child.name.value : undefined;
    if (name === undefined) return [];
    const first = named.get(name);
    if (first === undefined) {
      named.set(name, child);
      return [];
    }
    return [
      {
        path: child.path,
        span: child.span,
        message: `the name "${name}" is taken by another child`,
        related: [{ path: first.path, span: first.span, message: "it is taken here" }],
      },
    ];
  });
}
