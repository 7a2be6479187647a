/** A supervisor that is started by itself, directly or further down: starting it never ends. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { descendants, knownChildren } from "./supervision-graph.ts";

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
  const ownDescendants = knownChildren(index).filter(
    ({ supervisor, starts }) => index.supervisors.has(starts) && descendants(index, starts).has(supervisor.id),
  );
  return distinctFindings(
    ownDescendants.map(({ supervisor, child }) => ({
      path: child.path,
      span: child.span,
      message: `${supervisor.name} starts itself through this child`,
    })),
  );
}
