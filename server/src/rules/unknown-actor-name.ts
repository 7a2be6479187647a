/**
 * A look-up of a name that nobody in the workspace has: it always finds nobody.
 *
 * Silent where the actor that looks up is started by nobody here, where a name or an id is computed, or children come from code that is not known, in tests, and where the code is prepared for
 * nobody and no name is like it.
 */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Lookup } from "../facts/spawn.ts";
import { closestWord } from "./closest-word.ts";
import type { Finding } from "./diagnostic.ts";
import type { ProgramRule } from "./rule.ts";
import { startsOf } from "./supervision-graph.ts";
import { isTestFile } from "./test-files.ts";

export const rule: ProgramRule = {
  name: "unknown-actor-name",
  code: 4018,
  title: "An actor is looked up by a name that nobody has",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const names = knownNames(index);
  if (names === undefined) return [];
  const isRun = ({ actor }: Lookup, startsSystem: boolean): boolean =>
    actor === undefined ? startsSystem : isStarted(index, actor);
  return index.files
    .filter(({ path }) => !isTestFile(path))
    .flatMap(({ path, spawns: { lookups, systems } }) =>
      lookups.filter((lookup) => isRun(lookup, systems.length > 0)).flatMap((lookup) => report(path, lookup, names)),
    );
}

/** An actor that nobody starts here is for others to start, who know the names. */
function isStarted(index: ProgramIndex, actor: string): boolean {
  return (
    startsOf(index, actor).length > 0 ||
    index.files.some(({ spawns }) => spawns.spawns.some(({ starts }) => starts === actor))
  );
}

/** All that an actor can be found by, as last parts of paths where it is found by one; `undefined` when there may be others. */
function knownNames(index: ProgramIndex): ReadonlySet<string> | undefined {
  const supervisors = [...index.supervisors.values()].map(({ fact }) => fact);
  if (supervisors.length === 0) return undefined;
  const names = new Set<string>();
  for (const { children, moreChildren, strategy } of supervisors) {
    const isTemplate = !strategy.known || strategy.value === "simple_one_for_one";
    if (moreChildren !== undefined || (isTemplate && children.length > 0)) return undefined;
    for (const { id, name } of children) {
      if (!id.known || !name.known) return undefined;
      names.add(id.value);
      if (name.value !== undefined) names.add(name.value);
    }
  }
  for (const { id, name, isOpen } of index.files.flatMap(({ spawns }) => spawns.spawns)) {
    if (isOpen === true) return undefined;
    for (const one of [id, name]) if (one !== undefined) names.add(one);
  }
  return names;
}

function report(
  path: string,
  { name, nameSpan, expectsNobody }: Lookup,
  names: ReadonlySet<string>,
): readonly Finding[] {
  const last = name.slice(name.lastIndexOf("/") + 1);
  // Children that are started without an id have numbers.
  if (names.has(name) || names.has(last) || /^\d+$/.test(last)) return [];
  const meant = closestWord([...names], last);
  if (expectsNobody && meant === undefined) return [];
  const hint = meant === undefined ? "" : `: did you mean "${meant}"?`;
  return [{ path, span: nameSpan, message: `nobody in this workspace is called "${name}"${hint}` }];
}
