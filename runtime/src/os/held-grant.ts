/** A grant of files whose directory is held open, and whether a path is below it. */
import path from "node:path";
import type { Directory, Walker } from "./directory.ts";
import type { FileGrant, FilePermission } from "./grant.ts";
import { holdDirectory } from "./hold-directory.ts";
import { below, type PathParts, pathParts } from "./path-parts.ts";
import type { PathSafety } from "./path-safety.ts";

/** Text only chooses a grant: by its absolute spelling as given, or the real one. What is open decides what is touched. */
export class HeldGrant implements Disposable {
  readonly grant: FileGrant;
  readonly directory: Directory;
  readonly #base: readonly string[];
  readonly #spellings: readonly (readonly string[])[];

  private constructor(grant: FileGrant, directory: Directory, base: string) {
    this.grant = grant;
    this.directory = directory;
    this.#base = pathParts(base)?.parts ?? [];
    const texts = [path.resolve(base, grant.path), this.realPath];
    this.#spellings = texts.flatMap((text) => pathParts(text) ?? []).map(({ parts }) => parts);
  }

  /** @throws as `node:fs` does, when there is no such directory. */
  static open(grant: FileGrant, base: string, safety: PathSafety): HeldGrant {
    return new HeldGrant(grant, holdDirectory(path.resolve(base, grant.path), safety), base);
  }

  /** A directory below that of this grant, by the walk: links on the way are refused. */
  narrow(grant: FileGrant, parts: readonly string[], base: string, walker: Walker): HeldGrant {
    return new HeldGrant(grant, this.directory.descend(parts, walker), base);
  }

  /** Where the directory is now. */
  get realPath(): string {
    return this.directory.realPath;
  }

  /** What of a path is below this grant; `undefined` when it is not below it. */
  rest(target: PathParts): readonly string[] | undefined {
    const parts = target.isAbsolute ? target.parts : [...this.#base, ...target.parts];
    for (const spelling of this.#spellings) {
      const rest = below(spelling, parts);
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
