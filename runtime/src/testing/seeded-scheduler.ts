/** A scheduler whose every choice comes from a seed. Knows actors only as something that takes turns. */

import { MESSAGE_BUDGET } from "../environment/scheduler.ts";
import type { Runnable } from "../environment/turns.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import type { Clock } from "../values/clock.ts";
import { isInstance } from "../values/instance.ts";
import { stopOfSystem } from "./explore-environment.ts";
import { SeededRandom } from "./seeded-random.ts";
import { DEFAULT_TURN_LIMIT, type NextTurn, TestScheduler } from "./test-scheduler.ts";

export interface SeededSchedulerOptions {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** Turns without an end in sight after which {@link TestScheduler.settle} gives up; default 100,000. */
  readonly turnLimit?: number;
  /** Hears of each turn before it begins. @returns how many messages it may take at most; `undefined`: no matter. */
  readonly beforeTurn?: (runnable: Runnable) => number | undefined;
}

/** How likely promise reactions run before the next turn. Otherwise it follows at once, as on the real scheduler within a slice. */
const PAUSE_CHANCE = 0.75;
/** How likely a turn may take as many messages as on the real scheduler. Otherwise it takes few, so that more can come between. */
const LONG_TURN_CHANCE = 0.125;

/**
 * Explores interleavings: at each step the seed chooses which ready actor runs next, how many messages it may take, and whether
 * promise reactions run before the turn after it.
 *
 * A program that waits for nothing but actors, promises and a `VirtualClock` does exactly the same under the same seed. Sockets, files
 * and real timers are outside its power.
 *
 * @see Coyote (Microsoft Research) and awslabs/shuttle, whose random schedulers this follows
 */
export class SeededScheduler extends TestScheduler {
  readonly #random: SeededRandom;
  readonly #beforeTurn: SeededSchedulerOptions["beforeTurn"];

  constructor(options: SeededSchedulerOptions) {
    const check = new ArgumentCheck("SeededScheduler");
    const own = check.options(options, ["clock", "random", "turnLimit", "beforeTurn"]);
    const { clock, random, turnLimit = DEFAULT_TURN_LIMIT, beforeTurn } = own;
    if (clock === undefined) check.fault("clock is missing");
    check.optionalClock(clock).number("turnLimit", turnLimit, { min: 1 }).optionalFunction("beforeTurn", beforeTurn);
    if (!isInstance(random, SeededRandom)) check.fault(`random must be a SeededRandom, got ${print(random)}`);
    check.throwIfFaulty();
    super(clock, turnLimit, stopOfSystem());
    this.#random = random;
    this.#beforeTurn = beforeTurn;
  }

  protected override next(ready: readonly Runnable[]): NextTurn {
    const at = this.#random.below(ready.length);
    const budget = this.#random.isHit(LONG_TURN_CHANCE) ? MESSAGE_BUDGET : 1 + this.#random.below(4);
    const limit = this.#beforeTurn?.(ready[at] as Runnable) ?? budget;
    return { at, budget: Math.min(budget, limit) };
  }

  protected override goesOn(): boolean {
    return !this.#random.isHit(PAUSE_CHANCE);
  }
}
