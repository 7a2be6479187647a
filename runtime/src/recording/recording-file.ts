/**
 * A file of a recording that is written: gzip members, appended in the background, of which the newest are kept. The file can be read at
 * any time; what waits is written when the program ends.
 */
import fs from "node:fs";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { LineBuffer } from "./line-buffer.ts";

/** Bytes that wait before they are written, and how many may wait while the disk is slow. */
const BUFFER = 256 * 1024;
const WAITING_LIMIT = 64 * 1024 * 1024;
/** Room of a buffer, so that it has not to grow for the last of what it takes. */
const BUFFER_ROOM = BUFFER + 64 * 1024;
/** Buffers that are kept: new ones make the collector run. */
const MOST_SPARE = 8;
const COPIED_AT_ONCE = 256 * 1024;
/** Little time, for three quarters of what more time would save. */
const GZIP = { level: 1 } as const;

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);
const write = promisify(fs.write);
const read = promisify(fs.read);

/** What is done in order: lines to append, or the begin of a segment, which lets go of the one before the last. */
type Job = { readonly buffer: LineBuffer } | { readonly begin: string };

export class RecordingFile {
  readonly path: string;
  readonly #onFailure: (cause: unknown) => void;
  readonly #head: Buffer;
  #fd: number;
  /** Bytes that are written for certain. */
  #size: number;
  /** Where the last two segments begin. */
  #starts: readonly number[];
  #buffer = new LineBuffer(BUFFER_ROOM);
  readonly #spare: LineBuffer[] = [];
  #jobs: Job[] = [];
  #waiting = 0;
  #isWorking = false;
  #isOver = false;

  /**
   * Begins the file, which only its owner may read. One that is there is replaced, if it is a file.
   *
   * @param head the first line
   * @param onFailure told once, when nothing more can be written
   * @throws what the file system throws
   */
  constructor(path: string, head: string, onFailure: (cause: unknown) => void) {
    this.path = path;
    this.#onFailure = onFailure;
    this.#head = zlib.gzipSync(head, GZIP);
    fs.rmSync(path, { force: true });
    this.#fd = fs.openSync(path, "wx+", 0o600);
    fs.writeSync(this.#fd, this.#head);
    this.#size = this.#head.length;
    this.#starts = [this.#size];
  }

  /** What it is open as. */
  get fd(): number {
    return this.#fd;
  }

  /** @returns false when the disk is too slow: the lines are not written. */
  append(lines: string | Uint8Array): boolean {
    if (this.#isOver || this.#waiting + this.#buffer.length > WAITING_LIMIT) return false;
    this.#buffer.add(lines);
    if (this.#buffer.length >= BUFFER) this.flush();
    return true;
  }

  /** What waits is written soon. */
  flush(): void {
    if (this.#buffer.length === 0 || this.#isOver) return;
    this.#waiting += this.#buffer.length;
    this.#jobs.push({ buffer: this.#buffer });
    this.#buffer = this.#spare.pop() ?? new LineBuffer(BUFFER_ROOM);
    this.#work();
  }

  /** What comes now is a segment: of those before, one is kept. @param gap the line that tells of what was let go of */
  beginSegment(gap: string): void {
    this.flush();
    if (this.#isOver) return;
    this.#jobs.push({ begin: gap });
    this.#work();
  }

  /** Writes what waits, and those lines, before it returns. */
  close(...last: readonly (string | Uint8Array)[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const lines of last) this.#buffer.add(lines);
    const left = [...this.#jobs, { buffer: this.#buffer }];
    try {
      // What is being written meanwhile is the same bytes at the same place.
      for (const job of left)
        if ("buffer" in job && job.buffer.length > 0) this.#writeNow(zlib.gzipSync(job.buffer.lines, GZIP));
      fs.rmSync(this.#newPath, { force: true });
    } catch (error) {
      this.#onFailure(error);
    }
  }

  #writeNow(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; )
      from += fs.writeSync(this.#fd, bytes, from, bytes.length - from, this.#size + from);
    this.#size += bytes.length;
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#workOff().catch((error: unknown) => this.#fail(error));
  }

  async #workOff(): Promise<void> {
    for (let [job] = this.#jobs; job !== undefined && !this.#isOver; [job] = this.#jobs) {
      if ("buffer" in job) await this.#write(job.buffer);
      else await this.#turn(job.begin);
      // At the end of the program it was done by whoever closed the file.
      if (this.#isOver) return;
      this.#jobs.shift();
    }
    this.#isWorking = false;
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#jobs = [];
    this.#buffer.clear();
    this.#onFailure(error);
  }

  async #write(buffer: LineBuffer): Promise<void> {
    const bytes = await gzip(buffer.lines, GZIP);
    if (this.#isOver) return;
    await this.#writeAt(this.#fd, bytes, this.#size);
    if (this.#isOver) return;
    this.#size += bytes.length;
    this.#waiting -= buffer.length;
    buffer.clear();
    if (this.#spare.length < MOST_SPARE) this.#spare.push(buffer);
  }

  async #writeAt(fd: number, bytes: Buffer, position: number): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await write(fd, bytes, from, bytes.length - from, position + from);
      from += bytesWritten;
    }
  }

  async #turn(gap: string): Promise<void> {
    const [first = 0, second] = this.#starts;
    if (second === undefined) this.#starts = [first, this.#size];
    else await this.#letGo(second, gap);
  }

  /** The same file without what comes before `from`. Until it is whole the old one is the file. */
  async #letGo(from: number, gap: string): Promise<void> {
    fs.rmSync(this.#newPath, { force: true });
    const fd = fs.openSync(this.#newPath, "wx+", 0o600);
    const head = Buffer.concat([this.#head, zlib.gzipSync(gap, GZIP)]);
    await this.#writeAt(fd, head, 0);
    const part = Buffer.alloc(COPIED_AT_ONCE);
    let to = head.length;
    for (let at = from; at < this.#size && !this.#isOver; ) {
      const { bytesRead } = await read(this.#fd, part, 0, Math.min(part.length, this.#size - at), at);
      await this.#writeAt(fd, part.subarray(0, bytesRead), to);
      at += bytesRead;
      to += bytesRead;
    }
    if (this.#isOver) {
      fs.closeSync(fd);
      return;
    }
    fs.renameSync(this.#newPath, this.path);
    fs.closeSync(this.#fd);
    this.#fd = fd;
    this.#size = to;
    this.#starts = [head.length, to];
  }

  get #newPath(): string {
    return `${this.path}.new`;
  }
}
