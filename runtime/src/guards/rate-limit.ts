/** Limits how many calls begin in a period: a token bucket. Needs a clock, not actors. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { throwIfFired } from "../values/abort-watch.ts";
import { type Clock, realClock, type Timer } from "../values/clock.ts";
import { RateLimitError } from "./fault-errors.ts";
import { checkCall, type GuardedCall, type Policy } from "./policy.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface RateLimitOptions {
  /** For people: errors. Default `rate limit`. */
  readonly name?: string;
  /** Calls per period in the long run; > 0. */
  readonly limit: number;
  /** Milliseconds; > 0; default 1000. */
  readonly periodMs?: number;
  /** Calls that may begin at once after a rest; a number >= 1; default `limit`, but at least 1. */
  readonly burst?: number;
  /** Calls that may wait for their turn; a whole number >= 0, or `Infinity`. Default 0: what cannot begin now is refused. */
  readonly maxQueued?: number;
  readonly clock?: Clock;
}

const OPTIONS = ["name", "limit", "periodMs", "burst", "maxQueued", "clock"];

/** Share of a token that rounding may cost: a bucket this near to a whole token has it. */
const ROUNDING = 1e-9;

/**
 * Lets calls begin at a steady rate, after a burst. In any stretch of time `t` at most `burst + limit * t / periodMs` calls
 * begin. Those that wait begin in the order they came; a new call never overtakes one that waits.
 *
 * @example
 * const mail = new RateLimit({ name: "mail", limit: 10, periodMs: 60_000, maxQueued: 100 });
 * await mail.execute(() => send(letter), context.signal);
 *
 * @see https://en.wikipedia.org/wiki/Token_bucket
 */
export class RateLimit implements Policy {
  readonly name: string;
  readonly #tokensPerMs: number;
  readonly #burst: number;
  readonly #maxQueued: number;
  readonly #clock: Clock;
  readonly #line: WaitingLine = new WaitingLine();
  #tokens: number;
  /** When `#tokens` was right, on the monotonic clock. */
  #filledAtMs: number;
  #timer: Timer | undefined;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: RateLimitOptions) {
    const check = new ArgumentCheck("RateLimit");
    const own = check.options(options, OPTIONS);
    const { name = "rate limit", limit, periodMs = 1_000, maxQueued = 0, burst = 1, clock = realClock } = own;
    check
      .optionalText("name", name)
      .number("limit", limit, { above: 0 })
      .number("periodMs", periodMs, { above: 0 })
      .number("burst", burst, { min: 1 })
      .number("maxQueued", maxQueued, { min: 0, isWhole: true, orInfinity: true })
      .optionalClock(clock)
      .throwIfFaulty();
    this.name = name;
    this.#tokensPerMs = limit / periodMs;
    this.#burst = own.burst ?? Math.max(1, limit);
    this.#maxQueued = maxQueued;
    this.#clock = clock;
    this.#tokens = this.#burst;
    this.#filledAtMs = this.#clock.monotonicMs();
  }

  /** Calls that could begin now, were there nobody waiting; may be a fraction. */
  get available(): number {
    this.#refill();
    return this.#tokens;
  }

  /** Calls that wait. */
  get queued(): number {
    return this.#line.length;
  }

  /** Takes the right to begin one call, if there is one and nobody waits for it. @returns whether it did. */
  tryTake(): boolean {
    this.#refill();
    if (this.#line.length > 0 || !this.#hasToken()) return false;
    this.#tokens -= 1;
    return true;
  }

  /**
   * Runs `call` as soon as the rate allows.
   * @param signal while the call waits, gives up its place.
   * @throws {RateLimitError} as a rejection, when it would have to wait and `maxQueued` calls wait already; `call` has then
   * not run.
   */
  async execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T> {
    checkCall("RateLimit", call, signal);
    throwIfFired(signal);
    if (!this.tryTake()) await this.#takeTurn(signal);
    // It may have fired between the turn and here; the turn is then lost.
    throwIfFired(signal);
    return await call(signal);
  }

  #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    const { length } = this.#line;
    if (length >= this.#maxQueued) throw new RateLimitError(this.name, this.#msUntil(length + 1));
    const turn = this.#line.join(signal, () => this.#line.length === 0 && this.#disarm());
    if (this.#line.length > 0) this.#arm();
    return turn;
  }

  /** Hands the tokens there are to those who wait, then waits for the next one. */
  #serve(): void {
    this.#timer = undefined;
    this.#refill();
    while (this.#hasToken() && this.#line.admit()) this.#tokens -= 1;
    if (this.#line.length > 0) this.#arm();
  }

  /** One timer, for the first in the queue, however many wait. */
  #arm(): void {
    this.#timer ??= this.#clock.setTimer(() => this.#serve(), Math.ceil(this.#msUntil(1)));
  }

  #disarm(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#filledAtMs) * this.#tokensPerMs);
    this.#filledAtMs = nowMs;
  }

  #hasToken(): boolean {
    return this.#tokens >= 1 - ROUNDING;
  }

  /** Milliseconds until there will have been `count` tokens, as of the last refill. */
  #msUntil(count: number): number {
    return Math.max(0, count - this.#tokens) / this.#tokensPerMs;
  }
}
