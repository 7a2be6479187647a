/** Who keeps which actors suspended, so that none stays so when everybody who wanted it has gone. */
import type { Cell } from "../actor/cell.ts";

const holders = new WeakMap<Cell, Set<Suspensions>>();

/** Those of one viewer. */
export class Suspensions {
  readonly #own = new Set<Cell>();

  suspend(cell: Cell): void {
    const all = holders.get(cell) ?? new Set();
    holders.set(cell, all.add(this));
    this.#own.add(cell);
    cell.suspend();
  }

  /** Whoever suspended it, it goes on. */
  resume(cell: Cell): void {
    for (const holder of holders.get(cell) ?? []) holder.#own.delete(cell);
    holders.delete(cell);
    cell.resume();
  }

  /** Lets go of all that nobody else holds. */
  release(): void {
    for (const cell of this.#own) {
      const all = holders.get(cell);
      all?.delete(this);
      if (all?.size === 0 && !cell.isGone) this.resume(cell);
    }
    this.#own.clear();
  }
}
