/** The file behind a granted command: which one it was when the context was made, and whether the system itself would run it. */
import fs from "node:fs";
import { codeOf } from "./directory.ts";
import { AccessDeniedError, FileOperationError, printed } from "./os-errors.ts";
import { formatOf, HEAD_BYTES, type ProgramFormat } from "./program-format.ts";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;

/** Interpreters of interpreters that Linux follows. */
const MAX_INTERPRETERS = 4;

/** What tells one file, with one content, from another. */
interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** An interpreter by the path that a first line names, and which file that was. */
interface Interpreter {
  readonly path: string;
  /** `undefined` when nothing was there. */
  readonly identity: Identity | undefined;
}

/** A file that is open, and the bytes it has. */
interface Opened {
  readonly fd: number;
  readonly size: number;
}

/** An executable as it was when it was granted. */
export class Executable implements Disposable {
  /** As the grant spells it. */
  readonly command: string;
  /** Without links: this is what is run, whatever the command's name leads to later. */
  readonly realPath: string;
  /** What its first line names, and what the first line of that names, as far as there are any. */
  readonly #interpreters: readonly Interpreter[];
  readonly #identity: Identity;
  /** Held open where the grant pins it. */
  #fd: number | undefined;

  private constructor(
    command: string,
    realPath: string,
    identity: Identity,
    interpreters: readonly Interpreter[],
    fd: number | undefined,
  ) {
    this.command = command;
    this.realPath = realPath;
    this.#identity = identity;
    this.#interpreters = interpreters;
    this.#fd = fd;
  }

  /** @throws as `node:fs` does, when there is no such file or it may not be executed. */
  static find(command: string, isPinned: boolean): Executable {
    const realPath = fs.realpathSync.native(command);
    fs.accessSync(realPath, fs.constants.X_OK);
    const stat = fs.statSync(realPath, { bigint: true });
    if (!stat.isFile()) throw new FileOperationError("spawn", command, stat.isDirectory() ? "EISDIR" : "EACCES");
    const fd = isPinned ? fs.openSync(realPath, O_RDONLY | O_NOFOLLOW) : undefined;
    return new Executable(command, realPath, stat, interpretersOf(realPath), fd);
  }

  /** The same file for another grant: never what is in its place by now. @throws {AccessDeniedError} `executable_changed`. */
  again(isPinned: boolean): Executable {
    const fd = isPinned || this.#fd !== undefined ? this.#open().fd : undefined;
    return new Executable(this.command, this.realPath, this.#identity, this.#interpreters, fd);
  }

  /** Paths of what interprets it, and of what interprets that, as they stand there. */
  get interpreters(): readonly string[] {
    return this.#interpreters.map((one) => one.path);
  }

  /**
   * The path to hand to the system, checked just before, with what interprets it.
   *
   * @throws {AccessDeniedError} `executable_changed`, `no_format`.
   * @throws {FileOperationError} when what interprets it is not there.
   */
  pathToRun(): string {
    let format = formatAt(this.#open());
    for (const { path, identity } of this.#interpreters) {
      if (format?.kind !== "script") break;
      format = formatAt(this.#openInterpreter(path, identity));
    }
    if (format?.kind !== "binary")
      throw this.#denied(
        "no_format",
        'a shell would run it: it is no program of this machine, and no script ("#!") of one',
      );
    return this.#path;
  }

  get #path(): string {
    return this.#fd === undefined ? this.realPath : `/proc/${process.pid}/fd/${this.#fd}`;
  }

  /** @returns the very file that was granted. */
  #open(): Opened {
    let fd: number;
    try {
      fd = fs.openSync(this.#path, O_RDONLY | O_NONBLOCK);
    } catch (error) {
      throw this.#denied("executable_changed", `the file that was granted cannot be opened (${codeOf(error)})`);
    }
    const now = fs.fstatSync(fd, { bigint: true });
    // Whatever takes the place of a pinned file does not run: the descriptor is the file.
    if (isSame(now, this.#identity, this.#fd !== undefined)) return { fd, size: Number(now.size) };
    fs.closeSync(fd);
    throw this.#denied("executable_changed", "it is another file than was granted; make the context anew");
  }

  #openInterpreter(path: string, identity: Identity | undefined): Opened {
    let fd: number;
    try {
      fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    } catch (error) {
      throw new FileOperationError("spawn", path, codeOf(error) ?? "EIO");
    }
    const now = fs.fstatSync(fd, { bigint: true });
    if (identity !== undefined && isSame(now, identity, false)) return { fd, size: Number(now.size) };
    fs.closeSync(fd);
    throw this.#denied(
      "executable_changed",
      `${printed(path)}, which interprets it, is another file than when it was granted; make the context anew`,
    );
  }

  #denied(reason: "executable_changed" | "no_format", hint: string): AccessDeniedError {
    return new AccessDeniedError({ operation: "spawn", target: this.command, reason, hint });
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** @param isPinned whether another name or other permissions are no change. */
function isSame(now: fs.BigIntStats, then: Identity, isPinned: boolean): boolean {
  const isFile = (["dev", "ino", "size", "mtimeNs"] as const).every((part) => now[part] === then[part]);
  return isFile && (isPinned || now.ctimeNs === then.ctimeNs);
}

/** Looks along the first lines, as far as there is anything. */
function interpretersOf(realPath: string): readonly Interpreter[] {
  const found: Interpreter[] = [];
  for (let at = realPath; found.length < MAX_INTERPRETERS; ) {
    const format = readFormat(at);
    if (format?.kind !== "script") break;
    at = format.interpreter;
    found.push({ path: at, identity: fs.statSync(at, { bigint: true, throwIfNoEntry: false }) });
  }
  return found;
}

/** That of a file that may not be there. */
function readFormat(path: string): ProgramFormat | undefined {
  try {
    const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    return formatAt({ fd, size: fs.fstatSync(fd).size });
  } catch {
    // Whoever starts it meets the same, and says so.
    return undefined;
  }
}

let own: Uint8Array | undefined;

/** Closes the descriptor. */
function formatAt({ fd, size }: Opened): ProgramFormat | undefined {
  own ??= headOf(fs.openSync(process.execPath, O_RDONLY)).slice();
  return formatOf(headOf(fd), size, { platform: process.platform, own });
}

/** Read into each time: a buffer of its own costs more than the reading. */
const scratch = new Uint8Array(HEAD_BYTES);

/** Good until the next one. Closes the descriptor. */
function headOf(fd: number): Uint8Array {
  try {
    return scratch.subarray(0, fs.readSync(fd, scratch, 0, HEAD_BYTES, 0));
  } finally {
    fs.closeSync(fd);
  }
}
