/** What the schedulers of the testkit have in common: they drive themselves, turn by turn, and never look at the real clock. */

import { Cell } from "../actor/cell.ts";
import type { Scheduler } from "../environment/scheduler.ts";
import { type Runnable, Turns } from "../environment/turns.ts";
import { commonScope, inNobodysContext } from "../values/async-scope.ts";
import { attempt } from "../values/bare-call.ts";
import type { Clock, Undated } from "../values/clock.ts";
import { UnsettledError } from "./errors.ts";
import { TurnStop } from "./turn-stop.ts";
import { describeWaits } from "./waits.ts";

/** One choice: whose turn it was, and how many messages it took. */
export interface Turn {
  readonly runnable: Runnable;
  readonly handled: number;
}

/** Whose turn is next: the place in the list of who is ready, and how many messages it may take. */
export interface NextTurn {
  readonly at: number;
  readonly budget: number;
}

/** Choices kept for reports. */
const TURNS_KEPT = 32;
export const DEFAULT_TURN_LIMIT = 100_000;

/**
 * Takes a turn, or a few, in each turn of the event loop, so that promise reactions run between them. Who is next, and whether
 * reactions run before, is for the classes below to say.
 */
export abstract class TestScheduler implements Scheduler {
  readonly #clock: Clock;
  readonly #turnLimit: number;
  readonly #stop: TurnStop | undefined;
  /** Who waits for a turn, in the order in which they asked. */
  readonly #ready: Runnable[] = [];
  #waiters: { resolve: () => void; reject: (error: Error) => void }[] = [];
  #turnsBefore = 0;
  /** Turns taken when nobody was ready last. */
  #restedAt = 0;
  #isAwake = false;
  #isHeld = false;
  #isStepping = false;
  /** Turns taken so far. */
  turnCount = 0;
  /** The last choices, oldest first. */
  readonly lastTurns: Turn[] = [];
  readonly turns: Turns = new Turns();
  handled = 0;

  /** @param stopAt the turn, counted from 1, in which a debugger is to stop; default: in none. */
  constructor(clock: Clock, turnLimit: number, stopAt?: number) {
    this.#clock = clock;
    this.#turnLimit = turnLimit;
    this.#stop = stopAt === undefined ? undefined : new TurnStop(stopAt);
  }

  /** Whose turn is next among those who are ready, at least one. */
  protected abstract next(ready: readonly Runnable[]): NextTurn;
  /** Whether another turn follows at once, before promise reactions run. */
  protected abstract goesOn(): boolean;
  /** Somebody asks for a turn. */
  protected heard(_runnable: Runnable): void {}
  /** Nobody is ready, and all promise reactions have run. */
  protected rested(): void {}

  /** More turns than the limit were taken without rest. */
  get isRestless(): boolean {
    return this.turnCount - this.#restedAt > this.#turnLimit;
  }

  /** What whoever waits for the rest is told: whose the last turns were, and what waits for what. */
  unsettled(turns: number = this.turnCount - this.#restedAt): UnsettledError {
    const busy = this.lastTurns.map(({ runnable }) => runnable);
    let top = busy.find((runnable) => runnable instanceof Cell);
    while (top?.parent !== undefined) top = top.parent as Cell;
    return new UnsettledError(turns, [...new Set(busy.map(nameOf))], top === undefined ? [] : describeWaits(top));
  }

  schedule(runnable: Runnable): void {
    this.heard(runnable);
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

  /** Whether nobody waits for a turn. */
  get isIdle(): boolean {
    return this.#ready.length === 0 && !this.#isStepping;
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
    while (this.#isReady && this.goesOn());
  }

  #end(): void {
    this.#pause();
    this.#isStepping = false;
    if (this.#ready.length === 0) this.#restedAt = this.turnCount;
    if (this.#waiters.length > 0 && this.turnCount - this.#turnsBefore > this.#turnLimit) this.#giveUp();
    if (this.#ready.length > 0 || this.#waiters.length > 0) this.#wake();
  }

  /** Who was handed a message may be next, if it is chosen. */
  #takeTurn(): void {
    const handed = this.turns.coming.owner;
    if (handed !== undefined) this.#ready.push(handed);
    const { at, budget } = this.next(this.#ready);
    const runnable = this.#ready[at] as Runnable;
    this.#ready.splice(at, 1);
    if (runnable !== handed) handed?.giveWay();
    this.turns.beginFor(runnable);
    const take = (): number => (runnable === handed ? runnable.runNext(budget) : runnable.run(budget));
    const handled = this.#stop === undefined ? take() : this.#stop.around(this.turnCount + 1, take);
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
    this.rested();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  #giveUp(): void {
    const error = this.unsettled(this.turnCount - this.#turnsBefore);
    for (const { reject } of this.#waiters.splice(0)) reject(error);
  }
}

/** Who had a turn: an actor by its path. */
export function nameOf(runnable: Runnable): string {
  return runnable instanceof Cell ? runnable.id : String(runnable);
}
