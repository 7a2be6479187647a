/** Listens to what a process writes, beside whoever takes it, for as long as somebody asks. */
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { machineMs } from "../values/clock.ts";
import type { ProcessOutputPart } from "../values/os-facts.ts";

/** Characters that are kept. */
const KEPT = 65_536;
/** Milliseconds after which nobody is taken to ask any more. */
const FORGOTTEN_AFTER_MS = 15_000;

/** Reads no faster than whoever takes the output: it hears only what the other has let through. */
export class OutputWatch {
  readonly #streams: readonly Readable[];
  #text = "";
  /** Position of the first character that is kept. */
  #from = 0;
  readonly #nowMs: () => number;
  #askedAtMs = 0;
  #stop: (() => void) | undefined;

  /**
   * @param before what has been written and is known: it comes first.
   * @param nowMs milliseconds of a clock that never goes back
   */
  constructor(streams: readonly Readable[], before: string, nowMs: () => number = machineMs) {
    this.#streams = streams;
    this.#nowMs = nowMs;
    this.#add(before);
  }

  /** What was written from a position on. Begins to listen, and goes on until nobody has asked for a while. */
  read(from: number): ProcessOutputPart {
    this.#askedAtMs = this.#nowMs();
    if (this.#stop === undefined) this.#listen();
    const end = this.#from + this.#text.length;
    const start = Math.min(Math.max(from, this.#from), end);
    return { text: this.#text.slice(start - this.#from), next: end, lost: Math.max(0, start - Math.max(0, from)) };
  }

  #listen(): void {
    const listeners = this.#streams.map((stream) => {
      const decoder = new StringDecoder("utf8");
      const take = (bytes: Buffer): void => {
        if (this.#nowMs() - this.#askedAtMs > FORGOTTEN_AFTER_MS) this.#stop?.();
        else this.#add(decoder.write(bytes));
      };
      // First: whoever takes the output may give the memory of each piece back at once.
      stream.prependListener("data", take);
      return () => stream.off("data", take);
    });
    this.#stop = () => {
      this.#stop = undefined;
      for (const end of listeners) end();
    };
  }

  #add(text: string): void {
    this.#text += text;
    // Cut only now and then: each cut copies what stays.
    if (this.#text.length < 2 * KEPT) return;
    const over = this.#text.length - KEPT;
    this.#text = this.#text.slice(over);
    this.#from += over;
  }
}
