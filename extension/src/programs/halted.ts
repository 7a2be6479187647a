/** Whether the machine has stopped a process, as by Ctrl+Z: then nobody in it can say who keeps it. Knows no editor. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** @returns `false` also where nobody can tell */
export async function isHalted(pid: number): Promise<boolean> {
  try {
    if (process.platform === "linux") return isStop(stateIn(await readFile(`/proc/${pid}/stat`, "utf8")));
    if (process.platform === "win32") return false; // it knows no such state of a process
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=", "-p", String(pid)], { timeout: 2_000 });
    return isStop(stdout.trim());
  } catch {
    return false; // it has ended
  }
}

/** The name of the process stands before, in brackets, and may hold any letter. */
export function stateIn(stat: string): string {
  return stat.slice(stat.lastIndexOf(")") + 1).trim();
}

function isStop(state: string): boolean {
  return /^[Tt]/.test(state);
}
