/** Names the actor whose callback kept the event loop to itself. Opt-in: puts a watch around callbacks, or is not there at all. */

import { Incarnation } from "../actor/incarnation.ts";
import type { Environment } from "../environment/environment.ts";
import { type CallbackName, surround } from "../environment/instrument.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import type { Actor } from "../values/actor.ts";
import { watchContinuations } from "../values/async-scope.ts";
import { realClock, type Timer } from "../values/clock.ts";
import { typeOf } from "../values/errors.ts";
import { readField } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { takenMs as realTakenMs } from "./taken-time.ts";

/** Milliseconds a callback may take before it is reported. */
export const DEFAULT_BLOCKED_MS = 50;
/** Milliseconds between two beats by which the event loop's delay is measured. */
const BEAT_MS = 20;
/** What others took is read again when the reading is so many milliseconds old: each reading costs what two hundred messages do. */
const READING_MS = 5;

export interface WatchdogOptions {
  /** Milliseconds; > 0; default {@link DEFAULT_BLOCKED_MS}. */
  readonly blockedMs?: number;
  /**
   * Milliseconds that others have taken from this thread so far, of which no actor is guilty. Default: what the operating system says,
   * with the machine's clock; none, with another.
   */
  readonly takenMs?: () => number;
}

/** The longest block since the last look. */
export interface LoopBlock {
  /** Path of the actor. */
  readonly actor: string;
  /** `type` of the message that was handled; `undefined` outside of a message (a start, a signal, an end). */
  readonly messageType: string | undefined;
  readonly ms: number;
}

export interface EventLoopHealth {
  /** Milliseconds by which a timer was late at worst since the last look. */
  readonly delayMs: number;
  /** Whose synchronous work took longest since the last look, if it took longer than allowed. */
  readonly blockedBy: LoopBlock | undefined;
}

/** One that runs. */
interface Continuation {
  readonly asyncId: number;
  readonly startedMs: number;
  /** What had been laid at somebody else's door, of what it runs in. */
  readonly outerMs: number;
}

/**
 * Measures every callback, and what follows each `await` of it, in as far as it keeps the thread to itself; what other processes took
 * from the thread meanwhile is taken off. Nobody pays for that who has no watchdog.
 *
 * A callback within a callback (a supervisor that starts a child) counts for the inner one only. A callback that never comes back
 * cannot be reported from its own thread.
 */
export class Watchdog {
  readonly #env: Environment;
  readonly #blockedMs: number;
  readonly #takenMs: () => number;
  /** A reading of {@link #takenMs}, and when it was made. */
  #taken = 0;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  /** Callbacks that run, one within the other: what goes on in them is measured with them. */
  #depth = 0;
  /** Continuations that run, one within the other. */
  readonly #running: Continuation[] = [];
  readonly #endWatch: () => void;
  /** Time within the running callback that has been laid at somebody else's door. */
  #innerMs = 0;
  #worst: LoopBlock | undefined = undefined;
  #delayMs = 0;
  #beat: Timer;

  /** @throws {InvalidArgumentError} */
  constructor(env: Environment, { blockedMs = DEFAULT_BLOCKED_MS, takenMs }: WatchdogOptions) {
    new ArgumentCheck("watchdog").optionalFunction("takenMs", takenMs).throwIfFaulty();
    this.#env = env;
    this.#blockedMs = blockedMs;
    this.#takenMs = takenMs ?? (env.clock === realClock ? realTakenMs : () => 0);
    this.#endWatch = watchContinuations(
      (asyncId) => this.#goOn(asyncId),
      (asyncId, owner) => this.#pause(asyncId, owner),
    );
    this.#beat = this.#nextBeat();
  }

  /** Puts the watch around a new behavior. */
  readonly instrument = (behavior: Actor<unknown>, actor: AnyActorRef): void => {
    this.#watch(behavior, "preStart", actor);
    this.#watch(behavior, "handleMessage", actor);
    this.#watch(behavior, "handleSignal", actor);
    this.#watch(behavior, "postStop", actor);
  };

  /** Looks, and goes on. */
  peek(): EventLoopHealth {
    return { delayMs: this.#delayMs, blockedBy: this.#worst };
  }

  /** Looks, and begins anew. */
  take(): EventLoopHealth {
    const health = this.peek();
    this.#delayMs = 0;
    this.#worst = undefined;
    return health;
  }

  end(): void {
    this.#env.clock.clearTimer(this.#beat);
    this.#endWatch();
  }

  #watch(behavior: Actor<unknown>, name: CallbackName, actor: AnyActorRef): void {
    if (readField(behavior, name) === undefined) return;
    const { clock } = this.#env;
    surround(behavior, name, (original) => {
      const callback = original as (this: Actor<unknown>, first: unknown, second: unknown) => unknown;
      const run = (self: Actor<unknown>, first: unknown, second: unknown): unknown => {
        // In the scope of its life: what follows its first `await` is known to be its own then.
        const life = first instanceof Incarnation ? first : second;
        // Where messages are traced nothing may stand between a handler and what it runs in, and that is in such a scope.
        if (!(life instanceof Incarnation) || this.#env.trace !== undefined) return callback.call(self, first, second);
        return life.scope.run(callback, self, first, second);
      };
      const watchdog = this;
      return function (this: Actor<unknown>, first?: unknown, second?: unknown): unknown {
        const outerMs = watchdog.#innerMs;
        const startedMs = watchdog.#begin();
        watchdog.#depth++;
        try {
          return run(this, first, second);
        } finally {
          watchdog.#depth--;
          const ownMs = watchdog.#finish(clock.monotonicMs() - startedMs, outerMs);
          if (ownMs > 0) watchdog.#report(actor, name === "handleMessage" ? first : undefined, ownMs);
        }
      };
    });
  }

  /** @returns what time it is. */
  #begin(): number {
    const nowMs = this.#env.clock.monotonicMs();
    this.#innerMs = 0;
    if (nowMs - this.#takenAtMs >= READING_MS) {
      this.#taken = this.#takenMs();
      this.#takenAtMs = nowMs;
    }
    return nowMs;
  }

  /** @returns the milliseconds it is to blame for, if they are too many; otherwise 0. */
  #finish(ms: number, outerMs: number): number {
    const ownMs = ms - this.#innerMs;
    this.#innerMs = outerMs + ms;
    if (ownMs < this.#blockedMs) return 0;
    const blamedMs = ownMs - Math.max(0, this.#takenMs() - this.#taken);
    return blamedMs < this.#blockedMs ? 0 : blamedMs;
  }

  /** Something goes on after an `await`, or after whatever else it waited for. */
  #goOn(asyncId: number): void {
    if (this.#depth > 0) return;
    const outerMs = this.#innerMs;
    this.#running.push({ asyncId, startedMs: this.#begin(), outerMs });
  }

  #pause(asyncId: number, owner: unknown): void {
    if (this.#depth > 0) return;
    // One that threw has not said that it ended.
    for (let last = this.#running.pop(); last !== undefined; last = this.#running.pop()) {
      const { asyncId: ended, startedMs, outerMs } = last;
      const blamedMs = this.#finish(this.#env.clock.monotonicMs() - startedMs, outerMs);
      if (ended !== asyncId) continue;
      if (blamedMs > 0 && owner instanceof Incarnation && owner.host.env === this.#env)
        this.#report(owner.self, owner.envelope?.message, blamedMs);
      return;
    }
  }

  #report(actor: AnyActorRef, message: unknown, ms: number): void {
    const messageType = typeOf(message);
    if (this.#worst === undefined || ms > this.#worst.ms) this.#worst = { actor: actor.id, messageType, ms };
    this.#env.publish({ type: "blocked", actor, messageType, ms });
  }

  /** A beat that comes late says how long the event loop was not free. Does not keep the process alive. */
  #nextBeat(): Timer {
    const { clock } = this.#env;
    const dueMs = clock.monotonicMs() + BEAT_MS;
    const beat = clock.setTimer(() => {
      this.#delayMs = Math.max(this.#delayMs, clock.monotonicMs() - dueMs);
      this.#beat = this.#nextBeat();
    }, BEAT_MS);
    clock.keepAlive(beat, false);
    return beat;
  }
}
