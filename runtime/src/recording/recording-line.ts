/**
 * The lines of a recording. A file `*.airssys` is gzip, in as many members as were written; inside are lines of JSON, the first of them
 * {@link RecordingHead}, each other an object with one field of {@link RecordingLine}. What has another field is skipped: a newer version
 * may have written it.
 */
import type { InspectEvent } from "../inspect/inspect-event.ts";
import type { RecordedValue } from "./recorded-value.ts";

/** Changes only when an older reader would misread a line. */
export const RECORDING_FORMAT = 1;

/** Rows of one line. */
export const BLOCK_ROWS = 1_000;

export interface RecordingHead {
  /** {@link RECORDING_FORMAT}. */
  readonly format: number;
  /** Version of `airssys-rt`. */
  readonly runtime: string;
  /** Path of the main script. */
  readonly program: string;
  readonly node: string;
  /** Milliseconds since the epoch: what `sentTick` counts from. */
  readonly startedAt: number;
  /** Names of the systems that ran when it began. */
  readonly systems: readonly string[];
  /** Words in the names of fields that are not recorded. */
  readonly redacted: readonly string[];
  /** Whether the values of messages are recorded, or their types alone. */
  readonly payloads: "types" | "values";
}

/** What has become of a message. */
export const OUTCOMES = ["handled", "crashed", "refused", "dropped", "late", "open"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What has become of a question. `none`: it is no question. */
export const ANSWERS = ["none", "waits", "answered", "failed"] as const;
export type AnswerState = (typeof ANSWERS)[number];

/**
 * `[seq, causeSeq, from, to, type, sentTick, waitUs, runUs, outcome, answer?, answerUs?]`: numbers of the message and of the one in whose
 * turn it was sent (-1: none), of its sender (-1: none) and recipient (`a`) and of its type (`t`); milliseconds since `startedAt`, with
 * microseconds; microseconds it waited and was handled for (-1: not known); and indices of {@link OUTCOMES} and {@link ANSWERS}, with the
 * microseconds from sending to the answer. A row that was not finished comes once more when it is. Messages of the second system have
 * numbers from 2^30 on, and so forth; those that never had one have negative ones.
 */
export type MessageRow = readonly [
  seq: number,
  cause: number,
  from: number,
  to: number,
  type: number,
  sentTick: number,
  waitUs: number,
  runUs: number,
  outcome: number,
  answer?: number,
  answerUs?: number,
];

/** Numbers of messages of one system. */
export const SEQ_SPAN: number = 2 ** 30;

/** A life has begun; only where values are recorded. `at`: milliseconds since the epoch, with microseconds. */
export interface Started {
  readonly kind: "started";
  readonly at: number;
  readonly key: string;
  readonly path: string;
  readonly incarnation: number;
}

export type RecordingLine =
  /** An actor, before the first row that names it; another one of that number is void from here on. `definition`: as in its row. */
  | { readonly a: readonly [no: number, key: string, path: string, definition: string] }
  | { readonly t: readonly [no: number, type: string] }
  /** In the order in which they were finished. */
  | { readonly m: readonly MessageRow[] }
  /** The message itself. */
  | { readonly p: readonly [seq: number, value: RecordedValue] }
  /** What it was answered. */
  | { readonly r: readonly [seq: number, value: RecordedValue] }
  /** What its handler read: `context.clock.now()`, `context.random()`. */
  | { readonly c: readonly [seq: number, clock: readonly number[], random: readonly number[]] }
  /** What its handler found by `context.whereis`: paths of actors, `null` for nobody. */
  | { readonly w: readonly [seq: number, found: readonly (readonly [name: string, path: string | null])[]] }
  /** The error it crashed with, or why it reached nobody. */
  | { readonly n: readonly [seq: number, note: string] }
  | { readonly e: InspectEvent | Started }
  /** The schedule of a seeded run, as text. */
  | { readonly s: string }
  /** So many messages are not in the recording, before those that follow. */
  | { readonly gap: number }
  /** It is whole: so many messages are in it. */
  | { readonly end: { readonly messages: number } };

export function lineText(line: RecordingHead | RecordingLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @returns `undefined` for what is no first line of a recording. */
export function parseHead(text: string): RecordingHead | undefined {
  const head = parse(text);
  if (head === undefined || typeof head["format"] !== "number" || !(head["format"] >= 1)) return undefined;
  const { format, runtime, program, node, startedAt, systems, redacted, payloads } = head;
  return {
    format,
    runtime: textOf(runtime),
    program: textOf(program),
    node: textOf(node),
    startedAt: isFiniteNumber(startedAt) ? startedAt : 0,
    systems: textsOf(systems),
    redacted: textsOf(redacted),
    payloads: payloads === "values" ? "values" : "types",
  };
}

/** @returns `undefined` for a line that a newer version may have written, `"faulty"` for one that nobody has written so. */
export function parseLine(text: string): RecordingLine | "faulty" | undefined {
  const line = parse(text);
  if (line === undefined) return "faulty";
  const [field] = Object.keys(line);
  const check = field !== undefined && Object.hasOwn(CHECKS, field) ? CHECKS[field] : undefined;
  if (field === undefined || check === undefined) return undefined;
  return check(line[field]) ? (line as unknown as RecordingLine) : "faulty";
}

type Check = (value: unknown) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  a: (value) => isList(value) && isNumber(value[0]) && isText(value[1]) && isText(value[2]) && isText(value[3]),
  t: (value) => isList(value) && isNumber(value[0]) && isText(value[1]),
  m: (value) => isList(value) && value.length <= BLOCK_ROWS * 10 && value.every(isRow),
  p: (value) => isList(value) && isSeq(value[0]) && value.length === 2,
  r: (value) => isList(value) && isSeq(value[0]) && value.length === 2,
  n: (value) => isList(value) && isSeq(value[0]) && isText(value[1]),
  c: (value) => isList(value) && isSeq(value[0]) && isNumbers(value[1]) && isNumbers(value[2]),
  w: (value) => isList(value) && isSeq(value[0]) && isList(value[1]) && value[1].every(isFound),
  e: (value) => typeof value === "object" && value !== null && isText((value as { kind?: unknown }).kind),
  s: isText,
  gap: isNumber,
  end: (value) => typeof value === "object" && value !== null && isNumber((value as { messages?: unknown }).messages),
};

function isFound(value: unknown): boolean {
  return isList(value) && isText(value[0]) && (value[1] === null || isText(value[1]));
}

function isRow(row: unknown): boolean {
  if (!isList(row) || row.length < 9) return false;
  const [seq, cause, from, to, type, sentTick, waitUs, runUs, outcome, answer = 0, answerUs = -1] = row;
  return (
    [seq, cause, from, to, type, waitUs, runUs, outcome, answer, answerUs].every(Number.isSafeInteger) &&
    isFiniteNumber(sentTick) &&
    (from as number) >= -1 &&
    (to as number) >= -1 &&
    (type as number) >= 0
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !isList(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A number of something. */
function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumbers(value: unknown): boolean {
  return isList(value) && value.every(isFiniteNumber);
}

function textOf(value: unknown): string {
  return isText(value) ? value : "";
}

function textsOf(value: unknown): readonly string[] {
  return isList(value) ? value.filter(isText) : [];
}
