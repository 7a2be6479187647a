/** Where messages go that reach nobody: counted, and the last ones kept. */
import type { DeadLetter } from "../values/event.ts";

/** Dead letters kept for whoever asks later. */
export const DEAD_LETTERS_KEPT = 100;

export class DeadLetters {
  readonly #kept: DeadLetter[] = [];
  #count = 0;

  /** Dead letters since the system began. */
  get count(): number {
    return this.#count;
  }

  /** The last {@link DEAD_LETTERS_KEPT}, oldest first. */
  get recent(): readonly DeadLetter[] {
    return this.#kept.slice(this.#next).concat(this.#kept.slice(0, this.#next));
  }

  get #next(): number {
    return this.#kept.length < DEAD_LETTERS_KEPT ? 0 : this.#count % DEAD_LETTERS_KEPT;
  }

  add(letter: DeadLetter): void {
    this.#kept[this.#count % DEAD_LETTERS_KEPT] = letter;
    this.#count++;
  }
}
