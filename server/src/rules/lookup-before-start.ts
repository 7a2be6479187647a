/**
 * A start that looks up an actor which is started only after it: on the first start it finds nobody.
 *
 * Silent when the code expects to find nobody, when the actor looks again outside of its start, and when the name may be another's.
 */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Lookup } from "../facts/spawn.ts";
import type { SupervisorFact } from "../facts/supervisor-fact.ts";
import type { Finding } from "./diagnostic.ts";
import { actorLookups } from "./followed-calls.ts";
import type { ProgramRule } from "./rule.ts";
import { holdersOf, type Place, startedId, startsOf } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "lookup-before-start",
  code: 4017,
  title: "A start looks up an actor that is started later",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const lookups = actorLookups(index);
  const isLookedUpAgain = (actor: string, { name }: Lookup): boolean =>
    lookups.some((one) => one.actor === actor && one.fact.name === name && !one.fact.isAtStart);
  return lookups
    .filter(({ actor, fact }) => fact.isAtStart && !fact.expectsNobody && !isLookedUpAgain(actor, fact))
    .flatMap(({ path, actor, fact }) => report(index, path, actor, fact));
}

function report(index: ProgramIndex, path: string, actor: string, { name, span }: Lookup): readonly Finding[] {
  const starts = startsOf(index, actor).map(({ supervisor, child }) => ({ supervisor: supervisor.fact, child }));
  const [first] = starts;
  if (first === undefined) return [];
  // Another tree is another program.
  const holders = holdersOf(index, name).filter((holder) => rootOf(index, holder) === rootOf(index, first));
  const [holder] = holders;
  if (holder === undefined || holders.length > 1) return [];
  if (!starts.every((start) => isStartedAfter(index, start, holder))) return [];
  const what = index.actors.get(startedId(holder.child) ?? "")?.fact.name ?? "it";
  return [
    {
      path,
      span,
      message: `nobody is found as "${name}" yet: ${what} is started after this actor`,
      related: [{ path: holder.child.path, span: holder.child.span, message: `${what} is started here` }],
    },
  ];
}

/** Whether `later` stands after `first` in the same list, or in that of a supervisor around both. */
function isStartedAfter(index: ProgramIndex, first: Place, later: Place, depth = 0): boolean {
  if (depth > 8) return false;
  const { children } = first.supervisor;
  for (const at of upwards(index, later)) {
    if (at.supervisor !== first.supervisor) continue;
    return children.indexOf(at.child) > children.indexOf(first.child);
  }
  const [above, ...others] = startsOf(index, first.supervisor.id);
  if (above === undefined || others.length > 0) return false;
  return isStartedAfter(index, { supervisor: above.supervisor.fact, child: above.child }, later, depth + 1);
}

function rootOf(index: ProgramIndex, place: Place): SupervisorFact | undefined {
  return upwards(index, place).at(-1)?.supervisor;
}

/** The child spec itself, that of its supervisor, and so on. */
function upwards(index: ProgramIndex, place: Place): readonly Place[] {
  const found = [place];
  for (let at = place; found.length < 8; ) {
    const [above, ...others] = startsOf(index, at.supervisor.id);
    if (above === undefined || others.length > 0) break;
    at = { supervisor: above.supervisor.fact, child: above.child };
    found.push(at);
  }
  return found;
}
