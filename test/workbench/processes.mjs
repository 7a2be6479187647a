// Starts processes and ends them again, down to the last descendant, and never one that somebody else started.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** A command that ended with something else than 0. */
export class CommandFailedError extends Error {
  name = "CommandFailedError";

  /**
   * @param {string} command as a person would type it
   * @param {number | string | null} code exit code, or the name of the signal
   * @param {string} output what it printed
   */
  constructor(command, code, output) {
    super(`"${command}" ended with ${code}${output ? `\n${output}` : ""}`);
    this.code = code;
  }
}

/** The commands that `run` has started and that have not ended. */
const running = new Set();

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show` passes the output on; otherwise it is
 *   kept for the error alone
 * @returns {Promise<string>} what it printed on standard output, empty with `show`
 * @throws {CommandFailedError} when it ends with another status than 0, or cannot be started
 */
export async function run(command, args, { cwd, env = process.env, show = false } = {}) {
  const shell = process.platform === "win32"; // npm is npm.cmd there
  const output = show ? "inherit" : "pipe";
  // A process group of its own, so that npm can be ended together with what it started.
  const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", output, output], detached: !shell });
  running.add(child);
  let stdout = "";
  let printed = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
    printed += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    printed += chunk;
  });
  const code = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (status, name) => resolve(status ?? name));
  });
  running.delete(child);
  if (code !== 0) throw new CommandFailedError([command, ...args].join(" "), code, excerpt(printed.trim()));
  return stdout;
}

/** The beginning and the end of a long text; programs name the fault in the one or in the other. */
function excerpt(text) {
  return text.length <= 6000 ? text : `${text.slice(0, 2000)}\n…\n${text.slice(-4000)}`;
}

/**
 * Makes a mark that every descendant of a process inherits through its environment, so that the descendants can be found
 * later even when they left the process group (terminals do).
 *
 * @returns {{ name: string, env: Record<string, string> }} `env` is to be merged into the environment of the child
 */
export function createOwner() {
  const name = `AIRSSYS_OWNER_${randomBytes(8).toString("hex")}`;
  return { name, env: { [name]: "1" } };
}

/**
 * @param {number} pid
 * @returns {string} with its arguments; empty when it has ended, or where there is no /proc
 */
export function commandOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // ended meanwhile
  }
}

/**
 * Finds the living processes that carry a mark. Looks into /proc and therefore finds nothing on other systems than Linux,
 * where the process group has to do.
 *
 * @param {string} ownerName
 * @returns {number[]} process ids, without the calling process
 */
export function ownedProcesses(ownerName) {
  if (process.platform !== "linux") return [];
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${ownerName}=`);
      } catch {
        return false; // ended meanwhile, or belongs to another user
      }
    })
    .map(Number);
}

/**
 * Ends every process that carries the mark: politely first, then for good.
 *
 * @param {string} ownerName
 * @param {number} [graceMs] how long they may take to end by themselves; 0 kills at once
 */
export async function endOwned(ownerName, graceMs = 2000) {
  if (graceMs > 0) {
    for (const pid of ownedProcesses(ownerName)) signal(pid, "SIGTERM");
    for (const end = Date.now() + graceMs; Date.now() < end && ownedProcesses(ownerName).length > 0; ) await delay(50);
  }
  // A process may start another one between the look and the kill: look until nothing is left.
  for (let round = 0; round < 20; round++) {
    const pids = ownedProcesses(ownerName);
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, "SIGKILL");
    await delay(25);
  }
}

/**
 * Sends a signal to a process or, with a negative id, to a process group that this program created.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} name
 * @returns {boolean} false when there is no such process any more
 */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/** @param {number} pid @returns {boolean} */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Ends the commands of `run` and calls `end`, once, for whichever comes first: a signal, or the death of the parent process.
 * A parent that was killed cannot pass a signal on, so its process id is watched.
 *
 * @param {(reason: string) => void} end
 */
export function onTermination(end) {
  let called = false;
  const once = (reason) => {
    if (called) return;
    called = true;
    for (const child of running) if (child.pid) signal(-child.pid, "SIGTERM");
    end(reason);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => once(name));
  const parent = process.ppid;
  const watch = () => process.ppid !== parent && once("the parent process ended");
  setInterval(watch, 500).unref();
}

/** @param {string} url `import.meta.url` of a module @returns {boolean} whether that module is the program that was started */
export function isProgram(url) {
  return process.argv[1] !== undefined && url === pathToFileURL(fs.realpathSync(process.argv[1])).href;
}
