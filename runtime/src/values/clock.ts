/** Time as a port: the only way the runtime reads or waits for it, so that a test can own it. */

import { inNobodysContext } from "./async-scope.ts";
import { InvalidArgumentError } from "./errors.ts";
import { isInstance } from "./instance.ts";
import { original } from "./original.ts";

/** An armed timer, known only to the clock that made it. */
export interface Timer {
  readonly dueMs: number;
}

export interface Clock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary point; never goes back. Intervals are measured with it. */
  monotonicMs(): number;
  /** Calls back once, `delayMs` (>= 0) from now, never before and never within this call; not in the asynchronous context of this call. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Cancels; does nothing when the timer has fired or was cancelled. */
  clearTimer(timer: Timer): void;
  /** Whether the timer keeps the process alive, as it does when it is set. It may do so until the next turn of the event loop. */
  keepAlive(timer: Timer, on: boolean): void;
}

/**
 * Something that began between two readings of a clock: when, is known with the next. So that many may note when something began for
 * the price of one reading.
 */
export interface Undated {
  /** It began at `nowMs` (monotonic) at the latest. */
  date(nowMs: number): void;
}

/** Taken once: reading the global by name costs more than reading the time. */
const { performance } = globalThis;

/** The longest that `setTimeout` waits; beyond it would fire at once. */
const LONGEST_WAIT_MS = 2_147_483_647;

class RealTimer implements Timer {
  readonly dueMs: number;
  readonly #callback: () => void;
  #handle: ReturnType<typeof setTimeout>;
  /** Whether it is to keep the process alive; it does so a little longer. */
  #isNeeded = true;

  constructor(callback: () => void, delayMs: number) {
    this.dueMs = performance.now() + delayMs;
    this.#callback = callback;
    this.#handle = this.#wait(delayMs);
  }

  clear(): void {
    clearTimeout(this.#handle);
  }

  keepAlive(on: boolean): void {
    this.#isNeeded = on;
    if (on) this.#handle.ref();
    else letGoSoon(this);
  }

  letGo(): void {
    if (!this.#isNeeded) this.#handle.unref();
  }

  #wait(delayMs: number): ReturnType<typeof setTimeout> {
    return inNobodysContext(setTimeout, undefined, () => this.#fire(), Math.min(delayMs, LONGEST_WAIT_MS));
  }

  /** `setTimeout` counts whole milliseconds: it may call before the time is over. */
  #fire(): void {
    const leftMs = this.dueMs - performance.now();
    if (leftMs > 0) {
      this.#handle = this.#wait(leftMs);
      this.letGo();
    } else this.#callback();
  }
}

/** Timers that are to keep the process alive no longer. */
const released = new Set<RealTimer>();

/**
 * Lets go of it with the next turn of the event loop: by then it may well be needed again, and to let go of a timer and take it back
 * costs more than a question and its answer.
 */
function letGoSoon(timer: RealTimer): void {
  if (released.size === 0) setImmediate(letGoOfReleased);
  released.add(timer);
}

function letGoOfReleased(): void {
  for (const timer of released) timer.letGo();
  released.clear();
}

const now = (): number => Date.now();
const monotonicMs = (): number => performance.now();

/** What the clock of the machine says, for whoever needs no timers. */
export const realTime: Pick<Clock, "now" | "monotonicMs"> = { now, monotonicMs };

/** The global one is looked up by a function each time. */
const machinePerformance = performance;
const machinePerformanceNow = original(performance.now);

/** What the machine's clock says also in a test system's turn: for what the runtime measures for itself. */
export const machineMs = (): number => machinePerformanceNow.call(machinePerformance);

/** Whether a clock can set such a timer. */
export function isTimer(callback: unknown, delayMs: unknown): boolean {
  return typeof callback === "function" && typeof delayMs === "number";
}

export function badTimer(): InvalidArgumentError {
  return new InvalidArgumentError("setTimer", ["a function and a number of milliseconds are needed"]);
}

/** The clock of the machine. Its timers keep the process alive. */
export const realClock: Clock = {
  now,
  monotonicMs,
  setTimer: (callback, delayMs) => {
    if (!isTimer(callback, delayMs)) throw badTimer();
    return new RealTimer(callback, delayMs);
  },
  clearTimer: (timer) => {
    if (isInstance(timer, RealTimer)) timer.clear();
  },
  keepAlive: (timer, on) => {
    if (isInstance(timer, RealTimer)) timer.keepAlive(on);
  },
};
