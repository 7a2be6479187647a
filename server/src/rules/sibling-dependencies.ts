/** Which children of a supervisor look up which of their siblings by name. Shared by the rules over order and restart types. */
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { FileSpan } from "../source/span.ts";
import { startedId } from "./supervision-graph.ts";

export interface Dependency {
  readonly child: ChildFact;
  readonly needs: ChildFact;
  /** Where the child looks the other up. */
  readonly lookup: FileSpan;
}

/** By registered names only: these are unique in a system. */
export function dependenciesOf(index: ProgramIndex, supervisor: SupervisorFact): readonly Dependency[] {
  return supervisor.children.flatMap((child) => {
    const actor = startedId(child);
    if (actor === undefined) return [];
    return index.files.flatMap((file) =>
      file.spawns.lookups
        .filter((lookup) => lookup.actor === actor)
        .flatMap((lookup): readonly Dependency[] => {
          const needs = supervisor.children.find(
            (one) => one !== child && one.name.known && one.name.value === lookup.name,
          );
          return needs === undefined ? [] : [{ child, needs, lookup: { path: file.path, span: lookup.span } }];
        }),
    );
  });
}
