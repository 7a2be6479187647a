/** Reads a file of a recording: unpacks it, parts it into lines, and stops where it is cut off or damaged. */
import { constants, createGunzip } from "node:zlib";
import { Recording } from "./recording.ts";
import { NotARecordingError, type RecordingFault } from "./recording-errors.ts";
import { parseHead } from "./recording-line.ts";

/** Characters of one line: a thousand rows have a tenth of it. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * Reads what there is: a file that is cut off, damaged further on, or of a newer version is read as far as it goes, and the notes of the
 * recording say so.
 *
 * @param parts the bytes of the file, gzip or as plain lines.
 * @throws {NotARecordingError} as a rejection, when there is no first line of a recording.
 * @throws what reading the parts throws, as a rejection.
 */
export async function readRecording(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Recording> {
  const lines = new Lines();
  let isDamaged = false;
  for await (const part of unpacked(parts)) {
    isDamaged = part === "damaged" || !lines.take(part);
    if (isDamaged) break;
  }
  if (lines.recording === undefined) throw new NotARecordingError(lines.refusal);
  return lines.recording.finish(isDamaged);
}

/** Parts bytes into lines, and hands them to the recording that the first one begins. */
class Lines {
  recording: Recording | undefined = undefined;
  /** Why there is none. */
  refusal: RecordingFault = "empty";
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** @returns false when it is to be read no further. */
  take(bytes: Uint8Array): boolean {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      if (!this.#takeLine(text.slice(from, end))) return false;
      from = end + 1;
    }
    this.#rest = text.slice(from);
    if (text !== "" && this.recording === undefined) this.refusal = "cut";
    return this.#rest.length <= LONGEST_LINE;
  }

  #takeLine(line: string): boolean {
    if (this.recording !== undefined) this.recording.take(line);
    else {
      const head = parseHead(line);
      if (head === undefined) {
        this.refusal = "foreign";
        return false;
      }
      this.recording = new Recording(head);
    }
    return true;
  }
}

const GZIP = 0x1f;
const CURLY = 0x7b;
/** Bytes that are unpacked at once: what comes out of them may be a thousand times as much. */
const SLICE = 16 * 1024;

async function* unpacked(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array | "damaged"> {
  let unpacking: Unpacking | "plain" | undefined;
  for await (const part of parts) {
    if (part.length === 0) continue;
    unpacking ??= unpackingOf(part[0]);
    if (unpacking === "plain") yield part;
    else
      for (let from = 0; from < part.length; from += SLICE) {
        yield* await unpacking.take(part.subarray(from, from + SLICE));
        if (unpacking.hasFailed) {
          yield "damaged";
          return;
        }
      }
  }
  if (unpacking instanceof Unpacking) yield* await unpacking.end();
}

function unpackingOf(firstByte: number | undefined): Unpacking | "plain" {
  if (firstByte === CURLY) return "plain";
  if (firstByte === GZIP) return new Unpacking();
  throw new NotARecordingError("foreign");
}

/** Unpacks slice by slice, so that what comes before a fault is not lost with it. A file that is cut off is no fault here. */
class Unpacking {
  hasFailed = false;
  readonly #gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  readonly #whenClosed: Promise<void>;
  #ready: Uint8Array[] = [];

  constructor() {
    this.#gunzip.on("data", (part: Uint8Array) => this.#ready.push(part));
    this.#gunzip.on("error", () => {
      this.hasFailed = true;
    });
    this.#whenClosed = new Promise((resolve) => {
      this.#gunzip.once("close", resolve);
    });
  }

  /** A slice in which there is a fault is not answered: then the stream closes. */
  async take(slice: Uint8Array): Promise<readonly Uint8Array[]> {
    const written = new Promise<void>((resolve) => {
      this.#gunzip.write(slice, () => resolve());
    });
    await Promise.race([written, this.#whenClosed]);
    return this.#flush();
  }

  async end(): Promise<readonly Uint8Array[]> {
    this.#gunzip.end();
    await this.#whenClosed;
    return this.#flush();
  }

  #flush(): readonly Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
