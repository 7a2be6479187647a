/** Questions about the static supervision tree. Shared by the rules over the whole program. */

import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";

/** Ids of everything the source says is started below a supervisor, itself included. */
export function descendants(index: ProgramIndex, root: string): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [root];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const child of index.supervisors.get(id)?.fact.children ?? []) {
      const started = startedId(child);
      if (started !== undefined) queue.push(started);
    }
  }
  return found;
}

export function startedId(child: ChildFact): string | undefined {
  return child.start.known ? child.start.value.id : undefined;
}

export interface KnownChild {
  readonly supervisor: SupervisorFact;
  readonly child: ChildFact;
  /** Id of what is started. */
  readonly starts: string;
}

/** All child specs, as far as the source says what they start. One that several supervisors use is there for each. */
export function knownChildren(index: ProgramIndex): readonly KnownChild[] {
  return [...index.supervisors.values()].flatMap(({ fact }) =>
    fact.children.flatMap((child): readonly KnownChild[] => {
      const starts = startedId(child);
      return starts === undefined ? [] : [{ supervisor: fact, child, starts }];
    }),
  );
}

/** The child specs that start an actor or supervisor. */
export function startsOf(
  index: ProgramIndex,
  id: string,
): readonly { readonly supervisor: Placed<SupervisorFact>; readonly child: ChildFact }[] {
  return [...index.supervisors.values()].flatMap((supervisor) =>
    supervisor.fact.children.filter((child) => startedId(child) === id).map((child) => ({ supervisor, child })),
  );
}

/**
 * Whether one actor at most of a definition runs: one child spec starts it, under supervisors that are started once themselves,
 * and neither code nor a spec that is not known can start another.
 */
export function isSingle(index: ProgramIndex, id: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(id) || isStartedByCode(index, id) || isStartedUnseen(index, id)) return false;
  const starts = startsOf(index, id);
  const [only] = starts;
  if (only === undefined) return index.supervisors.has(id);
  const { strategy } = only.supervisor.fact;
  const isTemplate = !strategy.known || strategy.value === "simple_one_for_one";
  return starts.length === 1 && !isTemplate && isSingle(index, only.supervisor.fact.id, new Set([...seen, id]));
}

function isStartedByCode(index: ProgramIndex, id: string): boolean {
  return index.files.some((file) =>
    file.spawns.spawns.some((spawn) => spawn.starts === id || spawn.starts === undefined),
  );
}

/** Whether a child spec that is not known may start it. */
function isStartedUnseen(index: ProgramIndex, id: string): boolean {
  return [...index.supervisors.values()].some(
    ({ fact: { children, moreChildren, moreStarts } }) =>
      (moreChildren !== undefined && (moreStarts === undefined || moreStarts.includes(id))) ||
      children.some((child) => startedId(child) === undefined),
  );
}

/**
 * What stands before the ids of a supervisor's children in their paths: nothing for a root, `workers/` for its child `workers`;
 * `undefined` when it is not known, or its children have other ids.
 */
function pathBefore(index: ProgramIndex, id: string, seen: ReadonlySet<string> = new Set()): string | undefined {
  const { strategy } = index.supervisors.get(id)?.fact ?? {};
  if (seen.has(id) || strategy?.known !== true || strategy.value === "simple_one_for_one") return undefined;
  const [start, ...others] = startsOf(index, id);
  const isSpawned = index.files.some(({ spawns }) => spawns.spawns.some(({ starts }) => starts === id));
  if (isSpawned || others.length > 0) return undefined;
  if (start === undefined) return "";
  const before = pathBefore(index, start.supervisor.fact.id, new Set([...seen, id]));
  return before === undefined || !start.child.id.known ? undefined : `${before}${start.child.id.value}/`;
}

/** Whether a look-up means a child: by its registered name, or by its path below the root where nobody is registered as that. */
export function isLookedUpAs(index: ProgramIndex, supervisor: SupervisorFact, child: ChildFact, name: string): boolean {
  if (child.name.known && child.name.value === name) return true;
  if (!child.id.known || (name !== child.id.value && !name.endsWith(`/${child.id.value}`))) return false;
  const before = pathBefore(index, supervisor.id);
  return before !== undefined && `${before}${child.id.value}` === name && !isRegistered(index, name);
}

/** A child spec and the supervisor whose it is. */
export interface Place {
  readonly supervisor: SupervisorFact;
  readonly child: ChildFact;
}

/** The child specs that a name means; none when something spawned may have it. */
export function holdersOf(index: ProgramIndex, name: string): readonly Place[] {
  const isSpawned = index.files.some(({ spawns }) =>
    spawns.spawns.some((one) => one.name === name || (one.name === undefined && one.nameSpan !== undefined)),
  );
  if (isSpawned) return [];
  return [...index.supervisors.values()].flatMap(({ fact }) =>
    fact.children
      .filter((child) => isLookedUpAs(index, fact, child, name))
      .map((child) => ({ supervisor: fact, child })),
  );
}

/** Whether a name is registered by anybody, or may be. */
function isRegistered(index: ProgramIndex, name: string): boolean {
  const ofChild = [...index.supervisors.values()].some(({ fact }) =>
    fact.children.some((child) => !child.name.known || child.name.value === name),
  );
  return ofChild || index.files.some(({ spawns }) => spawns.spawns.some((spawn) => spawn.name === name));
}
