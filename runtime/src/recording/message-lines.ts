/** Messages as a program tells of them, as lines of a recording: numbered over all systems, and named where they are used. Pure. */
import {
  type ActorEntry,
  ANSWER_STATES,
  MESSAGE_OUTCOMES,
  type NoteRow,
  type MessageRow as ToldRow,
  type TypeEntry,
} from "../inspect/message-protocol.ts";
import { COLUMN, type MessageRing } from "../inspect/message-ring.ts";
import { rowOf } from "../inspect/message-rows.ts";
import { LineBuffer } from "./line-buffer.ts";
import { isFinished } from "./recording.ts";
import { lineText, type MessageRow, SEQ_SPAN } from "./recording-line.ts";
import { RowText } from "./row-text.ts";

/** What a program tells of messages: what a frame holds, or what is taken in the program itself. */
export interface ToldMessages {
  readonly actors: readonly ActorEntry[];
  readonly types: readonly TypeEntry[];
  readonly rows: readonly ToldRow[];
  readonly missed: number;
  readonly notes: readonly NoteRow[];
}

/** Actors whose names are kept: of those that were not heard of for the longest time they are forgotten. */
const NAMES_LIMIT = 100_000;

/** Room for what is written before it is taken, as a rule. */
const WRITTEN_BYTES = 64 * 1024;

/** Lines, to be read before more are written, and how many rows of messages are in them. */
export interface WrittenLines {
  readonly lines: Uint8Array;
  readonly rows: number;
}

interface Named {
  readonly line: string;
  readonly system: number;
}

const NOBODY: Named = { line: "", system: 0 };

export class MessageLines {
  readonly #shiftMs: number;
  readonly #definitionOf: (key: string) => string;
  readonly #actors = new Map<number, Named>();
  readonly #types = new Map<number, string>();
  readonly #systems = new Map<string, number>();
  #named = new Set<number>();
  #namedTypes = new Set<number>();
  /** Rows that are not finished, by the numbers of their messages: those of the last takes, and older ones. */
  #fresh = new Map<number, MessageRow>();
  #older = new Map<number, MessageRow>();
  /** Blocks that are whole, and the one that is written: names that it needs come before it. */
  readonly #written = new LineBuffer(WRITTEN_BYTES);
  #writtenRows = 0;
  #names = "";
  readonly #block = new RowText();

  /**
   * @param shiftMs added to times, so that they count from the recording's begin
   * @param definitionOf asked once for each actor
   */
  constructor(shiftMs: number, definitionOf: (key: string) => string) {
    this.#shiftMs = shiftMs;
    this.#definitionOf = definitionOf;
  }

  /** What follows is to be understood without what came before: names are told anew. */
  beginSegment(): void {
    this.#named = new Set();
    this.#namedTypes = new Set();
  }

  /** The number of a message in the recording. @param actor of the system in which it has its own */
  seqOf(seq: number, actor: number): number {
    if (seq < 0 || this.#systems.size < 2) return seq;
    return seq + (this.#actors.get(actor) ?? NOBODY).system * SEQ_SPAN;
  }

  /** The same, of the system with an actor of that key. */
  seqIn(seq: number, key: string): number {
    return seq < 0 ? seq : seq + this.#systemOf(key) * SEQ_SPAN;
  }

  /** Remembers names, before what is told of them is used. */
  learn({ actors, types }: Pick<ToldMessages, "actors" | "types">): void {
    for (const [no, key, path] of actors) {
      const system = this.#systemOf(key);
      this.#actors.set(no, { line: lineText({ a: [no, key, path, this.#definitionOf(key)] }), system });
      if (this.#actors.size > NAMES_LIMIT) this.#actors.delete(this.#actors.keys().next().value as number);
    }
    for (const [no, text] of types) this.#types.set(no, lineText({ t: [no, text] }));
  }

  /** Writes a row down where it stands. The names in it are known; {@link take} returns it with the others. @internal */
  write(ring: MessageRing, slot: number): void {
    const [outcome, answer] = [ring.get(slot, COLUMN.outcome), ring.get(slot, COLUMN.answer)];
    const runUs = ring.get(slot, COLUMN.runUs);
    const isUnderWay =
      outcome === MESSAGE_OUTCOMES.open ||
      answer === ANSWER_STATES.waits ||
      (outcome === MESSAGE_OUTCOMES.late && runUs < 0);
    if (isUnderWay) {
      this.#writeIfSettled(this.#rowOf(rowOf(ring, slot)));
      return;
    }
    const [to, from] = [ring.get(slot, COLUMN.to), ring.get(slot, COLUMN.from)];
    const seq = this.seqOf(ring.get(slot, COLUMN.number) - 1, to);
    // It was under way when it was taken the last time.
    if (this.#fresh.size > 0) this.#fresh.delete(seq);
    if (this.#older.size > 0) this.#older.delete(seq);
    const type = ring.get(slot, COLUMN.type);
    const sender = from === 0 ? -1 : from;
    this.#name(sender, to, type);
    this.#block.write(
      seq,
      this.seqOf(ring.get(slot, COLUMN.cause), from),
      sender,
      to,
      type,
      ring.sentMs(slot) + this.#shiftMs,
      ring.get(slot, COLUMN.waitUs),
      runUs,
      outcome,
      answer,
      ring.get(slot, COLUMN.answerUs),
    );
    if (this.#block.isFull) this.#closeBlock();
  }

  #writeIfSettled(row: MessageRow): void {
    const settled = this.#settle(row);
    if (settled !== undefined) this.#write(settled);
  }

  #write(row: MessageRow): void {
    this.#name(row[2], row[3], row[4]);
    this.#block.add(row);
    if (this.#block.isFull) this.#closeBlock();
  }

  /** Names that a row needs come before its block. */
  #name(sender: number, to: number, type: number): void {
    if (!this.#named.has(sender)) this.#names += this.#nameLine(sender);
    if (!this.#named.has(to)) this.#names += this.#nameLine(to);
    if (!this.#namedTypes.has(type)) this.#names += this.#typeLine(type);
  }

  #closeBlock(): void {
    const { rows } = this.#block;
    if (rows === 0) return;
    this.#written.add(`${this.#names}{"m":[`);
    this.#written.add(this.#block.take());
    this.#written.add("]}\n");
    this.#writtenRows += rows;
    this.#names = "";
  }

  /** @returns the row if it is finished; else it is kept until it is, or has been under way for long. */
  #settle(row: MessageRow): MessageRow | undefined {
    if (this.#older.size > 0) this.#older.delete(row[0]);
    if (!isFinished(row)) {
      this.#fresh.set(row[0], row);
      return undefined;
    }
    if (this.#fresh.size > 0) this.#fresh.delete(row[0]);
    return row;
  }

  take(told: ToldMessages): WrittenLines {
    this.learn(told);
    for (const row of told.rows) this.#writeIfSettled(this.#rowOf(row));
    // What is under way for longer may be what the program never gets done with: it is told before that.
    this.#writeAll(this.#overdue());
    this.#closeBlock();
    if (told.missed > 0) this.#written.add(lineText({ gap: told.missed }));
    this.#written.add(this.#noteLines(told.notes));
    return this.takeWritten();
  }

  takeWritten(): WrittenLines {
    this.#closeBlock();
    const rows = this.#writtenRows;
    this.#writtenRows = 0;
    const { lines } = this.#written;
    this.#written.clear();
    return { lines, rows };
  }

  /** What is under way at the end. */
  last(): WrittenLines {
    this.#writeAll([...this.#overdue(), ...this.#overdue()]);
    return this.takeWritten();
  }

  #writeAll(rows: readonly MessageRow[]): void {
    for (const row of rows) this.#write(row);
  }

  #overdue(): readonly MessageRow[] {
    const rows = [...this.#older.values()];
    this.#older = this.#fresh;
    this.#fresh = new Map();
    return rows;
  }

  #rowOf([seq, cause, from, to, type, sentMs, waitUs, runUs, outcome, answer, answerUs]: ToldRow): MessageRow {
    const tick = sentMs + this.#shiftMs;
    const [number, causeNumber, sender] = [this.seqOf(seq, to), this.seqOf(cause, from), from === 0 ? -1 : from];
    return answer === 0
      ? [number, causeNumber, sender, to, type, tick, waitUs, runUs, outcome]
      : [number, causeNumber, sender, to, type, tick, waitUs, runUs, outcome, answer, answerUs];
  }

  #nameLine(no: number): string {
    if (no < 0 || this.#named.has(no)) return "";
    this.#named.add(no);
    const named = this.#actors.get(no) ?? NOBODY;
    // It has been heard of.
    this.#actors.delete(no);
    this.#actors.set(no, named);
    return named.line;
  }

  #typeLine(no: number): string {
    if (this.#namedTypes.has(no)) return "";
    this.#namedTypes.add(no);
    return this.#types.get(no) ?? "";
  }

  #noteLines(notes: readonly NoteRow[]): string {
    return notes.map(([seq, to, text]) => lineText({ n: [this.seqOf(seq, to), text] })).join("");
  }

  /** Keys of one system's actors differ in one number only. */
  #systemOf(key: string): number {
    const system = key.replace(/#\d+(?=(~\d+)?$)/, "#");
    const known = this.#systems.get(system) ?? (key === "" ? 0 : this.#systems.size);
    if (key !== "") this.#systems.set(system, known);
    return known;
  }
}
