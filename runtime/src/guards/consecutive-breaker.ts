/** Opens a circuit after failures in a row. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import type { Breaker, Outcome } from "./breaker.ts";

/** Failures in a row that open a circuit when nothing else is said. */
export const DEFAULT_CONSECUTIVE_FAILURES = 5;

export interface ConsecutiveBreakerOptions {
  /** Failures in a row; a whole number >= 1; default {@link DEFAULT_CONSECUTIVE_FAILURES}. */
  readonly failures?: number;
}

/**
 * Opens after a number of failures without a success between them. Right for calls that are rare or come one at a time; a
 * service that fails half of many calls seldom fails five in a row: see {@link CountBreaker}.
 *
 * @see M. Nygard, "Release It!", Circuit Breaker
 */
export class ConsecutiveBreaker implements Breaker {
  readonly #limit: number;
  #failures = 0;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: ConsecutiveBreakerOptions = {}) {
    const check = new ArgumentCheck("ConsecutiveBreaker");
    const { failures = DEFAULT_CONSECUTIVE_FAILURES } = check.options(options, ["failures"]);
    check.number("failures", failures, { min: 1, isWhole: true }).throwIfFaulty();
    this.#limit = failures;
  }

  record(outcome: Outcome): boolean {
    this.#failures = outcome === "success" ? 0 : this.#failures + 1;
    return this.#failures >= this.#limit;
  }

  reset(): void {
    this.#failures = 0;
  }
}
