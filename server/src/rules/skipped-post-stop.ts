/** A child that is killed at once though it has work to do at its end: `postStop` does not run after a kill. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { type KnownChild, knownChildren } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "skipped-post-stop",
  code: 4012,
  title: "A child with a postStop is killed without it",
  severity: "warning",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return distinctFindings(knownChildren(index).flatMap((one) => report(index, one)));
}

function report(index: ProgramIndex, { child, starts }: KnownChild): readonly Finding[] {
  const actor = index.actors.get(starts);
  if (actor?.fact.hasPostStop !== true || !child.shutdown.known || child.shutdown.value !== "brutal_kill") return [];
  const place = child.shutdownPlace;
  const fixes =
    place === undefined ? [] : [{ title: "Give it 5 seconds", isSafe: false, edits: [{ ...place, newText: "5_000" }] }];
  return [
    {
      ...(place ?? child.written),
      message: `brutal_kill leaves out the postStop of ${actor.fact.name}`,
      related: [{ path: actor.path, span: actor.fact.nameSpan, message: `${actor.fact.name} is defined here` }],
      ...(fixes.length === 0 ? {} : { fixes }),
    },
  ];
}
