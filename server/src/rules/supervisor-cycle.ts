/** A supervisor that is started by itself, directly or further down: starting it never ends. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { descendants, writtenChildren } from "./supervision-graph.ts";

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
  return writtenChildren(index)
    .filter(({ supervisor, starts }) => index.supervisors.has(starts) && descendants(index, starts).has(supervisor.id))
    .map(({ path, supervisor, child }) => ({
      path,
      span: child.span,
      message: `${supervisor.name} starts itself through this child`,
    }));
}
