/** A variable of a module that one actor writes and another uses: state both share, outside of any message and any restart. Tests may. */

import type { ModuleAccess } from "../facts/module-access.ts";
import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import type { ProgramRule } from "./rule.ts";
import { isTestFile } from "./test-files.ts";

export const rule: ProgramRule = {
  name: "shared-module-state",
  code: 3004,
  title: "Two actors share a variable of a module",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const byVariable = new Map<string, Placed<ModuleAccess>[]>();
  for (const file of index.files) {
    if (isTestFile(file.path)) continue;
    for (const fact of file.accesses)
      byVariable.set(fact.variable, [...(byVariable.get(fact.variable) ?? []), { path: file.path, fact }]);
  }
  return [...byVariable.values()].flatMap((accesses) => report(index, accesses));
}

function report(index: ProgramIndex, accesses: readonly Placed<ModuleAccess>[]): readonly Finding[] {
  const write = accesses.find(({ fact }) => fact.isWrite);
  const other = accesses.find(({ fact }) => fact.actor !== write?.fact.actor);
  if (write === undefined || other === undefined) return [];
  const name = (id: string): string => index.actors.get(id)?.fact.name ?? id;
  return [
    {
      path: write.path,
      span: write.fact.span,
      message: `"${write.fact.name}" is changed by ${name(write.fact.actor)} and used by ${name(other.fact.actor)}: one actor should own it`,
      related: [{ path: other.path, span: other.fact.span, message: `${name(other.fact.actor)} uses it here` }],
    },
  ];
}
