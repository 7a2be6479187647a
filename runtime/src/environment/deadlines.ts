/** Time limits in bulk: one clock timer for all limits of the same length. Knows nothing of what waits. */
import type { Clock, Timer, Undated } from "../values/clock.ts";
import type { RuntimeFaultError } from "../values/errors.ts";
import { broken } from "../values/invariant.ts";

/** Something that waits at most so long. */
export interface Deadline {
  /** Those that were set with it. */
  readonly batch: DeadlineBatch;
  /** What was set before it; at first the {@link DeadlineBatch.newest} of its batch. */
  before: Deadline | undefined;
  /** It still waits. Once it no longer does, it tells its batch, by {@link DeadlineBatch.clear}. */
  readonly isPending: boolean;
  /** The time is up: it waits no more. @param delayMs how long it was. */
  expire(delayMs: number): void;
}

/** Knows what time it is, sooner or later. */
export interface Calendar {
  /** Dates it soon. @returns what time it is: milliseconds of its own, as of the last reading of the clock. */
  date(undated: Undated): number;
}

type OnFault = (fault: RuntimeFaultError) => void;

function rethrow(fault: RuntimeFaultError): never {
  throw fault;
}

/** Lengths with nothing that waits, up to which a queue keeps its timer for the next deadline of its length. */
const QUEUES_KEPT = 64;

/**
 * Deadlines, grouped by length and, within a length, by the moment they were set. They fall due in that order, so there is one
 * timer for each length; setting and clearing cost nothing that grows.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #calendar: Calendar;
  readonly #onFault: OnFault;
  readonly #queues = new Map<number, DeadlineQueue>();
  private last: DeadlineBatch | undefined = undefined;

  /** @param onFault hears of counts that are wrong; they have been put right. Default: throws. */
  constructor(clock: Clock, calendar: Calendar, onFault: OnFault = rethrow) {
    this.#clock = clock;
    this.#calendar = calendar;
    this.#onFault = onFault;
  }

  /** Takes what is to expire `delayMs` from now; to be {@link DeadlineBatch.add}ed to at once. */
  batchOf(delayMs: number): DeadlineBatch {
    const { last } = this;
    return last?.isOpen === true && last.delayMs === delayMs ? last : this.#openBatch(delayMs);
  }

  #openBatch(delayMs: number): DeadlineBatch {
    let queue = this.#queues.get(delayMs);
    if (queue === undefined) {
      queue = new DeadlineQueue(this.#clock, this.#calendar, delayMs, this.#mayRest, this.#drop, this.#onFault);
      this.#queues.set(delayMs, queue);
    }
    this.last = queue.openBatch();
    return this.last;
  }

  /** All that wait, for inspection. */
  *[Symbol.iterator](): IterableIterator<Deadline> {
    for (const queue of this.#queues.values()) yield* queue;
  }

  #mayRest = (): boolean => this.#queues.size <= QUEUES_KEPT;

  #drop = (queue: DeadlineQueue): void => {
    if (this.#queues.get(queue.delayMs) === queue) this.#queues.delete(queue.delayMs);
  };
}

/** Cleared deadlines that a batch keeps beyond as many as still wait. */
const KEPT_BEYOND = 128;

/**
 * Deadlines of one length that were set between the same two readings of the clock: a list through themselves, the newest first, so
 * that one more touches no other. One that is cleared is counted, and stays in the list until the last is, or until so many are that
 * taking them out costs each no more than being put in.
 */
export class DeadlineBatch implements Undated {
  newest: Deadline | undefined = undefined;
  private waiting = 0;
  /** When no more than so many wait, there is something to do. */
  private few = 0;
  /** It takes more: the clock was not read since it began, and something waits in it. */
  isOpen = true;
  readonly delayMs: number;
  /** When its deadlines were set, as the calendar counts. */
  tick = 0;
  /** When its deadlines were set (monotonic), once it is dated. */
  private sinceMs: number | undefined = undefined;
  private readonly queue: DeadlineQueue;
  earlier: DeadlineBatch | undefined;
  later: DeadlineBatch | undefined = undefined;

  constructor(queue: DeadlineQueue, earlier: DeadlineBatch | undefined) {
    this.queue = queue;
    this.delayMs = queue.delayMs;
    this.earlier = earlier;
  }

  add(deadline: Deadline): void {
    this.newest = deadline;
    this.waiting++;
  }

  /** One of them waits no more. */
  clear(): void {
    if (--this.waiting <= this.few) this.tidy();
  }

  private tidy(): void {
    if (this.waiting > 0) this.sweep();
    else if (this.waiting < 0) {
      this.waiting = 0;
      this.queue.onFault(broken("deadlines"));
    } else {
      this.newest = undefined;
      this.isOpen = false;
      this.queue.close(this);
    }
  }

  private sweep(): void {
    const pending = [...this];
    if (pending.length !== this.waiting) {
      this.waiting = pending.length;
      this.queue.onFault(broken("deadlines"));
    }
    this.newest = undefined;
    for (const deadline of pending) {
      deadline.before = this.newest;
      this.newest = deadline;
    }
    this.expectFew();
  }

  private expectFew(): void {
    this.few = Math.max(0, (this.waiting - KEPT_BEYOND) >> 1);
  }

  /** Those that wait, the oldest first. */
  [Symbol.iterator](): IterableIterator<Deadline> {
    const pending: Deadline[] = [];
    for (let deadline = this.newest; deadline !== undefined; deadline = deadline.before)
      if (deadline.isPending) pending.push(deadline);
    return pending.reverse().values();
  }

  date(nowMs: number): void {
    if (this.sinceMs !== undefined) return;
    this.sinceMs = nowMs;
    this.isOpen = false;
    this.expectFew();
  }

  /** In whole milliseconds: timers know no smaller ones. */
  dueMs(nowMs: number): number {
    this.date(nowMs);
    return Math.ceil((this.sinceMs as number) + this.delayMs);
  }
}

/**
 * Deadlines of one length. Its timer is armed lazily: when it fires early, because the oldest were cleared meanwhile, it is armed
 * again for those that are left, so that the usual life of an ask (set, cleared) arms none. An idle timer does not keep the process
 * alive, and there are only so many: whoever waits for what is left of a time sets a new length each time.
 */
class DeadlineQueue {
  readonly #clock: Clock;
  readonly #calendar: Calendar;
  readonly delayMs: number;
  readonly onFault: OnFault;
  readonly #mayRest: () => boolean;
  readonly #onIdle: (queue: DeadlineQueue) => void;
  #oldest: DeadlineBatch | undefined = undefined;
  #newest: DeadlineBatch | undefined = undefined;
  #timer: Timer | undefined = undefined;

  /** @param mayRest whether it may keep its timer while nothing waits. @param onIdle it waits for nothing, and has no timer. */
  constructor(
    clock: Clock,
    calendar: Calendar,
    delayMs: number,
    mayRest: () => boolean,
    onIdle: (queue: DeadlineQueue) => void,
    onFault: OnFault,
  ) {
    this.onFault = onFault;
    this.#clock = clock;
    this.#calendar = calendar;
    this.delayMs = delayMs;
    this.#mayRest = mayRest;
    this.#onIdle = onIdle;
  }

  /** One that takes deadlines that are set now. */
  openBatch(): DeadlineBatch {
    const newest = this.#newest;
    return newest?.isOpen === true ? newest : this.#open();
  }

  #open(): DeadlineBatch {
    const newest = this.#newest;
    const batch = new DeadlineBatch(this, newest);
    if (newest === undefined) {
      this.#oldest = batch;
      this.#keepAlive(true);
    } else newest.later = batch;
    this.#newest = batch;
    this.#timer ??= this.#clock.setTimer(this.#onTimer, this.delayMs);
    batch.tick = this.#calendar.date(batch);
    return batch;
  }

  /** A batch in which nothing waits any more. */
  close(batch: DeadlineBatch): void {
    const { earlier, later } = batch;
    // Whoever keeps what was set in it does not keep those that come after it.
    batch.earlier = batch.later = undefined;
    if (earlier === undefined) this.#oldest = later;
    else earlier.later = later;
    if (later === undefined) this.#newest = earlier;
    else later.earlier = earlier;
    if (this.#oldest === undefined) this.#rest();
  }

  #rest(): void {
    if (this.#mayRest()) {
      this.#keepAlive(false);
      return;
    }
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#onIdle(this);
  }

  *[Symbol.iterator](): IterableIterator<Deadline> {
    for (let batch = this.#oldest; batch !== undefined; batch = batch.later) yield* batch;
  }

  #keepAlive(isNeeded: boolean): void {
    if (this.#timer !== undefined) this.#clock.keepAlive(this.#timer, isNeeded);
  }

  #onTimer = (): void => {
    this.#timer = undefined;
    const now = this.#clock.monotonicMs();
    while (this.#oldest !== undefined && this.#oldest.dueMs(now) <= now) {
      const batch = this.#oldest;
      for (const due of batch) due.expire(this.delayMs);
      if (this.#oldest === batch) this.#abandon(batch);
    }
    if (this.#oldest === undefined) this.#onIdle(this);
    else this.#timer ??= this.#clock.setTimer(this.#onTimer, Math.max(0, this.#oldest.dueMs(now) - now));
  };

  /** All in it have expired, and some are still counted: nobody waits for them, and those that come later shall not. */
  #abandon(batch: DeadlineBatch): void {
    batch.isOpen = false;
    this.close(batch);
    this.onFault(broken("deadlines"));
  }
}
