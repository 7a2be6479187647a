/** A supervisor that is started by itself, directly or further down: starting it never ends. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { descendants, startedId } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "supervisor-cycle",
  code: 4016,
  title: "A supervisor is its own descendant",
  severity: "error",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return [...index.supervisors.values()].flatMap(({ path, fact }) =>
    fact.children.flatMap((child): readonly Finding[] => {
      const id = startedId(child);
      if (id === undefined || child.path !== path || !index.supervisors.has(id) || !descendants(index, id).has(fact.id))
        return [];
      return [{ path, span: child.span, message: `${fact.name} starts itself through this child` }];
    }),
  );
}
