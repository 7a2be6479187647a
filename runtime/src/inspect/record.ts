/** What a watch notes of one actor that the actor itself does not keep. Exists only while somebody looks. */
import type { CrashRecord } from "../environment/environment.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { DETAILS_LIMITS } from "./details-protocol.ts";

/** Milliseconds over which rates are averaged: a report alone would jump. */
const AVERAGED_OVER_MS = 2_000;
/** Fewer per second are none: nobody can tell them from chance. */
const LEAST_RATE = 1;

/** How often something happens in a second: what is newer weighs more, whenever it is looked at. */
export class Rate {
  #count: number;
  #atMs: number;
  #perSecond = 0;

  /** @param count how often it has happened so far */
  constructor(count: number, nowMs: number) {
    this.#count = count;
    this.#atMs = nowMs;
  }

  /** @returns times per second; 0 when less than one. */
  take(count: number, nowMs: number): number {
    const elapsedMs = nowMs - this.#atMs;
    if (elapsedMs > 0) {
      const present = ((count - this.#count) * 1_000) / elapsedMs;
      this.#perSecond += (present - this.#perSecond) * (1 - Math.exp(-elapsedMs / AVERAGED_OVER_MS));
      this.#count = count;
      this.#atMs = nowMs;
    }
    return this.#perSecond < LEAST_RATE ? 0 : this.#perSecond;
  }
}

/** How a life ended, as it was noted: put into words when somebody is told. */
export interface NotedEnd {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  readonly reason: ExitReason;
  /** In words, of a supervisor that gave up: its reason is an orderly one. */
  readonly gaveUp: string | undefined;
  /** Milliseconds; `undefined` where nobody saw. */
  readonly livedMs: number | undefined;
}

export class ActorRecord {
  readonly handled: Rate;
  /** Children that have started below it. */
  born = 0;
  readonly births: Rate;
  /** How its last lives ended, the oldest first. */
  readonly ends: NotedEnd[] = [];
  lastCrash: CrashRecord | undefined = undefined;
  /** In words, once it has given up and until it has ended. */
  gaveUp: string | undefined = undefined;
  /** The life of its parent at the last look. */
  parentLife = 0;
  /** The life that its supervisor ended to restart another child. */
  stoppedLife = 0;
  refused = 0;
  deadLetters = 0;
  leftChildren = 0;
  /** The life whose beginning is known, and when that was. */
  #incarnation = 0;
  #bornAt = 0;
  #inHand: number | undefined = undefined;
  #inHandSinceMs = 0;

  constructor(handled: number, nowMs: number) {
    this.handled = new Rate(handled, nowMs);
    this.births = new Rate(0, nowMs);
  }

  get lastEnd(): NotedEnd | undefined {
    return this.ends.at(-1);
  }

  begun(incarnation: number, at: number): void {
    this.#incarnation = incarnation;
    this.#bornAt = at;
  }

  /** @param diedAt when it ended, which may have been before that was noted at `at` */
  ended(reason: ExitReason, incarnation: number, at: number, diedAt: number): void {
    const livedMs = this.#incarnation === incarnation ? Math.max(0, diedAt - this.#bornAt) : undefined;
    // It may have been noted before that it was restarted, and be said again by who restarted it.
    if (this.lastEnd?.incarnation === incarnation) this.ends.pop();
    this.ends.push({ at, incarnation, reason, gaveUp: this.gaveUp, livedMs });
    if (this.ends.length > DETAILS_LIMITS.lives) this.ends.shift();
    this.gaveUp = undefined;
  }

  /** @returns milliseconds for which the message of that number has been seen in hand. */
  holds(seq: number, nowMs: number): number {
    if (this.#inHand !== seq) {
      this.#inHand = seq;
      this.#inHandSinceMs = nowMs;
    }
    return nowMs - this.#inHandSinceMs;
  }
}
