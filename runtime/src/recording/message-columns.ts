/** Rows of messages as columns of numbers: a million of them in some 60 MB. */
import type { MessageRow } from "./recording-line.ts";

const CHUNK = 2 ** 16;
const CHUNK_BITS = 16;
/** Numbers of a row that may be large, then those that are small. */
const WIDE = 6;
const NARROW = 3;

interface Chunk {
  readonly wide: Float64Array;
  readonly narrow: Int32Array;
  readonly outcomes: Uint8Array;
  readonly answers: Uint8Array;
}

export class MessageColumns {
  readonly #chunks: Chunk[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @returns its index. */
  push(row: MessageRow): number {
    if ((this.#length & (CHUNK - 1)) === 0) this.#chunks.push(newChunk());
    this.set(this.#length, row);
    return this.#length++;
  }

  set(
    index: number,
    [seq, cause, from, to, type, sentTick, waitUs, runUs, outcome, answer, answerUs]: MessageRow,
  ): void {
    const { wide, narrow, outcomes, answers } = this.#chunks[index >> CHUNK_BITS] as Chunk;
    const at = index & (CHUNK - 1);
    wide.set([seq, cause, sentTick, waitUs, runUs, answerUs ?? -1], at * WIDE);
    narrow.set([from, to, type], at * NARROW);
    outcomes[at] = outcome;
    answers[at] = answer ?? 0;
  }

  /** @param index 0 to {@link length} - 1 */
  at(index: number): Required<MessageRow> {
    const { wide, narrow, outcomes, answers } = this.#chunks[index >> CHUNK_BITS] as Chunk;
    const at = index & (CHUNK - 1);
    const [w, n] = [at * WIDE, at * NARROW];
    return [
      wide[w] as number,
      wide[w + 1] as number,
      narrow[n] as number,
      narrow[n + 1] as number,
      narrow[n + 2] as number,
      wide[w + 2] as number,
      wide[w + 3] as number,
      wide[w + 4] as number,
      outcomes[at] as number,
      answers[at] as number,
      wide[w + 5] as number,
    ];
  }

  seqAt(index: number): number {
    return (this.#chunks[index >> CHUNK_BITS] as Chunk).wide[(index & (CHUNK - 1)) * WIDE] as number;
  }

  tickAt(index: number): number {
    return (this.#chunks[index >> CHUNK_BITS] as Chunk).wide[(index & (CHUNK - 1)) * WIDE + 2] as number;
  }

  /** Indices in the order in which messages were sent. */
  sorted(): Uint32Array {
    const order = new Uint32Array(this.#length);
    let isSorted = true;
    for (let index = 0; index < order.length; index++) {
      order[index] = index;
      if (index > 0 && this.#compare(index - 1, index) > 0) isSorted = false;
    }
    return isSorted ? order : order.sort((one, other) => this.#compare(one, other));
  }

  #compare(one: number, other: number): number {
    return this.tickAt(one) - this.tickAt(other) || this.seqAt(one) - this.seqAt(other);
  }
}

function newChunk(): Chunk {
  return {
    wide: new Float64Array(CHUNK * WIDE),
    narrow: new Int32Array(CHUNK * NARROW),
    outcomes: new Uint8Array(CHUNK),
    answers: new Uint8Array(CHUNK),
  };
}
