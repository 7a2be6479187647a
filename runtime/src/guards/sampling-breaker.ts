/** Opens a circuit by the share of failures within a sliding period. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import type { Breaker, Outcome } from "./breaker.ts";

/** Parts a period is divided into; the window slides by one part at a time. */
const BUCKETS = 10;

/** Calls below which a {@link SamplingBreaker} decides nothing when nothing else is said. */
export const DEFAULT_SAMPLING_MINIMUM_CALLS = 10;

export interface SamplingBreakerOptions {
  /** Share of failures that opens the circuit; > 0 and <= 1. */
  readonly failureRatio: number;
  /** Milliseconds that are looked at; > 0. */
  readonly periodMs: number;
  /** Fewer calls in the period decide nothing; a whole number >= 1; default {@link DEFAULT_SAMPLING_MINIMUM_CALLS}. */
  readonly minimumCalls?: number;
}

interface Bucket {
  /** Which part of time, counted in parts since the clock's start. */
  part: number;
  calls: number;
  failures: number;
}

/**
 * Opens when, of the calls that ended in the last period, at least a given share failed. Right for much traffic. Calls are
 * counted in tenths of the period, so a call is forgotten between nine tenths of a period and one period after it ended, and
 * the memory used does not grow with the traffic.
 *
 * @see https://github.com/Netflix/Hystrix/wiki/How-it-Works, "Circuit Breaker" (rolling statistical window)
 */
export class SamplingBreaker implements Breaker {
  readonly #failureRatio: number;
  readonly #minimumCalls: number;
  readonly #partMs: number;
  #buckets: Bucket[] = [];

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: SamplingBreakerOptions) {
    const check = new ArgumentCheck("SamplingBreaker");
    const own = check.options(options, ["failureRatio", "periodMs", "minimumCalls"]);
    const { failureRatio, periodMs, minimumCalls = DEFAULT_SAMPLING_MINIMUM_CALLS } = own;
    check
      .number("failureRatio", failureRatio, { above: 0, max: 1 })
      .number("periodMs", periodMs, { above: 0 })
      .number("minimumCalls", minimumCalls, { min: 1, isWhole: true })
      .throwIfFaulty();
    this.#failureRatio = failureRatio;
    this.#minimumCalls = minimumCalls;
    this.#partMs = periodMs / BUCKETS;
  }

  record(outcome: Outcome, atMs: number): boolean {
    if (!Number.isFinite(atMs)) new ArgumentCheck("record").number("atMs", atMs, {}).throwIfFaulty();
    const bucket = this.#bucketAt(Math.floor(atMs / this.#partMs));
    bucket.calls += 1;
    if (outcome === "success") return false;
    bucket.failures += 1;
    let calls = 0;
    let failures = 0;
    for (const each of this.#buckets) {
      calls += each.calls;
      failures += each.failures;
    }
    return calls >= this.#minimumCalls && failures / calls >= this.#failureRatio;
  }

  reset(): void {
    this.#buckets = [];
  }

  /** The bucket of that part of time, newest last; older ones than the period are dropped. */
  #bucketAt(part: number): Bucket {
    while (this.#buckets[0] !== undefined && this.#buckets[0].part <= part - BUCKETS) this.#buckets.shift();
    const newest = this.#buckets.at(-1);
    if (newest !== undefined && newest.part >= part) return newest;
    const bucket: Bucket = { part, calls: 0, failures: 0 };
    this.#buckets.push(bucket);
    return bucket;
  }
}
