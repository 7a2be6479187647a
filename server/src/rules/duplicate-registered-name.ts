/** Two children of one tree with the same registered name: the second fails to start while the first lives. */
import type { Finding } from "../diagnostic.ts";
import type { ChildFact } from "../facts/supervisor-fact.ts";
import type { Placed, ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
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
  const reported = new Set<ChildFact>();
  return roots.flatMap((root) => {
    const named = new Map<string, Placed<ChildFact>>();
    return [...descendants(index, root)].flatMap((id) => {
      const supervisor = index.supervisors.get(id);
      return (supervisor?.fact.children ?? []).flatMap((child): readonly Finding[] => {
        const name = child.name.known ? child.name.value : undefined;
        if (name === undefined || supervisor === undefined || child.path !== supervisor.path) return [];
        const first = named.get(name);
        named.set(name, first ?? { path: child.path, fact: child });
        if (first === undefined || first.fact === child || reported.has(child)) return [];
        reported.add(child);
        return [
          {
            path: child.path,
            span: child.span,
            message: `the name "${name}" is taken by another child`,
            related: [{ path: first.path, span: first.fact.span, message: "it is taken here" }],
          },
        ];
      });
    });
  });
}
