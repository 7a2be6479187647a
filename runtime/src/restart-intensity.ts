/** How many restarts a supervisor allows within a period: one sliding window per supervisor. Knows no actors. */

/**
 * A sliding window of restart times.
 *
 * Adding drops what has left the window from the front of a queue, so that a supervisor that restarts ten thousand times in one
 * period pays the same for each.
 *
 * @see OTP `supervisor:add_restart/1`: push now, drop stamps older than `now - period` (the edge is kept), allowed while the
 * count is at most the intensity.
 */
export class RestartIntensity {
  #maxRestarts: number;
  #periodMs: number;
  #stamps: number[] = [];
  #oldest = 0;

  constructor(maxRestarts: number, periodMs: number) {
    this.#maxRestarts = maxRestarts;
    this.#periodMs = periodMs;
  }

  /** Sets other limits from now on; what was counted stays counted. */
  limit(maxRestarts: number, periodMs: number): void {
    this.#maxRestarts = maxRestarts;
    this.#periodMs = periodMs;
  }

  /** Counts one restart at `nowMs`, which never goes back. @returns whether it is still allowed. */
  add(nowMs: number): boolean {
    this.#stamps.push(nowMs);
    return this.within(nowMs) <= this.#maxRestarts;
  }

  /** Restarts in the window that ends at `nowMs`. */
  within(nowMs: number): number {
    const stamps = this.#stamps;
    const edge = nowMs - this.#periodMs;
    while (this.#oldest < stamps.length && (stamps[this.#oldest] as number) < edge) this.#oldest++;
    if (this.#oldest > 64 && this.#oldest * 2 > stamps.length) {
      this.#stamps = stamps.slice(this.#oldest);
      this.#oldest = 0;
    }
    return this.#stamps.length - this.#oldest;
  }
}
