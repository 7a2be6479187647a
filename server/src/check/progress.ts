/** How far the check is: one line that is overwritten on a terminal, and elsewhere a line now and then when it takes long. */
import type { Output } from "./output.ts";

/** Files between two signs of life on a terminal. */
const STEP = 50;
/** Milliseconds between two lines where they stay. */
const LINE_EVERY_MS = 5_000;

export class Progress {
  readonly #err: Output;
  readonly #now: () => number;
  #told: number;

  /** @param now milliseconds. */
  constructor(err: Output, now: () => number) {
    this.#err = err;
    this.#now = now;
    this.#told = now();
  }

  tell(done: number, total: number): void {
    if (this.#err.isTTY === true) this.#overwrite(done, total);
    else if (this.#now() - this.#told >= LINE_EVERY_MS) {
      this.#told = this.#now();
      this.#err.write(`airssys: ${done} of ${total} files\n`);
    }
  }

  #overwrite(done: number, total: number): void {
    if (done === total) this.#err.write("\r\x1b[K");
    else if (done % STEP === 0) this.#err.write(`\r${done} of ${total} files`);
  }
}
