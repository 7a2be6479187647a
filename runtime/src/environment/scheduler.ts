/** Who runs next: a queue of actors that have something to do. Knows nothing of what they do. */

import { commonScope, inMicrotask } from "../values/async-scope.ts";
import { attempt } from "../values/bare-call.ts";
import type { Clock, Undated } from "../values/clock.ts";
import { broken } from "../values/invariant.ts";
import { type Runnable, Turns } from "./turns.ts";

/** The port through which actors ask for turns; the testkit puts a seeded one in its place. */
export interface Scheduler {
  /** Asks for a turn. The caller asks again only after that turn has begun. Never runs it within this call. */
  schedule(runnable: Runnable): void;
  /** Asks for another turn after everybody who already waits. */
  yieldTurn(runnable: Runnable): void;
  /** Whose turn runs, and whose is next. */
  readonly turns: Turns;
  /** Messages handled so far; those of a slice are counted when it ends, or when the clock is read in it. */
  readonly handled: number;
  /** Whole milliseconds since the scheduler was made, as of the last reading of the clock; fresh while nobody waits for a turn. */
  tick(): number;
  /** Dates it with the next reading of the clock, which is soon, also while nobody waits for a turn. @returns {@link tick} */
  date(undated: Undated): number;
  /** While held, nobody gets a turn. */
  hold(): void;
  release(): void;
}

const BUDGET = 64;
/** Messages one actor may handle before others get their turn. */
export const MESSAGE_BUDGET: number = BUDGET;
/** Milliseconds of turns before the event loop gets its own: timers and sockets wait no longer than this. */
const SLICE_MS = 4;
/** A pause of so many milliseconds between two drains means that the event loop had its turn. */
const LOOP_TURN_MS = 1;
/** Messages between two looks at the clock, while turns are short. */
const CHECK_EVERY = 64;
/** Messages of one slice, whatever the clock says: a clock that stands still shall not starve the loop. */
const SLICE_MESSAGES = 200_000;
/** Turns that may jump the queue in a row: who was sent a message by the actor that just ran, its data still warm, runs next. */
const JUMP_LIMIT = 8;

const MASK_AT_START = 63;

/**
 * First come, first served, in slices.
 *
 * The first turn after idleness comes as a microtask, so that a message is handled before the next event-loop phase. Once turns
 * have taken {@link SLICE_MS}, the rest waits for `setImmediate`, so that timers and I/O are never starved, not even by actors
 * that ask each other for ever in microtasks.
 */
export class FairScheduler implements Scheduler {
  readonly #clock: Clock;
  readonly #startedMs: number;
  #ring: (Runnable | undefined)[] = new Array<Runnable | undefined>(MASK_AT_START + 1).fill(undefined);
  #mask = MASK_AT_START;
  #head = 0;
  #tail = 0;
  #isAwake = false;
  #isHeld = false;
  /** The last reading of the clock. */
  #now = 0;
  #tick = 0;
  /** What has begun since. */
  #undated: Undated[] = [];
  #sliceStart = 0;
  #lastDrainEnd = 0;
  /** The coming turn is that of who jumps the queue; while there is no slice to jump into, it cannot be had. */
  readonly turns: Turns = new Turns();
  handled = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  schedule(runnable: Runnable): void {
    if (!this.turns.offer(runnable)) this.yieldTurn(runnable);
  }

  yieldTurn(runnable: Runnable): void {
    this.#push(runnable);
    if (!this.#isAwake) this.#wake();
  }

  tick(): number {
    if (!this.#isAwake) this.#read();
    return this.#tick;
  }

  date(undated: Undated): number {
    // Whoever notes when something began is mostly about to ask for a turn: one waking, and one reading of the clock, serves both.
    if (!this.#isAwake) this.#wake();
    this.#undated.push(undated);
    return this.#tick;
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    if (this.#head !== this.#tail && !this.#isAwake) this.#wake();
  }

  #push(runnable: Runnable): void {
    if (this.#tail - this.#head > this.#mask) this.#grow();
    const slot = this.#tail & this.#mask;
    if (this.#ring[slot] === undefined) {
      this.#ring[slot] = runnable;
      this.#tail++;
    } else refuseSlot(runnable);
  }

  #grow(): void {
    const size = this.#mask + 1;
    const ring = new Array<Runnable | undefined>(size * 2).fill(undefined);
    for (let i = 0; i < size; i++) ring[i] = this.#ring[(this.#head + i) & this.#mask];
    this.#ring = ring;
    this.#mask = size * 2 - 1;
    this.#head = 0;
    this.#tail = size;
  }

  #read(): void {
    this.#now = this.#clock.monotonicMs();
    this.#tick = Math.trunc(this.#now - this.#startedMs);
    if (this.#undated.length > 0) this.#dateAll();
  }

  #dateAll(): void {
    const undated = this.#undated;
    this.#undated = [];
    for (const one of undated) one.date(this.#now);
  }

  #wake(): void {
    this.#read();
    this.#isAwake = true;
    inMicrotask(this.#drainInMicrotask);
  }

  /** Follows so soon that the time of waking is near enough, unless somebody waits to know it. */
  #drainInMicrotask = (): void => {
    if (this.#undated.length > 0) this.#read();
    if (this.#now - this.#lastDrainEnd >= LOOP_TURN_MS) this.#sliceStart = this.#now;
    if (this.#now - this.#sliceStart >= SLICE_MS) setImmediate(this.#drainInLoop);
    else commonScope.run(this.turns.isBare ? this.#drainBare : this.#drain, this);
  };

  #drainInLoop = (): void => {
    this.#read();
    this.#sliceStart = this.#now;
    commonScope.run(this.turns.isBare ? this.#drainBare : this.#drain, this);
  };

  #drain(): void {
    if (this.#isHeld) {
      this.#isAwake = false;
      return;
    }
    this.turns.go();
    try {
      this.#runSlice();
    } catch (cause) {
      this.turns.blame(cause);
    } finally {
      this.#rest();
    }
  }

  /** The same where nothing may seem to catch. */
  #drainBare(): void {
    if (this.#isHeld) {
      this.#isAwake = false;
      return;
    }
    this.turns.go();
    const { failure } = attempt(() => this.#runSlice());
    if (failure === undefined) this.#rest();
    else failure.catch((cause: unknown) => this.turns.blame(cause)).finally(() => this.#rest());
  }

  /** Lets the event loop have its turn; whoever still waits comes after it, also when something was thrown that nobody expected. */
  #rest(): void {
    this.#lastDrainEnd = this.#now;
    this.#queueJumper();
    this.turns.pause();
    if (this.#head === this.#tail) this.#isAwake = false;
    else setImmediate(this.#drainInLoop);
  }

  /** Runs turns until nobody waits or the slice is over. The last thing it does is to read the clock. */
  #runSlice(): void {
    const { turns } = this;
    let handled = 0;
    let jumps = 0;
    let untilCheck = CHECK_EVERY;
    let checksLeft = SLICE_MESSAGES / CHECK_EVERY;
    for (;;) {
      const next = turns.coming.owner;
      let count: number;
      if (next !== undefined && (++jumps <= JUMP_LIMIT || this.#head === this.#tail)) {
        turns.begin();
        count = next.runNext(BUDGET);
      } else {
        if (this.#head === this.#tail) break;
        jumps = 0;
        count = this.#runOldest();
      }
      handled += count;
      untilCheck -= 1 + count;
      if (untilCheck > 0) continue;
      const before = this.#now;
      this.#read();
      turns.renew();
      this.handled += handled;
      handled = 0;
      if (this.#now - this.#sliceStart >= SLICE_MS || --checksLeft === 0 || this.#isHeld) return;
      untilCheck = this.#now - before > SLICE_MS / 8 ? 1 : CHECK_EVERY;
    }
    this.#read();
    this.handled += handled;
  }

  /** Who would jump the queue once too often waits behind all others. */
  #queueJumper(): void {
    const { coming } = this.turns;
    const { owner } = coming;
    if (owner === undefined) return;
    owner.giveWay();
    this.#push(owner);
    coming.owner = undefined;
  }

  /** Runs who waits longest. */
  #runOldest(): number {
    this.#queueJumper();
    const index = this.#head++ & this.#mask;
    const runnable = this.#ring[index];
    if (runnable === undefined) return this.#skip();
    this.#ring[index] = undefined;
    this.turns.beginFor(runnable);
    return runnable.run(BUDGET);
  }

  /** Somebody asked for a turn, and it is not known who. */
  #skip(): number {
    this.turns.begin();
    this.turns.onFault(broken("slot"));
    return 0;
  }
}

/** The slot it asked for is another's. */
function refuseSlot(runnable: Runnable): void {
  runnable.fail(broken("slot"));
}
