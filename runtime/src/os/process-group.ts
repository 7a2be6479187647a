/** One started process with its group: signals reach all of it, and none after it has ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { codeOf, failure } from "./directory.ts";
import type { Launch } from "./launch.ts";
import { COOKIE_NAME, orphanWatcher } from "./orphan-watcher.ts";
import { FileOperationError } from "./os-errors.ts";
import { type EndingMeans, endingMeansOn } from "./process-means.ts";

/** How a process ended. */
export interface ProcessEnd {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A process as the leader of a group of its own.
 *
 * When it exits, what is left of its group is killed: a grandchild that holds a pipe would keep its output open for ever. What left the
 * group is killed a little later (see `orphan-watcher.ts`).
 */
export class ProcessGroup {
  readonly pid: number;
  readonly input: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process has exited and its group is gone. */
  readonly ended: Promise<ProcessEnd>;
  readonly #means: EndingMeans;
  #isRunning = true;

  private constructor(child: ChildProcess, pid: number, means: EndingMeans, number: number) {
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw new TypeError("a process has three pipes");
    this.pid = pid;
    this.input = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.#means = means;
    // Whoever writes hears of it; without a listener the end of the reader would end this program.
    stdin.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        if (means === "group") this.#kill("SIGKILL");
        this.#isRunning = false;
        orphanWatcher.remove(pid, number);
        resolve({ code, signal });
      });
    });
  }

  /**
   * Starts a process. The watcher is there before it, and is told of it.
   *
   * @throws {FileOperationError} when the system cannot start it.
   */
  static async start(launch: Launch): Promise<ProcessGroup> {
    const { command } = launch;
    await orphanWatcher.ready();
    const means = endingMeansOn(process.platform);
    const { number, value } = orphanWatcher.mark();
    const child = begin(launch, value, means);
    const { pid } = child;
    if (pid === undefined) {
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => child.once("error", resolve));
      throw new FileOperationError("spawn", command, error.code ?? "EIO");
    }
    orphanWatcher.add(pid);
    return new ProcessGroup(child, pid, means, number);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** To the whole group. @returns false when nobody got it: it has exited, and its number may be another's by now. */
  signal(signal: NodeJS.Signals): boolean {
    if (!this.#isRunning) return false;
    if (this.#means === "tree") return endTree(this.pid);
    const isSent = this.#kill(signal);
    // A process that is stopped does not see the order to end before it goes on.
    if (signal === "SIGTERM") this.#kill("SIGCONT");
    return isSent;
  }

  #kill(signal: NodeJS.Signals): boolean {
    return sent(-this.pid, signal);
  }
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // Nobody is left in it, or all of it belongs to another user by now.
    if (["ESRCH", "EPERM"].includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Windows (untested): with all that it started, as long as it runs itself. */
function endTree(pid: number): boolean {
  const taskkill = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
  spawn(taskkill, ["/PID", `${pid}`, "/T", "/F"], { stdio: "ignore", windowsHide: true }).once("error", () =>
    sent(pid, "SIGKILL"),
  );
  return true;
}

/** @throws {FileOperationError} where the system says no at once: to more arguments than it takes, to a format it does not know. */
function begin({ command, path, argv, env, cwd }: Launch, mark: string, means: EndingMeans): ChildProcess {
  try {
    return spawn(path, argv, {
      argv0: command,
      cwd,
      env: { ...env, [COOKIE_NAME]: mark },
      detached: means === "group",
      shell: false,
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
  } catch (error) {
    throw failure(error, { operation: "spawn", target: command });
  }
}
