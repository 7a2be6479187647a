/** A permanent child that ends itself in its start: it is restarted at once, until its supervisor gives up. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import { distinctFindings } from "./distinct-findings.ts";
import type { ProgramRule } from "./rule.ts";
import { type KnownChild, knownChildren } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "permanent-one-shot",
  code: 4008,
  title: "A permanent child always ends by itself",
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
  const stop = actor?.fact.stopsAtStart;
  if (actor === undefined || stop === undefined || !child.restart.known || child.restart.value !== "permanent")
    return [];
  const place = child.restartPlace;
  const fixes =
    place === undefined
      ? []
      : [
          {
            title: "Restart it only after a crash (transient)",
            isSafe: false,
            edits: [{ ...place, newText: '"transient"' }],
          },
        ];
  return [
    {
      ...child.written,
      message: `${actor.fact.name} always ends after its start, and a permanent child is then started again`,
      related: [{ path: actor.path, span: stop, message: `${actor.fact.name} ends here` }],
      ...(fixes.length === 0 ? {} : { fixes }),
    },
  ];
}
