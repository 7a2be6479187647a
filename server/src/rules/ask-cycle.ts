/**
 * Two actors that wait for each other: A asks B in a turn, and B's handler of that question asks A, which is busy waiting.
 *
 * Assumes that a variant handled by one actor, which the tree starts once, is asked of that actor. Dynamic refs give no report.
 */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { isDuring, type WaitingAsk, waitingAsks } from "./message-graph.ts";
import type { ProgramRule } from "./rule.ts";

export const rule: ProgramRule = {
  name: "ask-cycle",
  code: 2005,
  title: "Actors wait for each other's replies in a circle",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const asks = waitingAsks(index);
  return asks.flatMap((ask) => {
    const way = wayBack(index, asks, ask, ask.from, new Set([ask]));
    return way === undefined ? [] : [report(index, ask, way)];
  });
}

/** The asks that lead from the handler of `ask` back to the actor that waits. */
function wayBack(
  index: ProgramIndex,
  asks: readonly WaitingAsk[],
  ask: WaitingAsk,
  goal: string,
  seen: ReadonlySet<WaitingAsk>,
): readonly WaitingAsk[] | undefined {
  for (const next of asks) {
    if (next.from !== ask.to || seen.has(next) || !isDuring(index, next, ask.variant)) continue;
    if (next.to === goal) return [next];
    const rest = wayBack(index, asks, next, goal, new Set([...seen, next]));
    if (rest !== undefined) return [next, ...rest];
  }
  return undefined;
}

function report(index: ProgramIndex, ask: WaitingAsk, way: readonly WaitingAsk[]): Finding {
  const name = (id: string): string => index.actors.get(id)?.fact.name ?? id;
  const names = [ask, ...way].map((one) => name(one.from));
  return {
    path: ask.send.path,
    span: ask.send.fact.nameSpan,
    message: `deadlock: ${names.join(" waits for ")} waits for ${name(ask.from)}`,
    related: way.map((one) => ({
      path: one.send.path,
      span: one.send.fact.nameSpan,
      message: `${name(one.from)} waits for ${name(one.to)} here`,
    })),
  };
}
