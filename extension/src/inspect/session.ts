/** One conversation with one program, over any link. Knows the protocol; knows neither sockets nor debuggers nor the editor. */
import {
  type Capability,
  type InspectErrorCode,
  MAX_FRAME_LENGTH,
  MIN_FRAME_LIMIT,
  PROTOCOL_VERSION,
  type ProgramFrame,
  type ViewerFrame,
} from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { duration } from "../text.ts";
import { FrameError, readFrame, readTree } from "./frame.ts";

export type Hello = Extract<ProgramFrame, { type: "hello" }>;
export type Snapshot = Extract<ProgramFrame, { type: "snapshot" }>;
export type Delta = Extract<ProgramFrame, { type: "delta" }>;
export type Stopped = Extract<ProgramFrame, { type: "stopped" }>;
export type FollowedFrame = Extract<ProgramFrame, { type: "messages" | "stats" | "unfollowed" }>;
export type ArmedFrame = Extract<ProgramFrame, { type: "armed" }>;

/** Carries frames to the program. `send` never throws: a dead link is reported through {@link Session.end}. */
export interface Link {
  send(frame: string): void;
  close(): void;
}

/** What happens in a conversation, in this order: `opened` once, `changed` any number of times, `ended` once. */
export interface SessionListener {
  /** @returns whether the program may speak: whether its token is right. */
  admits(hello: Hello): boolean;
  opened(hello: Hello): void;
  changed(frame: Snapshot | Delta): void;
  /** It stops for the debugger, and why; or what can be stopped at has changed. */
  stopping?(frame: Stopped | ArmedFrame): void;
  /** Messages, and how long they took. */
  followed?(frame: FollowedFrame): void;
  /** `fault` is there when the conversation ended because the program did not keep to the protocol. */
  ended(fault?: SessionFault): void;
  /** Something a reader of the log wants to know. */
  noted(text: string): void;
}

export interface SessionFault {
  readonly code: InspectErrorCode;
  readonly message: string;
}

/** A request the program refused, or did not answer. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Frames that are answered by a `reply`, without their id. */
export type Request = ViewerFrame extends infer F ? (F extends { readonly id: number } ? Omit<F, "id"> : never) : never;

interface Pending {
  /** What has arrived so far of an answer in parts. */
  readonly parts: unknown[];
  readonly resolve: (parts: readonly unknown[]) => void;
  readonly reject: (error: RequestError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** How often changes come, at most, and whether of all that changes. */
interface Pace {
  readonly intervalMs: number;
  readonly isQuiet: boolean;
}

/** Milliseconds a program may take for its last words, once its end is known from elsewhere. */
const LAST_WORDS_MS = 1_000;
/** Milliseconds a program may take to answer a request. */
export const REPLY_LIMIT_MS = 5_000;
/** Parts of one answer: more would not be a tree that anybody looks at. */
const MAX_PARTS = 100;

export class Session {
  readonly #link: Link;
  readonly #listener: SessionListener;
  readonly #pending = new Map<number, Pending>();
  #phase: "greeting" | "live" | "ended" = "greeting";
  #capabilities: readonly Capability[] = [];
  /** Characters of the longest frame that the program takes. */
  #frameLimit = MAX_FRAME_LENGTH;
  /** The tree has been asked for; whether it is to be asked for again then. */
  #refreshing: { again: boolean } | undefined;
  #pace: Pace | undefined;
  #lastId = 0;
  #lastSeq: number | undefined;
  /** The ping that has no answer, and when it was sent. */
  #ping: { readonly id: number; atMs: number } | undefined;
  #lastWords: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Link, listener: SessionListener) {
    this.#link = link;
    this.#listener = listener;
  }

  get isLive(): boolean {
    return this.#phase === "live";
  }

  can(capability: Capability): boolean {
    return this.#capabilities.includes(capability);
  }

  /** Takes one frame from the program. Never throws, whatever it is. */
  receive(json: string): void {
    if (this.#phase === "ended") return;
    try {
      this.#take(readFrame(json));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#object(error);
    }
  }

  /**
   * Asks for the tree and then for changes; also before the program has said hello.
   *
   * @param isQuiet nobody looks: rows that only count on are not told
   */
  watch(intervalMs: number, isQuiet = false): void {
    if (intervalMs === this.#pace?.intervalMs && isQuiet === this.#pace.isQuiet) return;
    this.#pace = { intervalMs, isQuiet };
    if (this.#phase === "live") this.#subscribe(this.#pace);
  }

  /** Asks for the whole tree now: after a gap, or while the program is paused. */
  refresh(): void {
    if (this.#refreshing !== undefined) {
      this.#refreshing.again = true;
      return;
    }
    this.#refreshing = { again: false };
    this.#ask({ type: "snapshot" })
      .then((parts) => {
        const seq = this.#lastSeq ?? 0;
        this.#listener.changed({ type: "snapshot", seq, at: Date.now(), ...readTree(parts) });
      })
      .catch((error: Error) => this.#listener.noted(`no snapshot: ${error.message}`))
      .finally(() => {
        const again = this.#refreshing?.again === true && this.#phase === "live";
        this.#refreshing = undefined;
        if (again) this.refresh();
      });
  }

  /**
   * @param limitMs how long the program may take
   * @throws {RequestError} as a rejection: the program refuses, does not answer in time, or ends.
   */
  async request(request: Request, limitMs?: number): Promise<unknown> {
    return (await this.#ask(request, limitMs)).at(-1);
  }

  /** @returns the value, or its parts in order. */
  #ask(request: Request, limitMs: number = REPLY_LIMIT_MS): Promise<readonly unknown[]> {
    if (this.#phase !== "live") return Promise.reject(new RequestError("ERR_ENDED", say("the program has ended")));
    const id = ++this.#lastId;
    const frame = JSON.stringify({ ...request, id });
    if (frame.length > this.#frameLimit) {
      const message = say("a frame of {0} characters; the program takes {1}", frame.length, this.#frameLimit);
      return Promise.reject(new RequestError("ERR_FRAME_TOO_LONG", message));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new RequestError("ERR_NO_REPLY", say("the program did not answer within {0}", duration(limitMs))));
      }, limitMs);
      this.#pending.set(id, { parts: [], resolve, reject, timer });
      this.#link.send(frame);
    });
  }

  /** Asks whether the event loop of the program turns, unless an answer is due. What cannot be asked is never silent. */
  ping(nowMs: number): void {
    if (this.#phase !== "live" || this.#ping !== undefined || !this.can("ping")) return;
    this.#ping = { id: ++this.#lastId, atMs: nowMs };
    this.#send({ type: "ping", id: this.#ping.id });
  }

  /** Milliseconds for which it has not answered. */
  silentMs(nowMs: number): number {
    return this.#ping === undefined ? 0 : Math.max(0, nowMs - this.#ping.atMs);
  }

  /** Its silence so far was none: it was held, or this side stood still itself. */
  pardon(): void {
    this.#ping = undefined;
  }

  /** The program has ended, as is known from elsewhere: what it said last may still be on its way. */
  expectEnd(): void {
    if (this.#phase === "ended") return;
    this.#lastWords ??= setTimeout(() => this.end(), LAST_WORDS_MS);
  }

  /** Whether only its last words are waited for. */
  get isExpectedToEnd(): boolean {
    return this.#lastWords !== undefined;
  }

  /** Ends the conversation: the program is gone, or nobody wants to look any more. */
  end(fault?: SessionFault): void {
    if (this.#phase === "ended") return;
    // Over a debugger nobody else tells the program that its viewer has gone. To one that is refused it has been said.
    if (fault === undefined && this.can("leave")) this.#send({ type: "leave" });
    this.#phase = "ended";
    clearTimeout(this.#lastWords);
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new RequestError("ERR_ENDED", say("the program has ended")));
    }
    this.#pending.clear();
    this.#link.close();
    this.#listener.ended(fault);
  }

  /** Ends the conversation because the program does not keep to the protocol, and tells it why. */
  refuse(code: InspectErrorCode, message: string): void {
    if (this.#phase === "ended") return;
    this.#send({ type: "error", code, message });
    this.end({ code, message });
  }

  #object({ code, message, fatal }: FrameError): void {
    if (fatal) {
      this.refuse(code, message);
    } else {
      this.#listener.noted(message);
      this.#send({ type: "error", code, message });
    }
  }

  #take(frame: ProgramFrame): void {
    if (this.#phase !== "live" && !["hello", "error", "bye"].includes(frame.type)) {
      throw new FrameError("ERR_BAD_FRAME", say('"{0}" came before "hello"', frame.type), true);
    }
    switch (frame.type) {
      case "hello":
        this.#greet(frame);
        break;
      case "snapshot":
        this.#lastSeq = frame.seq;
        this.#listener.changed(frame);
        break;
      case "delta":
        this.#follow(frame.seq);
        this.#listener.changed(frame);
        break;
      case "gap":
        this.#lastSeq = frame.seq;
        this.#listener.noted(`${frame.missed} events were too many, and were left out`);
        break;
      case "stopped":
      case "armed":
        this.#listener.stopping?.(frame);
        break;
      case "messages":
      case "stats":
      case "unfollowed":
        this.#listener.followed?.(frame);
        break;
      case "reply":
        this.#settle(frame);
        break;
      case "bye":
        if (frame.reason === "exit") this.end();
        else this.end({ code: "ERR_ACTION_FAILED", message: say("it had not heard of this window for too long") });
        break;
      case "error":
        this.#listener.noted(`the program says ${frame.code}: ${frame.message}`);
        break;
    }
  }

  #greet(hello: Hello): void {
    if (this.#phase === "live") throw new FrameError("ERR_BAD_FRAME", say("the program said hello twice"), true);
    if (!this.#listener.admits(hello)) throw new FrameError("ERR_BAD_TOKEN", say("the token is wrong"), true);
    this.#phase = "live";
    this.#capabilities = hello.capabilities;
    this.#frameLimit = Math.max(MIN_FRAME_LIMIT, hello.frameLimit ?? MAX_FRAME_LENGTH);
    this.#send({ type: "welcome", protocol: PROTOCOL_VERSION, frameLimit: MAX_FRAME_LENGTH });
    this.#listener.opened(hello);
    if (this.#pace !== undefined) this.#subscribe(this.#pace);
  }

  #subscribe({ intervalMs, isQuiet }: Pace): void {
    const quiet = isQuiet && this.can("quiet") ? { quiet: true } : {};
    this.request({ type: "subscribe", intervalMs, ...quiet }).catch((error: Error) =>
      this.#listener.noted(`the program does not send its tree: ${error.message}`),
    );
  }

  /** A number that does not follow the last one means that frames were lost. */
  #follow(seq: number): void {
    const expected = this.#lastSeq === undefined ? seq : this.#lastSeq + 1;
    this.#lastSeq = seq;
    if (seq === expected) return;
    this.#listener.noted(`frame ${expected} is missing: the view takes a new snapshot`);
    this.refresh();
  }

  #settle(reply: Extract<ProgramFrame, { type: "reply" }>): void {
    if (reply.id === this.#ping?.id) this.#ping = undefined;
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (reply.ok) {
      pending.parts.push(reply.value);
      if (pending.parts.length > MAX_PARTS) throw new FrameError("ERR_BAD_FRAME", say("an answer has no end"), true);
      if (reply.more === true) return;
    }
    this.#pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(pending.parts);
    else pending.reject(new RequestError(reply.code, reply.message));
  }

  #send(frame: ViewerFrame): void {
    this.#link.send(JSON.stringify(frame));
  }
}
