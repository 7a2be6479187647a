/**
 * Rows of messages as JSON, written into bytes digit by digit: as texts, the numbers of a second would be millions of pieces for somebody to
 * clear up, which takes longer than to write them. Pure.
 */
import { BLOCK_ROWS, type MessageRow } from "./recording-line.ts";

/** Eleven numbers, of at most seventeen digits with a sign each, and what stands between them. */
const ROW_BYTES = 256;
const [COMMA, MINUS, DOT, ZERO, OPEN, CLOSE] = [44, 45, 46, 48, 91, 93];

/** The rows of one line. */
export class RowText {
  readonly #bytes = Buffer.allocUnsafe(BLOCK_ROWS * ROW_BYTES);
  #length = 0;
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows === BLOCK_ROWS;
  }

  /** Not once it {@link isFull}. */
  add(row: MessageRow): void {
    const [seq, cause, from, to, type, tick, waitUs, runUs, outcome, answer = 0, answerUs = -1] = row;
    this.write(seq, cause, from, to, type, tick, waitUs, runUs, outcome, answer, answerUs);
  }

  /** The same, of what is no list. Whole numbers, but for `tick`: milliseconds, of which three digits after the point are written. */
  write(
    seq: number,
    cause: number,
    from: number,
    to: number,
    type: number,
    tick: number,
    waitUs: number,
    runUs: number,
    outcome: number,
    answer: number,
    answerUs: number,
  ): void {
    const bytes = this.#bytes;
    let at = this.#length;
    if (this.#rows++ > 0) bytes[at++] = COMMA;
    bytes[at++] = OPEN;
    at = number(bytes, at, seq);
    bytes[at++] = COMMA;
    at = number(bytes, at, cause);
    bytes[at++] = COMMA;
    at = number(bytes, at, from);
    bytes[at++] = COMMA;
    at = number(bytes, at, to);
    bytes[at++] = COMMA;
    at = number(bytes, at, type);
    bytes[at++] = COMMA;
    at = thousandths(bytes, at, Math.round(tick * 1_000));
    bytes[at++] = COMMA;
    at = number(bytes, at, waitUs);
    bytes[at++] = COMMA;
    at = number(bytes, at, runUs);
    bytes[at++] = COMMA;
    at = number(bytes, at, outcome);
    if (answer !== 0) {
      bytes[at++] = COMMA;
      at = number(bytes, at, answer);
      bytes[at++] = COMMA;
      at = number(bytes, at, answerUs);
    }
    bytes[at++] = CLOSE;
    this.#length = at;
  }

  /** All that was written, rows with commas between them; then there is none. */
  take(): string {
    const text = this.#bytes.toString("latin1", 0, this.#length);
    this.#length = 0;
    this.#rows = 0;
    return text;
  }
}

/** @returns where it ends. */
function number(bytes: Buffer, from: number, value: number): number {
  let at = from;
  let left = value;
  if (left < 0) {
    bytes[at++] = MINUS;
    left = -left;
  }
  if (left < 10) {
    bytes[at] = ZERO + left;
    return at + 1;
  }
  let digits = 2;
  for (let limit = 100; left >= limit; limit *= 10) digits++;
  const end = at + digits;
  for (let place = end - 1; place >= at; place--) {
    const rest = Math.floor(left / 10);
    bytes[place] = ZERO + (left - rest * 10);
    left = rest;
  }
  return end;
}

/** Without the digits after the point where there are none. */
function thousandths(bytes: Buffer, from: number, value: number): number {
  let at = from;
  const left = Math.abs(value);
  if (value < 0) bytes[at++] = MINUS;
  const whole = Math.floor(left / 1_000);
  const rest = left - whole * 1_000;
  at = number(bytes, at, whole);
  if (rest === 0) return at;
  const tens = Math.floor(rest / 10);
  const hundreds = Math.floor(tens / 10);
  bytes[at++] = DOT;
  bytes[at++] = ZERO + hundreds;
  bytes[at++] = ZERO + tens - hundreds * 10;
  bytes[at++] = ZERO + rest - tens * 10;
  return at;
}
