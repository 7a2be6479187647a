/** Randomness that can be had again: the same seed gives the same numbers. Knows nothing of actors. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isList, readField } from "../values/fields.ts";
import type { Random } from "../values/random.ts";

/**
 * A stream of pseudo-random numbers, made of one whole number. Good enough to explore schedules; never for secrets.
 *
 * @see `mulberry32`, by Tommy Ettinger: 32 bits of state, period 2^32, passes gjrand's tests.
 */
export class SeededRandom {
  readonly seed: number;
  #state: number;
  /** The stream as the {@link Random} port: hand it to `ActorSystem.start`. */
  readonly next: Random;

  /**
   * @param seed any whole number; its low 32 bits count.
   * @throws {InvalidArgumentError} for anything else.
   */
  constructor(seed: number) {
    new ArgumentCheck("SeededRandom").number("seed", seed, { isWhole: true }).throwIfFaulty();
    this.seed = seed;
    // Neighbouring seeds shall not begin alike.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    this.next = () => this.#draw();
  }

  /** A whole number, 0 <= n < `bound`. */
  below(bound: number): number {
    if (typeof bound !== "number") new ArgumentCheck("below").number("bound", bound, {}).throwIfFaulty();
    return Math.floor(this.next() * bound);
  }

  /** True with probability `chance`, from 0 to 1. Draws a number in any case. */
  isHit(chance: number): boolean {
    if (typeof chance !== "number") new ArgumentCheck("isHit").number("chance", chance, {}).throwIfFaulty();
    return this.next() < chance;
  }

  /** One of the items, all equally likely. @throws {InvalidArgumentError} for an empty list, and for what is none. */
  pick<T>(items: readonly T[]): T {
    const length = isList(items) ? readField(items, "length") : 0;
    if (typeof length !== "number" || length === 0)
      throw new InvalidArgumentError("pick", ["there is nothing to pick from"]);
    return readField(items, this.below(length)) as T;
  }

  /** A stream of its own, that goes on independently of how much is drawn from this one. */
  fork(): SeededRandom {
    return new SeededRandom(Math.floor(this.next() * 2 ** 32));
  }

  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
