/** What a directory that is held can, and the opening of what is in one. */
import fs from "node:fs";
import { AirssysError } from "../values/errors.ts";
import { AccessDeniedError, type DenialReason, FileOperationError } from "./os-errors.ts";

const { O_DIRECTORY, O_RDONLY } = fs.constants;

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
 * A directory that is held: how sure it is to stay this one, its {@link PathSafety} says. What is below it is reached part by part, and no
 * link is followed on the way.
 */
export interface Directory extends Disposable {
  /** A path of this very directory. @throws {SecurityContextClosedError} Never asked of one that is closed: it could be another by then. */
  readonly path: string;
  /** Where it is now, without links. */
  readonly realPath: string;
  /** A path of what has this name in it. */
  at(name: string): string;
  /**
   * The directory that lies so many parts below, to be closed by itself.
   *
   * @throws {AccessDeniedError} `symlink`, when a part is a link.
   * @throws {FileOperationError} when there is no such directory.
   */
  descend(parts: readonly string[], walker: Walker): Directory;
  /** The same directory, to be closed by itself. */
  again(): Directory;
  stat(): fs.BigIntStats;
  /** Opens what has this name, which is no link. @throws as `fs.openSync` does, or {@link AccessDeniedError} `symlink`. */
  open(name: string, flags: number, walker: Walker, mode?: number): number;
  /**
   * Makes sure that what was just opened by a name in it (or, without one, looked at) was in this very directory.
   *
   * @throws {AccessDeniedError} `symlink`, when something on the way is another than it was.
   */
  confirm(walker: Walker, opened?: { readonly name: string; readonly fd: number }): void;
  close(): void;
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
    fd = directory.open(name, flags, walker, mode);
  } catch (error) {
    throw openFailure(error, place, walker);
  }
  try {
    const stat = fs.fstatSync(fd);
    directory.confirm(walker, { name, fd });
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
    const found = fs.lstatSync(directory.at(name), { bigint: true });
    directory.confirm(walker);
    return found;
  } catch (error) {
    throw failure(error, walker);
  }
}

/** Opens a directory for what `O_PATH` cannot do: flushing it. */
export function openForSync(directory: Directory): number {
  return fs.openSync(directory.path, O_RDONLY | O_DIRECTORY);
}

/** The error of an opening that failed: a link, something that is no file, or the system's own word. */
export function openFailure(error: unknown, place: Place, walker: Walker): Error {
  const code = codeOf(error);
  if (code === "ELOOP") return linkDenied(walker, place.name);
  // ENOTDIR: a link in the middle, or a file; ENXIO: a FIFO nobody reads, a socket; EISDIR: a directory opened for writing.
  if (code === "ENOTDIR" || code === "ENXIO" || code === "EISDIR") {
    const stat = fs.lstatSync(place.directory.at(place.name), { bigint: true, throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) return linkDenied(walker, place.name);
    if (stat !== undefined && code !== "ENOTDIR") return denied(walker, "not_regular", `it is ${kindOf(stat)}`);
  }
  return failure(error, walker);
}

export function linkDenied(walker: Walker, name: string): AccessDeniedError {
  const hint = `${JSON.stringify(name)} is a symbolic link; a grant with symlinks: "inside" follows those that stay inside, for reading`;
  return denied(walker, "symlink", hint);
}

/** What something is, for people. */
export function kindOf(stat: fs.Stats | fs.BigIntStats): string {
  if (stat.isFile()) return "a file";
  if (stat.isDirectory()) return "a directory";
  if (stat.isSymbolicLink()) return "a symbolic link";
  if (stat.isFIFO()) return "a FIFO";
  return stat.isSocket() ? "a socket" : "a device";
}

/** @param grant the one that would be needed, as it is written in a context. */
export function denied(
  { operation, target }: Walker,
  reason: DenialReason,
  hint: string,
  grant?: string,
): AccessDeniedError {
  return new AccessDeniedError({ operation, target, reason, hint, grant });
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
