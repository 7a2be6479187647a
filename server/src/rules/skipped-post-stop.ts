/** A child that is killed at once though it has work to do at its end: `postStop` does not run after a kill. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { startedId } from "./supervision-graph.ts";

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
  return [...index.supervisors.values()].flatMap(({ path, fact }) =>
    fact.children.flatMap((child): readonly Finding[] => {
      const id = startedId(child);
      const actor = id === undefined ? undefined : index.actors.get(id);
      if (
        actor?.fact.hasPostStop !== true ||
        child.path !== path ||
        !child.shutdown.known ||
        child.shutdown.value !== "brutal_kill"
      )
        return [];
      const span = child.shutdownSpan ?? child.span;
      const fixes =
        child.shutdownSpan === undefined
          ? []
          : [{ title: "Give it 5 seconds", isSafe: false, edits: [{ path, span, newText: "5_000" }] }];
      const related = [{ path: actor.path, span: actor.fact.nameSpan, message: `${actor.fact.name} is defined here` }];
      return [
        {
          path,
          span,
          message: `brutal_kill leaves out the postStop of ${actor.fact.name}`,
          related,
          ...(fixes.length === 0 ? {} : { fixes }),
        },
      ];
    }),
  );
}
