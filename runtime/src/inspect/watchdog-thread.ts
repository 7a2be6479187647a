/** The thread of the watchdog: says to the viewer who keeps the event loop of the main thread, which cannot say it itself. */
import { Session } from "node:inspector";
import { connect } from "node:net";
import { workerData } from "node:worker_threads";
import { HOOK_KEY, type ProgramFrame } from "./protocol.ts";
import { MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import type { WatchdogData } from "./watchdog.ts";

/** V8 evaluates it between two instructions of whatever the main thread runs. */
const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})].runner ?? null`;

interface Evaluation {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: unknown;
}

const { endpoint, hello } = workerData as WatchdogData;
const socket = connect(endpoint);
const push = (frame: ProgramFrame): void => {
  if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`);
};

let rest = "";
socket.setEncoding("utf8");
socket.on("connect", () => push(hello));
socket.on("error", () => process.exit(0));
socket.on("close", () => process.exit(0));
socket.on("data", (text: string | Buffer) => {
  const lines = (rest + String(text)).split("\n");
  rest = lines.pop() ?? "";
  if (rest.length > MAX_FRAME_LENGTH) socket.destroy();
  for (const line of lines) answer(line);
});

/** Answers what it can; the rest is for the program. */
function answer(line: string): void {
  const frame = read(line);
  if (frame === undefined || typeof frame.id !== "number") return;
  const { id, type } = frame;
  if (type === "ping") push({ type: "reply", id, ok: true });
  else if (type === "who") ask((value) => push({ type: "reply", id, ok: true, value }));
  else push({ type: "reply", id, ok: false, code: "ERR_NOT_SUPPORTED", message: "a watchdog only says who runs" });
}

function read(line: string): { readonly id?: unknown; readonly type?: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(line);
    return typeof frame === "object" && frame !== null ? frame : undefined;
  } catch {
    return undefined; // the viewer hears of it from the program, which reads the same
  }
}

/** Without an answer from V8 (a call into native code that does not return) there is none for the viewer either. */
function ask(done: (runner: unknown) => void): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: EXPRESSION, returnByValue: true, silent: true }, (error, reply) => {
    const { result, exceptionDetails } = (reply ?? {}) as Evaluation;
    done(error === null && exceptionDetails === undefined ? (result?.value ?? null) : null);
    session.disconnect();
  });
}
