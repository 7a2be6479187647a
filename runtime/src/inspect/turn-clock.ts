/** The time of turns. A turn begins where the one before it ended, if nothing else ran between: one reading serves both. */
import { inMicrotask } from "../values/async-scope.ts";
import { machineMs } from "../values/clock.ts";

export class TurnClock {
  #lastMs = 0;
  /** Nothing but turns has run since the last reading. */
  #isFresh = false;

  /** Milliseconds since the process began, with microseconds. */
  now(): number {
    this.#lastMs = machineMs();
    return this.#lastMs;
  }

  /** When a turn begins. */
  begin(): number {
    return this.#isFresh ? this.#lastMs : this.now();
  }

  /** When a turn ends. */
  end(): number {
    // Turns follow each other within one task: whatever comes after that is another one's time.
    if (!this.#isFresh) inMicrotask(this.#expire);
    this.#isFresh = true;
    return this.now();
  }

  readonly #expire = (): void => {
    this.#isFresh = false;
  };
}
