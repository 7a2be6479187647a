/** Which children of a supervisor look up which of their siblings by name or path. Shared by the rules over order and restart types. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { FileSpan } from "../source/span.ts";
import { actorLookups } from "./followed-calls.ts";
import { isLookedUpAs, startedId } from "./supervision-graph.ts";

export interface Dependency {
  readonly child: ChildFact;
  readonly needs: ChildFact;
  /** Where the child looks the other up, the first time. */
  readonly lookup: FileSpan;
}

/** By registered names, and by paths below the root: these are unique in a system. */
export function dependenciesOf(index: ProgramIndex, supervisor: SupervisorFact): readonly Dependency[] {
  return supervisor.children.flatMap((child) => {
    const actor = startedId(child);
    if (actor === undefined) return [];
    const lookups = actorLookups(index).filter((one) => one.actor === actor);
    return supervisor.children.flatMap((needs): readonly Dependency[] => {
      const found = lookups.find(({ fact }) => needs !== child && isLookedUpAs(index, supervisor, needs, fact.name));
      return found === undefined ? [] : [{ child, needs, lookup: { path: found.path, span: found.fact.span } }];
    });
  });
}
