/** A program that talks to this window, or has until it ended: its conversation, its tree, and what is known of its silence. */
import path from "node:path";
import type { Capability, Runner } from "airssys-rt/inspect";
import { readRunner } from "../inspect/frame.ts";
import { type Hello, type Request, RequestError, type Session } from "../inspect/session.ts";
import type { Origin } from "../inspect/welcome.ts";
import { say } from "../sentence.ts";
import { Aftermaths } from "./aftermath.ts";
import { isHalted } from "./halted.ts";
import { ProgramTree } from "./model.ts";
import type { LiveProgram, Silence } from "./node.ts";

/** What changes a program, other than looking at it. */
const ACTIONS: readonly Capability[] = ["kill", "restart", "stop", "suspend", "resume", "send", "ask", "signal"];

/** Milliseconds without an answer after which a program is said not to answer. */
const SILENT_MS = 2_000;

const ORIGINS: { readonly [O in Origin]: () => string } = {
  debugging: () => say("debugging"),
  running: () => say("running"),
  attached: () => say("attached"),
  watched: () => say("watching, read only"),
};

export interface ProgramParts {
  readonly id: string;
  readonly session: Session;
  readonly hello: Hello;
  readonly origin: Origin;
  readonly mayAct: (origin: Origin) => boolean;
  readonly pause: (() => Promise<void>) | undefined;
}

export class Program implements LiveProgram {
  readonly id: string;
  readonly session: Session;
  readonly hello: Hello;
  readonly origin: Origin;
  readonly tree: ProgramTree = new ProgramTree();
  /** Stops it for the debugger; absent where there is none. */
  readonly pause: (() => Promise<void>) | undefined;
  readonly #mayAct: (origin: Origin) => boolean;
  readonly aftermaths: Aftermaths = new Aftermaths();
  isPaused = false;
  /** When it has ended, milliseconds since the epoch. */
  endedAt: number | undefined;
  silence: Silence | undefined;
  /** Where it is paused, if that is in an actor. */
  runner: Runner | undefined;
  /** The thread beside it, which answers while it cannot. */
  watchdog: Session | undefined;

  constructor({ id, session, hello, origin, mayAct, pause }: ProgramParts) {
    this.id = id;
    this.session = session;
    this.hello = hello;
    this.origin = origin;
    this.#mayAct = mayAct;
    this.pause = pause;
  }

  get title(): string {
    return path.basename(this.hello.program) || say("program");
  }

  get detail(): string {
    const { pid, copies = 1 } = this.hello;
    const how = this.isPaused ? say("paused") : ORIGINS[this.origin]();
    // Where there is little room, it is to be seen that nothing can be done.
    const detail = this.isWatched ? say("{1} · pid {0}", pid, how) : say("pid {0} · {1}", pid, how);
    return copies === 1 ? detail : `${detail} · ${say("one of {0} copies of airssys-rt", copies)}`;
  }

  get isWatched(): boolean {
    return this.origin === "watched";
  }

  can(capability: Capability): boolean {
    return this.session.can(capability) && (!ACTIONS.includes(capability) || this.#mayAct(this.origin));
  }

  whyNot(capability: Capability): string | undefined {
    if (this.can(capability)) return undefined;
    if (this.isWatched)
      return say(
        "{0} is watched, read only: nothing in it can be changed. Attach the debugger to act on it.",
        this.title,
      );
    if (this.session.can(capability))
      return say("A debugger was attached to {0}: the setting airssys.actOnAttached allows to act on it.", this.title);
    return say("The airssys-rt in {0} is older than this extension, and cannot do that.", this.title);
  }

  request(request: Request, limitMs?: number): Promise<unknown> {
    const action = ACTIONS.find((one) => one === request.type);
    const why = action && this.session.isLive ? this.whyNot(action) : undefined;
    if (why !== undefined) return Promise.reject(new RequestError("ERR_NOT_SUPPORTED", why));
    return this.session.request(request, limitMs);
  }

  /**
   * Measures its silence, and asks again.
   *
   * @returns whether it is silent, or was until now.
   */
  listen(nowMs: number, hasStoodStill: boolean): boolean {
    if (this.isPaused || hasStoodStill) this.session.pardon();
    const ms = this.session.silentMs(nowMs);
    const wasSilent = this.silence !== undefined;
    this.silence = ms >= SILENT_MS ? { ...this.silence, ms, runner: this.silence?.runner } : undefined;
    if (!this.isPaused) this.session.ping(nowMs);
    return wasSilent || this.silence !== undefined;
  }

  /** Whether the machine has stopped its process; of one that may be on another machine that is not known. */
  async isHalted(): Promise<boolean> {
    return (this.origin === "running" || this.origin === "debugging") && isHalted(this.hello.pid);
  }

  /**
   * Who keeps its event loop, or where it is paused: a debugger asks from within, the watchdog from beside.
   *
   * @returns `undefined` also when nobody can tell.
   */
  async who(): Promise<Runner | undefined> {
    const asked = this.watchdog ?? (this.origin === "running" ? undefined : this.session);
    if (!asked?.can("who")) return undefined;
    try {
      return readRunner(await asked.request(this.isPaused ? { type: "who", held: true } : { type: "who" }));
    } catch {
      return undefined; // nobody answers: not known is what is shown
    }
  }
}
