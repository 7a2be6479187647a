/**
 * Rows of messages as JSON, written into bytes three digits at a time: as texts, the numbers of a second would be millions of pieces for
 * somebody to clear up, which takes longer than to write them. Pure.
 */
import { BLOCK_ROWS, type MessageRow } from "./recording-line.ts";

/** Eleven numbers, of at most seventeen digits with a sign each, and what stands between them. */
const ROW_BYTES = 256;
const [MINUS, DOT, OPEN] = [45, 46, 91];
/** What ends a row, and parts it from the next. */
const CLOSE_COMMA = 0x5d_2c;
const MOST_32 = 2 ** 31 - 1;

/** Four characters each: the three digits of a number and a comma; and only those that it needs, and commas. */
const [PADDED, SHORT] = [three((digits) => digits.padStart(3, "0")), three((digits) => digits)];

function three(written: (digits: string) => string): Uint32Array {
  const view = new DataView(new ArrayBuffer(4));
  return Uint32Array.from({ length: 1_000 }, (_, number) => {
    const characters = [...written(String(number)).padEnd(4, ",")];
    for (const [at, character] of characters.entries()) view.setUint8(at, character.charCodeAt(0));
    return view.getUint32(0);
  });
}

/** The rows of one line. */
export class RowText {
  readonly #bytes = new Uint8Array(BLOCK_ROWS * ROW_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
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
    const view = this.#view;
    let at = this.#length;
    view.setUint8(at++, OPEN);
    at = number(view, at, seq);
    at = number(view, at, cause);
    at = number(view, at, from);
    at = number(view, at, to);
    at = number(view, at, type);
    at = thousandths(view, at, Math.round(tick * 1_000));
    at = number(view, at, waitUs);
    at = number(view, at, runUs);
    at = number(view, at, outcome);
    if (answer !== 0) at = number(view, number(view, at, answer), answerUs);
    // In the place of the last number's comma.
    view.setUint16(at - 1, CLOSE_COMMA);
    this.#length = at + 1;
    this.#rows++;
  }

  /** All that was written, rows with commas between them, to be read before something is written again; then there is none. */
  take(): Uint8Array {
    const all = this.#bytes.subarray(0, Math.max(0, this.#length - 1));
    this.#length = 0;
    this.#rows = 0;
    return all;
  }
}

/** Writes a whole number and a comma. @returns where that ends. */
function number(view: DataView, from: number, value: number): number {
  let at = from;
  let size = value;
  if (value < 0) {
    view.setUint8(at++, MINUS);
    size = -value;
  }
  return size < 1_000 ? short(view, at, size) : long(view, at, size);
}

function short(view: DataView, at: number, value: number): number {
  view.setUint32(at, SHORT[value] as number);
  return at + (value < 10 ? 2 : value < 100 ? 3 : 4);
}

function long(view: DataView, from: number, value: number): number {
  // Whole numbers of 32 bits are divided in a tenth of the time.
  const thousands = value <= MOST_32 ? (value / 1_000) | 0 : Math.floor(value / 1_000);
  const at = (thousands < 1_000 ? short(view, from, thousands) : long(view, from, thousands)) - 1;
  view.setUint32(at, PADDED[value - thousands * 1_000] as number);
  return at + 4;
}

/** Writes a number of thousandths and a comma, without the digits after the point where there are none. */
function thousandths(view: DataView, from: number, value: number): number {
  let at = from;
  const size = Math.abs(value);
  if (value < 0) view.setUint8(at++, MINUS);
  const whole = Math.floor(size / 1_000);
  const rest = size - whole * 1_000;
  at = number(view, at, whole);
  if (rest === 0) return at;
  view.setUint8(at - 1, DOT);
  view.setUint32(at, PADDED[rest] as number);
  return at + 4;
}
