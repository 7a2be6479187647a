/** An actor that waits for the end of its own system: the system waits for the actor's turn to end. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Finding } from "./diagnostic.ts";
import type { ProgramRule } from "./rule.ts";
import { descendants } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "awaited-own-stop",
  code: 2004,
  title: "An actor waits in its turn for the end of the system it runs in",
  severity: "error",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const systems = index.files.flatMap((file) => file.spawns.systems);
  return index.files.flatMap((file) =>
    file.spawns.systemStops.flatMap((stop): readonly Finding[] => {
      const system = systems.find((one) => one.variable === stop.system);
      if (system?.root === undefined || !descendants(index, system.root).has(stop.actor)) return [];
      const edits = [{ path: file.path, span: stop.awaitSpan, newText: "void " }];
      return [
        {
          path: file.path,
          span: stop.span,
          message: "the system waits for this turn to end, and this turn for the system",
          fixes: [{ title: "Do not wait", isSafe: false, edits }],
        },
      ];
    }),
  );
}
