/** A thread beside the program that answers a viewer while the program itself cannot: it asks V8 from outside. */
import { Worker } from "node:worker_threads";
import type { ProgramFrame } from "./protocol.ts";
import type { Ending } from "./session.ts";

/** What the thread is told: to whom it is to connect, or, without that, that this connection is over. */
export interface Watch {
  /** Which connection. */
  readonly number: number;
  readonly viewer?: {
    /** Path of its socket or pipe. */
    readonly endpoint: string;
    /** How to introduce itself. */
    readonly hello: ProgramFrame;
  };
}

/**
 * One for the whole life of the process, since a viewer looked on for the first time. It is never ended while the program runs: Node
 * aborts the process when a thread ends whose inspector session the main thread is just letting go, and a thread that starts waits for
 * a debugger that is attached, however dead that is.
 */
let thread: Worker | undefined;
let lastNumber = 0;

/**
 * Lets the thread connect to the viewer as the program did. It never keeps the process alive; its connection ends with the viewer's end
 * of it, or when it is told so.
 *
 * @throws {Error} when threads are denied (`--permission`).
 */
export function startWatchdog(endpoint: string, hello: ProgramFrame): Ending {
  thread ??= startThread();
  const at = thread;
  const number = ++lastNumber;
  const beside = { ...hello, watchdog: true, capabilities: ["ping", "who"] } as ProgramFrame;
  at.postMessage({ number, viewer: { endpoint, hello: beside } } satisfies Watch);
  return { end: () => at.postMessage({ number } satisfies Watch) };
}

function startThread(): Worker {
  const started = new Worker(new URL(`./watchdog-thread${import.meta.url.slice(-3)}`, import.meta.url), {
    name: "airssys watchdog",
    stdin: false,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  started.unref();
  // What it cannot do is seen by the viewer: it does not come, or does not answer.
  started.on("error", (error) => console.error(`[airssys] inspection: the watchdog has ended: ${error.message}`));
  started.on("exit", () => {
    if (thread === started) thread = undefined;
  });
  return started;
}
