/** A granted command with what it needs held: its executable, and the directory it runs in. */
import path from "node:path";
import type { Directory, Walker } from "./directory.ts";
import type { Executable } from "./executable.ts";
import type { RunGrant } from "./grant.ts";
import { holdDirectory } from "./hold-directory.ts";
import { SecurityContextClosedError } from "./os-errors.ts";
import type { PathSafety } from "./path-safety.ts";

export class HeldCommand implements Disposable {
  readonly grant: RunGrant;
  readonly executable: Executable;
  readonly #directory: Directory;
  #isOpen = true;

  private constructor(grant: RunGrant, executable: Executable, directory: Directory) {
    this.grant = grant;
    this.executable = executable;
    this.#directory = directory;
  }

  /** @throws as `node:fs` does, when the directory is not there. */
  static inDirectory(grant: RunGrant, executable: Executable, base: string, safety: PathSafety): HeldCommand {
    const cwd = path.resolve(base, grant.cwd ?? ".");
    return new HeldCommand(grant, executable, holdDirectory(cwd, safety));
  }

  /** The same executable and the same directory for a grant that allows less. */
  narrow(grant: RunGrant): HeldCommand {
    const executable = this.executable.again(grant.pin === true);
    return new HeldCommand(grant, executable, this.#directory.again());
  }

  /** A path of the directory to run in: the one that was there when the context was made. @throws {AccessDeniedError} `symlink`. */
  cwd(walker: Walker): string {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    this.#directory.confirm(walker);
    return this.#directory.path;
  }

  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.executable[Symbol.dispose]();
    this.#directory.close();
  }
}
