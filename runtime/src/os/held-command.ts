/** A granted command with what it needs held: its executable, and the directory it runs in. */
import path from "node:path";
import { Directory } from "./directory.ts";
import { Executable } from "./executable.ts";
import type { RunGrant } from "./grant.ts";

export class HeldCommand implements Disposable {
  readonly grant: RunGrant;
  readonly executable: Executable;
  readonly directory: Directory;

  private constructor(grant: RunGrant, executable: Executable, directory: Directory) {
    this.grant = grant;
    this.executable = executable;
    this.directory = directory;
  }

  /** @throws as `node:fs` does, when the executable or the directory is not there. */
  static find(grant: RunGrant, base: string): HeldCommand {
    const executable = Executable.find(grant.command, grant.pin === true);
    return new HeldCommand(grant, executable, Directory.open(path.resolve(base, grant.cwd ?? ".")));
  }

  [Symbol.dispose](): void {
    this.executable[Symbol.dispose]();
    this.directory.close();
  }
}
