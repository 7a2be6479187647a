/** The socket or pipe to which programs connect that run without a debugger. Knows no editor. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { ENV_ENDPOINT, ENV_TOKEN } from "airssys-rt/inspect";
import { FOLDER, isListening, SOCKET } from "./leftovers.ts";
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

/** The way into a window: an extension host that comes after one that was killed takes it up, and programs find it again. */
export interface WayIn {
  readonly endpoint: string;
  /** Tokens, by what they were given for; the oldest first. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** Where the way in is kept while the window lasts. */
export interface WindowMemory {
  /** As another extension host of this window left it. */
  readonly found: WayIn | undefined;
  keep(way: WayIn): void;
}

const NO_MEMORY: WindowMemory = { found: undefined, keep: () => {} };

/** Tokens that are kept: launches before these have ended. */
const KEPT_TOKENS = 50;

interface Admission {
  readonly sessions: Set<Session>;
  readonly seen: () => void;
}

export class Listener {
  readonly #meet: (welcome: Welcome) => Session;
  readonly #memory: WindowMemory;
  readonly #tokens = new Map<string, Admission>();
  /** By what they were given for. */
  readonly #given: Map<string, string>;
  #opening: Promise<string> | undefined;
  #server: net.Server | undefined;
  #folder: string | undefined;
  readonly #removeFolder = (): void => {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  };

  constructor(meet: (welcome: Welcome) => Session, memory: WindowMemory = NO_MEMORY) {
    this.#meet = meet;
    this.#memory = memory;
    this.#given = new Map(Object.entries(memory.found?.tokens ?? {}));
    for (const token of this.#given.values()) this.#tokens.set(token, { sessions: new Set(), seen: () => {} });
  }

  /** The folder of the socket that is taken up again, if there is one. */
  get found(): string | undefined {
    return this.#memory.found && path.dirname(this.#memory.found.endpoint);
  }

  /** Listens where the extension host before this one did, if there was one. */
  async resume(): Promise<void> {
    if (this.#memory.found) await this.#listen();
  }

  /**
   * Opens the socket when it is needed for the first time.
   *
   * @param purpose names what the ticket is for; who had one for the same before gets the same token
   * @param seen is told of each program that comes with the ticket
   */
  async admit(purpose: string, seen: () => void = () => {}): Promise<Ticket> {
    const endpoint = await this.#listen();
    const token = this.#given.get(purpose) ?? randomBytes(24).toString("base64url");
    const sessions = this.#tokens.get(token)?.sessions ?? new Set<Session>();
    this.#tokens.set(token, { sessions, seen });
    this.#given.delete(purpose);
    this.#given.set(purpose, token);
    this.#memory.keep({ endpoint, tokens: Object.fromEntries([...this.#given].slice(-KEPT_TOKENS)) });
    return {
      env: { [ENV_ENDPOINT]: endpoint, [ENV_TOKEN]: token },
      end: () => {
        for (const session of sessions) session.end();
      },
    };
  }

  close(): void {
    this.#server?.close();
    this.#removeFolder();
    process.off("exit", this.#removeFolder);
    for (const { sessions } of this.#tokens.values()) for (const session of sessions) session.end();
    this.#tokens.clear();
    this.#server = this.#folder = this.#opening = undefined;
  }

  #listen(): Promise<string> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<string> {
    const endpoint = (await this.#reopened()) ?? this.#address();
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

  /** The address that was left, if nobody listens there and only we can enter. */
  async #reopened(): Promise<string | undefined> {
    const { endpoint } = this.#memory.found ?? {};
    if (endpoint === undefined || (await isListening(endpoint))) return undefined;
    if (process.platform === "win32") return endpoint;
    const folder = path.dirname(endpoint);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { uid, mode } = lstatSync(folder);
      if (uid !== process.getuid?.() || (mode & 0o77) !== 0) return undefined;
      rmSync(endpoint, { force: true });
    } catch {
      return undefined; // it is somebody else's by now: another one is made
    }
    this.#own(folder);
    return endpoint;
  }

  /** A fresh folder only we can enter; on Windows a pipe whose name nobody can guess. */
  #address(): string {
    const name = `airssys-${randomBytes(16).toString("hex")}`;
    if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
    const folder = mkdtempSync(path.join(os.tmpdir(), FOLDER));
    this.#own(folder);
    return path.join(folder, SOCKET);
  }

  #own(folder: string): void {
    this.#folder = folder;
    // A window that is closed in a hurry ends without disposing of anything.
    process.once("exit", this.#removeFolder);
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
