/** Whose code stands at a place: the actor of a handler, a class, a supervisor, or a child in its spec; and where an actor asks. */
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { ActorsAt } from "../protocol.ts";
import { contains, type FileSpan, type Span } from "../source/span.ts";

type ActorAt = ActorsAt["actors"][number];

/**
 * The innermost wins: a handler in a class is the handler's actor, a child in the spec of a supervisor is the child.
 *
 * @returns several where the code is of several, as a function that two of them hand their messages to.
 */
export function actorsAt(index: ProgramIndex, path: string, offset: number): readonly ActorAt[] {
  const file = index.files.find((one) => one.path === path);
  const handlers = (file?.dispatches ?? []).flatMap(({ actor, arms }) =>
    arms.filter(({ span }) => contains(span, offset)).flatMap(({ span }) => named(index, actor, span)),
  );
  const actors = (file?.actors ?? [])
    .filter(({ span }) => contains(span, offset))
    .map(({ name, span }) => ({ name, span }));
  const supervisors = (file?.supervisors ?? []).filter(({ span }) => contains(span, offset));
  const children = supervisors.flatMap(({ children: all }) =>
    all
      .filter((child) => child.path === path && contains(child.span, offset))
      .flatMap((child) => childAt(index, child)),
  );
  const all = [...handlers, ...actors, ...children, ...supervisors.map(({ name, span }) => ({ name, span }))];
  const innermost = Math.min(...all.map(({ span }) => span.end - span.start));
  const found = all.filter(({ span }) => span.end - span.start === innermost);
  return [...new Map(found.map(({ span: _, ...actor }) => [JSON.stringify(actor), actor])).values()];
}

/** One definition of the name is the one; of several, the one in the file that is named. */
export function actorNamed(
  index: ProgramIndex,
  { name, path }: { readonly name: string; readonly path?: string },
): Placed<ActorFact> | undefined {
  const named = [...index.actors.values()].filter(({ fact }) => fact.name === name);
  const [actor, ...others] = named.length === 1 ? named : named.filter((one) => one.path === path);
  return others.length === 0 ? actor : undefined;
}

/** Where the code of an actor asks with a message; of those in its file outside of it, when there is none within. */
export function asksIn(index: ProgramIndex, { path, fact }: Placed<ActorFact>, message: string): readonly FileSpan[] {
  const asks = (index.files.find((file) => file.path === path)?.sends ?? []).filter(
    ({ method, variants, accepts }) =>
      method === "ask" &&
      accepts?.variants.some(({ id, tag }) => variants?.includes(id) && tag.key.replace(/^[a-z]:/, "") === message),
  );
  const own = asks.filter(({ span }) => fact.span.start <= span.start && span.end <= fact.span.end);
  return (own.length > 0 ? own : asks).map(({ nameSpan }) => ({ path, span: nameSpan }));
}

function named(
  index: ProgramIndex,
  id: string | undefined,
  span: Span,
): readonly (ActorAt & { readonly span: Span })[] {
  const fact = id === undefined ? undefined : index.actors.get(id)?.fact;
  return fact === undefined ? [] : [{ name: fact.name, span }];
}

type Child =
  ProgramIndex["supervisors"] extends Map<string, { readonly fact: { readonly children: readonly (infer C)[] } }>
    ? C
    : never;

function childAt(index: ProgramIndex, { id, start, span }: Child): readonly (ActorAt & { readonly span: Span })[] {
  const started = start.known ? start.value.id : undefined;
  const fact =
    started === undefined ? undefined : (index.actors.get(started)?.fact ?? index.supervisors.get(started)?.fact);
  if (fact === undefined) return [];
  return [{ name: fact.name, span, ...(id.known ? { child: id.value } : {}) }];
}
