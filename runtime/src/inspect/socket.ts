/** The way to a viewer that listens on a socket or a pipe: the program connects, shows its token and speaks in lines. */
import { connect, type Socket } from "node:net";
import { MAX_FRAME_LENGTH, type ProgramFrame } from "./protocol.ts";
import { type Ending, InspectSession, type Outlet } from "./session.ts";
import { startWatchdog } from "./watchdog.ts";

/** Bytes that may wait for a slow viewer before reports are left out. */
const CONGESTED_AT = 4 * 1024 * 1024;

/**
 * Connects to a viewer. A viewer that is not there, goes away or talks nonsense never harms the program: the session ends, and one
 * line on standard error says why.
 */
export function connectToViewer(path: string, hello: ProgramFrame, go: () => void): void {
  const socket = connect(path);
  socket.unref();
  const outlet = new SocketOutlet(socket, () => startWatchdog(path, hello));
  const session = new InspectSession(outlet, go);
  const lines = new LineReader((line) => {
    const answer = session.receive(line);
    if (answer !== undefined) outlet.push(answer);
  });
  socket.setEncoding("utf8");
  socket.on("connect", () => outlet.push(hello));
  socket.on("data", (text: string | Buffer) => {
    if (lines.take(String(text))) return;
    complain(`the viewer sent a line of more than ${MAX_FRAME_LENGTH} characters`);
    socket.destroy();
  });
  socket.on("error", (error) => complain(`no connection to the viewer: ${error.message}`));
  socket.on("close", () => session.close());
}

class SocketOutlet implements Outlet {
  readonly #socket: Socket;

  /** Starts the thread that answers the viewer while this one cannot. */
  readonly startWatchdog: () => Ending;

  constructor(socket: Socket, startWatchdog: () => Ending) {
    this.#socket = socket;
    this.startWatchdog = startWatchdog;
  }

  get isCongested(): boolean {
    return this.#socket.writableLength > CONGESTED_AT;
  }

  push(frame: ProgramFrame): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(frame)}\n`);
  }

  refused(code: string, message: string): void {
    complain(`the viewer refused this program: ${message} (${code})`);
    this.#socket.destroy();
  }
}

/** Cuts a stream of text into lines. */
class LineReader {
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** @returns false when a line grows too long. */
  take(text: string): boolean {
    this.#rest += text;
    for (let end = this.#rest.indexOf("\n"); end >= 0; end = this.#rest.indexOf("\n")) {
      const line = this.#rest.slice(0, end).trim();
      this.#rest = this.#rest.slice(end + 1);
      if (line !== "") this.#onLine(line);
    }
    return this.#rest.length <= MAX_FRAME_LENGTH;
  }
}

function complain(text: string): void {
  console.error(`[airssys] inspection: ${text}`);
}
