/** A recording in memory: messages in the order in which they were sent, and what is known of each. */
import { MessageColumns } from "./message-columns.ts";
import type { RecordedValue } from "./recorded-value.ts";
import {
  ANSWERS,
  type AnswerState,
  type MessageRow,
  OUTCOMES,
  type Outcome,
  parseLine,
  RECORDING_FORMAT,
  type RecordingHead,
  type RecordingLine,
} from "./recording-line.ts";

/** How much of a recording is read: rows, and characters of values. What is more is left, and {@link Recording.notes} says so. */
export const READ_LIMITS = { rows: 4_000_000, values: 500_000_000, names: 1_000_000, events: 100_000 } as const;

export interface RecordedActor {
  readonly key: string;
  /** As `order-desk/payments/card`. */
  readonly path: string;
  readonly definition: string;
}

export interface RecordedMessage {
  /** Its number: unique in the recording. */
  readonly seq: number;
  /** Number of the message in whose turn it was sent; -1: of none. */
  readonly cause: number;
  /** `undefined`: sent by no actor. */
  readonly from: RecordedActor | undefined;
  readonly to: RecordedActor;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Microseconds until its turn began; -1: not known. */
  readonly waitUs: number;
  /** Microseconds for which it was handled; -1: not known. */
  readonly runUs: number;
  readonly outcome: Outcome;
  readonly answer: AnswerState;
  /** Microseconds from sending to the answer; -1: not known. */
  readonly answerUs: number;
}

/** What of a recording is not as its program wished. `lines`: so many could not be understood. */
export type RecordingNote =
  /** The end is missing: the program crashed, or still writes. */
  | { readonly kind: "truncated" }
  /** From some place on the file is not what was written. */
  | { readonly kind: "damaged" }
  | { readonly kind: "newer"; readonly format: number }
  | { readonly kind: "faulty"; readonly lines: number }
  | { readonly kind: "tooLarge" }
  /** So many messages were not recorded, or not kept. */
  | { readonly kind: "gap"; readonly messages: number };

export interface RecordedEvent {
  /** Rows before it, in the order of the file. */
  readonly after: number;
  readonly event: Extract<RecordingLine, { e: unknown }>["e"];
}

/** Messages that are not in the recording. */
export interface RecordedGap {
  /** Rows before it, in the order of the file. */
  readonly after: number;
  readonly messages: number;
}

const UNKNOWN: RecordedActor = { key: "", path: "(unknown)", definition: "" };

/** What a handler read while it handled one message. */
export interface Readings {
  readonly clock: readonly number[];
  readonly random: readonly number[];
  readonly found: readonly (readonly [name: string, path: string | null])[];
}

const NO_READINGS: Readings = { clock: [], random: [], found: [] };

type ValueLine = "p" | "r" | "c" | "w" | "n";
/** How a line begins that is kept as text until somebody asks for it. */
const VALUE_LINE = /^\{"([prcwn])":\[(-?\d{1,15}),/;

/** Made line by line by {@link Recording.take}; {@link Recording.finish} before it is asked. */
export class Recording {
  readonly head: RecordingHead;
  readonly #columns = new MessageColumns();
  readonly #actors: RecordedActor[] = [];
  readonly #actorByNo = new Map<number, number>();
  readonly #types: string[] = [];
  readonly #typeByNo = new Map<number, number>();
  readonly #values: Readonly<Record<ValueLine, Map<number, string>>> = {
    p: new Map(),
    r: new Map(),
    c: new Map(),
    w: new Map(),
    n: new Map(),
  };
  readonly #events: RecordedEvent[] = [];
  /** Rows that may come once more, by the numbers of their messages. */
  readonly #unfinished = new Map<number, number>();
  #order: Uint32Array = new Uint32Array(0);
  #bySeq: Map<number, number> | undefined;
  #schedule: string | undefined;
  readonly #gaps: RecordedGap[] = [];
  #faulty = 0;
  #valueCharacters = 0;
  #isFull = false;
  #hasEnd = false;
  #isDamaged = false;

  constructor(head: RecordingHead) {
    this.head = head;
  }

  /** One line without its end. What makes no sense is counted. */
  take(line: string): void {
    const [, kind, seq] = VALUE_LINE.exec(line) ?? [];
    if (kind !== undefined) this.#keep(kind as ValueLine, Number(seq), line);
    else {
      const parsed = parseLine(line);
      if (parsed === "faulty") this.#faulty++;
      else if (parsed !== undefined) this.#takeLine(parsed);
    }
  }

  #keep(kind: ValueLine, seq: number, line: string): void {
    this.#valueCharacters += line.length;
    if (this.#valueCharacters > READ_LIMITS.values) this.#isFull = true;
    else this.#values[kind].set(seq, line);
  }

  #takeLine(line: RecordingLine): void {
    if ("a" in line) {
      const [no, key, path, definition] = line.a;
      this.#name(this.#actors, this.#actorByNo, no, { key, path, definition });
    } else if ("t" in line) this.#name(this.#types, this.#typeByNo, line.t[0], line.t[1]);
    else if ("m" in line) {
      for (const row of line.m) this.#takeRow(row);
    } else if ("e" in line) {
      if (this.#events.length >= READ_LIMITS.events) this.#isFull = true;
      else this.#events.push({ after: this.#columns.length, event: line.e });
    } else if ("s" in line) this.#schedule = line.s;
    else if ("gap" in line) {
      if (this.#gaps.length < READ_LIMITS.events) this.#gaps.push({ after: this.#columns.length, messages: line.gap });
    } else if ("end" in line) this.#hasEnd = true;
  }

  #takeRow(row: MessageRow): void {
    const [seq, cause, from, to, type, ...rest] = row;
    const sender = from < 0 ? -1 : this.#actorNo(from);
    const known: MessageRow = [seq, cause, sender, this.#actorNo(to), this.#typeByNo.get(type) ?? -1, ...rest];
    const before = this.#unfinished.get(seq);
    if (before !== undefined) this.#columns.set(before, known);
    else if (this.#columns.length >= READ_LIMITS.rows) this.#isFull = true;
    else {
      const index = this.#columns.push(known);
      if (!isFinished(row)) this.#unfinished.set(seq, index);
    }
  }

  /** Numbers of actors are the file's, and may be given anew: ours are not. */
  #name<T>(list: T[], byNo: Map<number, number>, no: number, value: T): void {
    if (list.length >= READ_LIMITS.names) this.#isFull = true;
    else byNo.set(no, list.push(value) - 1);
  }

  /** Of an actor that the file does not name: one that nobody knows. */
  #actorNo(no: number): number {
    return this.#actorByNo.get(no) ?? UNNAMED;
  }

  /** Nothing more comes. `isDamaged`: because what follows is not to be read. */
  finish(isDamaged: boolean): this {
    this.#isDamaged = isDamaged;
    this.#unfinished.clear();
    this.#order = this.#columns.sorted();
    return this;
  }

  /** Messages in it. */
  get length(): number {
    return this.#columns.length;
  }

  /** @param index 0 to {@link length} - 1, in the order in which they were sent. @throws {RangeError} for any other. */
  at(index: number): RecordedMessage {
    const place = this.#order[index];
    if (place === undefined) throw new RangeError(`there is no message ${index} among ${this.length}`);
    const [seq, cause, from, to, type, sentTick, waitUs, runUs, outcome, answer, answerUs] = this.#columns.at(place);
    return {
      seq,
      cause,
      from: from < 0 ? (from === UNNAMED ? UNKNOWN : undefined) : this.#actors[from],
      to: this.#actors[to] ?? UNKNOWN,
      type: this.#types[type] ?? "",
      sentAt: this.head.startedAt + sentTick,
      waitUs,
      runUs,
      outcome: OUTCOMES[outcome] ?? "handled",
      answer: ANSWERS[answer] ?? "none",
      answerUs,
    };
  }

  *[Symbol.iterator](): IterableIterator<RecordedMessage> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  /** Index of the message of that number; -1 where there is none. */
  indexOf(seq: number): number {
    this.#bySeq ??= this.#indexBySeq();
    return this.#bySeq.get(seq) ?? -1;
  }

  #indexBySeq(): Map<number, number> {
    const bySeq = new Map<number, number>();
    for (const [index, place] of this.#order.entries()) bySeq.set(this.#columns.seqAt(place), index);
    return bySeq;
  }

  /** The message of that number itself; `undefined` where it is not recorded. */
  valueOf(seq: number): RecordedValue | undefined {
    return this.#valueLine("p", seq)?.[1] as RecordedValue | undefined;
  }

  /** What the question of that number was answered; `undefined` where it was not, or that is not recorded. */
  replyTo(seq: number): RecordedValue | undefined {
    return this.#valueLine("r", seq)?.[1] as RecordedValue | undefined;
  }

  /** The error that a message crashed its actor with, or why it reached nobody; `undefined` where that is not recorded. */
  noteOf(seq: number): string | undefined {
    return this.#valueLine("n", seq)?.[1] as string | undefined;
  }

  readingsOf(seq: number): Readings {
    const [, clock, random] = this.#valueLine("c", seq) ?? [];
    const [, found] = this.#valueLine("w", seq) ?? [];
    if (clock === undefined && found === undefined) return NO_READINGS;
    return {
      clock: (clock ?? []) as number[],
      random: (random ?? []) as number[],
      found: (found ?? []) as [string, string | null][],
    };
  }

  #valueLine(kind: ValueLine, seq: number): readonly unknown[] | undefined {
    const text = this.#values[kind].get(seq);
    const line = text === undefined ? undefined : parseLine(text);
    return typeof line === "object" ? (line as Partial<Record<ValueLine, readonly unknown[]>>)[kind] : undefined;
  }

  get actors(): readonly RecordedActor[] {
    return this.#actors;
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  get gaps(): readonly RecordedGap[] {
    return this.#gaps;
  }

  /** The schedule of a seeded run. */
  get schedule(): string | undefined {
    return this.#schedule;
  }

  /** What is to be said of it; empty: it is whole. */
  get notes(): readonly RecordingNote[] {
    const { format } = this.head;
    const notes: RecordingNote[] = [];
    if (format > RECORDING_FORMAT) notes.push({ kind: "newer", format });
    if (this.#isDamaged) notes.push({ kind: "damaged" });
    else if (!this.#hasEnd && !this.#isFull) notes.push({ kind: "truncated" });
    if (this.#isFull) notes.push({ kind: "tooLarge" });
    if (this.#faulty > 0) notes.push({ kind: "faulty", lines: this.#faulty });
    const missing = this.#gaps.reduce((sum, { messages }) => sum + messages, 0);
    if (missing > 0) notes.push({ kind: "gap", messages: missing });
    return notes;
  }
}

const OPEN = OUTCOMES.indexOf("open");
const LATE = OUTCOMES.indexOf("late");
const WAITS = ANSWERS.indexOf("waits");

/** Whether nothing more can become of a message. */
export function isFinished([, , , , , , , runUs, outcome, answer = 0]: MessageRow): boolean {
  return outcome !== OPEN && answer !== WAITS && (outcome !== LATE || runUs >= 0);
}

/** Of an actor that no line names. */
const UNNAMED = -2;
