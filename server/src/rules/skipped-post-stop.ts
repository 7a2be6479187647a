/** A child that is killed at once though it has work to do at its end: `postStop` does not run after a kill. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { writtenChildren } from "./supervision-graph.ts";

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
  return writtenChildren(index).flatMap(({ path, child, starts }): readonly Finding[] => {
    const actor = index.actors.get(starts);
    if (actor?.fact.hasPostStop !== true || !child.shutdown.known || child.shutdown.value !== "brutal_kill") return [];
    const span = child.shutdownSpan ?? child.span;
    const fixes =
      child.shutdownSpan === undefined
        ? []
        : [{ title: "Give it 5 seconds", isSafe: false, edits: [{ path, span, newText: "5_000" }] }];
    return [
      {
        path,
        span,
        message: `brutal_kill leaves out the postStop of ${actor.fact.name}`,
        related: [{ path: actor.path, span: actor.fact.nameSpan, message: `${actor.fact.name} is defined here` }],
        ...(fixes.length === 0 ? {} : { fixes }),
      },
    ];
  });
}
