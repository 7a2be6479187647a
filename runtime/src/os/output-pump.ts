/** Carries what a process writes to whoever takes it, at the pace of whoever takes it. */
import type { Readable } from "node:stream";
import type { OutputSink, ProcessOutput } from "./process-messages.ts";

/** Bytes of a line; a longer one is cut in pieces. */
const MAX_LINE_BYTES = 65_536;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const NOTHING: Buffer = Buffer.alloc(0);
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

/** The last place up to this one at which no character is cut in two (UTF-8: its further bytes begin with the bits 10). */
function cutBefore(bytes: Buffer, at: number): number {
  let cut = at;
  while (cut > at - 4 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return ((bytes[cut] ?? 0) & 0xc0) === 0x80 ? at : cut;
}

/** Sends pieces or lines to an actor. */
export class SinkTaker implements Taker {
  readonly #sink: OutputSink;
  readonly #stream: "stdout" | "stderr";
  /** The beginning of a line whose end has not come, in memory of its own. */
  #rest: Buffer = NOTHING;
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
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = bytes.subarray(from, end);
      await this.#sendLine(this.#rest.length === 0 ? line : Buffer.concat([this.#rest, line]));
      this.#rest = NOTHING;
      from = end + 1;
    }
    if (from < bytes.length) this.#rest = Buffer.concat([this.#rest, bytes.subarray(from)]);
    letGo(bytes);
    while (this.#rest.length > MAX_LINE_BYTES) {
      const cut = cutBefore(this.#rest, MAX_LINE_BYTES);
      await this.#sendText(this.#rest.toString("utf8", 0, cut), true);
      this.#rest = this.#rest.subarray(cut);
    }
  }

  async end(): Promise<void> {
    const rest = this.#rest;
    this.#rest = NOTHING;
    if (rest.length > 0) await this.#sendLine(rest);
  }

  /** Each line is a text of its own: as a part of what was read with it, a line that somebody keeps would keep all of that. */
  async #sendLine(line: Buffer): Promise<void> {
    let from = 0;
    while (line.length - from > MAX_LINE_BYTES) {
      const cut = cutBefore(line, from + MAX_LINE_BYTES);
      await this.#sendText(line.toString("utf8", from, cut), true);
      from = cut;
    }
    const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
    await this.#sendText(line.toString("utf8", from, Math.max(from, end)), false);
  }

  #sendText(text: string, isCut: boolean): Promise<void> {
    return this.#send({ type: "line", stream: this.#stream, text, isCut });
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
