/** Carries what a process writes to whoever takes it, at the pace of whoever takes it. */
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { OutputSink, ProcessOutput } from "./process-messages.ts";

/** Bytes of a line; a longer one is cut in pieces. */
const MAX_LINE_BYTES = 65_536;
/** Bytes that are kept of a stream that nobody takes. */
const TAIL_BYTES = 65_536;

/** What is done with each piece. Resolves when there is room for the next. */
export interface Taker {
  take(bytes: Buffer): Promise<void> | void;
  end(): Promise<void> | void;
}

/**
 * Takes a stream piece by piece, and reads on when the last was taken: until then the process waits in `write`. Resolves when all is taken,
 * or the stream was closed. (By its events: to go through a stream with `for await` costs a third of what it costs to start a process.)
 */
export function pump(stream: Readable, taker: Taker, count: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: Promise<void> | undefined;
    const fail = (error: unknown): void => {
      stream.destroy();
      reject(error);
    };
    stream.on("data", (bytes: Buffer) => {
      try {
        count(bytes.length);
        const taken = taker.take(bytes);
        if (taken === undefined) return;
        stream.pause();
        last = taken.then(() => void stream.resume());
        last.catch(fail);
      } catch (error) {
        fail(error);
      }
    });
    stream.once("error", fail);
    stream.once("close", () => {
      Promise.resolve(last)
        .then(() => taker.end())
        .then(resolve, reject);
    });
  });
}

/** ES2024; in every supported Node. */
interface Transferable {
  transfer(length: number): ArrayBuffer;
}

/** Gives the memory of a reading back at once, when nobody has it any more. V8 would let some 64 MiB of it lie. */
function letGo({ buffer, length }: Buffer): void {
  if (length === buffer.byteLength) (buffer as unknown as Transferable).transfer(0);
}

/** Keeps the last of what nobody takes. */
export class Tail implements Taker {
  #pieces: Buffer[] = [];
  #length = 0;

  take(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= 2 * TAIL_BYTES) return;
    const last = this.#last;
    for (const piece of this.#pieces) letGo(piece);
    this.#pieces = [last];
    this.#length = last.length;
  }

  end(): void {
    // What is kept stays.
  }

  get text(): string {
    return this.#length === 0 ? "" : this.#last.toString();
  }

  /** In memory of its own. */
  get #last(): Buffer {
    return Buffer.from(Buffer.concat(this.#pieces).subarray(-TAIL_BYTES));
  }
}

/** Keeps everything; whoever counts ends it when it is too much. */
export class Collected implements Taker {
  #pieces: Buffer[] = [];
  #length = 0;

  take(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }

  end(): void {
    // What is kept stays.
  }

  /** Hands out all of it, once, in memory of its own. */
  claim(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
      letGo(piece);
    }
    this.#pieces = [];
    this.#length = 0;
    return whole;
  }
}

/** Each reading of a pipe has memory of its own: nothing is copied, and nobody else sees it. */
function ownMemory({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** Sends pieces or lines to an actor. */
export class SinkTaker implements Taker {
  readonly #sink: OutputSink;
  readonly #stream: "stdout" | "stderr";
  readonly #decoder: StringDecoder = new StringDecoder("utf8");
  #line = "";
  #dropped = 0;

  constructor(sink: OutputSink, stream: "stdout" | "stderr") {
    this.#sink = sink;
    this.#stream = stream;
  }

  /** Pieces that a lossy sink refused. */
  get dropped(): number {
    return this.#dropped;
  }

  async take(bytes: Buffer): Promise<void> {
    if (this.#sink.as !== "lines") return this.#send({ type: "bytes", stream: this.#stream, bytes: ownMemory(bytes) });
    const lines = (this.#line + this.#decoder.write(bytes)).split("\n");
    letGo(bytes);
    this.#line = lines.pop() ?? "";
    for (const line of lines) await this.#sendLine(line, false);
    while (this.#line.length > MAX_LINE_BYTES) {
      const piece = this.#line.slice(0, MAX_LINE_BYTES);
      this.#line = this.#line.slice(MAX_LINE_BYTES);
      await this.#sendLine(piece, true);
    }
  }

  async end(): Promise<void> {
    const rest = this.#line + this.#decoder.end();
    this.#line = "";
    if (rest !== "") await this.#sendLine(rest, false);
  }

  async #sendLine(line: string, isCut: boolean): Promise<void> {
    if (line.length > MAX_LINE_BYTES) {
      await this.#sendLine(line.slice(0, MAX_LINE_BYTES), true);
      return this.#sendLine(line.slice(MAX_LINE_BYTES), isCut);
    }
    await this.#send({ type: "line", stream: this.#stream, text: line.replace(/\r$/, ""), isCut });
  }

  async #send(output: ProcessOutput): Promise<void> {
    const { to, lossy } = this.#sink;
    if (lossy !== true) await to.tellAsync(output);
    else if (!to.tell(output)) this.#dropped += 1;
  }
}

/** Passes everything on, and looks for a line that matches. */
export class ReadyTaker implements Taker {
  readonly #next: Taker;
  readonly #pattern: RegExp;
  readonly #found: () => void;
  #text = "";
  #isFound = false;

  constructor(next: Taker, pattern: RegExp, found: () => void) {
    this.#next = next;
    this.#pattern = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    this.#found = found;
  }

  take(bytes: Buffer): Promise<void> | void {
    if (!this.#isFound) this.#look(bytes.toString());
    return this.#next.take(bytes);
  }

  end(): Promise<void> | void {
    return this.#next.end();
  }

  #look(text: string): void {
    const lines = (this.#text + text).split("\n");
    this.#text = (lines.at(-1) ?? "").slice(-MAX_LINE_BYTES);
    if (!lines.some((line) => this.#pattern.test(line))) return;
    this.#isFound = true;
    this.#found();
  }
}
