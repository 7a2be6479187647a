/** The programs that talk to this window, and those that ended in a way that wants looking at. Knows neither links nor the editor. */
import { EventEmitter } from "node:events";
import type { InspectEvent } from "airssys-rt/inspect";
import {
  type ArmedFrame,
  type Delta,
  type FollowedFrame,
  type Hello,
  Session,
  type SessionFault,
  type Snapshot,
  type Stopped,
} from "../inspect/session.ts";
import type { Origin, Welcome } from "../inspect/welcome.ts";
import { say } from "../sentence.ts";
import type { TreeChange } from "./model.ts";
import { Program } from "./program.ts";

interface ProgramEvents {
  opened: [program: Program];
  changed: [program: Program, change: TreeChange];
  happened: [program: Program, event: InspectEvent];
  /** It stops for the debugger, and why; or what can be stopped at has changed. */
  stopping: [program: Program, frame: Stopped | ArmedFrame];
  /** Messages, and how long they took. */
  followed: [program: Program, frame: FollowedFrame];
  /** It is over: the program has ended, or, with a fault, it cannot be shown any more. */
  ended: [program: Program, fault: SessionFault | undefined];
  /** A conversation ended because the other side did not keep to the protocol. */
  refused: [fault: SessionFault];
  noted: [text: string];
  /** What had ended is shown no more. */
  forgotten: [];
  /** Somebody begins to look at programs, or nobody does any more. */
  attended: [isAttended: boolean];
}

/** Milliseconds between two reports of a program while nobody looks: enough for the status bar and for alarms. */
const QUIET_INTERVAL_MS = 5_000;
/** Milliseconds between two questions whether a program answers, while somebody looks. */
const BEAT_MS = 1_000;
/** Beats this late mean that this side stood still, not the program. */
const LATE_MS = 1_500;

/** How much is seen of a program: a debugger sees it also while it is held, who only watches sees no values. */
const VIEW: { readonly [O in Origin]: number } = { watched: 0, running: 1, debugging: 2, attached: 2 };

export class Programs extends EventEmitter<ProgramEvents> {
  readonly #live = new Map<Session, Program>();
  readonly #paused = new Set<Session>();
  /** Ids in the order they first came: a program that is started again takes its old place. */
  readonly #places: string[] = [];
  readonly #mayAct: (origin: Origin) => boolean;
  #past: readonly Program[] = [];
  #refusals: readonly string[] = [];
  /** Views that somebody looks at, and how often each wants to hear. */
  readonly #watchers = new Map<string, number>();
  #beat: ReturnType<typeof setTimeout> | undefined;
  #lastBeatMs = 0;

  constructor(mayAct: (origin: Origin) => boolean = () => true) {
    super();
    // Each view hears of programs.
    this.setMaxListeners(0);
    this.#mayAct = mayAct;
  }

  /** In the order they first came. */
  get all(): readonly Program[] {
    const place = ({ id }: Program) => this.#places.indexOf(id);
    return [...this.#live.values()].sort((one, other) => place(one) - place(other));
  }

  /** Those that run; while there are none, those whose systems failed, until the next start. */
  get shown(): readonly Program[] {
    return this.#live.size > 0 ? this.all : this.#past;
  }

  /** Why programs could not be shown, since the last one that could. */
  get refusals(): readonly string[] {
    return this.#refusals;
  }

  /** What ended or was refused has been seen. */
  forget(): void {
    const hadAny = this.#past.length + this.#refusals.length > 0;
    this.#past = [];
    this.#refusals = [];
    if (hadAny) this.emit("forgotten");
  }

  /** A view is looked at, and wants to hear of changes so often; `undefined`: nobody looks at it. */
  watch(view: string, intervalMs: number | undefined): void {
    const wasAttended = this.isAttended;
    if (intervalMs === undefined) this.#watchers.delete(view);
    else this.#watchers.set(view, intervalMs);
    const isQuiet = !this.isAttended;
    for (const session of this.#live.keys()) session.watch(this.#intervalMs, isQuiet);
    for (const program of this.all) this.#keepWatchdog(program);
    clearTimeout(this.#beat);
    this.#beat = undefined;
    this.#schedule();
    if (wasAttended !== this.isAttended) this.emit("attended", this.isAttended);
  }

  /** Whether somebody looks. */
  get isAttended(): boolean {
    return this.#watchers.size > 0;
  }

  get #intervalMs(): number {
    return this.isAttended ? Math.min(...this.#watchers.values()) : QUIET_INTERVAL_MS;
  }

  /** Which program speaks there; `undefined` before it has said hello, and when it has ended. */
  programOf(session: Session): Program | undefined {
    return this.#live.get(session);
  }

  /** Begins a conversation. The program appears when it has said hello. */
  meet({ link, admit, pause }: Welcome): Session {
    let origin: Origin | undefined;
    let isWatchdog = false;
    const session: Session = new Session(link, {
      admits: (hello) => {
        origin = admit(hello);
        isWatchdog = hello.watchdog === true;
        return origin !== undefined;
      },
      opened: (hello) => {
        if (isWatchdog) this.#adopt(session, hello);
        else this.#open(session, hello, origin ?? "running", pause);
      },
      changed: (frame) => this.#change(session, frame),
      stopping: (frame) => this.#tellStop(session, frame),
      followed: (frame) => this.#tellMessages(session, frame),
      ended: (fault) => (isWatchdog ? this.#abandon(session) : this.#end(session, fault)),
      noted: (text) => this.emit("noted", text),
    });
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
    program.runner = undefined;
    program.silence = undefined;
    program.session.pardon();
    if (isPaused) {
      program.session.refresh();
      void this.#ask(program, (runner) => {
        program.runner = program.isPaused ? runner : undefined;
      });
    }
    this.emit("changed", program, "all");
  }

  #open(session: Session, hello: Hello, origin: Origin, pause: Welcome["pause"]): void {
    if (this.#isDouble(session, hello, origin)) return;
    this.#endPredecessors(hello);
    const { id, mayAct } = { id: this.#freeId(hello.program), mayAct: this.#mayAct };
    const program = new Program({ id, session, hello, origin, mayAct, pause });
    if (!this.#places.includes(id)) this.#places.push(id);
    this.forget();
    this.#live.set(session, program);
    session.watch(this.#intervalMs, !this.isAttended);
    this.#keepWatchdog(program);
    this.emit("opened", program);
    // The debugger may tell of a stop before the hello arrives that was said before it.
    if (this.#paused.has(session)) this.#showPaused(program, true);
    this.#schedule();
  }

  /** A program that was started again takes the place of the one before, whose last words nobody needs any more. */
  #endPredecessors({ program }: Hello): void {
    for (const { session, hello } of this.all) if (hello.program === program && session.isExpectedToEnd) session.end();
  }

  /** A process may come by several ways, as one of a debug terminal does: it is shown by that which shows most. */
  #isDouble(session: Session, { pid, program }: Hello, origin: Origin): boolean {
    const same = this.all.find((one) => one.hello.pid === pid && one.hello.program === program);
    if (!same || VIEW[same.origin] === VIEW[origin]) return false;
    const worse = VIEW[origin] < VIEW[same.origin] ? session : same.session;
    worse.end();
    return worse === session;
  }

  /** The thread beside a program, which was asked for: it speaks for the program while that cannot. */
  #adopt(session: Session, { pid }: Hello): void {
    const program = this.all.find(({ hello, origin }) => hello.pid === pid && origin === "running");
    if (program && this.isAttended) program.watchdog = session;
    else session.end();
  }

  #abandon(session: Session): void {
    for (const program of this.all) if (program.watchdog === session) program.watchdog = undefined;
  }

  /** A debugger asks from within; only who runs without one needs the thread, and only while somebody looks. */
  #keepWatchdog({ session, origin }: Program): void {
    if (origin !== "running" || !session.can("watchdog")) return;
    session
      .request({ type: "watchdog", on: this.isAttended })
      .catch((error: Error) => this.emit("noted", `no watchdog: ${error.message}`));
  }

  #change(session: Session, frame: Snapshot | Delta): void {
    const program = this.#live.get(session);
    if (!program) return;
    if (frame.type === "delta" && frame.events.length > 0) program.aftermaths.before(frame.events, program.tree);
    this.emit("changed", program, program.tree.apply(frame));
    if (frame.type === "delta") for (const event of frame.events) this.emit("happened", program, event);
  }

  #tellStop(session: Session, frame: Stopped | ArmedFrame): void {
    const program = this.#live.get(session);
    if (program) this.emit("stopping", program, frame);
  }

  #tellMessages(session: Session, frame: FollowedFrame): void {
    const program = this.#live.get(session);
    if (program) this.emit("followed", program, frame);
  }

  #end(session: Session, fault?: SessionFault): void {
    const program = this.#live.get(session);
    this.#live.delete(session);
    this.#paused.delete(session);
    if (fault) {
      this.#refusals = [
        ...this.#refusals,
        program ? say("{0}: {1}", program.title, fault.message) : fault.message,
      ].slice(-3);
      this.emit("refused", fault);
    }
    if (!program) return;
    program.watchdog?.end();
    program.isPaused = false;
    program.silence = program.runner = undefined;
    program.endedAt = Date.now();
    if (program.tree.failure) this.#past = [...this.#past, program];
    this.emit("ended", program, fault);
  }

  /** Beats only while a program runs: fast for who looks, slowly for the status bar. */
  #schedule(): void {
    if (this.#beat !== undefined || this.#live.size === 0) return;
    this.#lastBeatMs = performance.now();
    this.#beat = setTimeout(() => this.#onBeat(), this.#beatMs);
    this.#beat.unref();
  }

  get #beatMs(): number {
    return this.isAttended ? BEAT_MS : QUIET_INTERVAL_MS;
  }

  #onBeat(): void {
    this.#beat = undefined;
    const now = performance.now();
    const hasStoodStill = now - this.#lastBeatMs > this.#beatMs + LATE_MS;
    for (const program of this.all) {
      const aged = program.tree.age(Date.now());
      if (program.listen(now, hasStoodStill)) this.#tellSilence(program);
      else if (aged.size > 0) this.emit("changed", program, aged);
    }
    this.#schedule();
  }

  #tellSilence(program: Program): void {
    this.emit("changed", program, "all");
    if (program.silence === undefined) return;
    void program.isHalted().then((isHalted) => {
      if (program.silence) program.silence = { ...program.silence, isHalted };
    });
    void this.#ask(program, (runner) => {
      if (program.silence) program.silence = { ...program.silence, runner };
    });
  }

  async #ask(program: Program, note: (runner: Awaited<ReturnType<Program["who"]>>) => void): Promise<void> {
    note(await program.who());
    if (this.#live.has(program.session)) this.emit("changed", program, "all");
  }

  /** The same program gets the same id when it runs again, so that its rows stay open or closed as they were. */
  #freeId(program: string): string {
    const taken = new Set(this.all.map(({ id }) => id));
    let number = 1;
    while (taken.has(`${program}#${number}`)) number++;
    return `${program}#${number}`;
  }
}
