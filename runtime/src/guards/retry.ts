/** Tries again what failed, after a growing delay. Needs a clock, not actors. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { type Backoff, backoffDelayMs, checkBackoff, ownBackoff, resolveBackoff } from "../spec/backoff.ts";
import type { BackoffSpec } from "../spec/child-spec.ts";
import { describeFault } from "../spec/spec-fault.ts";
import { hasFired, throwIfFired } from "../values/abort-watch.ts";
import { type Clock, realClock } from "../values/clock.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import { type Random, realRandom } from "../values/random.ts";
import { checkCall, type GuardedCall, type Policy } from "./policy.ts";
import { wait } from "./wait.ts";

/** Attempts, the first included, when nothing else is said. */
export const DEFAULT_RETRY_ATTEMPTS = 3;
/** Delays between attempts when nothing else is said: 100 ms, 200 ms, 400 ms and so on to 10 s, each up to a fifth shorter. */
export const DEFAULT_RETRY_BACKOFF: BackoffSpec = { minMs: 100, maxMs: 10_000 };

/** An attempt that failed and will be followed by another. */
export interface FailedAttempt {
  readonly error: unknown;
  /** Counts from 1. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
}

export interface RetryOptions {
  /** The first attempt included; a whole number >= 1, or `Infinity`. Default {@link DEFAULT_RETRY_ATTEMPTS}. */
  readonly maxAttempts?: number;
  /** Default {@link DEFAULT_RETRY_BACKOFF}; `resetAfterMs` plays no part. */
  readonly backoff?: BackoffSpec;
  /**
   * Whether another attempt makes sense after this error.
   * Default: after every error but `InvalidArgumentError`, which no repetition mends.
   */
  readonly retryIf?: (error: unknown, attempt: number) => boolean;
  /** Told of each attempt that will be repeated, before the delay. What it throws ends the retrying. */
  readonly onRetry?: (failed: FailedAttempt) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

const OPTIONS = ["maxAttempts", "backoff", "retryIf", "onRetry", "clock", "random"];

/**
 * Repeats a call that failed. Only for calls that may be made twice without harm.
 *
 * It waits at least as long as the error asks for in a field `retryAfterMs`, as `CircuitOpenError` and `RateLimitError` do.
 * When it has no attempts left, or should not try again, it rejects with the last error, unchanged. When the signal fires
 * there is no further attempt: during a delay it rejects with the signal's reason, during an attempt with what that threw.
 *
 * @example
 * const retry = new Retry({ maxAttempts: 5, backoff: { minMs: 50, maxMs: 2_000, jitter: 1 } });
 * const rate = await retry.execute((signal) => readRate(signal), context.signal);
 */
export class Retry implements Policy {
  readonly #maxAttempts: number;
  readonly #backoff: Backoff;
  readonly #retryIf: (error: unknown, attempt: number) => boolean;
  readonly #onRetry: ((failed: FailedAttempt) => void) | undefined;
  readonly #clock: Clock;
  readonly #random: Random;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: RetryOptions = {}) {
    const check = new ArgumentCheck("Retry");
    const { maxAttempts = DEFAULT_RETRY_ATTEMPTS, ...own } = check.options(options, OPTIONS);
    const backoff = ownBackoff(own.backoff ?? DEFAULT_RETRY_BACKOFF);
    check
      .number("maxAttempts", maxAttempts, { min: 1, isWhole: true, orInfinity: true })
      .fault(...checkBackoff(backoff, ["backoff"]).map(describeFault))
      .optionalFunction("retryIf", own.retryIf)
      .optionalFunction("onRetry", own.onRetry)
      .optionalFunction("random", own.random)
      .optionalClock(own.clock)
      .throwIfFaulty();
    this.#maxAttempts = maxAttempts;
    this.#backoff = resolveBackoff(backoff);
    this.#retryIf = own.retryIf ?? ((error) => !isInstance(error, InvalidArgumentError));
    this.#onRetry = own.onRetry;
    this.#clock = own.clock ?? realClock;
    this.#random = own.random ?? realRandom;
  }

  async execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T> {
    checkCall("Retry", call, signal);
    for (let attempt = 1; ; attempt += 1) {
      throwIfFired(signal);
      try {
        return await call(signal);
      } catch (error) {
        if (attempt >= this.#maxAttempts || hasFired(signal) || !this.#retryIf(error, attempt)) throw error;
        const delayMs = Math.max(backoffDelayMs(this.#backoff, attempt, this.#random), retryAfterMsOf(error));
        this.#onRetry?.({ error, attempt, delayMs });
        await wait(delayMs, this.#clock, signal);
      }
    }
  }
}

function retryAfterMsOf(error: unknown): number {
  try {
    const asked = typeof error === "object" && error !== null && "retryAfterMs" in error ? error.retryAfterMs : 0;
    return typeof asked === "number" && Number.isFinite(asked) && asked > 0 ? asked : 0;
  } catch {
    // An error that cannot be read asks for nothing, and is still the one that comes out.
    return 0;
  }
}
