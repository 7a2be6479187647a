/** Lenses over actors and handlers: how many send this, who starts this. */
import type { Arm, Dispatch } from "../facts/dispatch.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { SupervisorFact } from "../facts/supervisor-fact.ts";
import type { HandledMessage } from "../protocol.ts";
import type { FileSpan, Span } from "../source/span.ts";
import { type MessagePlaces, variantsOf } from "./message-places.ts";

export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** Places shown when it is clicked. */
  readonly places: readonly FileSpan[];
  /** The message that is handled there, where it is one. */
  readonly handled?: HandledMessage;
}

export function lensesOf(index: ProgramIndex, places: MessagePlaces, facts: FileFacts): readonly Lens[] {
  const handlers = facts.dispatches.flatMap((dispatch) =>
    dispatch.arms.map((arm): Lens => {
      const senders = variantsOf(dispatch, arm).flatMap((variant) => places.sendersOf(variant));
      const handled = handledBy(index, dispatch, arm);
      return {
        ...(handled && { handled }),
        span: arm.span,
        title: count(senders.length, "sender"),
        places: senders.map(({ path, fact }) => ({ path, span: fact.nameSpan })),
      };
    }),
  );
  const actors = facts.actors.map((actor): Lens => {
    const starts = [...index.supervisors.values()].flatMap(({ fact }) =>
      fact.children
        .filter((child) => child.start.known && child.start.value.id === actor.id)
        .map((child) => ({ fact, child })),
    );
    return {
      span: actor.nameSpan,
      title: supervisionTitle(starts.map(({ fact }) => fact)),
      places: starts.map(({ child }) => ({ path: child.path, span: child.span })),
    };
  });
  return [...actors, ...handlers].sort((a, b) => a.span.start - b.span.start);
}

/** @param parents the supervisor of each child that is made of the actor. */
function supervisionTitle(parents: readonly SupervisorFact[]): string {
  const [first, ...others] = new Set(parents);
  if (first === undefined) return "no supervisor";
  const strategy = first.strategy.known ? first.strategy.value : "?";
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const children = parents.length > 1 + others.length ? `, as ${parents.length} children` : "";
  return `supervised by ${first.name} (${strategy})${more}${children}`;
}

/** Text only: the runtime tells the types of messages apart by that. */
function handledBy(index: ProgramIndex, dispatch: Dispatch, { tags }: Arm): HandledMessage | undefined {
  const [tag = "", ...others] = tags;
  if (others.length > 0 || !tag.startsWith("s:")) return undefined;
  const actor = dispatch.actor === undefined ? undefined : index.actors.get(dispatch.actor)?.fact;
  return { messageType: tag.slice(2), ...(actor?.runtimeName === undefined ? {} : { definition: actor.runtimeName }) };
}

function count(number: number, noun: string): string {
  return number === 0 ? `no ${noun}s` : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
