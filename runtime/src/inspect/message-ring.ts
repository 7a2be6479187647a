/** The messages of one system, by their numbers: a table of integers of which the newest rows are kept. Knows no actors and no clock. */

import { ANSWER_STATES, MESSAGE_OUTCOMES } from "./message-protocol.ts";

/** Rows of a ring at its begin, and when it has grown; powers of two. */
const LEAST_ROWS = 1_024;
const MOST_ROWS = 65_536;

/** Columns of a row. */
export const COLUMN = {
  /** Number of the message plus one: 0 stands in a row that holds none. */
  number: 0,
  cause: 1,
  from: 2,
  to: 3,
  type: 4,
  waitUs: 5,
  runUs: 6,
  outcome: 7,
  answer: 8,
  answerUs: 9,
  /** {@link TOLD}, {@link CHANGED}, and what its user has. */
  marks: 10,
} as const;

/** Bits to shift a row's number by to find its columns. */
const STRIDE_BITS = 4;

/** Stands where a cause or a time is to come. */
const UNKNOWN = -1;

/** The message is one of those that a viewer is told of. */
export const TOLD = 1;
/** Something about it has not been told yet. */
const CHANGED = 2;

export class MessageRing {
  #mask: number;
  #rows: Int32Array;
  /** When each was sent, and when its turn began: milliseconds. */
  #times: Float64Array;
  #changed: Int32Array;
  #changedCount = 0;
  /** What was sent, of those that have changed, where that is wanted. */
  #messages = new Map<number, unknown>();
  /** Rows that were to be told, and had to make room before. */
  lost = 0;

  constructor(rows: number = LEAST_ROWS) {
    this.#mask = rows - 1;
    this.#rows = new Int32Array(rows << STRIDE_BITS);
    this.#times = new Float64Array(rows << 1);
    this.#changed = new Int32Array(rows);
  }

  /** The row for a message; what stood in it is gone, or has another one if there is room to grow. @returns its slot. */
  enter(seq: number, sentMs: number, type: number): number {
    const slot = seq & this.#mask;
    const rows = this.#rows;
    const row = slot << STRIDE_BITS;
    const marks = rows[row + COLUMN.marks] as number;
    if (marks !== 0 || rows[row + COLUMN.outcome] !== 0) {
      if (this.#mask + 1 < MOST_ROWS && this.#isInUse(slot)) {
        this.#grow();
        return this.enter(seq, sentMs, type);
      }
      if ((marks & (TOLD | CHANGED)) === (TOLD | CHANGED)) this.lost++;
    }
    rows[row + COLUMN.number] = seq + 1;
    rows[row + COLUMN.cause] = UNKNOWN;
    rows[row + COLUMN.from] = 0;
    rows[row + COLUMN.to] = 0;
    rows[row + COLUMN.type] = type;
    rows[row + COLUMN.waitUs] = UNKNOWN;
    rows[row + COLUMN.runUs] = UNKNOWN;
    rows[row + COLUMN.outcome] = MESSAGE_OUTCOMES.open;
    rows[row + COLUMN.answer] = ANSWER_STATES.none;
    rows[row + COLUMN.answerUs] = UNKNOWN;
    // A row that has changed stands in the list of those already.
    rows[row + COLUMN.marks] = marks & CHANGED;
    this.#times[slot << 1] = sentMs;
    if (this.#messages.size > 0) this.#messages.delete(slot);
    return slot;
  }

  /** It has ended and was told: nobody asks for it. */
  #isInUse(slot: number): boolean {
    return this.has(slot, CHANGED) || this.get(slot, COLUMN.outcome) === MESSAGE_OUTCOMES.open;
  }

  /** @returns the slot of that message, or -1 when it has none any more. */
  find(seq: number): number {
    const slot = seq & this.#mask;
    return this.get(slot, COLUMN.number) === seq + 1 ? slot : -1;
  }

  get(slot: number, column: number): number {
    return this.#rows[(slot << STRIDE_BITS) + column] as number;
  }

  set(slot: number, column: number, value: number): void {
    this.#rows[(slot << STRIDE_BITS) + column] = value;
  }

  sentMs(slot: number): number {
    return this.#times[slot << 1] as number;
  }

  begunMs(slot: number): number {
    return this.#times[(slot << 1) + 1] as number;
  }

  begin(slot: number, atMs: number): void {
    this.#times[(slot << 1) + 1] = atMs;
  }

  keep(slot: number, message: unknown): void {
    this.#messages.set(slot, message);
  }

  message(slot: number): unknown {
    return this.#messages.get(slot);
  }

  has(slot: number, mark: number): boolean {
    return (this.get(slot, COLUMN.marks) & mark) !== 0;
  }

  mark(slot: number, mark: number): void {
    this.set(slot, COLUMN.marks, this.get(slot, COLUMN.marks) | mark);
  }

  unmark(slot: number, mark: number): void {
    this.set(slot, COLUMN.marks, this.get(slot, COLUMN.marks) & ~mark);
  }

  /** It is to be told, or told again. */
  touch(slot: number): void {
    if (this.has(slot, CHANGED)) return;
    this.mark(slot, CHANGED);
    this.#changed[this.#changedCount++] = slot;
  }

  /** How many rows have something to tell. */
  get changedCount(): number {
    return this.#changedCount;
  }

  get hasChanged(): boolean {
    return this.#changedCount > 0;
  }

  /** Hands out the slots of all that have changed, and lets go of what was sent. */
  takeChanged(tell: (slot: number) => void): void {
    for (let at = 0; at < this.#changedCount; at++) {
      const slot = this.#changed[at] as number;
      this.unmark(slot, CHANGED);
      if (this.has(slot, TOLD)) tell(slot);
    }
    this.#changedCount = 0;
    this.#messages.clear();
  }

  #grow(): void {
    const bigger = new MessageRing((this.#mask + 1) * 2);
    for (let slot = 0; slot <= this.#mask; slot++) {
      const number = this.get(slot, COLUMN.number);
      if (number === 0) continue;
      const to = (number - 1) & bigger.#mask;
      const row = slot << STRIDE_BITS;
      bigger.#rows.set(this.#rows.subarray(row, row + (1 << STRIDE_BITS)), to << STRIDE_BITS);
      bigger.#times.set(this.#times.subarray(slot << 1, (slot + 1) << 1), to << 1);
      if (this.#messages.has(slot)) bigger.#messages.set(to, this.#messages.get(slot));
    }
    for (let at = 0; at < this.#changedCount; at++) {
      const slot = this.#changed[at] as number;
      bigger.#changed[at] = (this.get(slot, COLUMN.number) - 1) & bigger.#mask;
    }
    bigger.#changedCount = this.#changedCount;
    this.#mask = bigger.#mask;
    this.#rows = bigger.#rows;
    this.#times = bigger.#times;
    this.#changed = bigger.#changed;
    this.#messages = bigger.#messages;
  }
}
