/** Frames over a socket, one per line. Knows no editor. */
import type { Socket } from "node:net";
import { MAX_FRAME_LENGTH } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { duration } from "../text.ts";
import { LineReader } from "./lines.ts";
import type { Link, Session } from "./session.ts";

/** Milliseconds a program may take to say hello after it has connected. */
const HELLO_LIMIT_MS = 5_000;

/** Begins a conversation over `socket`; it ends with the socket, however that ends. */
export function converse(socket: Socket, meet: (link: Link) => Session): Session {
  const reader = new LineReader(MAX_FRAME_LENGTH);
  const session = meet({
    send: (frame) => {
      if (socket.writable) socket.write(`${frame}\n`);
    },
    close: () => socket.destroySoon(),
  });
  const impatience = setTimeout(() => {
    if (!session.isLive) session.refuse("ERR_BAD_FRAME", say("no hello within {0}", duration(HELLO_LIMIT_MS)));
  }, HELLO_LIMIT_MS);
  socket.on("data", (chunk) => read(reader, chunk, session));
  socket.on("error", () => session.end());
  socket.on("close", () => {
    clearTimeout(impatience);
    session.end();
  });
  return session;
}

function read(reader: LineReader, chunk: Buffer, session: Session): void {
  try {
    for (const line of reader.push(chunk)) session.receive(line);
  } catch (error) {
    session.refuse("ERR_FRAME_TOO_LONG", error instanceof Error ? error.message : String(error));
  }
}
