/** How often something may be started again: at most so many times within a period, as a supervisor counts. Pure. */
export class RestartLimit {
  readonly max: number;
  readonly periodMs: number;
  #times: number[] = [];

  constructor(max: number, periodMs: number) {
    this.max = max;
    this.periodMs = periodMs;
  }

  /** Counts a restart at `nowMs`. @returns how many there were within the period; `undefined` when it was one too many. */
  count(nowMs: number): number | undefined {
    this.#times = this.#times.filter((time) => nowMs - time < this.periodMs);
    this.#times.push(nowMs);
    return this.#times.length > this.max ? undefined : this.#times.length;
  }

  /** A person asked for it: the count begins again. */
  reset(): void {
    this.#times = [];
  }
}
