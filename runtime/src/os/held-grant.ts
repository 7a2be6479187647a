/** A grant of files whose directory is held open, and whether a path is below it. */
import fs from "node:fs";
import path from "node:path";
import { Directory, type Walker } from "./directory.ts";
import type { FileGrant, FilePermission } from "./grant.ts";
import { below, type PathParts, pathParts } from "./path-parts.ts";

/** Text only chooses a grant: by its spelling as given, made absolute, or real. What is open decides what is touched. */
export class HeldGrant implements Disposable {
  readonly grant: FileGrant;
  readonly directory: Directory;
  readonly #spellings: readonly PathParts[];

  private constructor(grant: FileGrant, directory: Directory, base: string) {
    this.grant = grant;
    this.directory = directory;
    const given: PathParts | undefined = grant.path === "." ? { isAbsolute: false, parts: [] } : pathParts(grant.path);
    const texts = [path.resolve(base, grant.path), this.realPath];
    this.#spellings = [given, ...texts.map((text) => pathParts(text))].filter((one) => one !== undefined);
  }

  /** @throws as `fs.openSync` does, when there is no such directory. */
  static open(grant: FileGrant, base: string): HeldGrant {
    return new HeldGrant(grant, Directory.open(path.resolve(base, grant.path)), base);
  }

  /** A directory below that of this grant, by the walk: links on the way are refused. */
  narrow(grant: FileGrant, parts: readonly string[], base: string, walker: Walker): HeldGrant {
    return new HeldGrant(grant, this.directory.descend(parts, walker), base);
  }

  /** Where the directory is now. */
  get realPath(): string {
    return fs.readlinkSync(this.directory.path);
  }

  /** What of a path is below this grant; `undefined` when it is not below it. */
  rest(target: PathParts): readonly string[] | undefined {
    for (const { isAbsolute, parts } of this.#spellings) {
      const rest = isAbsolute === target.isAbsolute ? below(parts, target.parts) : undefined;
      if (rest !== undefined) return rest;
    }
    return undefined;
  }

  allows(permissions: readonly FilePermission[]): boolean {
    return permissions.some((permission) => this.grant.allow.includes(permission));
  }

  [Symbol.dispose](): void {
    this.directory.close();
  }
}
