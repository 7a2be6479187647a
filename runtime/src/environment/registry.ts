/** Names of actors: unique in a system, freed before anybody hears that the actor ended. */
import { NameTakenError } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";

export class Registry {
  readonly #refs = new Map<string, AnyActorRef>();

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

  whereis(name: string): AnyActorRef | undefined {
    return this.#refs.get(name);
  }

  /** Registered names, in the order they were taken. */
  names(): readonly string[] {
    return [...this.#refs.keys()];
  }
}
