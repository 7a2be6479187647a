/** The way to a viewer that listens on a socket or a pipe: the program connects, shows its token and speaks in lines. */
import { connect, type Socket } from "node:net";
import { complain } from "./complaint.ts";
import type { ProgramFrame } from "./protocol.ts";
import { MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import { type Ending, InspectSession, type Outlet } from "./session.ts";
import { startWatchdog } from "./watchdog.ts";

/** Bytes that may wait for a slow viewer before nothing more is read from it, or reported to it. */
const CONGESTED_AT = 4 * 1024 * 1024;
/** Milliseconds between two attempts to find a viewer again that went away without a word. */
const AGAIN_MS = 500;
/** Milliseconds after which it will not come back. */
const AGAIN_LIMIT_MS = 600_000;
/** Milliseconds of answering before the program gets its turn. */
const SLICE_MS = 8;

/**
 * Connects to a viewer. A viewer that is not there, goes away or talks nonsense never harms the program: the session ends, and one
 * line on standard error says why. One that was there and goes away without a word, as one that is killed does, is looked for again.
 */
export function connectToViewer(path: string, hello: ProgramFrame, go: () => void): void {
  dial(path, hello, go, undefined);
}

/** @param lostAtMs when the viewer was lost that is looked for */
function dial(path: string, hello: ProgramFrame, go: () => void, lostAtMs: number | undefined): void {
  const socket = connect(path);
  let hasSpoken = false;
  socket.unref();
  const outlet = new SocketOutlet(socket, () => startWatchdog(path, hello));
  const session = new InspectSession(outlet, go);
  const requests = new Requests(socket, outlet, session);
  socket.setEncoding("utf8");
  socket.on("connect", () => outlet.push(JSON.stringify(hello)));
  socket.on("data", (text: string | Buffer) => {
    hasSpoken = true;
    requests.take(String(text));
  });
  socket.on("drain", () => requests.answer());
  socket.on("error", (error) => {
    if (lostAtMs === undefined) complain(`no connection to the viewer: ${error.message}`);
  });
  socket.on("close", () => {
    session.close();
    const lostMs = hasSpoken ? performance.now() : lostAtMs;
    if (outlet.isOver || lostMs === undefined || performance.now() - lostMs > AGAIN_LIMIT_MS) return;
    setTimeout(() => dial(path, hello, go, lostMs), AGAIN_MS).unref();
  });
}

class SocketOutlet implements Outlet {
  readonly #socket: Socket;

  /** Starts the thread that answers the viewer while this one cannot. */
  readonly startWatchdog: () => Ending;

  /** The viewer has said that this was all. */
  isOver = false;

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
    this.isOver = true;
    complain(`the viewer refused this program: ${message} (${code})`);
    this.#socket.destroy();
  }

  left(): void {
    this.isOver = true;
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
