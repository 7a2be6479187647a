/** One process that runs tests, with all that it starts: it is ended with them. */
import { type ChildProcess, spawn } from "node:child_process";

/** Milliseconds between asking a run to end and ending it. */
const GRACE_MS = 2_000;

export interface TestCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface TestExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it never began. */
  readonly error?: string;
}

export class TestProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<TestExit>;
  #hasExited = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param onOutput hears what it writes, as it comes. */
  constructor({ command, args, cwd, env }: TestCommand, onOutput: (text: string) => void) {
    // A group of its own, which is ended as a whole.
    this.#child = spawn(command, [...args], {
      cwd,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", onOutput);
    }
    this.exited = new Promise((resolve) => {
      const end = (exit: TestExit): void => {
        this.#hasExited = true;
        clearTimeout(this.#timer);
        resolve(exit);
      };
      this.#child.once("error", (error) => end({ code: null, signal: null, error: error.message }));
      this.#child.once("close", (code, signal) => end({ code, signal }));
    });
  }

  /** Ends it and its children: asked first, then made to. */
  end(): void {
    if (this.#hasExited || this.#timer !== undefined) return;
    this.#signal("SIGTERM");
    this.#timer = setTimeout(() => this.#signal("SIGKILL"), GRACE_MS);
  }

  #signal(name: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      const [command, ...args] = treeKill(pid);
      spawn(command, args, { stdio: "ignore", windowsHide: true }).once("error", () => this.#child.kill());
      return;
    }
    try {
      process.kill(-pid, name);
    } catch {
      // All of it has ended meanwhile.
    }
  }
}

/** What ends a process of Windows with all that it has started. */
export function treeKill(pid: number): readonly [command: string, ...args: string[]] {
  return ["taskkill", "/pid", String(pid), "/T", "/F"];
}
