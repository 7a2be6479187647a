/** Calls that wait for their turn: first come, first served, and each may give up its place. */

import { AbortWatch } from "../values/abort-watch.ts";

export class WaitingLine {
  /** In the order they came; a set, so that one who gives up leaves at the same cost wherever it stands. */
  readonly #waiters: Set<() => void> = new Set();

  get length(): number {
    return this.#waiters.size;
  }

  /**
   * Waits at the end of the line. The promise rejects with the signal's reason when that fires first.
   *
   * @param gaveUp called when it has left the line without a turn.
   * @throws whatever the signal throws when it is listened to; nobody stands in line then.
   */
  join(signal: AbortSignal | undefined, gaveUp: () => void = () => {}): Promise<void> {
    const watch = signal === undefined ? undefined : new AbortWatch(signal);
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        watch?.end();
        resolve();
      };
      this.#waiters.add(enter);
      watch?.onFire((reason) => {
        this.#waiters.delete(enter);
        reject(reason);
        gaveUp();
      });
    });
  }

  /** Gives the first in line its turn. @returns whether there was one. */
  admit(): boolean {
    const [first] = this.#waiters;
    if (first === undefined) return false;
    this.#waiters.delete(first);
    first();
    return true;
  }
}
