/** The socket or pipe to which programs connect that run without a debugger. Knows no editor. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { ENV_ENDPOINT, ENV_TOKEN } from "airssys-rt/inspect";
import { FOLDER, SOCKET } from "./leftovers.ts";
import type { Session } from "./session.ts";
import { converse } from "./socket-link.ts";
import type { Origin, Welcome } from "./welcome.ts";

/** Leave to connect for the processes of one launch. It lasts as long as the window: a restarted program comes with it again. */
export interface Ticket {
  /** Environment variables that tell the program where to connect, and the token. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the conversations there are: the launch is over. */
  end(): void;
}

interface Admission {
  readonly sessions: Set<Session>;
  readonly seen: () => void;
}

export class Listener {
  readonly #meet: (welcome: Welcome) => Session;
  readonly #tokens = new Map<string, Admission>();
  #opening: Promise<string> | undefined;
  #server: net.Server | undefined;
  #folder: string | undefined;

  constructor(meet: (welcome: Welcome) => Session) {
    this.#meet = meet;
  }

  /** Opens the socket when it is needed for the first time. @param seen is told of each program that comes with the ticket. */
  async admit(seen: () => void = () => {}): Promise<Ticket> {
    this.#opening ??= this.#open();
    const endpoint = await this.#opening;
    const token = randomBytes(24).toString("base64url");
    const sessions = new Set<Session>();
    this.#tokens.set(token, { sessions, seen });
    return {
      env: { [ENV_ENDPOINT]: endpoint, [ENV_TOKEN]: token },
      end: () => {
        for (const session of sessions) session.end();
      },
    };
  }

  close(): void {
    this.#server?.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    for (const { sessions } of this.#tokens.values()) for (const session of sessions) session.end();
    this.#tokens.clear();
    this.#server = this.#folder = this.#opening = undefined;
  }

  #open(): Promise<string> {
    const endpoint = this.#address();
    const server = net.createServer((socket) => this.#greet(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", (error) => {
        this.#opening = undefined;
        reject(error);
      });
      server.listen(endpoint, () => {
        if (this.#folder !== undefined) chmodSync(endpoint, 0o600);
        resolve(endpoint);
      });
    });
  }

  /** A fresh folder only we can enter; on Windows a pipe whose name nobody can guess. */
  #address(): string {
    const name = `airssys-${randomBytes(16).toString("hex")}`;
    if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
    const folder = mkdtempSync(path.join(os.tmpdir(), FOLDER));
    this.#folder = folder;
    // A window that is closed in a hurry ends without disposing of anything.
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return path.join(folder, SOCKET);
  }

  #greet(socket: net.Socket): void {
    const session: Session = converse(socket, (link) =>
      this.#meet({
        link,
        admit: ({ token }): Origin | undefined => {
          const admission = this.#admissionOf(token);
          admission?.sessions.add(session);
          admission?.seen();
          socket.once("close", () => admission?.sessions.delete(session));
          return admission && "running";
        },
      }),
    );
  }

  /** Compares with every token, each in constant time. */
  #admissionOf(token = ""): Admission | undefined {
    const shown = Buffer.from(token);
    let found: Admission | undefined;
    for (const [known, admission] of this.#tokens) {
      const bytes = Buffer.from(known);
      if (bytes.length === shown.length && timingSafeEqual(bytes, shown)) found = admission;
    }
    return found;
  }
}
