/** Who can be reached by which variant. Shared by the rules over asks. */

import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import { actorSends } from "./followed-calls.ts";
import { isSingle } from "./supervision-graph.ts";

/** The one actor of the program that accepts a variant; `undefined` when there are several, or several may run. */
function onlyHandlerOf(index: ProgramIndex, variant: string): string | undefined {
  const actors = [...index.actors.values()].filter(
    ({ fact }) => !fact.isAbstract && fact.message?.variants.some((one) => one.id === variant) === true,
  );
  const [only] = actors;
  return only !== undefined && actors.length === 1 && isSingle(index, only.fact.id) ? only.fact.id : undefined;
}

/** An ask an actor waits for in its turn, to an actor that is known. */
export interface WaitingAsk {
  readonly from: string;
  readonly to: string;
  readonly variant: string;
  readonly send: Placed<Send>;
}

export function waitingAsks(index: ProgramIndex): readonly WaitingAsk[] {
  return actorSends(index).flatMap(({ path, fact: send }): readonly WaitingAsk[] => {
    const [variant, ...others] = send.variants ?? [];
    if (
      send.method !== "ask" ||
      !send.holdsTurn ||
      send.actor === undefined ||
      variant === undefined ||
      others.length > 0
    )
      return [];
    const to = onlyHandlerOf(index, variant);
    return to === undefined ? [] : [{ from: send.actor, to, variant, send: { path, fact: send } }];
  });
}

/** Whether a send happens while a message of that variant is handled. */
export function isDuring(index: ProgramIndex, ask: WaitingAsk, variant: string): boolean {
  const tag = index.actors.get(ask.from)?.fact.message?.variants.find((one) => one.id === variant)?.tag.key;
  return tag !== undefined && ask.send.fact.during?.includes(tag) === true;
}
