/** Messages that an actor sets aside and never takes up again. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, spanOf } from "./symbols.ts";
import { isWholeActor, mayCall } from "./whole-actor.ts";

/** The first `context.stash()` of an actor all of whose code is seen, and that never calls `unstashAll`. */
export function readStashed(
  unit: SourceUnit,
  code: readonly Callback[],
  stashes: readonly Stash[],
): readonly Incident[] {
  const seen = new Set<string>();
  return stashes.flatMap(({ call, callback }): readonly Incident[] => {
    const { actor } = callback;
    if (seen.has(actor)) return [];
    seen.add(actor);
    const own = code.filter((one) => one.actor === actor);
    if (!isWholeActor(unit, callback.owner) || mayCall(unit, own, "unstashAll")) return [];
    return [{ kind: "lost-stash", span: spanOf(call), subject: "stash", actor }];
  });
}

export interface Stash {
  readonly call: ts.CallExpression;
  readonly callback: Callback;
}

export function isStash(unit: SourceUnit, call: ts.CallExpression): boolean {
  const access = call.expression;
  const isNamed = ts.isPropertyAccessExpression(access) && access.name.text === "stash";
  return isNamed && runtimeCallee(unit, call, "ActorContext.stash") !== undefined;
}
