/** The timers of one incarnation: messages it sends itself later, and that die with it. */

import type { Origin } from "../environment/letter.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import type { ActorTimers } from "../values/actor.ts";
import type { Clock, Timer } from "../values/clock.ts";

/** One timer; also the origin of the letters it sends, so that a cancelled timer takes back what still waits. */
class ActorTimer implements Origin {
  readonly message: unknown;
  readonly periodMs: number | undefined;
  handle: Timer | undefined = undefined;
  /** When it sends, on the clock's monotonic scale. */
  dueMs = 0;
  isCancelled = false;
  /** The turn of a letter of it has begun. */
  isTaken = false;
  /** Called when a letter of it is done with. */
  readonly #done: (timer: ActorTimer) => void;

  constructor(message: unknown, periodMs: number | undefined, done: (timer: ActorTimer) => void) {
    this.message = message;
    this.periodMs = periodMs;
    this.#done = done;
  }

  get isWanted(): boolean {
    return !this.isCancelled;
  }

  /** From now on that letter cannot be taken back. */
  take(): boolean {
    this.isTaken = true;
    return this.isWanted;
  }

  unanswered(): void {
    this.#done(this);
  }

  undelivered(): void {
    this.#done(this);
  }
}

/** A timer as others may see it. */
export interface TimerFacts {
  readonly key: string;
  readonly message: unknown;
  readonly periodMs: number | undefined;
  /** When it sends, on the clock's monotonic scale; `undefined` when it has, and that message is not done with. */
  readonly dueMs: number | undefined;
}

export class IncarnationTimers implements ActorTimers<unknown> {
  readonly #clock: Clock;
  readonly #send: (message: unknown, origin: Origin) => void;
  readonly #check: () => void;
  /** Those that can be cancelled: they will send, or what they sent waits. */
  readonly #timers = new Map<string, ActorTimer>();
  /** Those that have sent their only message, which waits, is being handled or was set aside. */
  readonly #fired = new Set<ActorTimer>();

  /** @param check throws when the incarnation has ended. */
  constructor(clock: Clock, send: (message: unknown, origin: Origin) => void, check: () => void) {
    this.#clock = clock;
    this.#send = send;
    this.#check = check;
  }

  startOnce(key: string, message: unknown, delayMs: number): void {
    new ArgumentCheck("startOnce").number("delayMs", delayMs, { min: 0 }).throwIfFaulty();
    const done = (timer: ActorTimer): void => {
      this.#fired.delete(timer);
      if (this.#timers.get(key) === timer) this.#timers.delete(key);
    };
    this.#start(key, new ActorTimer(message, undefined, done), delayMs);
  }

  startPeriodic(key: string, message: unknown, periodMs: number): void {
    new ArgumentCheck("startPeriodic").number("periodMs", periodMs, { above: 0 }).throwIfFaulty();
    this.#start(key, new ActorTimer(message, periodMs, () => {}), periodMs);
  }

  cancel(key: string): boolean {
    const timer = this.#timers.get(key);
    if (timer === undefined) return false;
    this.#timers.delete(key);
    // It has sent its only message, and that is being handled or was set aside.
    if (timer.handle === undefined && timer.isTaken) return false;
    timer.isCancelled = true;
    if (timer.handle !== undefined) this.#clock.clearTimer(timer.handle);
    return true;
  }

  isActive(key: string): boolean {
    return this.#timers.get(key)?.handle !== undefined;
  }

  /** For inspection. */
  get facts(): readonly TimerFacts[] {
    return Array.from(this.#timers, ([key, { message, periodMs, handle, dueMs }]) => ({
      key,
      message,
      periodMs,
      dueMs: handle === undefined ? undefined : dueMs,
    }));
  }

  cancelAll(): void {
    // Void first, all of them: whatever a clock does, none of them fires into the next life.
    const timers = [...this.#timers.values(), ...this.#fired];
    for (const timer of timers) timer.isCancelled = true;
    this.#timers.clear();
    for (const { handle } of timers) if (handle !== undefined) this.#clock.clearTimer(handle);
  }

  #start(key: string, timer: ActorTimer, delayMs: number): void {
    this.#check();
    this.cancel(key);
    this.#timers.set(key, timer);
    this.#arm(timer, delayMs, this.#clock.monotonicMs() + delayMs);
  }

  /** Periods are counted from the first due time, so that lateness does not add up. */
  #arm(timer: ActorTimer, delayMs: number, dueMs: number): void {
    timer.dueMs = dueMs;
    timer.handle = this.#clock.setTimer(() => {
      timer.handle = undefined;
      // A clock that could not be told so fires all the same.
      if (timer.isCancelled) return;
      if (timer.periodMs === undefined) this.#fired.add(timer);
      else {
        const nowMs = this.#clock.monotonicMs();
        const nextMs = Math.max(dueMs + timer.periodMs, nowMs);
        this.#arm(timer, nextMs - nowMs, nextMs);
      }
      this.#send(timer.message, timer);
    }, delayMs);
  }
}
