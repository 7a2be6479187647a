/** The file behind a granted command: which one it was when the context was made, and whether the system itself would run it. */
import fs from "node:fs";
import { codeOf } from "./directory.ts";
import { AccessDeniedError, FileOperationError } from "./os-errors.ts";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;

/** Bytes of a first line that Linux reads. */
const INTERPRETER_BYTES = 256;

/** What tells one file, with one content, from another. */
interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** First bytes of what the system runs by itself: ELF, Mach-O (thin, fat, both byte orders), PE, `#!`. */
const FORMATS: readonly (readonly number[])[] = [
  [0x7f, 0x45, 0x4c, 0x46],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x4d, 0x5a],
  [0x23, 0x21],
];

/** An executable as it was when it was granted. */
export class Executable implements Disposable {
  /** As the grant spells it. */
  readonly command: string;
  /** Without links: this is what is run, whatever the command's name leads to later. */
  readonly realPath: string;
  readonly #identity: Identity;
  /** Held open where the grant pins it. */
  #fd: number | undefined;

  private constructor(command: string, realPath: string, identity: Identity, fd: number | undefined) {
    this.command = command;
    this.realPath = realPath;
    this.#identity = identity;
    this.#fd = fd;
  }

  /** @throws as `node:fs` does, when there is no such file or it may not be executed. */
  static find(command: string, isPinned: boolean): Executable {
    const realPath = fs.realpathSync.native(command);
    fs.accessSync(realPath, fs.constants.X_OK);
    const stat = fs.statSync(realPath, { bigint: true });
    if (!stat.isFile()) throw new FileOperationError("spawn", command, stat.isDirectory() ? "EISDIR" : "EACCES");
    const fd = isPinned ? fs.openSync(realPath, O_RDONLY | O_NOFOLLOW) : undefined;
    return new Executable(command, realPath, stat, fd);
  }

  /** The same file for another grant: never what is in its place by now. @throws {AccessDeniedError} `executable_changed`. */
  again(isPinned: boolean): Executable {
    if (!isPinned && this.#fd === undefined)
      return new Executable(this.command, this.realPath, this.#identity, undefined);
    return new Executable(this.command, this.realPath, this.#identity, this.#open());
  }

  /** The interpreter that its first line names, as it stands there. */
  get interpreter(): string | undefined {
    const fd = this.#open();
    try {
      const head = Buffer.alloc(INTERPRETER_BYTES);
      const length = fs.readSync(fd, head, 0, head.length, 0);
      return /^#![ \t]*([^ \t\r\n\0]+)/.exec(head.toString("utf8", 0, length))?.[1];
    } finally {
      fs.closeSync(fd);
    }
  }

  /**
   * The path to hand to the system, checked just before.
   *
   * @throws {AccessDeniedError} `executable_changed`, `no_format`.
   */
  pathToRun(): string {
    const fd = this.#open();
    try {
      const head = Buffer.alloc(4);
      fs.readSync(fd, head, 0, 4, 0);
      if (!FORMATS.some((format) => format.every((byte, i) => head[i] === byte)))
        throw this.#denied("no_format", 'a shell would run it: it is no binary and does not begin with "#!"');
    } finally {
      fs.closeSync(fd);
    }
    return this.#path;
  }

  get #path(): string {
    return this.#fd === undefined ? this.realPath : `/proc/${process.pid}/fd/${this.#fd}`;
  }

  /** @returns a descriptor of the very file that was granted. */
  #open(): number {
    let fd: number;
    try {
      fd = fs.openSync(this.#path, O_RDONLY | O_NONBLOCK);
    } catch (error) {
      throw this.#denied("executable_changed", `the file that was granted cannot be opened (${codeOf(error)})`);
    }
    const now = fs.fstatSync(fd, { bigint: true });
    // Whatever takes the place of a pinned file does not run: the descriptor is the file.
    const isSame = (["dev", "ino", "size", "mtimeNs"] as const).every((part) => now[part] === this.#identity[part]);
    if (isSame && (this.#fd !== undefined || now.ctimeNs === this.#identity.ctimeNs)) return fd;
    fs.closeSync(fd);
    throw this.#denied("executable_changed", "it is another file than was granted; make the context anew");
  }

  #denied(reason: "executable_changed" | "no_format", hint: string): AccessDeniedError {
    return new AccessDeniedError({ operation: "spawn", target: this.command, reason, hint });
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
  }
}
