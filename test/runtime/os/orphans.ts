/** Kills a program that has processes, and looks for what is left of them. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export type Death = "SIGKILL" | "between" | "uncaught" | "watcher";

/** Milliseconds after which nothing may be left. */
const LIMIT_MS = 1_000;

/** Processes whose environment, or whose command line, has this text. */
function carrying(file: "environ" | "cmdline", text: string): number[] {
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      return fs.readFileSync(`/proc/${name}/${file}`, "latin1").includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Processes of a group, without those that have ended and that nobody asked for yet. */
export function aliveInGroup(group: number): number[] {
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, state, , of] = /\) (\w) (\d+) (\d+)/.exec(fs.readFileSync(`/proc/${name}/stat`, "latin1")) ?? [];
      return state !== "Z" && Number(of) === group ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** The shell that watches over the processes with this cookie. */
function watcherOf(cookie: string): number | undefined {
  return carrying("cmdline", `airssys-orphans\0${cookie}`)[0];
}

/** Also when it has ended meanwhile. */
function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns how many processes there were, and how many are left after the limit. */
export async function orphansAfter(death: Death): Promise<{ before: number; left: number; ms: number }> {
  const program = spawn(process.execPath, [path.join(import.meta.dirname, "doomed.mjs"), death], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => program.once("exit", () => resolve()));
  const cookie = await new Promise<string>((resolve, reject) => {
    program.stdout.once("data", (text: Buffer) => resolve(text.toString().trim()));
    program.stdout.once("end", () => reject(new Error("the program ended before it had processes")));
  });
  const remaining = (): readonly number[] => carrying("environ", `AIRSSYS_OS=${cookie}`);
  // While one program takes the place of another, its environment cannot be read.
  while (remaining().length < 3 && program.exitCode === null && program.signalCode === null) await pause(5);
  const before = remaining().length;
  if (death === "watcher") {
    const watcher = watcherOf(cookie) as number;
    process.kill(watcher, "SIGKILL");
    // It is started again; the program is killed only then.
    while ([undefined, watcher].includes(watcherOf(cookie))) await pause(5);
  }
  if (death === "SIGKILL" || death === "watcher") program.kill("SIGKILL");
  await ended;
  const killedAt = performance.now();
  // The watcher ends when it finds nobody any more: until then one may be between two programs, and unseen.
  const isOver = (): boolean => watcherOf(cookie) === undefined && remaining().length === 0;
  while (!isOver() && performance.now() - killedAt < LIMIT_MS) await pause(10);
  const ms = performance.now() - killedAt;
  const left = remaining();
  for (const pid of left) end(pid);
  return { before, left: left.length, ms };
}
