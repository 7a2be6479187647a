/** Time limits in bulk: one clock timer for all limits of the same length. Knows nothing of what waits. */
import type { Clock, Moment, Timer } from "./clock.ts";

/** Something that waits at most so long. Linked to its neighbours through itself. */
export abstract class Deadline {
  /** When it was set. */
  since: Moment | undefined = undefined;
  before: Deadline | undefined = undefined;
  after: Deadline | undefined = undefined;
  queue: DeadlineQueue | undefined = undefined;
  /** The time is up. @param delayMs how long it was. */
  abstract expire(delayMs: number): void;
}

/**
 * Deadlines, grouped by length. Within a group they fall due in the order they were set, so each group is a list with one timer
 * for its head; setting and clearing cost nothing that grows.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #queues = new Map<number, DeadlineQueue>();
  #last: DeadlineQueue | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param since now, to be known soon: whoever reads the clock next settles it. */
  set(deadline: Deadline, delayMs: number, since: Moment): void {
    let queue = this.#last;
    if (queue === undefined || queue.delayMs !== delayMs) {
      queue = this.#queues.get(delayMs);
      if (queue === undefined) {
        queue = new DeadlineQueue(this.#clock, delayMs, () => this.#drop(delayMs));
        this.#queues.set(delayMs, queue);
      }
      this.#last = queue;
    }
    queue.append(deadline, since);
  }

  clear(deadline: Deadline): void {
    deadline.queue?.remove(deadline);
  }

  /** All that wait, for inspection. */
  *[Symbol.iterator](): IterableIterator<Deadline> {
    for (const queue of this.#queues.values()) yield* queue;
  }

  #drop(delayMs: number): void {
    if (this.#last?.delayMs === delayMs) this.#last = undefined;
    this.#queues.delete(delayMs);
  }
}

/**
 * Deadlines of one length. Its timer is armed lazily: when it fires early, because the head was cleared meanwhile, it is armed
 * again for the new head, so that the usual life of an ask (set, cleared) arms none. An idle timer does not keep the process alive.
 */
class DeadlineQueue {
  readonly #clock: Clock;
  readonly delayMs: number;
  readonly #onIdle: () => void;
  #head: Deadline | undefined = undefined;
  #tail: Deadline | undefined = undefined;
  #timer: Timer | undefined = undefined;

  constructor(clock: Clock, delayMs: number, onIdle: () => void) {
    this.#clock = clock;
    this.delayMs = delayMs;
    this.#onIdle = onIdle;
  }

  append(deadline: Deadline, since: Moment): void {
    deadline.since = since;
    deadline.queue = this;
    deadline.before = this.#tail;
    deadline.after = undefined;
    if (this.#tail === undefined) {
      this.#head = deadline;
      this.#keepAlive(true);
    } else this.#tail.after = deadline;
    this.#tail = deadline;
    this.#timer ??= this.#clock.setTimer(this.#onTimer, this.delayMs);
  }

  remove(deadline: Deadline): void {
    if (deadline.before === undefined) this.#head = deadline.after;
    else deadline.before.after = deadline.after;
    if (deadline.after === undefined) this.#tail = deadline.before;
    else deadline.after.before = deadline.before;
    deadline.queue = deadline.before = deadline.after = undefined;
    if (this.#head === undefined) this.#keepAlive(false);
  }

  *[Symbol.iterator](): IterableIterator<Deadline> {
    for (let deadline = this.#head; deadline !== undefined; deadline = deadline.after) yield deadline;
  }

  #keepAlive(isNeeded: boolean): void {
    if (this.#timer !== undefined) this.#clock.keepAlive(this.#timer, isNeeded);
  }

  #onTimer = (): void => {
    this.#timer = undefined;
    const now = this.#clock.monotonicMs();
    while (this.#head !== undefined && this.#dueMsOf(this.#head, now) <= now) {
      const due = this.#head;
      this.remove(due);
      due.expire(this.delayMs);
    }
    if (this.#head === undefined) this.#onIdle();
    else this.#timer ??= this.#clock.setTimer(this.#onTimer, Math.max(0, this.#dueMsOf(this.#head, now) - now));
  };

  /** In whole milliseconds: timers know no smaller ones. */
  #dueMsOf({ since }: Deadline, nowMs: number): number {
    since?.settle(nowMs);
    return Math.ceil((since?.ms ?? nowMs) + this.delayMs);
  }
}
