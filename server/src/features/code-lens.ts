/** Lenses over actors and handlers: how many send this, who starts this. */
import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { FileSpan, Span } from "../source/span.ts";
import { type MessagePlaces, variantsOf } from "./message-places.ts";

export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** Places shown when it is clicked. */
  readonly places: readonly FileSpan[];
}

export function lensesOf(index: ProgramIndex, places: MessagePlaces, facts: FileFacts): readonly Lens[] {
  const handlers = facts.dispatches.flatMap((dispatch) =>
    dispatch.arms.map((arm): Lens => {
      const senders = variantsOf(dispatch, arm).flatMap((variant) => places.sendersOf(variant));
      return {
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
    const [first] = starts;
    const by =
      first === undefined
        ? "no supervisor"
        : `${first.fact.name} (${first.fact.strategy.known ? first.fact.strategy.value : "?"})${starts.length > 1 ? ` and ${starts.length - 1} more` : ""}`;
    return {
      span: actor.nameSpan,
      title: `supervised by ${by}`,
      places: starts.map(({ child }) => ({ path: child.path, span: child.span })),
    };
  });
  return [...actors, ...handlers];
}

function count(number: number, noun: string): string {
  return number === 0 ? `no ${noun}s` : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
