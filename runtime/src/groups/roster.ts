/** Who belongs to what: actors by key, forgotten when the incarnation that was entered ends. Knows nothing of messages. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** What one actor belongs to, and what ends the watch over it. */
interface Membership {
  readonly keys: Set<string>;
  readonly stopWatching: () => void;
}

/** Called for each actor that has left a key, by itself or by its end; `times` is how often it had been entered. */
export type OnLeft = (key: string, actor: AnyActorRef, times: number) => void;

/**
 * Actors under keys, in the order they were entered; each may be entered several times. An actor's end takes it out of everything
 * before any other actor can act on the news: signals are delivered later, this is not.
 */
export class Roster {
  readonly #entries = new Map<string, Map<Cell, number>>();
  readonly #memberships = new Map<Cell, Membership>();
  readonly #onLeft: OnLeft;

  constructor(onLeft: OnLeft = () => {}) {
    this.#onLeft = onLeft;
  }

  /** Enters an actor, once more if it is there. @returns false when it has ended: it is not entered then. */
  add(key: string, actor: AnyActorRef): boolean {
    const cell = cellOf(actor);
    if (cell.hasEnded) return false;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = new Map();
      this.#entries.set(key, entry);
    }
    entry.set(cell, (entry.get(cell) ?? 0) + 1);
    this.#membershipOf(cell).keys.add(key);
    return true;
  }

  /** Takes back one entry of an actor. @returns false when there is none. */
  remove(key: string, actor: AnyActorRef): boolean {
    const cell = cellOf(actor);
    const times = this.#entries.get(key)?.get(cell);
    if (times === undefined) return false;
    if (times > 1) this.#entries.get(key)?.set(cell, times - 1);
    else this.#strike(key, cell);
    this.#onLeft(key, actor, 1);
    return true;
  }

  has(key: string, actor: AnyActorRef): boolean {
    return this.#entries.get(key)?.has(cellOf(actor)) === true;
  }

  /** The actors under a key, each once. */
  *actors(key: string): IterableIterator<AnyActorRef> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) yield* entry.keys();
  }

  /** The actors under a key, each as often as it was entered. */
  *members(key: string): IterableIterator<AnyActorRef> {
    for (const [cell, times] of this.#entries.get(key) ?? []) for (let i = 0; i < times; i++) yield cell;
  }

  /** Keys that have at least one actor. */
  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  #membershipOf(cell: Cell): Membership {
    let membership = this.#memberships.get(cell);
    if (membership === undefined) {
      membership = { keys: new Set(), stopWatching: cell.onEnd(() => this.#ended(cell)) };
      this.#memberships.set(cell, membership);
    }
    return membership;
  }

  #ended(cell: Cell): void {
    const membership = this.#memberships.get(cell);
    if (membership === undefined) return;
    for (const key of [...membership.keys]) {
      const times = this.#entries.get(key)?.get(cell) ?? 0;
      this.#strike(key, cell);
      this.#onLeft(key, cell, times);
    }
  }

  #strike(key: string, cell: Cell): void {
    const entry = this.#entries.get(key);
    entry?.delete(cell);
    if (entry?.size === 0) this.#entries.delete(key);
    const membership = this.#memberships.get(cell);
    membership?.keys.delete(key);
    if (membership?.keys.size !== 0) return;
    membership.stopWatching();
    this.#memberships.delete(cell);
  }
}
