/** Names the actor whose callback kept the event loop to itself. Opt-in: puts a watch around callbacks, or is not there at all. */

import type { Environment } from "../environment/environment.ts";
import { type CallbackName, surround } from "../environment/instrument.ts";
import type { Actor } from "../values/actor.ts";
import type { Timer } from "../values/clock.ts";
import { typeOf } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** Milliseconds a callback may take before it is reported. */
export const DEFAULT_BLOCKED_MS = 50;
/** Milliseconds between two beats by which the event loop's delay is measured. */
const BEAT_MS = 20;

export interface WatchdogOptions {
  /** Milliseconds; > 0; default {@link DEFAULT_BLOCKED_MS}. */
  readonly blockedMs?: number;
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

/**
 * Measures the synchronous part of every callback. Two looks at the clock for each come to about a fifth of a microsecond, which
 * nobody pays for who has no watchdog.
 *
 * What an `async` handler does after its first `await` is not measured; it shows as delay that nobody is named for. A callback
 * within a callback (a supervisor that starts a child) counts for the inner one only. A callback that never comes back cannot be
 * reported from its own thread.
 */
export class Watchdog {
  readonly #env: Environment;
  readonly #blockedMs: number;
  /** Time within the running callback that has been laid at somebody else's door. */
  #innerMs = 0;
  #worst: LoopBlock | undefined = undefined;
  #delayMs = 0;
  #beat: Timer;

  constructor(env: Environment, { blockedMs = DEFAULT_BLOCKED_MS }: WatchdogOptions) {
    this.#env = env;
    this.#blockedMs = blockedMs;
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
  }

  #watch(behavior: Actor<unknown>, name: CallbackName, actor: AnyActorRef): void {
    if (behavior[name] === undefined) return;
    const { clock } = this.#env;
    const begin = (): number => {
      const outerMs = this.#innerMs;
      this.#innerMs = 0;
      return outerMs;
    };
    const finish = (ms: number, outerMs: number, argument: unknown): void => {
      const ownMs = ms - this.#innerMs;
      this.#innerMs = outerMs + ms;
      if (ownMs >= this.#blockedMs) this.#report(actor, name === "handleMessage" ? argument : undefined, ownMs);
    };
    surround(behavior, name, (original) => {
      const callback = original as (this: Actor<unknown>, first: unknown, second: unknown) => unknown;
      return function (this: Actor<unknown>, first?: unknown, second?: unknown): unknown {
        const outerMs = begin();
        const startedMs = clock.monotonicMs();
        try {
          return callback.call(this, first, second);
        } finally {
          finish(clock.monotonicMs() - startedMs, outerMs, first);
        }
      };
    });
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
