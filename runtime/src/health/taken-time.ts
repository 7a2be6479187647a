/** Time that others took from this thread: it could have run, and had no processor. */
import { readFileSync } from "node:fs";
import { machineMs } from "../values/clock.ts";

/** What Linux keeps of each thread: nanoseconds on a processor, nanoseconds ready without one, and how many times it had one. */
const ACCOUNT = "/proc/thread-self/schedstat";

const NS_PER_MS = 1_000_000;
const US_PER_MS = 1_000;

/** More than any callback takes. */
const LONG_MS = 1e9;
let heldMs = 0;

/** A debugger holds the program: whatever is under way takes as long as a person looks at it, and is nobody's fault. */
export function noteHeld(): void {
  heldMs += LONG_MS;
}

const takenByOthers: () => number = taken(ACCOUNT) === undefined ? () => idleMs() : () => taken(ACCOUNT) ?? 0;

/**
 * Milliseconds taken so far; only differences mean something. Where the operating system does not tell how long a thread had to wait
 * for a processor, it is all the time in which it had none: what waits for a disk is then not told from what others took. Where a debugger held the program
 * ({@link noteHeld}) it is more than anything took.
 */
export function takenMs(): number {
  return takenByOthers() + heldMs;
}

function taken(account: string): number | undefined {
  try {
    const ns = Number(readFileSync(account, "latin1").split(" ")[1]);
    return Number.isFinite(ns) ? ns / NS_PER_MS : undefined;
  } catch {
    return undefined;
  }
}

function idleMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return machineMs() - (user + system) / US_PER_MS;
}
