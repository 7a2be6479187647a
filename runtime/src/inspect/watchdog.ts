/** A thread beside the program that answers a viewer while the program itself cannot: it asks V8 from outside. */
import { Worker } from "node:worker_threads";
import type { ProgramFrame } from "./protocol.ts";
import type { Ending } from "./session.ts";

/** What the thread needs to know. */
export interface WatchdogData {
  /** Path of the viewer's socket or pipe. */
  readonly endpoint: string;
  /** How it introduces itself. */
  readonly hello: ProgramFrame;
}

/**
 * Starts the thread, which connects to the viewer as the program did. It never keeps the process alive, and ends with its
 * connection.
 *
 * @throws {Error} when threads are denied (`--permission`).
 */
export function startWatchdog(endpoint: string, hello: ProgramFrame): Ending {
  const workerData: WatchdogData = {
    endpoint,
    hello: { ...hello, watchdog: true, capabilities: ["ping", "who"] } as ProgramFrame,
  };
  const worker = new Worker(new URL(`./watchdog-thread${import.meta.url.slice(-3)}`, import.meta.url), {
    workerData,
    name: "airssys watchdog",
    stdin: false,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  worker.unref();
  // What it cannot do is seen by the viewer: it does not come, or does not answer.
  worker.on("error", (error) => console.error(`[airssys] inspection: the watchdog has ended: ${error.message}`));
  return { end: () => void worker.terminate() };
}
