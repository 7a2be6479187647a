/** An actor that waits in its start for an actor started after it: the supervisor goes on only when the start is over. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { waitingAsks } from "./message-graph.ts";
import type { ProgramRule } from "./rule.ts";
import { startsOf } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "ask-before-start",
  code: 2006,
  title: "A start waits for an actor that is started later",
  severity: "error",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return waitingAsks(index).flatMap(({ from, to, send }): readonly Finding[] => {
    const place = send.fact.callback === "init" ? laterSibling(index, from, to) : undefined;
    if (place === undefined) return [];
    const name = index.actors.get(to)?.fact.name ?? to;
    return [
      {
        path: send.path,
        span: send.fact.nameSpan,
        message: `${name} is started after this actor, and not before this start is over`,
        related: [{ ...place, message: `${name} is started here` }],
      },
    ];
  });
}

/** The child spec of `later`, when the same supervisor starts it after `earlier`. */
function laterSibling(
  index: ProgramIndex,
  earlier: string,
  later: string,
): { path: string; span: { start: number; end: number } } | undefined {
  const [first] = startsOf(index, earlier);
  const [second] = startsOf(index, later);
  if (
    first === undefined ||
    second === undefined ||
    first.supervisor.fact !== second.supervisor.fact ||
    startsOf(index, earlier).length > 1
  )
    return undefined;
  const { children } = first.supervisor.fact;
  return children.indexOf(first.child) < children.indexOf(second.child)
    ? { path: second.child.path, span: second.child.span }
    : undefined;
}
