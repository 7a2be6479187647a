/** What all actors of one system share. Made by the system; knows no actors. */

import type { Clock } from "../values/clock.ts";
import { RuntimeFaultError } from "../values/errors.ts";
import type { DeadLetterReason, RuntimeEvent } from "../values/event.ts";
import type { Crash, ExitReason } from "../values/exit-reason.ts";
import type { Random } from "../values/random.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { DeadLetters } from "./dead-letters.ts";
import { Deadlines } from "./deadlines.ts";
import { EventHub } from "./hub.ts";
import type { Instrument } from "./instrument.ts";
import type { Letter, PostOffice } from "./letter.ts";
import { Registry } from "./registry.ts";
import type { Reporter } from "./reporter.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";
import type { Runnable, Turns } from "./turns.ts";

/** Who hears of every message and every end of a turn: the testkit. Called only while there is one. */
export interface Probe {
  /** Something about this actor changed. */
  touch(actor: AnyActorRef): void;
  /** The actor has left the tree. */
  gone(actor: AnyActorRef): void;
}

/** The last time an actor crashed. */
export interface CrashRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly incarnation: number;
  readonly reason: Crash;
  /** `type` of the message that was being handled. */
  readonly messageType: string | undefined;
}

/** Letters are numbered up to here, then from 0 again: small integers all. */
const SEQ_LIMIT = 2 ** 30;

export class Environment implements PostOffice {
  readonly systemName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly reporter: Reporter;
  readonly registry: Registry = new Registry();
  readonly deadLetters: DeadLetters = new DeadLetters();
  readonly deadlines: Deadlines;
  readonly hub: EventHub;
  readonly turns: Turns;
  /** Milliseconds since the epoch at tick 0. */
  readonly #epochMs: number;

  /** The time and the chance that contexts give: those of the system, unless somebody notes what is read. */
  contextClock: Clock;
  contextRandom: Random;
  /** Sees new behaviors. Asked for once in a life. */
  instrument: Instrument | undefined = undefined;
  /** Nobody looks on, freezes or tracks: what messages and turns ask before they ask which of it. */
  isPlain = true;
  #probe: Probe | undefined = undefined;
  #trace: Trace | undefined = undefined;
  #freezesMessages = false;
  #isToTrackAll = false;
  #tracksAll = false;
  #starterNoters = 0;
  #turnNoters = 0;
  #notesStarters = false;
  #stopsAtCrash = false;
  /** Supervisors that start right now, each within the start of the one before. */
  nestedStarts = 0;
  /** Set when the system stops: nothing can be spawned any more. */
  isStopping = false;

  actorCount = 0;
  readonly supervisors: Set<AnyActorRef> = new Set();
  /** Which end of a child was one too many for a supervisor. */
  readonly lastStraws: WeakMap<AnyActorRef, { readonly actor: AnyActorRef; readonly reason: ExitReason }> =
    new WeakMap();
  /** The last crash of each actor that is still in the tree, by its number. */
  readonly crashes: Map<number, CrashRecord> = new Map();
  restarts = 0;

  #uid = 0;
  private seq = 0;
  #epoch = 0;
  #prefix: string | undefined = undefined;

  constructor(systemName: string, clock: Clock, random: Random, scheduler: Scheduler, reporter: Reporter) {
    this.systemName = systemName;
    this.clock = clock;
    this.random = random;
    this.contextClock = clock;
    this.contextRandom = random;
    this.scheduler = scheduler;
    this.turns = scheduler.turns;
    this.reporter = reporter;
    this.deadlines = new Deadlines(clock, scheduler, (fault) => this.#tell(fault));
    this.turns.onFault = (cause) => this.#tell(cause);
    this.hub = new EventHub((error) => reporter.listenerFailed(error));
    this.#epochMs = clock.now() - scheduler.tick();
  }

  /** The actor whose turn runs right now, synchronously. */
  get running(): (AnyActorRef & Runnable) | undefined {
    return this.turns.running as (AnyActorRef & Runnable) | undefined;
  }

  set running(actor: (AnyActorRef & Runnable) | undefined) {
    this.turns.running = actor;
  }

  get probe(): Probe | undefined {
    return this.#probe;
  }

  set probe(probe: Probe | undefined) {
    this.#probe = probe;
    this.#judge();
  }

  /** Every message is frozen when it is sent. */
  get freezesMessages(): boolean {
    return this.#freezesMessages;
  }

  set freezesMessages(on: boolean) {
    this.#freezesMessages = on;
    this.#judge();
  }

  /** Whoever has started a promise that rejects is to blame, also where no turn waits for it. */
  get tracksAll(): boolean {
    return this.#tracksAll;
  }

  set tracksAll(on: boolean) {
    this.#isToTrackAll = on;
    this.#judge();
  }

  /** It is noted who starts what, also in turns that return no promise. */
  get notesStarters(): boolean {
    return this.#notesStarters;
  }

  /** It is noted for each turn: which message it was for, or that its actor is to blame. */
  get notesTurns(): boolean {
    return this.#tracksAll || this.#turnNoters > 0;
  }

  /**
   * It is noted from now on, as long as anybody wants it, and changes nothing else.
   *
   * @param ofTurns also for which message
   * @returns what ends it; to be called once.
   */
  noteStarters(ofTurns: boolean): () => void {
    const note = (by: 1 | -1): void => {
      this.#starterNoters += by;
      if (ofTurns) this.#turnNoters += by;
      this.#judge();
    };
    note(1);
    return () => note(-1);
  }

  get trace(): Trace | undefined {
    return this.#trace;
  }

  set trace(trace: Trace | undefined) {
    this.#trace = trace;
    this.#judge();
  }

  /** Callbacks are called so that a debugger sees what they throw as caught by nobody. What it comes to is the same, a little later. */
  get stopsAtCrash(): boolean {
    return this.#stopsAtCrash;
  }

  set stopsAtCrash(on: boolean) {
    this.#stopsAtCrash = on;
    this.turns.isBare = on;
    this.#judge();
  }

  #judge(): void {
    this.#tracksAll = this.#isToTrackAll || this.#stopsAtCrash;
    this.#notesStarters = this.#tracksAll || this.#starterNoters > 0;
    this.isPlain = !this.#probe && !this.#trace && !this.#freezesMessages && !this.#notesStarters;
    this.turns.watch(!this.isPlain);
  }

  /** How many actors there have been. */
  get lastUid(): number {
    return this.#uid;
  }

  nextUid(): number {
    return ++this.#uid;
  }

  nextSeq(): number {
    return ++this.seq < SEQ_LIMIT ? this.seq : this.#beginEpoch();
  }

  #beginEpoch(): number {
    this.seq = 0;
    this.#epoch++;
    return 0;
  }

  /** Messages handled since the system began. */
  get handled(): number {
    return this.scheduler.handled;
  }

  get lastSeq(): number {
    return this.seq;
  }

  tick(): number {
    return this.scheduler.tick();
  }

  timeOf(tick: number): number {
    return Math.trunc(this.#epochMs + tick);
  }

  /** A UUID of this system's random part and the letter's number. */
  messageIdOf(seq: number): string {
    this.#prefix ??= uuidPrefix(this.random);
    const epoch = seq > this.seq ? this.#epoch - 1 : this.#epoch;
    return this.#prefix + (epoch * SEQ_LIMIT + seq).toString(16).padStart(12, "0");
  }

  /** Publishes, and lets the reporter say what people should hear. */
  publish(event: RuntimeEvent): void {
    this.reporter.report(event);
    if (this.hub.isWatched) this.hub.publish(event);
  }

  #tell(cause: unknown): void {
    const what = "its scheduler could not go on";
    const error = cause instanceof RuntimeFaultError ? cause : new RuntimeFaultError(undefined, what, cause);
    this.publish({ type: "runtimeFault", actor: undefined, error });
  }

  bury(letter: Letter, reason: DeadLetterReason): void {
    const event = { type: "deadLetter", envelope: letter, reason } as const;
    this.deadLetters.add(event);
    if (this.hub.isWatched) this.hub.publish(event);
  }
}

/** The first 20 of a version 8 UUID's 32 digits (RFC 9562: "custom"), with dashes. */
function uuidPrefix(random: Random): string {
  const hex = (digits: number): string =>
    Math.trunc(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return `${hex(8)}-${hex(4)}-8${hex(3)}-a${hex(3)}-`;
}
