/** Names of actors: held by one at a time, freed before anybody hears that the actor ended; and who is to have them that has not started. */
import { NameTakenError } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";

export class Registry {
  readonly #refs = new Map<string, AnyActorRef>();
  /** Children that have not started and whose specs have the name, the oldest first. */
  readonly #expected = new Map<string, Set<AnyActorRef>>();

  /** @throws {NameTakenError} when another actor has the name. */
  register(name: string, ref: AnyActorRef): void {
    const holder = this.#refs.get(name);
    if (holder !== undefined && holder !== ref) throw new NameTakenError(name, holder.id);
    this.#refs.set(name, ref);
  }

  /** @throws {NameTakenError} when an actor has the name. */
  checkFree(name: string): void {
    const holder = this.#refs.get(name);
    if (holder !== undefined) throw new NameTakenError(name, holder.id);
  }

  /** Frees the name if `ref` has it. */
  unregister(name: string, ref: AnyActorRef): void {
    if (this.#refs.get(name) === ref) this.#refs.delete(name);
  }

  /** Notes that an actor which has not started is to take the name when it does. Anybody else may have it before. */
  expect(name: string, ref: AnyActorRef): void {
    const expected = this.#expected.get(name);
    if (expected === undefined) this.#expected.set(name, new Set([ref]));
    else expected.add(ref);
  }

  /** It has started, or will not. */
  expectNoMore(name: string, ref: AnyActorRef): void {
    const expected = this.#expected.get(name);
    if (expected?.delete(ref) === true && expected.size === 0) this.#expected.delete(name);
  }

  /** Who has the name; if nobody has, who is to take it when it first starts. */
  whereis(name: string): AnyActorRef | undefined {
    const holder = this.#refs.get(name);
    if (holder !== undefined) return holder;
    const [first] = this.#expected.get(name) ?? [];
    return first;
  }

  /** Registered names, in the order they were taken. */
  names(): readonly string[] {
    return [...this.#refs.keys()];
  }
}
