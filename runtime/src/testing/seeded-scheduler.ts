/** A scheduler whose every choice comes from a seed. Knows actors only as something that takes turns. */

import { Cell } from "../actor/cell.ts";
import { MESSAGE_BUDGET, type Scheduler } from "../environment/scheduler.ts";
import { type Runnable, Turns } from "../environment/turns.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { commonScope, inNobodysContext } from "../values/async-scope.ts";
import { attempt } from "../values/bare-call.ts";
import type { Clock, Undated } from "../values/clock.ts";
import { isInstance } from "../values/instance.ts";
import { UnsettledError } from "./errors.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface SeededSchedulerOptions {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** Turns without an end in sight after which {@link SeededScheduler.settle} gives up; default 100,000. */
  readonly turnLimit?: number;
  /** Hears of each turn before it begins. @returns how many messages it may take at most; `undefined`: no matter. */
  readonly beforeTurn?: (runnable: Runnable) => number | undefined;
}

/** One choice: whose turn it was, and how many messages it took. */
export interface Turn {
  readonly runnable: Runnable;
  readonly handled: number;
}

/** Choices kept for reports. */
const TURNS_KEPT = 32;
const DEFAULT_TURN_LIMIT = 100_000;
/** How likely promise reactions run before the next turn. Otherwise it follows at once, as on the real scheduler within a slice. */
const PAUSE_CHANCE = 0.75;
/** How likely a turn may take as many messages as on the real scheduler. Otherwise it takes few, so that more can come between. */
const LONG_TURN_CHANCE = 0.125;

/**
 * Explores interleavings: at each step the seed chooses which ready actor runs next, how many messages it may take, and whether
 * promise reactions run before the turn after it.
 *
 * It drives itself, a turn or a few in each turn of the event loop, and never looks at the real clock: a program that waits for
 * nothing but actors, promises and a `VirtualClock` does exactly the same under the same seed. Sockets, files and real timers
 * are outside its power.
 *
 * @see Coyote (Microsoft Research) and awslabs/shuttle, whose random schedulers this follows
 */
export class SeededScheduler implements Scheduler {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #turnLimit: number;
  readonly #beforeTurn: SeededSchedulerOptions["beforeTurn"];
  readonly #ready: Runnable[] = [];
  #waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #turnsBefore = 0;
  #isAwake = false;
  #isHeld = false;
  #isStepping = false;
  /** Turns taken so far. */
  turnCount = 0;
  /** The last choices, oldest first. */
  readonly lastTurns: Turn[] = [];
  readonly turns: Turns = new Turns();
  handled = 0;

  constructor(options: SeededSchedulerOptions) {
    const check = new ArgumentCheck("SeededScheduler");
    const own = check.options(options, ["clock", "random", "turnLimit", "beforeTurn"]);
    const { clock, random, turnLimit = DEFAULT_TURN_LIMIT, beforeTurn } = own;
    if (clock === undefined) check.fault("clock is missing");
    check.optionalClock(clock).number("turnLimit", turnLimit, { min: 1 }).optionalFunction("beforeTurn", beforeTurn);
    if (!isInstance(random, SeededRandom)) check.fault(`random must be a SeededRandom, got ${print(random)}`);
    check.throwIfFaulty();
    this.#clock = clock;
    this.#random = random;
    this.#turnLimit = turnLimit;
    this.#beforeTurn = beforeTurn;
  }

  schedule(runnable: Runnable): void {
    this.#ready.push(runnable);
    this.#wake();
  }

  yieldTurn(runnable: Runnable): void {
    this.schedule(runnable);
  }

  tick(): number {
    return Math.trunc(this.#clock.monotonicMs());
  }

  date(undated: Undated): number {
    undated.date(this.#clock.monotonicMs());
    return this.tick();
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    if (this.#ready.length > 0) this.#wake();
  }

  /**
   * Waits until no actor is ready and all promise reactions have run: nothing happens any more until a timer fires.
   *
   * @throws {UnsettledError} as a rejection, when actors keep one another busy for more turns than the limit.
   */
  settle(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiters.length === 0) this.#turnsBefore = this.turnCount;
      this.#waiters.push({ resolve, reject });
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#isAwake || this.#isStepping) return;
    this.#isAwake = true;
    // All promise reactions run before the next callback of the event loop.
    inNobodysContext(setImmediate, undefined, this.#step);
  }

  #step = (): void => commonScope.run(this.turns.isBare ? this.#takeTurnsBare : this.#takeTurns, this);

  #takeTurns(): void {
    if (!this.#begin()) return;
    try {
      this.#takeSome();
    } catch (cause) {
      this.turns.blame(cause);
    } finally {
      this.#end();
    }
  }

  /** The same where nothing may seem to catch. */
  #takeTurnsBare(): void {
    if (!this.#begin()) return;
    const { failure } = attempt(() => this.#takeSome());
    if (failure === undefined) this.#end();
    else failure.catch((cause: unknown) => this.turns.blame(cause)).finally(() => this.#end());
  }

  /** @returns whether there are turns to take. */
  #begin(): boolean {
    this.#isAwake = false;
    if (this.#ready.length === 0 || this.#isHeld) {
      this.#settled();
      return false;
    }
    this.#isStepping = true;
    this.turns.go();
    return true;
  }

  #takeSome(): void {
    do this.#takeTurn();
    while (this.#isReady && !this.#random.isHit(PAUSE_CHANCE));
  }

  #end(): void {
    this.#pause();
    this.#isStepping = false;
    if (this.#waiters.length > 0 && this.turnCount - this.#turnsBefore > this.#turnLimit) this.#giveUp();
    if (this.#ready.length > 0 || this.#waiters.length > 0) this.#wake();
  }

  /** Who was handed a message may be next, if the seed chooses it. */
  #takeTurn(): void {
    const handed = this.turns.coming.owner;
    if (handed !== undefined) this.#ready.push(handed);
    const at = this.#random.below(this.#ready.length);
    const runnable = this.#ready[at] as Runnable;
    // The last one takes the place: the order of this list means nothing, and the same seed leads to the same order.
    const last = this.#ready.pop() as Runnable;
    if (at < this.#ready.length) this.#ready[at] = last;
    if (runnable !== handed) handed?.giveWay();
    const budget = this.#random.isHit(LONG_TURN_CHANCE) ? MESSAGE_BUDGET : 1 + this.#random.below(4);
    const limit = this.#beforeTurn?.(runnable) ?? budget;
    this.turns.beginFor(runnable);
    const most = Math.min(budget, limit);
    const handled = runnable === handed ? runnable.runNext(most) : runnable.run(most);
    this.turnCount++;
    this.handled += handled;
    this.lastTurns.push({ runnable, handled });
    if (this.lastTurns.length > TURNS_KEPT) this.lastTurns.shift();
  }

  get #isReady(): boolean {
    return this.#ready.length > 0 || this.turns.coming.owner !== undefined;
  }

  #pause(): void {
    const handed = this.turns.coming.owner;
    if (handed !== undefined) {
      handed.giveWay();
      this.#ready.push(handed);
    }
    this.turns.pause();
  }

  #settled(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #giveUp(): void {
    const actors = [...new Set(this.lastTurns.map(({ runnable }) => nameOf(runnable)))];
    const error = new UnsettledError(this.turnCount - this.#turnsBefore, actors);
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}

/** Who had a turn: an actor by its path. */
export function nameOf(runnable: Runnable): string {
  return runnable instanceof Cell ? runnable.id : String(runnable);
}
