/** Cuts a stream of bytes into lines of text. Knows no socket and no protocol. */
import { number, say } from "../sentence.ts";

/** A line longer than the limit. */
export class LineTooLongError extends Error {
  override readonly name = "LineTooLongError";
}

export class LineReader {
  readonly #decoder = new TextDecoder("utf-8");
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;

  /** @param maxLength characters of one line */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** @returns the lines this chunk completes. @throws {LineTooLongError} */
  push(chunk: Uint8Array): string[] {
    const pieces = this.#decoder.decode(chunk, { stream: true }).split("\n");
    const rest = pieces.pop() ?? "";
    const lines = pieces.map((piece, index) => (index === 0 ? this.#take(piece) : piece));
    this.#keep(rest);
    if (this.#length > this.#maxLength || lines.some((line) => line.length > this.#maxLength)) {
      throw new LineTooLongError(say("a line is longer than {0} characters", number(this.#maxLength)));
    }
    return lines.filter((line) => line !== "");
  }

  #take(end: string): string {
    const line = this.#parts.join("") + end;
    this.#parts = [];
    this.#length = 0;
    return line;
  }

  #keep(rest: string): void {
    if (rest === "") return;
    this.#parts.push(rest);
    this.#length += rest.length;
  }
}
