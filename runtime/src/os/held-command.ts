/** A granted command with what it needs held: its executable, and the directory it runs in. */
import fs from "node:fs";
import path from "node:path";
import { Directory, walksByDescriptor } from "./directory.ts";
import type { Executable } from "./executable.ts";
import type { RunGrant } from "./grant.ts";
import { SecurityContextClosedError } from "./os-errors.ts";

export class HeldCommand implements Disposable {
  readonly grant: RunGrant;
  readonly executable: Executable;
  readonly #directory: Directory | string;
  #isOpen = true;

  private constructor(grant: RunGrant, executable: Executable, directory: Directory | string) {
    this.grant = grant;
    this.executable = executable;
    this.#directory = directory;
  }

  /** @throws as `node:fs` does, when the directory is not there. */
  static inDirectory(grant: RunGrant, executable: Executable, base: string): HeldCommand {
    const cwd = path.resolve(base, grant.cwd ?? ".");
    return new HeldCommand(grant, executable, walksByDescriptor() ? Directory.open(cwd) : fs.realpathSync.native(cwd));
  }

  /** The same executable and the same directory for a grant that allows less. */
  narrow(grant: RunGrant): HeldCommand {
    const directory = typeof this.#directory === "string" ? this.#directory : this.#directory.again();
    return new HeldCommand(grant, this.executable.again(grant.pin === true), directory);
  }

  /** A path of the directory to run in: the one that was there when the context was made, where that can be held. */
  get cwd(): string {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return typeof this.#directory === "string" ? this.#directory : this.#directory.path;
  }

  [Symbol.dispose](): void {
    this.#isOpen = false;
    this.executable[Symbol.dispose]();
    if (typeof this.#directory !== "string") this.#directory.close();
  }
}
