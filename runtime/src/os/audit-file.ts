/** The file that an audit is written to: a line of JSON for each event. */
import fs from "node:fs";
import { realClock } from "../values/clock.ts";

/** Milliseconds that what came of an operation may wait for the next decision, to be written with it in one call. */
const OUTCOMES_MS = 5;
/** Lines that may wait. */
const MAX_WAITING = 64;

/** Those that are open, of all contexts: what one writes down, no other may change. */
const open = new Set<AuditFile>();

/** Whether the audit of any context is written to a file. */
export function isAnyAuditFile(): boolean {
  return open.size > 0;
}

/** Whether this is a file that the audit of some context is written to. */
export function isAuditFile({ dev, ino }: fs.BigIntStats): boolean {
  return [...open].some((file) => file.is(dev, ino));
}

/** Files with lines that wait, for the end of the program. */
const waiting = new Set<AuditFile>();
let isAwaitingExit = false;

export class AuditFile {
  readonly #fd: number;
  readonly #identity: fs.BigIntStats;
  #lines: string[] = [];
  #isOpen = true;
  /** Somebody comes and writes what waits: one timer for all, as to set one costs as much as to write. */
  #isAwaited = false;
  /** The last write broke off within a line. */
  #isTorn = false;
  #lost = 0;

  /** @param fd open for appending, from now on this file's own. */
  constructor(fd: number) {
    this.#fd = fd;
    this.#identity = fs.fstatSync(fd, { bigint: true });
    open.add(this);
  }

  /** Lines that could not be written. */
  get lost(): number {
    return this.#lost;
  }

  /** Whether this is the file with that device and number. */
  is(dev: bigint, ino: bigint): boolean {
    return this.#identity.dev === dev && this.#identity.ino === ino;
  }

  /** Writes a line, and those that wait, before it returns. @returns whether the file has it: one without a name any more keeps nothing. */
  write(event: object): boolean {
    this.#lines.push(JSON.stringify(event));
    if (this.#isNamed()) return this.flush();
    this.#lost += this.#lines.length;
    this.#lines = [];
    return false;
  }

  /** Writes a line with the next one, or a little later. */
  writeSoon(event: object): void {
    if (!this.#isOpen) {
      this.#lost += 1;
      return;
    }
    const count = this.#lines.push(JSON.stringify(event));
    if (!this.#isAwaited) this.#await();
    if (count >= MAX_WAITING) this.flush();
  }

  /** One call: lines of several writers do not mix. @returns whether all was written; what was not is counted. */
  flush(): boolean {
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length === 0) return true;
    const bytes = bytesOf(`${this.#isTorn ? "\n" : ""}${lines.join("\n")}\n`);
    try {
      const written = this.#isOpen ? fs.writeSync(this.#fd, bytes) : 0;
      this.#isTorn = written < bytes.length && written > 0;
      if (written === bytes.length) return true;
    } catch {
      // Counted, and the caller denies.
    }
    this.#lost += lines.length;
    return false;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.flush();
    this.#isOpen = false;
    open.delete(this);
    fs.closeSync(this.#fd);
  }

  #await(): void {
    waiting.add(this);
    this.#isAwaited = true;
    realClock.setTimer(() => {
      this.#isAwaited = false;
      waiting.delete(this);
      this.flush();
    }, OUTCOMES_MS);
    if (isAwaitingExit) return;
    isAwaitingExit = true;
    process.on("exit", () => {
      for (const file of waiting) file.flush();
    });
  }

  #isNamed(): boolean {
    try {
      return this.#isOpen && fs.fstatSync(this.#fd).nlink > 0;
    } catch {
      // A file that cannot even be asked takes nothing.
      return false;
    }
  }
}

/** Memory that lines are written from, each time the same: it is not used beyond the call of `write`. */
let scratch: Buffer | undefined;
const SCRATCH_BYTES = 16_384;

function bytesOf(text: string): Uint8Array {
  // A character takes at most three bytes for each unit that it has here.
  if (text.length * 3 > SCRATCH_BYTES) return Buffer.from(text);
  scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return scratch.subarray(0, scratch.write(text));
}
