/** The programs that talk to this window. Knows the protocol and the trees; knows neither links nor the editor. */
import { EventEmitter } from "node:events";
import path from "node:path";
import type { Capability, InspectEvent } from "airssys-rt/inspect";
import { type Delta, type Hello, type Request, Session, type SessionFault, type Snapshot } from "../inspect/session.ts";
import type { Origin, Welcome } from "../inspect/welcome.ts";
import { ProgramTree, type TreeChange } from "./model.ts";
import type { LiveProgram } from "./node.ts";

/** What changes a program, other than looking at it. */
const ACTIONS: readonly Capability[] = ["kill", "restart", "stop", "suspend", "resume", "send"];

export class Program implements LiveProgram {
  readonly id: string;
  readonly session: Session;
  readonly hello: Hello;
  readonly origin: Origin;
  readonly tree: ProgramTree = new ProgramTree();
  readonly #mayAct: (origin: Origin) => boolean;
  isPaused = false;

  constructor(id: string, session: Session, hello: Hello, origin: Origin, mayAct: (origin: Origin) => boolean) {
    this.id = id;
    this.session = session;
    this.hello = hello;
    this.origin = origin;
    this.#mayAct = mayAct;
  }

  get title(): string {
    return path.basename(this.hello.program) || "program";
  }

  get detail(): string {
    return `pid ${this.hello.pid} · ${this.isPaused ? "paused" : this.origin}`;
  }

  can(capability: Capability): boolean {
    return this.session.can(capability) && (!ACTIONS.includes(capability) || this.#mayAct(this.origin));
  }

  request(request: Request): Promise<unknown> {
    return this.session.request(request);
  }
}

interface ProgramEvents {
  opened: [program: Program];
  changed: [program: Program, change: TreeChange];
  happened: [program: Program, event: InspectEvent];
  ended: [program: Program];
  /** A conversation ended because the other side did not keep to the protocol. */
  refused: [fault: SessionFault];
  noted: [text: string];
}

/** Milliseconds between two reports of a program while nobody looks: enough for the status bar and for alarms. */
export const QUIET_INTERVAL_MS = 5_000;

export class Programs extends EventEmitter<ProgramEvents> {
  readonly #live = new Map<Session, Program>();
  readonly #paused = new Set<Session>();
  readonly #mayAct: (origin: Origin) => boolean;
  #intervalMs = QUIET_INTERVAL_MS;

  constructor(mayAct: (origin: Origin) => boolean = () => true) {
    super();
    this.#mayAct = mayAct;
  }

  /** In the order they came. */
  get all(): readonly Program[] {
    return [...this.#live.values()];
  }

  /** How often programs report changes, in milliseconds. */
  watch(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    for (const session of this.#live.keys()) session.watch(intervalMs);
  }

  /** Begins a conversation. The program appears when it has said hello. */
  meet({ link, admit }: Welcome): Session {
    let origin: Origin | undefined;
    const session: Session = new Session(link, {
      admits: (hello) => {
        origin = admit(hello);
        return origin !== undefined;
      },
      opened: (hello) => this.#open(session, hello, origin ?? "running"),
      changed: (frame) => this.#change(session, frame),
      ended: (fault) => this.#end(session, fault),
      noted: (text) => this.emit("noted", text),
    });
    session.watch(this.#intervalMs);
    return session;
  }

  /** Tells that a debugger holds or has released a program. Held, it sends nothing by itself: its tree is asked for. */
  setPaused(session: Session, isPaused: boolean): void {
    if (this.#paused.has(session) === isPaused) return;
    if (isPaused) this.#paused.add(session);
    else this.#paused.delete(session);
    const program = this.#live.get(session);
    if (program) this.#showPaused(program, isPaused);
  }

  /** Ends all conversations. */
  close(): void {
    for (const session of [...this.#live.keys()]) session.end();
  }

  #showPaused(program: Program, isPaused: boolean): void {
    program.isPaused = isPaused;
    if (isPaused) program.session.refresh();
    this.emit("changed", program, "all");
  }

  #open(session: Session, hello: Hello, origin: Origin): void {
    const program = new Program(this.#freeId(hello.program), session, hello, origin, this.#mayAct);
    this.#live.set(session, program);
    this.emit("opened", program);
    // The debugger may tell of a stop before the hello arrives that was said before it.
    if (this.#paused.has(session)) this.#showPaused(program, true);
  }

  #change(session: Session, frame: Snapshot | Delta): void {
    const program = this.#live.get(session);
    if (!program) return;
    this.emit("changed", program, program.tree.apply(frame));
    if (frame.type === "delta") for (const event of frame.events) this.emit("happened", program, event);
  }

  #end(session: Session, fault?: SessionFault): void {
    const program = this.#live.get(session);
    this.#live.delete(session);
    this.#paused.delete(session);
    if (fault) this.emit("refused", fault);
    if (program) this.emit("ended", program);
  }

  /** The same program gets the same id when it runs again, so that its rows stay open or closed as they were. */
  #freeId(program: string): string {
    const taken = new Set(this.all.map(({ id }) => id));
    let number = 1;
    while (taken.has(`${program}#${number}`)) number++;
    return `${program}#${number}`;
  }
}
