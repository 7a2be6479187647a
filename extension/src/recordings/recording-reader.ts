/** A recording that a thread of its own reads and keeps: what the editor asks of it. Knows no editor. */
import { EventEmitter } from "node:events";
import { Worker } from "node:worker_threads";
import { say } from "../sentence.ts";
import type { Answers, FromThread, QuestionKind, ThreadStart } from "./recording-protocol.ts";

/** Megabytes that a recording may take. */
const MEMORY_MB = 2_048;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class RecordingReader extends EventEmitter<{ read: [bytes: number] }> {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #end: Error | undefined;

  /** Begins to read. @param thread the code of the thread */
  constructor(thread: string, start: ThreadStart) {
    super();
    this.#thread = new Worker(thread, { workerData: start, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } });
    this.#thread.on("message", (message: FromThread) => this.#take(message));
    this.#thread.on("error", (error: NodeJS.ErrnoException) => this.#fail(reasonOf(error)));
    this.#thread.on("exit", () => this.#fail(say("The recording is closed.")));
    // Only questions keep whoever asks alive.
    this.#thread.unref();
  }

  /** @throws {Error} as a rejection, with words for people: what is wrong with the file, or that it was closed meanwhile. */
  ask<K extends QuestionKind>(kind: K, asks: Answers[K]["asks"]): Promise<Answers[K]["answer"]> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ ...asks, id, kind });
    });
  }

  /** Lets go of the recording; whoever waits is told. */
  close(): void {
    this.#fail(say("The recording is closed."));
    void this.#thread.terminate();
  }

  #take(message: FromThread): void {
    if ("bytes" in message) {
      this.emit("read", message.bytes);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#thread.unref();
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.answer as never);
  }

  #fail(reason: string): void {
    this.#end ??= new Error(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") return message;
  return say("This recording is too large to be opened: it takes more than {0} MB.", MEMORY_MB);
}
