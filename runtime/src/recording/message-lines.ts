/** Messages as a program tells of them, as lines of a recording: numbered over all systems, and named where they are used. Pure. */
import type { ActorEntry, NoteRow, MessageRow as ToldRow, TypeEntry } from "../inspect/message-protocol.ts";
import { isFinished } from "./recording.ts";
import { BLOCK_ROWS, lineText, type MessageRow, SEQ_SPAN } from "./recording-line.ts";

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

  /** @returns the lines, and how many rows of messages are in them. */
  take(told: ToldMessages): { readonly text: string; readonly rows: number } {
    this.learn(told);
    const rows: MessageRow[] = [];
    for (const each of told.rows) {
      const row = this.#rowOf(each);
      const isDone = isFinished(row);
      if (this.#older.size > 0) this.#older.delete(row[0]);
      if (!isDone) this.#fresh.set(row[0], row);
      else {
        if (this.#fresh.size > 0) this.#fresh.delete(row[0]);
        rows.push(row);
      }
    }
    // What is under way for longer may be what the program never gets done with: it is told before that.
    rows.push(...this.#overdue());
    const gap = told.missed > 0 ? lineText({ gap: told.missed }) : "";
    return { text: gap + this.#blocks(rows) + this.#noteLines(told.notes), rows: rows.length };
  }

  /** What is under way at the end. */
  last(): { readonly text: string; readonly rows: number } {
    const rows = [...this.#overdue(), ...this.#overdue()];
    return { text: this.#blocks(rows), rows: rows.length };
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

  #blocks(rows: readonly MessageRow[]): string {
    let text = "";
    for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
      let block = "";
      const end = Math.min(from + BLOCK_ROWS, rows.length);
      for (let at = from; at < end; at++) {
        const row = rows[at] as MessageRow;
        text += this.#nameLine(row[2]) + this.#nameLine(row[3]) + this.#typeLine(row[4]);
        block += at === from ? rowText(row) : `,${rowText(row)}`;
      }
      text += `{"m":[${block}]}\n`;
    }
    return text;
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

/** As JSON would have it, in a third of the time: a number with a fraction takes as long to write down as all the others. */
function rowText(row: MessageRow): string {
  const [seq, cause, from, to, type, tick, waitUs, runUs, outcome, answer, answerUs] = row;
  const answered = answer === undefined ? "" : `,${answer},${answerUs}`;
  return `[${seq},${cause},${from},${to},${type},${tickText(tick)},${waitUs},${runUs},${outcome}${answered}]`;
}

/** Milliseconds with three digits after the point, or none. */
function tickText(tick: number): string {
  const us = Math.round(tick * 1_000);
  const ms = Math.trunc(us / 1_000);
  const rest = us - ms * 1_000;
  if (rest <= 0) return rest === 0 ? `${ms}` : String(us / 1_000);
  return rest < 10 ? `${ms}.00${rest}` : rest < 100 ? `${ms}.0${rest}` : `${ms}.${rest}`;
}
