/**
 * Lines that wait to be written, as bytes outside of the heap: as texts they would be moved to and fro each time the collector runs, which
 * takes longer than to write them.
 */
export class LineBuffer {
  #bytes: Buffer;
  #length = 0;

  /** @param room bytes that it has room for before it has to grow */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  /** Bytes. */
  get length(): number {
    return this.#length;
  }

  add(lines: string | Uint8Array): void {
    const size = typeof lines === "string" ? Buffer.byteLength(lines) : lines.length;
    const end = this.#length + size;
    if (end > this.#bytes.length) this.#grow(end);
    if (typeof lines === "string") this.#bytes.write(lines, this.#length);
    else this.#bytes.set(lines, this.#length);
    this.#length = end;
  }

  /** All that was added, to be read before something is added again. */
  get lines(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #grow(needed: number): void {
    const bigger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    bigger.set(this.lines);
    this.#bytes = bigger;
  }
}
