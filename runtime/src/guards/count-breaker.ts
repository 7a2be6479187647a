/** Opens a circuit by the share of failures among the last calls. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import type { Breaker, Outcome } from "./breaker.ts";

export interface CountBreakerOptions {
  /** Share of failures that opens the circuit; > 0 and <= 1. */
  readonly failureRatio: number;
  /** How many of the last calls are looked at; a whole number >= 1. */
  readonly calls: number;
  /** Fewer calls than this decide nothing; a whole number from 1 to `calls`; default `calls`. */
  readonly minimumCalls?: number;
}

/**
 * Opens when, of the last calls, at least a given share failed. Time plays no part: an old failure is forgotten only by
 * newer calls. Recording costs the same however many calls are looked at.
 */
export class CountBreaker implements Breaker {
  readonly #failureRatio: number;
  readonly #minimumCalls: number;
  /** A ring of the last outcomes: 1 for a failure. */
  readonly #ring: Uint8Array;
  #next = 0;
  #recorded = 0;
  #failures = 0;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: CountBreakerOptions) {
    const check = new ArgumentCheck("CountBreaker");
    const own = check.options(options, ["failureRatio", "calls", "minimumCalls"]);
    const { failureRatio, calls, minimumCalls } = own;
    check.number("failureRatio", failureRatio, { above: 0, max: 1 });
    check.number("calls", calls, { min: 1, max: 1_000_000, isWhole: true });
    const max = typeof calls === "number" ? calls : Number.POSITIVE_INFINITY;
    if (minimumCalls !== undefined) check.number("minimumCalls", minimumCalls, { min: 1, max, isWhole: true });
    check.throwIfFaulty();
    this.#failureRatio = failureRatio;
    this.#minimumCalls = minimumCalls ?? calls;
    this.#ring = new Uint8Array(calls);
  }

  record(outcome: Outcome): boolean {
    const failed = outcome === "failure" ? 1 : 0;
    this.#failures += failed - (this.#ring[this.#next] ?? 0);
    this.#ring[this.#next] = failed;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#recorded = Math.min(this.#recorded + 1, this.#ring.length);
    // A success never opens a circuit, although it may be the call that completes the minimum.
    return (
      failed === 1 && this.#recorded >= this.#minimumCalls && this.#failures / this.#recorded >= this.#failureRatio
    );
  }

  reset(): void {
    this.#ring.fill(0);
    this.#next = 0;
    this.#recorded = 0;
    this.#failures = 0;
  }
}
