/** A directory that is held by a descriptor, and the walk below it. The only place where a name becomes something open. */
import fs from "node:fs";
import { AirssysError } from "../values/errors.ts";
import { AccessDeniedError, type DenialReason, FileOperationError, SecurityContextClosedError } from "./os-errors.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;

/** Only a handle: nothing is read or run by opening it. Not among Node's constants; the same on every Linux that Node runs on. */
const O_PATH = 0o10_000_000;

/** Whether this system lets a path be walked part by part: Linux with `/proc`. */
export function walksByDescriptor(): boolean {
  return process.platform === "linux" && fs.existsSync("/proc/self/fd");
}

/** What is being done, for the errors of a walk. Paths in them are those that were given. */
export interface Walker {
  readonly operation: string;
  readonly target: string;
}

/** A name within a directory that is held: `name` is one part, never a path. */
export interface Place {
  readonly directory: Directory;
  readonly name: string;
}

/**
 * A directory by its descriptor: it stays this one, wherever it is moved to and whatever takes its place. What is below it is reached
 * part by part, each opened from the one before without following a link, so that no swap between a look and an opening can lead
 * elsewhere. (`openat` by `/proc/self/fd`: Node has no other.)
 */
export class Directory implements Disposable {
  readonly fd: number;
  #isOpen = true;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** Opens a directory by its path, which is the operator's own text: links in it are followed. @throws as `fs.openSync` does. */
  static open(path: string): Directory {
    return new Directory(fs.openSync(fs.realpathSync.native(path), O_PATH | O_DIRECTORY | O_NOFOLLOW));
  }

  /** A path of this very directory. Never asked of one that is closed: another file may have its number by then. */
  get path(): string {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return `/proc/self/fd/${this.fd}`;
  }

  /** A path of what has this name in it. */
  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /**
   * Opens the directory that lies so many parts below.
   *
   * @throws {AccessDeniedError} `symlink`, when a part is a link.
   * @throws {FileOperationError} when there is no such directory.
   */
  descend(parts: readonly string[], walker: Walker): Directory {
    const [first, ...more] = parts;
    if (first === undefined) return this.again();
    let current = this.#enter(first, walker);
    for (const part of more) {
      let next: Directory;
      try {
        next = current.#enter(part, walker);
      } finally {
        current.close();
      }
      current = next;
    }
    return current;
  }

  /** The same directory by a descriptor of its own. */
  again(): Directory {
    return new Directory(fs.openSync(this.path, O_PATH | O_DIRECTORY));
  }

  #enter(part: string, walker: Walker): Directory {
    try {
      return new Directory(fs.openSync(this.at(part), O_PATH | O_DIRECTORY | O_NOFOLLOW));
    } catch (error) {
      throw openFailure(error, { directory: this, name: part }, walker);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    fs.closeSync(this.fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a regular file without following a link and without waiting for the other end of a FIFO.
 *
 * @param flags beside those: `O_RDONLY`, `O_WRONLY | O_APPEND` …
 * @returns a descriptor, and what it is.
 * @throws {AccessDeniedError} `symlink`, `not_regular`.
 * @throws {FileOperationError} whatever else the system says.
 */
export function openFile(place: Place, flags: number, walker: Walker, mode?: number): { fd: number; stat: fs.Stats } {
  const { directory, name } = place;
  let fd: number;
  try {
    fd = fs.openSync(directory.at(name), flags | O_NOFOLLOW | O_NONBLOCK, mode);
  } catch (error) {
    throw openFailure(error, place, walker);
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw denied(walker, "not_regular", `it is ${kindOf(stat)}`);
    return { fd, stat };
  } catch (error) {
    fs.closeSync(fd);
    throw error instanceof AccessDeniedError ? error : failure(error, walker);
  }
}

/** What has the name, a link for itself. @throws {FileOperationError} */
export function lookAt({ directory, name }: Place, walker: Walker): fs.BigIntStats {
  try {
    return fs.lstatSync(directory.at(name), { bigint: true });
  } catch (error) {
    throw failure(error, walker);
  }
}

/** Opens a directory for what `O_PATH` cannot do: flushing it. */
export function openForSync(directory: Directory): number {
  return fs.openSync(directory.path, O_RDONLY | O_DIRECTORY);
}

/** The error of an opening that failed: a link, something that is no file, or the system's own word. */
function openFailure(error: unknown, place: Place, walker: Walker): Error {
  const code = codeOf(error);
  if (code === "ELOOP") return denied(walker, "symlink", symlinkHint(place.name));
  // ENOTDIR: a link in the middle, or a file; ENXIO: a FIFO nobody reads, a socket; EISDIR: a directory opened for writing.
  if (code === "ENOTDIR" || code === "ENXIO" || code === "EISDIR") {
    const stat = fs.lstatSync(place.directory.at(place.name), { bigint: true, throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) return denied(walker, "symlink", symlinkHint(place.name));
    if (stat !== undefined && code !== "ENOTDIR") return denied(walker, "not_regular", `it is ${kindOf(stat)}`);
  }
  return failure(error, walker);
}

function symlinkHint(name: string): string {
  return `${JSON.stringify(name)} is a symbolic link; a grant with symlinks: "inside" follows those that stay inside, for reading`;
}

/** What something is, for people. */
export function kindOf(stat: fs.Stats | fs.BigIntStats): string {
  if (stat.isFile()) return "a file";
  if (stat.isDirectory()) return "a directory";
  if (stat.isSymbolicLink()) return "a symbolic link";
  if (stat.isFIFO()) return "a FIFO";
  return stat.isSocket() ? "a socket" : "a device";
}

export function denied({ operation, target }: Walker, reason: DenialReason, hint: string): AccessDeniedError {
  return new AccessDeniedError({ operation, target, reason, hint });
}

/** The system's refusal in our words, with the path as it was given. What is in our words stays. */
export function failure(error: unknown, { operation, target }: Walker): Error {
  const code = codeOf(error);
  if (error instanceof AirssysError || code === undefined) return error as Error;
  return new FileOperationError(operation, target, code);
}

/** The system's own word. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
