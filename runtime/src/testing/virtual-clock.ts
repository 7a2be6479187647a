/** A clock that stands still until a test moves it. Knows nothing of actors. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { badTimer, type Clock, isTimer, type Timer } from "../values/clock.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import { original } from "../values/original.ts";

export interface VirtualClockOptions {
  /** What {@link VirtualClock.now} says at first: milliseconds since the epoch; default 0. */
  readonly startMs?: number;
  /**
   * Resolves when nothing runs any more until a timer fires. Default: one turn of the event loop, after which all
   * microtasks are done. A scheduler that spreads its work over several turns hands in its own.
   */
  readonly settle?: () => Promise<void>;
}

/** A timer that has not fired. Times in milliseconds on the clock's monotonic scale. */
export interface PendingTimer {
  readonly dueMs: number;
  readonly setAtMs: number;
  /** Whether it would keep the process alive on a real clock. */
  readonly keepsAlive: boolean;
}

class VirtualTimer implements Timer, PendingTimer {
  readonly dueMs: number;
  readonly setAtMs: number;
  /** Counts timers: decides among those due at the same time. */
  readonly order: number;
  readonly callback: () => void;
  keepsAlive = true;
  isPending = true;

  constructor(callback: () => void, setAtMs: number, delayMs: number, order: number) {
    this.callback = callback;
    this.setAtMs = setAtMs;
    // No number is no delay.
    this.dueMs = setAtMs + Math.max(0, delayMs || 0);
    this.order = order;
  }
}

/** Taken once: a mock of the event loop would take that of the test kit away. */
const setImmediate = original(globalThis.setImmediate);

const oneTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Time under a test's control: it passes only in {@link advance}.
 *
 * Timers fire in the order of their time, then of their creation, and everything that follows from one (promise reactions,
 * `await`s) is done before the next fires. A timer set meanwhile fires in the same `advance` if it is due in it.
 *
 * @example
 * const clock = new VirtualClock();
 * const log: string[] = [];
 * clock.setTimer(() => log.push("late"), 2_000);
 * clock.setTimer(() => log.push("early"), 1_000);
 * await clock.advance(2_000);
 * log; // => ["early", "late"]
 */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  readonly #settle: () => Promise<void>;
  /** A binary heap by due time, then order. Cleared timers stay until they come up. */
  readonly #heap: VirtualTimer[] = [];
  #elapsedMs = 0;
  #created = 0;
  #pendingCount = 0;
  #advancing: Promise<void> = Promise.resolve();

  constructor(options: VirtualClockOptions = {}) {
    const check = new ArgumentCheck("VirtualClock");
    const { startMs = 0, settle = oneTurn } = check.options(options, ["startMs", "settle"]);
    check.number("startMs", startMs, {}).optionalFunction("settle", settle).throwIfFaulty();
    this.#startMs = startMs;
    this.#settle = settle;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** @throws {InvalidArgumentError} for what is no function or no number. */
  setTimer(callback: () => void, delayMs: number): Timer {
    if (!isTimer(callback, delayMs)) throw badTimer();
    const timer = new VirtualTimer(callback, this.#elapsedMs, delayMs, this.#created++);
    this.#pendingCount += 1;
    push(this.#heap, timer);
    return timer;
  }

  clearTimer(timer: Timer): void {
    if (!(isInstance(timer, VirtualTimer) && timer.isPending)) return;
    timer.isPending = false;
    this.#pendingCount -= 1;
  }

  keepAlive(timer: Timer, on: boolean): void {
    if (isInstance(timer, VirtualTimer)) timer.keepsAlive = on;
  }

  /** How many timers wait. */
  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** The timers that wait, in the order in which they will fire. */
  pendingTimers(): readonly PendingTimer[] {
    return this.#heap
      .filter((timer) => timer.isPending)
      .sort((a, b) => (isBefore(a, b) ? -1 : 1))
      .map(({ dueMs, setAtMs, keepsAlive }) => ({ dueMs, setAtMs, keepsAlive }));
  }

  /**
   * Lets time pass. Calls made while one is under way wait for their turn.
   *
   * @param ms milliseconds >= 0; 0 fires what is due now.
   * @returns resolves when every timer due by then has fired and what followed from it has settled.
   * @throws {InvalidArgumentError} as a rejection, for a negative or infinite time.
   * @throws whatever a timer's callback throws, as a rejection; time then stands where it fired and later timers still wait.
   */
  advance(ms: number): Promise<void> {
    const isSound = Number.isFinite(ms) && ms >= 0;
    if (!isSound) {
      const fault = `a finite number of milliseconds >= 0 is needed, got ${print(ms)}`;
      return Promise.reject(new InvalidArgumentError("advance", [fault]));
    }
    const done = this.#advancing.then(() => this.#advanceTo(this.#elapsedMs + ms));
    this.#advancing = done.catch(() => {});
    return done;
  }

  /** Lets time pass until the next timer has fired. @returns whether there was one. */
  async advanceToNextTimer(): Promise<boolean> {
    const next = this.pendingTimers()[0];
    if (next === undefined || next.dueMs === Number.POSITIVE_INFINITY) return false;
    await this.advance(next.dueMs - this.#elapsedMs);
    return true;
  }

  /** Waits until what is under way has settled, without letting time pass. Timers due now do not fire. */
  settle(): Promise<void> {
    return this.#settle();
  }

  async #advanceTo(targetMs: number): Promise<void> {
    await this.#settle();
    for (let timer = this.#takeDue(targetMs); timer !== undefined; timer = this.#takeDue(targetMs)) {
      this.#elapsedMs = timer.dueMs;
      timer.callback();
      await this.#settle();
    }
    this.#elapsedMs = targetMs;
  }

  #takeDue(targetMs: number): VirtualTimer | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.dueMs <= targetMs; first = this.#heap[0]) {
      pop(this.#heap);
      if (!first.isPending) continue;
      first.isPending = false;
      this.#pendingCount -= 1;
      return first;
    }
    return undefined;
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function push(heap: VirtualTimer[], timer: VirtualTimer): void {
  let at = heap.length;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt] as VirtualTimer;
    if (!isBefore(timer, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = timer;
}

function pop(heap: VirtualTimer[]): void {
  const last = heap.pop() as VirtualTimer;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const childAt =
      right < heap.length && isBefore(heap[right] as VirtualTimer, heap[left] as VirtualTimer) ? right : left;
    const child = heap[childAt] as VirtualTimer;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
}
