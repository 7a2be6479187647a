/** How many restarts a supervisor allows within a period: one sliding window per supervisor. Knows no actors. */
import { ArgumentCheck } from "./argument-check.ts";

/** So many restarts at one time. */
interface Restarts {
  readonly atMs: number;
  count: number;
  later: Restarts | undefined;
}

/**
 * A sliding window of restarts.
 *
 * Those of one millisecond are kept as one, and what has left the window is dropped from the front, so that a supervisor that restarts
 * ten thousand times in one period pays the same for each, and keeps no more than there are milliseconds in the period.
 *
 * @see OTP `supervisor:add_restart/1`: push now, drop stamps older than `now - period` (the edge is kept), allowed while the
 * count is at most the intensity.
 */
export class RestartIntensity {
  #maxRestarts: number;
  #periodMs: number;
  #oldest: Restarts | undefined = undefined;
  #newest: Restarts | undefined = undefined;
  /** All in the window. */
  #count = 0;

  constructor(maxRestarts: number, periodMs: number) {
    checkLimits(maxRestarts, periodMs);
    this.#maxRestarts = maxRestarts;
    this.#periodMs = periodMs;
  }

  /** Sets other limits from now on; what was counted stays counted. */
  limit(maxRestarts: number, periodMs: number): void {
    checkLimits(maxRestarts, periodMs);
    this.#maxRestarts = maxRestarts;
    this.#periodMs = periodMs;
  }

  /** Counts one restart at `nowMs` (whole milliseconds), which never goes back. @returns whether it is still allowed. */
  add(nowMs: number): boolean {
    if (typeof nowMs !== "number") checkTime(nowMs);
    const newest = this.#newest;
    if (newest?.atMs === nowMs) newest.count++;
    else {
      this.#newest = { atMs: nowMs, count: 1, later: undefined };
      if (newest === undefined) this.#oldest = this.#newest;
      else newest.later = this.#newest;
    }
    this.#count++;
    return this.within(nowMs) <= this.#maxRestarts;
  }

  /**
   * Forgets all at once when the last has left the window that ends at `nowMs`: what costs nothing may be done whenever there is an
   * occasion, so that a supervisor that has come to rest keeps nothing of a stormy past.
   *
   * @see OTP's purge of the restart list
   */
  purge(nowMs: number): void {
    if (this.#newest === undefined || this.#newest.atMs >= nowMs - this.#periodMs) return;
    this.#oldest = this.#newest = undefined;
    this.#count = 0;
  }

  /** Moments that are kept. */
  get kept(): number {
    let kept = 0;
    for (let one = this.#oldest; one !== undefined; one = one.later) kept++;
    return kept;
  }

  /** Restarts in the window that ends at `nowMs`. */
  within(nowMs: number): number {
    if (typeof nowMs !== "number") checkTime(nowMs);
    const edge = nowMs - this.#periodMs;
    for (let oldest = this.#oldest; oldest !== undefined && oldest.atMs < edge; oldest = oldest.later) {
      this.#count -= oldest.count;
      this.#oldest = oldest.later;
    }
    if (this.#oldest === undefined) this.#newest = undefined;
    return this.#count;
  }
}

/** @throws {InvalidArgumentError} */
function checkLimits(maxRestarts: unknown, periodMs: unknown): void {
  new ArgumentCheck("RestartIntensity")
    .number("maxRestarts", maxRestarts, { min: 0 })
    .number("periodMs", periodMs, { min: 0 })
    .throwIfFaulty();
}

/** @throws {InvalidArgumentError} */
function checkTime(nowMs: unknown): void {
  new ArgumentCheck("RestartIntensity").number("nowMs", nowMs, {}).throwIfFaulty();
}
