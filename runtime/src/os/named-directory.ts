/** A directory by its real path and its identity, where there is no walking by descriptor (macOS, Windows; untested there). For reading only. */
import fs from "node:fs";
import path from "node:path";
import { type Directory, denied, linkDenied, openFailure, type Walker } from "./directory.ts";
import { FileOperationError, SecurityContextClosedError } from "./os-errors.ts";

// Windows has neither: there the names are looked at before, and compared after.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants as Partial<typeof fs.constants>;

/** No part of the path may be a link. macOS, from its headers; not among Node's constants. */
const O_NOFOLLOW_ANY = 0x20_00_00_00;

/** Looks after an opening. One could be met by a swap there and back between its two parts; each further one would have to be as well. */
const LOOKS = 3;

/**
 * It is reached by its name each time, so it can be replaced. What was opened is compared with what the name leads to, and the directory
 * with what it was, before anything of it is used.
 */
export class NamedDirectory implements Directory {
  readonly #realPath: string;
  readonly #identity: fs.BigIntStats;
  readonly #refusesLinks: boolean;
  /** What it was entered from, up to the granted one: each is compared. */
  readonly #parent: NamedDirectory | undefined;
  #isOpen = true;

  private constructor(
    realPath: string,
    identity: fs.BigIntStats,
    refusesLinks: boolean,
    parent: NamedDirectory | undefined,
  ) {
    this.#realPath = realPath;
    this.#identity = identity;
    this.#refusesLinks = refusesLinks;
    this.#parent = parent;
  }

  /**
   * @param refusesLinks whether the system knows `O_NOFOLLOW_ANY`.
   * @throws as `node:fs` does, when there is no such directory.
   */
  static open(given: string, refusesLinks: boolean): NamedDirectory {
    const realPath = fs.realpathSync.native(given);
    const identity = fs.lstatSync(realPath, { bigint: true });
    if (!identity.isDirectory()) throw new FileOperationError("open", given, "ENOTDIR");
    return new NamedDirectory(realPath, identity, refusesLinks, undefined);
  }

  get path(): string {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return this.#realPath;
  }

  get realPath(): string {
    return this.path;
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  descend(parts: readonly string[], walker: Walker): NamedDirectory {
    let current = this.again();
    for (const part of parts) current = current.#enter(part, walker);
    return current;
  }

  again(): NamedDirectory {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return new NamedDirectory(this.#realPath, this.#identity, this.#refusesLinks, this.#parent);
  }

  stat(): fs.BigIntStats {
    return fs.lstatSync(this.path, { bigint: true });
  }

  open(name: string, flags: number, walker: Walker, mode?: number): number {
    const given = this.at(name);
    if (fs.lstatSync(given).isSymbolicLink()) throw linkDenied(walker, name);
    return fs.openSync(given, flags | (this.#refusesLinks ? O_NOFOLLOW_ANY : O_NOFOLLOW) | O_NONBLOCK, mode);
  }

  confirm(walker: Walker, opened?: { readonly name: string; readonly fd: number }): void {
    for (let i = 0; i < LOOKS; i++) {
      if (!this.#isStillItself()) throw denied(walker, "symlink", "a directory on the way was replaced meanwhile");
      if (opened === undefined) return;
      const found = fs.lstatSync(this.at(opened.name), { bigint: true, throwIfNoEntry: false });
      if (found === undefined || !isSame(found, fs.fstatSync(opened.fd, { bigint: true })))
        throw denied(walker, "symlink", "what has the name was replaced meanwhile");
    }
  }

  #enter(part: string, walker: Walker): NamedDirectory {
    const given = this.at(part);
    try {
      const identity = fs.lstatSync(given, { bigint: true });
      if (identity.isSymbolicLink()) throw linkDenied(walker, part);
      if (!identity.isDirectory()) throw new FileOperationError(walker.operation, walker.target, "ENOTDIR");
      // As the disk spells it: it may ignore case, or know short names.
      const realPath = fs.realpathSync.native(given);
      if (path.dirname(realPath) !== this.#realPath) throw linkDenied(walker, part);
      return new NamedDirectory(realPath, identity, this.#refusesLinks, this);
    } catch (error) {
      throw openFailure(error, { directory: this, name: part }, walker);
    }
  }

  #isStillItself(): boolean {
    const now = fs.lstatSync(this.#realPath, { bigint: true, throwIfNoEntry: false });
    const isItself = now !== undefined && isSame(now, this.#identity);
    return isItself && (this.#parent === undefined || this.#parent.#isStillItself());
  }

  close(): void {
    this.#isOpen = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function isSame(a: fs.BigIntStats, b: fs.BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
