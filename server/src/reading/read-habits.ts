/** One walk through the code of the actors of a file for what is wrong with a single statement or call, and one through the file for starts. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { checkThenAct } from "./check-then-act.ts";
import { readHeldResources } from "./held-resources.ts";
import { sharedActor, sharedField, sharedState } from "./initial-state.ts";
import { readKeptChildren } from "./kept-children.ts";
import { machineInput } from "./machine-input.ts";
import { readLostStates } from "./next-state.ts";
import { changeOutsideTurn, changesLeftBehind } from "./outside-turn.ts";
import type { SourceUnit } from "./source-unit.ts";
import { isStash, readStashed, type Stash } from "./stashed.ts";
import { unreleasedSubscription } from "./subscriptions.ts";
import { forEachNode, spanOf } from "./symbols.ts";
import { reusedTimerKey } from "./timer-keys.ts";

export function readHabits(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  const found: (Incident | undefined)[] = [];
  const stashes: Stash[] = [];
  for (const callback of code) {
    visitCode(callback.node.body, (node, depth) => {
      if (depth > 0) found.push(changeOutsideTurn(unit, callback, node, code));
      else if (ts.isCallExpression(node)) found.push(...changesLeftBehind(unit, callback, node, code));
      const input = machineInput(unit, node);
      if (input !== undefined)
        found.push({
          kind: "machine-input",
          span: spanOf(ts.isCallExpression(node) ? node.expression : node),
          subject: input,
          actor: callback.actor,
        });
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      found.push(
        reusedTimerKey(unit, callback, node),
        unreleasedSubscription(unit, callback, node),
        checkThenAct(unit, callback, node),
      );
      if (isStash(unit, node)) stashes.push({ call: node, callback });
    });
    found.push(...readLostStates(unit, callback), ...sharedState(unit, callback, code));
  }
  for (const owner of new Set(code.map((one) => one.owner))) found.push(...sharedField(unit, owner, code));
  forEachNode(unit.file, (node) => {
    if (ts.isPropertyAssignment(node)) found.push(...sharedActor(unit, node));
  });
  found.push(...readStashed(unit, code, stashes), ...readHeldResources(unit, code), ...readKeptChildren(unit, code));
  const all = found.filter((one) => one !== undefined);
  // A method may be begun in several places and left alone in each.
  return all.filter(
    ({ kind, span }, index) => all.findIndex((one) => one.kind === kind && one.span.start === span.start) === index,
  );
}
