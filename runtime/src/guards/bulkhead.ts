/** Limits how many calls run at the same time. Needs neither clock nor actors. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { throwIfFired } from "../values/abort-watch.ts";
import { BulkheadFullError } from "./fault-errors.ts";
import { checkCall, type GuardedCall, type Policy } from "./policy.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface BulkheadOptions {
  /** For people: errors. Default `bulkhead`. */
  readonly name?: string;
  /** Calls that run at the same time; a whole number >= 1. */
  readonly limit: number;
  /** Calls that may wait for one of them to end; a whole number >= 0, or `Infinity`. Default 0. */
  readonly maxQueued?: number;
}

/**
 * Keeps a slow service from taking everything: at most `limit` calls run, at most `maxQueued` wait, more are refused at once.
 * Those that wait get their turn in the order they came; a new call never overtakes one that waits.
 *
 * @example
 * const bulkhead = new Bulkhead({ name: "thumbnails", limit: 4, maxQueued: 100 });
 * const image = await bulkhead.execute(() => resize(original));
 *
 * @see M. Nygard, "Release It!", Bulkheads
 */
export class Bulkhead implements Policy {
  readonly name: string;
  readonly #limit: number;
  readonly #maxQueued: number;
  readonly #line: WaitingLine = new WaitingLine();
  #running = 0;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: BulkheadOptions) {
    const check = new ArgumentCheck("Bulkhead");
    const { name = "bulkhead", limit, maxQueued = 0 } = check.options(options, ["name", "limit", "maxQueued"]);
    check
      .optionalText("name", name)
      .number("limit", limit, { min: 1, isWhole: true })
      .number("maxQueued", maxQueued, { min: 0, isWhole: true, orInfinity: true })
      .throwIfFaulty();
    this.name = name;
    this.#limit = limit;
    this.#maxQueued = maxQueued;
  }

  /** Calls that run. */
  get running(): number {
    return this.#running;
  }

  /** Calls that wait. */
  get queued(): number {
    return this.#line.length;
  }

  /**
   * Runs `call` when there is room.
   * @param signal while the call waits, gives up its place.
   * @throws {BulkheadFullError} as a rejection, when `limit` calls run and `maxQueued` wait; `call` has then not run.
   */
  async execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T> {
    checkCall("Bulkhead", call, signal);
    throwIfFired(signal);
    if (this.#running < this.#limit) this.#running += 1;
    else await this.#takeTurn(signal);
    try {
      // It may have fired between the turn and here.
      throwIfFired(signal);
      return await call(signal);
    } finally {
      this.#leave();
    }
  }

  /** Resolves once the place of a call that ended has passed to this one. */
  #takeTurn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#line.length >= this.#maxQueued) throw new BulkheadFullError(this.name, this.#limit, this.#maxQueued);
    return this.#line.join(signal);
  }

  #leave(): void {
    if (!this.#line.admit()) this.#running -= 1;
  }
}
