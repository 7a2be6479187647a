/** How each system ends a process with all that it started, and which signals there are. Pure. */
import { constants } from "node:os";

/**
 * How a process is ended with all that it started.
 *
 * | means | where | a process is | a signal | when this program ends |
 * |---|---|---|---|---|
 * | `group` | Linux, macOS (untested) | the leader of a group | goes to the group | a shell that outlives us kills the groups; on Linux also what left them |
 * | `tree` | Windows (untested) | in the job of this program | ends it and what it started (`taskkill /T /F`) | the job ends with us; what children started is not surely in it |
 */
export type EndingMeans = "group" | "tree";

export function endingMeansOn(platform: NodeJS.Platform): EndingMeans {
  return platform === "win32" ? "tree" : "group";
}

/** Signals that end a process on Windows, at once; others cannot be sent there. */
const WINDOWS_SIGNALS: readonly unknown[] = ["SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT"];

/** Whether this is a signal that can be sent on a system. */
export function isSignalOn(platform: NodeJS.Platform, signal: unknown): signal is NodeJS.Signals {
  if (typeof signal !== "string" || !Object.hasOwn(constants.signals, signal)) return false;
  return platform !== "win32" || WINDOWS_SIGNALS.includes(signal);
}
