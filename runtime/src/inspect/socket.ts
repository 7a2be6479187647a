/** The way to a viewer that listens on a socket or a pipe: the program connects, shows its token and speaks in lines. */
import { connect, type Socket } from "node:net";
import { complain } from "./complaint.ts";
import { MAX_FRAME_LENGTH, type ProgramFrame } from "./protocol.ts";
import { type Ending, InspectSession, type Outlet } from "./session.ts";
import { startWatchdog } from "./watchdog.ts";

/** Bytes that may wait for a slow viewer before nothing more is read from it, or reported to it. */
const CONGESTED_AT = 4 * 1024 * 1024;
/** Milliseconds of answering before the program gets its turn. */
const SLICE_MS = 8;

/**
 * Connects to a viewer. A viewer that is not there, goes away or talks nonsense never harms the program: the session ends, and one
 * line on standard error says why.
 */
export function connectToViewer(path: string, hello: ProgramFrame, go: () => void): void {
  const socket = connect(path);
  socket.unref();
  const outlet = new SocketOutlet(socket, () => startWatchdog(path, hello));
  const session = new InspectSession(outlet, go);
  const requests = new Requests(socket, outlet, session);
  socket.setEncoding("utf8");
  socket.on("connect", () => outlet.push(JSON.stringify(hello)));
  socket.on("data", (text: string | Buffer) => requests.take(String(text)));
  socket.on("drain", () => requests.answer());
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

  push(frame: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${frame}\n`);
  }

  refused(code: string, message: string): void {
    complain(`the viewer refused this program: ${message} (${code})`);
    this.#socket.destroy();
  }
}

/**
 * What the viewer says, answered no faster than it takes the answers, and a few milliseconds at a time: whoever asks without end, or
 * without reading, waits itself, and costs the program neither memory nor its turns.
 */
class Requests {
  readonly #socket: Socket;
  readonly #outlet: Outlet;
  readonly #session: InspectSession;
  readonly #lines = new LineReader();
  #isResting = false;

  constructor(socket: Socket, outlet: Outlet, session: InspectSession) {
    this.#socket = socket;
    this.#outlet = outlet;
    this.#session = session;
  }

  take(text: string): void {
    if (!this.#lines.push(text)) {
      complain(`the viewer sent a line of more than ${MAX_FRAME_LENGTH} characters`);
      this.#socket.destroy();
      return;
    }
    this.answer();
  }

  /** Answers what has arrived, as far as that is possible now. */
  answer(): void {
    if (this.#isResting || this.#socket.destroyed) return;
    const untilMs = performance.now() + SLICE_MS;
    while (!this.#outlet.isCongested && performance.now() < untilMs) {
      const line = this.#lines.next();
      if (line === undefined) {
        this.#socket.resume();
        return;
      }
      const answer = this.#session.receive(line);
      if (answer !== undefined) this.#outlet.push(answer);
    }
    this.#socket.pause();
    // Where it is full, its draining goes on from here.
    if (!this.#outlet.isCongested) this.#rest();
  }

  #rest(): void {
    this.#isResting = true;
    setImmediate(() => {
      this.#isResting = false;
      this.answer();
    }).unref();
  }
}

/** Cuts a stream of text into lines. */
class LineReader {
  #parts: string[] = [];
  #length = 0;
  #lines: string[] = [];
  #at = 0;

  /** @returns false when a line grows too long. */
  push(text: string): boolean {
    const pieces = text.split("\n");
    const rest = pieces.pop() ?? "";
    if (pieces.length > 0) {
      pieces[0] = this.#parts.join("") + (pieces[0] ?? "");
      this.#parts = [];
      this.#length = 0;
      this.#lines = [...this.#lines.slice(this.#at), ...pieces];
      this.#at = 0;
    }
    this.#parts.push(rest);
    this.#length += rest.length;
    return this.#length <= MAX_FRAME_LENGTH;
  }

  /** The next line that is not empty, if it has arrived. */
  next(): string | undefined {
    while (this.#at < this.#lines.length) {
      const line = (this.#lines[this.#at++] ?? "").trim();
      if (line !== "") return line;
    }
    this.#lines = [];
    this.#at = 0;
    return undefined;
  }
}
