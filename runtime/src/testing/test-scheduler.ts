/** What the schedulers of the testkit have in common: they drive themselves, turn by turn, and never look at the real clock. */

import { Cell } from "../actor/cell.ts";
import type { Scheduler } from "../environment/scheduler.ts";
import { type Runnable, Turns } from "../environment/turns.ts";
import { commonScope, inNobodysContext } from "../values/async-scope.ts";
import { attempt } from "../values/bare-call.ts";
import type { Clock, Undated } from "../values/clock.ts";
import { original } from "../values/original.ts";
import { UnsettledError } from "./errors.ts";
import { SoonCall } from "./soon-call.ts";
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

/** Taken once: a mock of the event loop would take that of the test kit away. */
const setImmediate = original(globalThis.setImmediate);

/** Calls back as soon as nobody is ready: in no turn, and without time passing. @returns what takes it back. */
export let callSoon: (scheduler: TestScheduler, callback: () => void) => () => void;

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
  #waiters: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  #turnsBefore = 0;
  /** Turns taken when nobody was ready last. */
  #restedAt = 0;
  #isAwake = false;
  #isHeld = false;
  #isStepping = false;
  /** What is called as soon as nobody is ready, in the order in which it was asked for. */
  #soon: SoonCall[] = [];
  /** How many of them were since somebody was ready, or nothing was left. */
  #soonCount = 0;
  /** Turns taken so far. */
  turnCount = 0;
  /** The last choices, oldest first. */
  readonly lastTurns: Turn[] = [];
  readonly turns: Turns = new Turns();
  handled = 0;

  static {
    callSoon = (scheduler, callback) => scheduler.#callBackSoon(callback);
  }

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
    return this.turnCount - this.#restedAt > this.#turnLimit || this.#soonCount > this.#turnLimit;
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
    if (this.#ready.length > 0 || this.#soon.length > 0) this.#wake();
  }

  /** Whether nobody waits for a turn. */
  get isIdle(): boolean {
    return this.#ready.length === 0 && !this.#isStepping && this.#soon.length === 0;
  }

  #callBackSoon(callback: () => void): () => void {
    const call = new SoonCall(callback);
    this.#soon.push(call);
    this.#wake();
    return () => call.clear();
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
      if (this.#isHeld || !this.#callSoon()) this.#settled();
      return false;
    }
    this.#soonCount = 0;
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
    if (this.#ready.length > 0 || this.#waiters.length > 0 || this.#soon.length > 0) this.#wake();
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

  /** One at a time: all promise reactions run before the next. @returns whether there was one. */
  #callSoon(): boolean {
    const call = this.#soon.shift();
    if (call === undefined) return false;
    if (++this.#soonCount > this.#turnLimit) this.#giveUp();
    this.rested();
    try {
      if (call.isPending) call.call();
    } catch (cause) {
      this.#fail(cause);
    }
    this.#wake();
    return true;
  }

  /** Nobody's callback threw: whoever waits for the rest is told; else it is uncaught, as one of Node's own is. */
  #fail(cause: unknown): void {
    if (this.#waiters.length === 0) throw cause;
    for (const { reject } of this.#waiters.splice(0)) reject(cause);
  }

  #settled(): void {
    this.#soonCount = 0;
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
