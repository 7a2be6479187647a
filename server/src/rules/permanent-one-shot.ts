/** A permanent child that ends itself in its start: it is restarted at once, until its supervisor gives up. */
import type { Finding } from "../diagnostic.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { ProgramRule } from "../rule.ts";
import { startedId } from "./supervision-graph.ts";

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
  return [...index.supervisors.values()].flatMap(({ path, fact }) =>
    fact.children.flatMap((child): readonly Finding[] => {
      const id = startedId(child);
      const actor = id === undefined ? undefined : index.actors.get(id);
      const stop = actor?.fact.stopsAtStart;
      if (
        actor === undefined ||
        stop === undefined ||
        child.path !== path ||
        !child.restart.known ||
        child.restart.value !== "permanent"
      )
        return [];
      const related = [{ path: actor.path, span: stop, message: `${actor.fact.name} ends here` }];
      const span = child.restartSpan;
      const fixes =
        span === undefined
          ? []
          : [
              {
                title: "Restart it only after a crash (transient)",
                isSafe: false,
                edits: [{ path, span, newText: '"transient"' }],
              },
            ];
      return [
        {
          path,
          span: child.span,
          message: `${actor.fact.name} always ends after its start, and a permanent child is then started again`,
          related,
          ...(fixes.length === 0 ? {} : { fixes }),
        },
      ];
    }),
  );
}
