/** Time as a port: the only way the runtime reads or waits for it, so that a test can own it. */

/** An armed timer, known only to the clock that made it. */
export interface Timer {
  readonly dueMs: number;
}

export interface Clock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary point; never goes back. Intervals are measured with it. */
  monotonicMs(): number;
  /** Calls back once, `delayMs` (>= 0) from now, never within this call. */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Cancels; does nothing when the timer has fired or was cancelled. */
  clearTimer(timer: Timer): void;
  /** Whether the timer keeps the process alive, as it does when it is set. */
  keepAlive(timer: Timer, on: boolean): void;
}

class RealTimer implements Timer {
  readonly dueMs: number;
  readonly handle: ReturnType<typeof setTimeout>;
  constructor(dueMs: number, handle: ReturnType<typeof setTimeout>) {
    this.dueMs = dueMs;
    this.handle = handle;
  }
}

/** `setTimeout` waits at most 2^31 - 1 ms and fires at once beyond it. */
const LONGEST_WAIT_MS = 2_147_483_647;

/** The clock of the machine. Its timers keep the process alive. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (callback, delayMs) =>
    new RealTimer(performance.now() + delayMs, setTimeout(callback, Math.min(delayMs, LONGEST_WAIT_MS))),
  clearTimer: (timer) => {
    if (timer instanceof RealTimer) clearTimeout(timer.handle);
  },
  keepAlive: (timer, on) => {
    if (!(timer instanceof RealTimer)) return;
    if (on) timer.handle.ref();
    else timer.handle.unref();
  },
};
