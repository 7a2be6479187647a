/** What actors do through functions and methods of the project, in whichever files: each send and look-up once for each actor that comes to it. */
import type { ActorFact } from "../facts/actor-fact.ts";
import type { FunctionCall, InFunction } from "../facts/function-call.ts";
import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import type { Lookup } from "../facts/spawn.ts";

const MAX_DEPTH = 6;

/** An actor that comes to a function, and how. */
interface Caller {
  readonly actor: string;
  readonly callback: string;
  readonly during?: readonly string[];
  readonly holdsTurn: boolean;
}

class Followed {
  readonly #calls = new Map<string, FunctionCall[]>();
  /** Classes that extend a class, by the id of that. */
  readonly #heirs = new Map<string, ActorFact[]>();

  constructor(index: ProgramIndex) {
    for (const { calls } of index.files)
      for (const call of calls) this.#calls.set(call.callee, [...(this.#calls.get(call.callee) ?? []), call]);
    for (const { fact } of index.actors.values())
      if (fact.base !== undefined) this.#heirs.set(fact.base.id, [...(this.#heirs.get(fact.base.id) ?? []), fact]);
  }

  /** The actors that have a callback from a class, without what they have in its place. */
  heirsOf(actor: string, callback: string, depth = 0): readonly string[] {
    if (depth >= MAX_DEPTH) return [];
    return (this.#heirs.get(actor) ?? [])
      .filter(({ base }) => base?.replaces.includes(callback) === false)
      .flatMap(({ id }) => [id, ...this.heirsOf(id, callback, depth + 1)]);
  }

  /** The actors that come to a function, but for one that is known already. */
  callersOf({ id }: InFunction, known: string | undefined): readonly Caller[] {
    const found = new Map<string, Caller>();
    for (const caller of this.#callers(id, new Set())) {
      const key = `${caller.actor} ${caller.callback} ${caller.holdsTurn} ${caller.during?.join() ?? ""}`;
      if (caller.actor !== known) found.set(key, caller);
    }
    return [...found.values()];
  }

  *#callers(id: string, seen: ReadonlySet<string>): Generator<Caller> {
    if (seen.has(id) || seen.size >= MAX_DEPTH) return;
    for (const { actor, callback, during, within, isAwaited, holdsTurn } of this.#calls.get(id) ?? []) {
      if (actor !== undefined)
        yield { actor, callback: callback ?? "helper", holdsTurn, ...(during === undefined ? {} : { during }) };
      if (within === undefined) continue;
      for (const caller of this.#callers(within, new Set([...seen, id])))
        yield { ...caller, holdsTurn: caller.holdsTurn && isAwaited };
    }
  }
}

const known = new WeakMap<ProgramIndex, Followed>();

function followed(index: ProgramIndex): Followed {
  const found = known.get(index) ?? new Followed(index);
  known.set(index, found);
  return found;
}

/** All sends, also those of functions that actors call, and those of a class by each actor that extends it. */
export function actorSends(index: ProgramIndex): readonly Placed<Send>[] {
  return ownSends(index).flatMap((one): readonly Placed<Send>[] => {
    const { actor, callback } = one.fact;
    if (actor === undefined || callback === undefined) return [one];
    const heirs = followed(index).heirsOf(actor, callback);
    return [one, ...heirs.map((heir) => ({ path: one.path, fact: { ...one.fact, actor: heir } }))];
  });
}

function ownSends(index: ProgramIndex): readonly Placed<Send>[] {
  return index.files.flatMap(({ path, sends }) =>
    sends.flatMap((send): readonly Placed<Send>[] => {
      const { inFunction, during: _, ...plain } = send;
      if (inFunction === undefined) return [{ path, fact: send }];
      const others = followed(index)
        .callersOf(inFunction, send.actor)
        .map(({ holdsTurn, ...caller }) => ({
          path,
          fact: { ...plain, ...caller, holdsTurn: holdsTurn && inFunction.isAwaited },
        }));
      return [{ path, fact: send }, ...others];
    }),
  );
}

type ActorLookup = Placed<Lookup> & { readonly actor: string };

/** All look-ups of actors, also those of functions that they call, and those of a class by each actor that extends it. */
export function actorLookups(index: ProgramIndex): readonly ActorLookup[] {
  return ownLookups(index).flatMap((one): readonly ActorLookup[] => {
    const heirs = followed(index).heirsOf(one.actor, one.fact.isAtStart ? "init" : "message");
    return [one, ...heirs.map((actor) => ({ ...one, actor, fact: { ...one.fact, actor } }))];
  });
}

function ownLookups(index: ProgramIndex): readonly ActorLookup[] {
  return index.files.flatMap(({ path, spawns }) =>
    spawns.lookups.flatMap((fact) => {
      const own = fact.actor === undefined ? [] : [{ path, fact, actor: fact.actor }];
      if (fact.inFunction === undefined) return own;
      const others = followed(index)
        .callersOf(fact.inFunction, fact.actor)
        .map(({ actor, callback }) => ({ path, fact: { ...fact, actor, isAtStart: callback === "init" }, actor }));
      return [...own, ...others];
    }),
  );
}
