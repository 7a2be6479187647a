/** How often something may be started again: at most so many times within a period, as a supervisor counts. Pure. */

/** Milliseconds after which something that ends does not end because of how it was started: ends before do not count. */
const STEADY_MS = 10_000;

export class RestartLimit {
  readonly max: number;
  readonly periodMs: number;
  #times: number[] = [];
  #startedMs: number | undefined;

  constructor(max: number, periodMs: number) {
    this.max = max;
    this.periodMs = periodMs;
  }

  /** It runs since `nowMs`. */
  started(nowMs: number): void {
    this.#startedMs = nowMs;
  }

  /** Counts a restart at `nowMs`. @returns how many there were within the period; `undefined` when it was one too many. */
  count(nowMs: number): number | undefined {
    if (this.#startedMs !== undefined && nowMs - this.#startedMs >= STEADY_MS) this.reset();
    this.#startedMs = undefined;
    this.#times = this.#times.filter((time) => nowMs - time < this.periodMs);
    this.#times.push(nowMs);
    return this.#times.length > this.max ? undefined : this.#times.length;
  }

  /** A person asked for it: the count begins again. */
  reset(): void {
    this.#times = [];
  }
}
