/** Rows of actors that have left the tree and stay in sight: the last ones of each parent. */
import type { ActorRow } from "./actor-row.ts";

export class LeftRows {
  readonly #byParent = new Map<string, ActorRow[]>();
  #fresh: ActorRow[] = [];
  readonly #onForgotten: (key: string) => void;

  /** @param onForgotten hears the key of each row that is in sight no more. */
  constructor(onForgotten: (key: string) => void) {
    this.#onForgotten = onForgotten;
  }

  get all(): readonly ActorRow[] {
    return [...this.#byParent.values()].flat();
  }

  /** Adds a row; of its parent's, the oldest goes when there are more than `kept`. */
  add(row: ActorRow, kept: number): void {
    const siblings = this.#byParent.get(row.parent ?? "") ?? [];
    this.#byParent.set(row.parent ?? "", siblings);
    siblings.push(row);
    this.#fresh.push(row);
    if (siblings.length > kept) this.#forget(siblings.shift() as ActorRow);
  }

  /** Those that were added since the last call and are still in sight. */
  takeFresh(): ActorRow[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** Its parent has left, too. */
  forgetBelow(parent: string): void {
    const rows = this.#byParent.get(parent) ?? [];
    this.#byParent.delete(parent);
    for (const row of rows) this.#forget(row);
  }

  #forget(row: ActorRow): void {
    this.forgetBelow(row.key);
    this.#fresh = this.#fresh.filter((other) => other !== row);
    this.#onForgotten(row.key);
  }
}
