/** The timers of one incarnation: messages it sends itself later, and that die with it. */
import type { ActorTimers } from "./actor.ts";
import { ArgumentCheck } from "./argument-check.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Origin } from "./letter.ts";

/** One timer; also the origin of the letters it sends, so that a cancelled timer takes back what still waits. */
class ActorTimer implements Origin {
  readonly message: unknown;
  readonly periodMs: number | undefined;
  handle: Timer | undefined = undefined;
  isWanted = true;

  constructor(message: unknown, periodMs: number | undefined) {
    this.message = message;
    this.periodMs = periodMs;
  }

  unanswered(): void {}
  undelivered(): void {}
}

export class IncarnationTimers implements ActorTimers<unknown> {
  readonly #clock: Clock;
  readonly #send: (message: unknown, origin: Origin) => void;
  readonly #check: () => void;
  readonly #timers = new Map<string, ActorTimer>();

  /** @param check throws when the incarnation has ended. */
  constructor(clock: Clock, send: (message: unknown, origin: Origin) => void, check: () => void) {
    this.#clock = clock;
    this.#send = send;
    this.#check = check;
  }

  startOnce(key: string, message: unknown, delayMs: number): void {
    new ArgumentCheck("startOnce").number("delayMs", delayMs, { min: 0 }).throwIfFaulty();
    this.#start(key, new ActorTimer(message, undefined), delayMs);
  }

  startPeriodic(key: string, message: unknown, periodMs: number): void {
    new ArgumentCheck("startPeriodic").number("periodMs", periodMs, { above: 0 }).throwIfFaulty();
    this.#start(key, new ActorTimer(message, periodMs), periodMs);
  }

  cancel(key: string): boolean {
    const timer = this.#timers.get(key);
    if (timer === undefined) return false;
    this.#timers.delete(key);
    timer.isWanted = false;
    if (timer.handle !== undefined) this.#clock.clearTimer(timer.handle);
    return true;
  }

  isActive(key: string): boolean {
    return this.#timers.has(key);
  }

  cancelAll(): void {
    for (const key of [...this.#timers.keys()]) this.cancel(key);
  }

  #start(key: string, timer: ActorTimer, delayMs: number): void {
    this.#check();
    this.cancel(key);
    this.#timers.set(key, timer);
    this.#arm(key, timer, delayMs, this.#clock.monotonicMs() + delayMs);
  }

  /** Periods are counted from the first due time, so that lateness does not add up. */
  #arm(key: string, timer: ActorTimer, delayMs: number, dueMs: number): void {
    timer.handle = this.#clock.setTimer(() => {
      timer.handle = undefined;
      if (timer.periodMs === undefined) this.#timers.delete(key);
      else {
        const nextMs = Math.max(dueMs + timer.periodMs, this.#clock.monotonicMs());
        this.#arm(key, timer, nextMs - this.#clock.monotonicMs(), nextMs);
      }
      this.#send(timer.message, timer);
    }, delayMs);
  }
}
