/**
 * Every message of every system as a row of numbers, from when it is sent until its turn is over: what a viewer follows, and what a
 * recording holds. Who makes one says how often news are taken; until then no more is kept than its rings hold.
 */
import { Cell, cellOf } from "../actor/cell.ts";
import { Incarnation } from "../actor/incarnation.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { Environment } from "../environment/environment.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { type InspectedSystem, observeSystems } from "../health/systems.ts";
import { currentScope, inNobodysContext, TurnScope } from "../values/async-scope.ts";
import { typeOf } from "../values/errors.ts";
import type { DeadLetter, RuntimeEvent } from "../values/event.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { clip, errorParts, safeText } from "../values/safe-text.ts";
import { ActorNumbers, type Numbered, type SystemNumbers, TypeNumbers } from "./actor-numbers.ts";
import { Latencies, type Latency } from "./latency.ts";
import {
  type ActorEntry,
  ANSWER_STATES,
  FOLLOW_LIMITS,
  type LifeRow,
  MESSAGE_OUTCOMES,
  type MessageRow,
  type NoteRow,
  type StatsRow,
  type TypeEntry,
} from "./message-protocol.ts";
import { COLUMN, MessageRing, TOLD } from "./message-ring.ts";
import { LIST_LIMITS } from "./protocol-limits.ts";
import { definitionOf, pathOf, supervisorInfo } from "./rows.ts";
import { listen } from "./tracing.ts";
import { TurnClock } from "./turn-clock.ts";

/** Which messages are told, and what of them. */
export interface MessagesWanted {
  /** `stats`: none is told, all are counted. */
  readonly level: "stats" | "messages" | "payloads";
  readonly paths?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  /** Whether it is counted how long turns take, for {@link MessageRows.takeStats}. */
  readonly isCounted: boolean;
}

/** What has happened since it was last asked. */
export interface MessageNews {
  readonly actors: readonly ActorEntry[];
  readonly types: readonly TypeEntry[];
  /** In the order in which they were sent. */
  readonly rows: readonly MessageRow[];
  readonly missed: number;
  readonly lives: readonly LifeRow[];
  readonly notes: readonly NoteRow[];
  /** The messages themselves of those rows, as the program has them, where payloads are wanted. */
  readonly messages: readonly (readonly [seq: number, to: number, message: unknown])[];
}

/** One system's. */
interface Messages {
  readonly system: InspectedSystem;
  readonly ring: MessageRing;
  readonly numbers: SystemNumbers;
  readonly stopHearing: () => void;
}

const { open, handled, crashed, refused, dropped, late } = MESSAGE_OUTCOMES;
const NONE = -1;
const MOST_US = 2 ** 31 - 1;
/** Rows that have changed at which they are taken early: fewer than a ring has at its begin. */
const EARLY_ROWS = 768;

export class MessageRows implements Trace {
  readonly #wanted: MessagesWanted;
  readonly #onSystemEnd: () => void;
  readonly #clock = new TurnClock();
  readonly #latencies = new Latencies();
  readonly #actors: ActorNumbers;
  readonly #types: TypeNumbers;
  readonly #byEnv = new Map<Environment, Messages>();
  readonly #ends: (() => void)[];
  /** The one asked for last: most programs have no other. */
  #last: Messages | undefined;
  /** Rows of systems that have ended, and of what had no number. */
  #apart: MessageRow[] = [];
  #apartMessages: [number, number, unknown][] = [];
  #lives: LifeRow[] = [];
  #notes: NoteRow[] = [];
  #room: number;
  #missed = 0;
  #takeEarly: (() => void) | undefined;
  #unnumbered = 0;
  /** Messages sent since it began. */
  count = 0;

  /**
   * Begins to listen.
   *
   * @param room messages that are told before the first {@link take}
   * @param onSystemEnd called when a system has ended: often that is the last there is to tell
   */
  constructor(wanted: MessagesWanted, room: number, onSystemEnd: () => void) {
    this.#wanted = wanted;
    this.#room = room;
    this.#onSystemEnd = onSystemEnd;
    this.#actors = new ActorNumbers(wanted.paths);
    this.#types = new TypeNumbers(wanted.types);
    const stopObserving = observeSystems((system, isRunning) => {
      if (isRunning) this.#beginSystem(system);
      else this.#endSystem(system);
    });
    this.#ends = [stopObserving, listen(this)];
  }

  end(): void {
    for (const end of this.#ends) end();
    for (const { stopHearing } of this.#byEnv.values()) stopHearing();
    this.#byEnv.clear();
    this.#last = undefined;
  }

  get hasNews(): boolean {
    if (this.#missed > 0 || this.#apart.length > 0 || this.#lives.length > 0 || this.#notes.length > 0) return true;
    for (const { ring } of this.#byEnv.values()) if (ring.hasChanged || ring.lost > 0) return true;
    return false;
  }

  /** Has what has changed taken before a ring grows out of what a processor has near: in the middle of a turn, as nobody. */
  takeEarly(take: () => void): void {
    this.#takeEarly = () => inNobodysContext(take, undefined);
  }

  /** Names that are to be known before rows that name them. {@link take} then has none of them. */
  takeNames(): Pick<MessageNews, "actors" | "types"> {
    return { actors: this.#actors.take(), types: this.#types.take() };
  }

  /** Hands out each row that has changed where it stands, in no order: no list of them is made. {@link take} then has none of them. */
  drain(read: (ring: MessageRing, slot: number) => void): void {
    for (const { ring } of this.#byEnv.values()) {
      ring.takeChanged((slot) => read(ring, slot));
      this.#missed += ring.lost;
      ring.lost = 0;
    }
  }

  /** Hands out what has happened. @param room messages that are told before it is asked again; the others are counted. */
  take(room: number): MessageNews {
    for (const { ring } of this.#byEnv.values()) this.#takeRing(ring);
    const [rows, messages, lives, notes, missed] = [
      this.#apart,
      this.#apartMessages,
      this.#lives,
      this.#notes,
      this.#missed,
    ];
    this.#apart = [];
    this.#apartMessages = [];
    this.#lives = [];
    this.#notes = [];
    this.#missed = 0;
    this.#room = room;
    rows.sort((a, b) => a[5] - b[5]);
    return { actors: this.#actors.take(), types: this.#types.take(), rows, missed, lives, notes, messages };
  }

  takeStats(): readonly StatsRow[] {
    return this.#latencies.take();
  }

  #takeRing(ring: MessageRing): void {
    const keeps = this.#wanted.level === "payloads";
    ring.takeChanged((slot) => {
      const row = rowOf(ring, slot);
      this.#apart.push(row);
      const message = keeps ? ring.message(slot) : undefined;
      if (message !== undefined) this.#apartMessages.push([row[0], row[3], message]);
    });
    this.#missed += ring.lost;
    ring.lost = 0;
  }

  // --- Systems ---

  #beginSystem(system: InspectedSystem): void {
    const { env } = system;
    const stopHearing = this.#wanted.level === "stats" ? () => {} : this.#hearOf(system);
    this.#byEnv.set(env, { system, ring: new MessageRing(), numbers: this.#actors.of(system), stopHearing });
  }

  /** @returns what ends it. */
  #hearOf(system: InspectedSystem): () => void {
    const { env } = system;
    const ends = [
      env.hub.subscribe((event) => this.#hear(system, event), false),
      env.noteStarters(this.#wanted.level === "payloads"),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  #endSystem({ env }: InspectedSystem): void {
    const messages = this.#byEnv.get(env);
    if (messages === undefined) return;
    messages.stopHearing();
    this.#byEnv.delete(env);
    this.#last = undefined;
    this.#takeRing(messages.ring);
    this.#onSystemEnd();
  }

  #of(env: Environment): Messages | undefined {
    if (this.#last?.system.env !== env) this.#last = this.#byEnv.get(env);
    return this.#last;
  }

  #numberOf(ref: AnyActorRef | undefined): Numbered | undefined {
    return ref instanceof Cell ? this.#of(ref.env)?.numbers.of(ref) : undefined;
  }

  // --- Messages ---

  sent(letter: Letter): void {
    const cell = letter.recipient as unknown as Cell;
    if (isOwn(letter, cell)) return;
    this.#enter(letter, cell);
  }

  begins(letter: Letter): undefined {
    const cell = letter.recipient as unknown as Cell;
    const ring = this.#of(cell.env)?.ring;
    const slot = ring === undefined ? NONE : ring.find(letter.seq);
    if (ring === undefined || slot === NONE) return undefined;
    const at = this.#clock.begin();
    ring.begin(slot, at);
    ring.set(slot, COLUMN.waitUs, microseconds(at - ring.sentMs(slot)));
    // What was set aside in its first turn is open again in its second.
    if (ring.get(slot, COLUMN.outcome) === handled) ring.set(slot, COLUMN.outcome, open);
    touch(ring, slot);
    return undefined;
  }

  returned(): void {}

  ended(letter: Letter, hasCrashed: boolean): void {
    const cell = letter.recipient as unknown as Cell;
    const messages = this.#of(cell.env);
    const slot = messages === undefined ? NONE : messages.ring.find(letter.seq);
    const at = this.#clock.end();
    if (messages === undefined || slot === NONE) return;
    const { ring, numbers } = messages;
    const waitUs = ring.get(slot, COLUMN.waitUs);
    if (waitUs === NONE) return;
    const runUs = microseconds(at - ring.begunMs(slot));
    ring.set(slot, COLUMN.runUs, runUs);
    if (ring.get(slot, COLUMN.outcome) === open) ring.set(slot, COLUMN.outcome, hasCrashed ? crashed : handled);
    if (hasCrashed) this.#tellAnyway(ring, slot);
    touch(ring, slot);
    if (!this.#wanted.isCounted) return;
    const type = ring.get(slot, COLUMN.type);
    this.#latencyOf(cell, numbers.of(cell), type)?.note(waitUs, runUs, hasCrashed);
  }

  /** The message as a new row. */
  #enter(letter: Letter, cell: Cell): void {
    const messages = this.#of(cell.env);
    if (messages === undefined) return;
    const { ring, numbers } = messages;
    this.count++;
    if (this.#takeEarly !== undefined && ring.changedCount >= EARLY_ROWS) this.#takeEarly();
    const sentMs = this.#clock.now();
    const type = this.#types.of(typeOf(letter.message) ?? "");
    const slot = ring.enter(letter.seq, sentMs, type);
    if (this.#wanted.level === "stats") return;
    const to = numbers.of(cell);
    const sender = letter.sender instanceof Cell ? letter.sender : starterHere();
    const from = this.#numberOf(sender);
    ring.set(slot, COLUMN.to, to.no);
    ring.set(slot, COLUMN.from, from?.no ?? 0);
    ring.set(slot, COLUMN.cause, this.#causeOf(letter, sender));
    if (!this.#types.isWanted(type) || !(to.isWanted || from?.isWanted === true)) return;
    if (--this.#room < 0) {
      this.#missed++;
      ring.mark(slot, MISSED);
      return;
    }
    ring.mark(slot, TOLD);
    ring.touch(slot);
    if (letter instanceof PendingAsk) this.#awaitAnswer(letter, ring, slot);
    if (this.#wanted.level === "payloads") ring.keep(slot, letter.message);
  }

  /** Number of the message for which this one was sent. What a timer or a promise brings comes from no turn that is known. */
  #causeOf({ origin, seq }: Letter, sender: AnyActorRef | undefined): number {
    const isAnnounced = origin !== undefined && !(origin instanceof PendingAsk);
    if (!(sender instanceof Cell) || isAnnounced) return NONE;
    const scope = sender.env.running === sender ? undefined : currentScope();
    if (scope instanceof TurnScope) return scope.seq;
    const inHand = sender.letterInHand;
    return inHand === undefined || inHand.isSignal || inHand.seq === seq ? NONE : inHand.seq;
  }

  #awaitAnswer(ask: PendingAsk, ring: MessageRing, sentIn: number): void {
    const { seq } = ask;
    ring.set(sentIn, COLUMN.answer, ANSWER_STATES.waits);
    ask.whenSettled((hasFailed) => {
      const slot = ring.find(seq);
      if (slot === NONE) return;
      ring.set(slot, COLUMN.answer, hasFailed ? ANSWER_STATES.failed : ANSWER_STATES.answered);
      ring.set(slot, COLUMN.answerUs, microseconds(this.#clock.now() - ring.sentMs(slot)));
      if (ask.isGivenUp && ring.get(slot, COLUMN.outcome) === open) ring.set(slot, COLUMN.outcome, late);
      touch(ring, slot);
    });
  }

  #latencyOf(cell: Cell, numbered: Numbered, type: number): Latency | undefined {
    const known = numbered.latencies?.[type];
    if (known !== undefined) return known;
    if (cell.isSupervisor || cell.behavior === undefined) return undefined;
    const definition = definitionOf(cell);
    numbered.latencies ??= this.#latencies.of(definition);
    numbered.latencies[type] ??= this.#latencies.begin(definition, this.#types.textOf(type));
    return numbered.latencies[type];
  }

  /** Crashes, and what reaches nobody, are told also of messages that were too many. */
  #tellAnyway(ring: MessageRing, slot: number): void {
    if (!ring.has(slot, MISSED)) return;
    ring.unmark(slot, MISSED);
    ring.mark(slot, TOLD);
    this.#missed = Math.max(0, this.#missed - 1);
  }

  // --- What else happens ---

  #hear(system: InspectedSystem, event: RuntimeEvent): void {
    if (event.type === "restarted") this.#noteLife(event);
    if (event.type === "deadLetter") this.#bury(event);
    if (event.type !== "crashed" || event.envelope === undefined) return;
    const { seq } = event.envelope as Letter;
    const to = this.#numberOf(event.actor);
    const slot = this.#of(system.env)?.ring.find(seq) ?? NONE;
    if (to !== undefined && slot !== NONE) this.#note(seq, to.no, errorText(event.reason.cause));
  }

  #bury({ envelope, reason }: DeadLetter): void {
    const letter = envelope as Letter;
    const cell: unknown = envelope.recipient;
    if (!(cell instanceof Cell) || typeof letter.seq !== "number") {
      this.#buryNameless(envelope, reason);
      return;
    }
    const ring = this.#of(cell.env)?.ring;
    if (ring === undefined || letter.seq < 0 || isOwn(letter, cell)) return;
    // An answer that is late belongs to a message that was sent; what was refused was not.
    if (ring.find(letter.seq) === NONE && reason !== "late_reply") this.#enter(letter, cell);
    const slot = ring.find(letter.seq);
    if (slot === NONE) return;
    const outcome = OUTCOMES[reason] ?? dropped;
    if (outcome !== crashed || ring.get(slot, COLUMN.outcome) === open) ring.set(slot, COLUMN.outcome, outcome);
    this.#tellAnyway(ring, slot);
    touch(ring, slot);
    if (outcome === dropped && ring.has(slot, TOLD)) this.#note(letter.seq, ring.get(slot, COLUMN.to), reason);
  }

  /** It was for whom a router or a pool would have found. */
  #buryNameless({ message, sender, recipient }: DeadLetter["envelope"], reason: string): void {
    const type = this.#types.of(typeOf(message) ?? "");
    const from = this.#numberOf(sender);
    // Nobody asks for those of a name: there are as few as there are routers.
    if (this.#wanted.paths !== undefined || !this.#types.isWanted(type)) return;
    if (this.#apart.length >= LIST_LIMITS.events) {
      this.#missed++;
      return;
    }
    this.#unnumbered--;
    const seq = NONE + this.#unnumbered;
    const to = this.#actors.ofName(safeText(recipient.id));
    const none = ANSWER_STATES.none;
    this.#apart.push([seq, NONE, from?.no ?? 0, to, type, this.#clock.now(), NONE, NONE, dropped, none, NONE]);
    this.#note(seq, to, reason);
  }

  #noteLife({ actor, incarnation, supervisor }: Extract<RuntimeEvent, { type: "restarted" }>): void {
    const numbered = this.#numberOf(actor);
    if (numbered?.isWanted !== true || this.#lives.length >= LIST_LIMITS.events) return;
    const place = cellOf(supervisor);
    const { restartsInWindow = 0, maxRestarts = 0, maxRestartPeriodMs = 0 } = supervisorInfo(place) ?? {};
    this.#lives.push([
      numbered.no,
      incarnation,
      this.#clock.now(),
      pathOf(place),
      restartsInWindow,
      maxRestarts,
      maxRestartPeriodMs,
    ]);
  }

  #note(seq: number, to: number, text: string): void {
    if (this.#notes.length < LIST_LIMITS.events) this.#notes.push([seq, to, clip(text, FOLLOW_LIMITS.note - 30)]);
  }
}

/** It is to be told only if something has become of it that always is. */
const MISSED = 4;

/** What a dead letter has come to; what is not named is lost. */
const OUTCOMES: Readonly<Record<string, number>> = { crashed, mailbox_full: refused, late_reply: late };

/** Marks in the queue and a supervisor's notes to itself are the runtime's. */
function isOwn({ origin, sender }: Letter, cell: Cell): boolean {
  if (origin !== undefined && !origin.isWanted) return true;
  return sender === cell && cell.isSupervisor;
}

/** Whose work goes on here, where a letter does not say it: work that no turn waits for, or of a life that has ended. */
function starterHere(): AnyActorRef | undefined {
  const scope = currentScope();
  const life = scope?.owner ?? scope?.starter;
  return life instanceof Incarnation ? life.self : undefined;
}

function touch(ring: MessageRing, slot: number): void {
  if (ring.has(slot, TOLD)) ring.touch(slot);
}

function microseconds(ms: number): number {
  return Math.min(Math.round(ms * 1_000), MOST_US);
}

function errorText(cause: unknown): string {
  const error = errorParts(cause);
  return error === undefined ? safeText(cause) : `${error.name}: ${error.message}`;
}

export function rowOf(ring: MessageRing, slot: number): MessageRow {
  const get = (column: number): number => ring.get(slot, column);
  return [
    get(COLUMN.number) - 1,
    get(COLUMN.cause),
    get(COLUMN.from),
    get(COLUMN.to),
    get(COLUMN.type),
    Math.round(ring.sentMs(slot) * 1_000) / 1_000,
    get(COLUMN.waitUs),
    get(COLUMN.runUs),
    get(COLUMN.outcome),
    get(COLUMN.answer),
    get(COLUMN.answerUs),
  ];
}
