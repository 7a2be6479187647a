/** Virtual time that passes until something has settled, in one system or in several at once. */
import type { PendingTimer, VirtualClock } from "./virtual-clock.ts";

/** What passes, as far as whoever waits asks for it. */
export interface Passing {
  monotonicMs(): number;
  /** Those that wait, in the order in which they will fire. */
  pendingTimers(): readonly Pick<PendingTimer, "dueMs">[];
  settle(): Promise<void>;
  advanceToNextTimer(): Promise<boolean>;
}

/** Several clocks in step. */
export class InStep implements Passing {
  readonly #clocks: readonly VirtualClock[];
  #elapsedMs = 0;

  constructor(clocks: readonly VirtualClock[]) {
    this.#clocks = clocks;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  pendingTimers(): readonly Pick<PendingTimer, "dueMs">[] {
    const waits = this.#clocks.flatMap((clock) =>
      clock.pendingTimers().map(({ dueMs }) => dueMs - clock.monotonicMs()),
    );
    return waits.sort((one, other) => one - other).map((ms) => ({ dueMs: this.#elapsedMs + ms }));
  }

  async settle(): Promise<void> {
    for (const clock of this.#clocks) await clock.settle();
  }

  async advanceToNextTimer(): Promise<boolean> {
    const [next] = this.pendingTimers();
    if (next === undefined || next.dueMs === Number.POSITIVE_INFINITY) return false;
    const ms = Math.max(0, next.dueMs - this.#elapsedMs);
    for (const clock of this.#clocks) await clock.advance(ms);
    this.#elapsedMs += ms;
    return true;
  }
}

/** Timers that fire before somebody who waits without a limit is taken to wait for none of them: one that comes again does so for ever. */
const MOST_FIRED = 100_000;

/** Lets time pass, from timer to timer, until the promise has settled. @throws what `failure` makes, when no timer of so long a time is left */
export async function passUntil<T>(
  clock: Passing,
  promise: PromiseLike<T>,
  failure: () => Error,
  withinMs: number = Number.POSITIVE_INFINITY,
): Promise<T> {
  const endMs = clock.monotonicMs() + withinMs;
  let isSettled = false;
  const settled = (): void => {
    isSettled = true;
  };
  promise.then(settled, settled);
  const isLimited = withinMs < Number.POSITIVE_INFINITY;
  for (let fired = 0; ; fired++) {
    await clock.settle();
    if (isSettled) return promise;
    if (!isLimited && fired > MOST_FIRED) throw failure();
    const [next] = clock.pendingTimers();
    if (next === undefined || next.dueMs > endMs || !(await clock.advanceToNextTimer())) throw failure();
  }
}
