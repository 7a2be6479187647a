/** Changes files: whole ones atomically, ends of them in place. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { promisify } from "node:util";
import { InvalidArgumentError } from "../values/errors.ts";
import { original } from "../values/original.ts";
import { OwnedBuffer } from "../values/owned-buffer.ts";
import {
  type Directory,
  denied,
  failure,
  kindOf,
  openFile,
  openForSync,
  type Place,
  type Walker,
} from "./directory.ts";
import type { FileData } from "./file-messages.ts";
import type { FileTarget } from "./file-target.ts";

const write = promisify(fs.write);
const fsync = promisify(fs.fsync);
const rename = promisify(fs.rename);

const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = fs.constants;

/** Permission bits of a file that is made anew, less what the process masks. */
const NEW_FILE_MODE = 0o666;

/** The bytes of a message, without a copy where they can be claimed. */
export function bytesOf(data: FileData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (data instanceof Uint8Array) return data;
  if (data instanceof OwnedBuffer) return new Uint8Array(data.claim());
  throw new InvalidArgumentError("write", ["data must be text, bytes or an OwnedBuffer"]);
}

/**
 * Writes a file as a whole: beside it, flushed, and put in its place. Whoever reads sees what was before or what is now. The permission
 * bits of a file that was there are kept.
 *
 * @returns bytes written.
 * @throws {AccessDeniedError} `symlink`, `not_regular`, for what is in its place.
 */
export async function writeAtomically(target: FileTarget, bytes: Uint8Array, signal?: AbortSignal): Promise<number> {
  const { place, walker } = target;
  const mode = modeOf(place, walker);
  const beside: Place = { directory: place.directory, name: `.${original(randomUUID)()}.part` };
  const { fd } = openFile(beside, O_WRONLY | O_CREAT | O_EXCL, walker, mode ?? NEW_FILE_MODE);
  let isThere = true;
  try {
    try {
      if (mode !== undefined) fs.fchmodSync(fd, mode);
      await writeAll(fd, bytes, signal);
      await fsync(fd);
    } finally {
      fs.closeSync(fd);
    }
    // What is put there between this look and the renaming is replaced by it, never followed.
    modeOf(place, walker);
    signal?.throwIfAborted();
    await rename(place.directory.at(beside.name), place.directory.at(place.name));
    isThere = false;
    await flush(place.directory);
  } catch (error) {
    throw failure(error, walker);
  } finally {
    if (isThere) fs.rmSync(place.directory.at(beside.name), { force: true });
  }
  return bytes.length;
}

/**
 * Writes at the end of a file, which is made when it is not there.
 *
 * @throws {AccessDeniedError} `hard_link`: it has other names, which may be outside.
 */
export async function append(target: FileTarget, bytes: Uint8Array): Promise<number> {
  const { walker } = target;
  const { fd, stat } = openFile(target.place, O_WRONLY | O_APPEND | O_CREAT, walker, NEW_FILE_MODE);
  try {
    if (stat.nlink > 1)
      throw denied(walker, "hard_link", "the file has other names, which may be outside; write replaces it instead");
    await writeAll(fd, bytes);
  } catch (error) {
    throw failure(error, walker);
  } finally {
    fs.closeSync(fd);
  }
  return bytes.length;
}

async function writeAll(fd: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    signal?.throwIfAborted();
    const length = Math.min(bytes.length - written, WRITE_BYTES);
    written += (await write(fd, bytes, written, length)).bytesWritten;
  }
}

/** Written at once, so that an end in between is noticed. */
const WRITE_BYTES = 1 << 22;

/** Permission bits of the regular file in a place; `undefined` when nothing is there. */
function modeOf({ directory, name }: Place, walker: Walker): number | undefined {
  const stat = fs.lstatSync(directory.at(name), { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) throw denied(walker, "symlink", `${JSON.stringify(name)} is a symbolic link`);
  if (!stat.isFile()) throw denied(walker, "not_regular", `it is ${kindOf(stat)}`);
  // Never the bits by which a program runs as its owner: the content is another's now.
  return stat.mode & 0o777;
}

/** A name that was given or taken is sure only when its directory is flushed. */
export async function flush(directory: Directory): Promise<void> {
  const fd = openForSync(directory);
  try {
    await fsync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
