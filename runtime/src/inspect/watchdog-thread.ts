/** The thread of the watchdog: says to viewers who keeps the event loop of the main thread, which cannot say it itself. */
import { Session } from "node:inspector";
import { connect, type Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { HOOK_KEY, type InspectErrorCode, type ProgramFrame } from "./protocol.ts";
import { MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import type { Watch } from "./watchdog.ts";

/** V8 evaluates it between two instructions of whatever the main thread runs. */
const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})].runner ?? null`;

/** Who may wait for one evaluation, and characters that may wait for a viewer that does not read. */
const WAITING_LIMIT = 1_000;
const UNREAD_LIMIT = 1_000_000;

interface Evaluation {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: unknown;
}

const sockets = new Map<number, Socket>();
/** Who waits for the evaluation that is under way; none while nobody asks. */
let asking: ((runner: unknown) => void)[] = [];

parentPort?.on("message", ({ number, viewer }: Watch) => {
  if (viewer === undefined) sockets.get(number)?.destroy();
  else sockets.set(number, dial(number, viewer));
});

function dial(number: number, { endpoint, hello }: NonNullable<Watch["viewer"]>): Socket {
  const socket = connect(endpoint);
  const push = (frame: ProgramFrame): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`);
    if (socket.writableLength > UNREAD_LIMIT) socket.destroy();
  };
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("connect", () => push(hello));
  socket.on("error", () => {}); // it closes, which is all that there is to it
  socket.on("close", () => sockets.delete(number));
  socket.on("data", (text: string | Buffer) => {
    const lines = (rest + String(text)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_FRAME_LENGTH) socket.destroy();
    for (const line of lines) answer(line, push);
  });
  return socket;
}

/** Answers what it can; the rest is for the program. */
function answer(line: string, push: (frame: ProgramFrame) => void): void {
  const frame = read(line);
  if (frame === undefined || typeof frame.id !== "number") return;
  const { id, type } = frame;
  if (type === "ping") push({ type: "reply", id, ok: true });
  else if (type !== "who") push(refusal(id, "ERR_NOT_SUPPORTED", "a watchdog only says who runs"));
  else if (asking.length < WAITING_LIMIT) ask((value) => push({ type: "reply", id, ok: true, value }));
  else push(refusal(id, "ERR_TOO_MANY_REQUESTS", `${asking.length} requests have not been answered yet`));
}

function refusal(id: number, code: InspectErrorCode, message: string): ProgramFrame {
  return { type: "reply", id, ok: false, code, message };
}

function read(line: string): { readonly id?: unknown; readonly type?: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(line);
    return typeof frame === "object" && frame !== null ? frame : undefined;
  } catch {
    return undefined; // the viewer hears of it from the program, which reads the same
  }
}

/**
 * Without an answer from V8 (a call into native code that does not return) there is none for the viewer either. All who ask meanwhile
 * get the same answer, by one session: a session that stays would keep the process from ending.
 */
function ask(done: (runner: unknown) => void): void {
  if (asking.push(done) > 1) return;
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: EXPRESSION, returnByValue: true, silent: true }, (error, reply) => {
    const { result, exceptionDetails } = (reply ?? {}) as Evaluation;
    const runner = error === null && exceptionDetails === undefined ? (result?.value ?? null) : null;
    session.disconnect();
    const waiting = asking;
    asking = [];
    for (const each of waiting) each(runner);
  });
}
