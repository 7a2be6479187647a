/** Reads files that are open: whole, a range, or in chunks. */
import fs from "node:fs";
import { promisify } from "node:util";
import { OwnedBuffer } from "../values/owned-buffer.ts";
import { failure, openFile } from "./directory.ts";
import type { FileTarget } from "./file-target.ts";
import { FileTooLargeError } from "./os-errors.ts";

const read = promisify(fs.read);

/** Bytes that the system hands out at once where a file does not say how many it has. */
const UNSIZED_BYTES = 65_536;

/** A part of a file: `length` bytes from `offset`, or all from there. */
export interface Range {
  readonly offset: number;
  readonly length: number | undefined;
}

/**
 * Reads a file or a part of it into memory of its own.
 *
 * @param limit bytes that may be read at once.
 * @throws {FileTooLargeError} beyond that.
 */
export async function readWhole(target: FileTarget, { offset, length }: Range, limit: number): Promise<OwnedBuffer> {
  const { walker } = target;
  const { fd, stat } = openFile(target.place, fs.constants.O_RDONLY, walker);
  try {
    // Files of the kernel have no size and content all the same.
    const size = stat.size === 0 ? undefined : stat.size;
    const wanted = Math.max(0, Math.min(length ?? Number.POSITIVE_INFINITY, (size ?? limit + 1) - offset));
    if (size !== undefined && wanted > limit) throw new FileTooLargeError(walker.target, size, limit);
    if (size !== undefined || (length !== undefined && length <= limit))
      return OwnedBuffer.take(await fill(fd, offset, wanted));
    return OwnedBuffer.take(await untilEnd(fd, offset, limit, walker.target));
  } catch (error) {
    throw failure(error, walker);
  } finally {
    fs.closeSync(fd);
  }
}

/** Reads into a fresh buffer, which is shorter when the file ends before. */
async function fill(fd: number, offset: number, length: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await read(fd, bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) return bytes.slice(0, filled).buffer;
    filled += bytesRead;
  }
  return bytes.buffer;
}

async function untilEnd(fd: number, offset: number, limit: number, path: string): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let sum = 0;
  for (;;) {
    const part = new Uint8Array(await fill(fd, offset + sum, UNSIZED_BYTES));
    parts.push(part);
    sum += part.length;
    if (sum > limit) throw new FileTooLargeError(path, sum, limit);
    if (part.length < UNSIZED_BYTES) break;
  }
  const whole = new Uint8Array(sum);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

/** A part of a file on its way. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: ArrayBuffer;
  readonly isLast: boolean;
  /** Bytes of the file, as it said when it was opened. */
  readonly total: number | undefined;
}

/** Reads on when the chunk before was taken, so that no more than one is in memory. */
export async function* readChunks(target: FileTarget, chunkBytes: number): AsyncGenerator<Chunk, void, void> {
  const { fd, stat } = openFile(target.place, fs.constants.O_RDONLY, target.walker);
  const total = stat.size === 0 ? undefined : stat.size;
  try {
    for (let offset = 0; ; ) {
      const bytes = await fill(fd, offset, chunkBytes);
      // Whoever takes the chunk may take its memory away.
      const { byteLength } = bytes;
      const isLast = byteLength < chunkBytes;
      yield { offset, bytes, isLast, total };
      if (isLast) return;
      offset += byteLength;
    }
  } catch (error) {
    throw failure(error, target.walker);
  } finally {
    fs.closeSync(fd);
  }
}
