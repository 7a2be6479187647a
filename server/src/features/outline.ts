/** Actors, their handlers and supervisors as symbols of a file or of the workspace. */
import type { FileFacts } from "../facts/file-facts.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Span } from "../source/span.ts";

export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: "actor" | "supervisor" | "handler" | "child";
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineSymbol[];
}

export function outlineOf(facts: FileFacts): readonly OutlineSymbol[] {
  const actors = facts.actors.map((actor): OutlineSymbol => {
    const arms = facts.dispatches
      .filter((dispatch) => dispatch.actor === actor.id)
      .flatMap((dispatch) => dispatch.arms.map((arm) => ({ dispatch, arm })));
    const children = arms.map(({ dispatch, arm }): OutlineSymbol => {
      const texts = dispatch.message.variants
        .filter((variant) => arm.takes.includes(variant.tag.key))
        .map((variant) => variant.tag.text);
      return {
        name: texts.join(", ") || "(condition)",
        detail: "handler",
        kind: "handler",
        span: arm.full,
        nameSpan: arm.span,
        children: [],
      };
    });
    return {
      name: actor.name,
      detail: actor.message?.name ?? "actor",
      kind: "actor",
      span: actor.span,
      nameSpan: inside(actor.nameSpan, actor.span),
      children,
    };
  });
  const supervisors = facts.supervisors.map((supervisor): OutlineSymbol => {
    const strategy = supervisor.strategy.known ? supervisor.strategy.value : "supervisor";
    const children = supervisor.children
      .filter((child) => child.path === facts.path)
      .map(
        (child): OutlineSymbol => ({
          name: child.id.known ? child.id.value : "(child)",
          detail: child.restart.known ? child.restart.value : "",
          kind: "child",
          span: child.span,
          nameSpan: child.span,
          children: [],
        }),
      );
    const span = { start: Math.min(supervisor.nameSpan.start, supervisor.span.start), end: supervisor.span.end };
    return {
      name: supervisor.name,
      detail: strategy,
      kind: "supervisor",
      span,
      nameSpan: supervisor.nameSpan,
      children: children.filter((child) => child.span.start >= span.start && child.span.end <= span.end),
    };
  });
  return [...actors, ...supervisors].sort((a, b) => a.span.start - b.span.start);
}

/** Every actor and supervisor whose name has the letters of the query, in that order. */
export function searchOutline(
  index: ProgramIndex,
  query: string,
): readonly { readonly path: string; readonly symbol: OutlineSymbol }[] {
  const letters = query.toLowerCase();
  return index.files
    .flatMap(({ path, ...facts }) => outlineOf({ path, ...facts }).map((symbol) => ({ path, symbol })))
    .filter(({ symbol }) => hasLetters(symbol.name.toLowerCase(), letters));
}

function hasLetters(name: string, letters: string): boolean {
  let from = 0;
  for (const letter of letters) {
    from = name.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** A name has to lie within its symbol. */
function inside(name: Span, whole: Span): Span {
  return name.start >= whole.start && name.end <= whole.end ? name : whole;
}
