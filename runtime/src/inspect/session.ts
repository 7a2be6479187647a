/** One conversation with a viewer: frames in, frames out. Knows nothing of how they travel. */

import type { Cell } from "../actor/cell.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { noteHeld } from "../health/taken-time.ts";
import { isInstance } from "../values/instance.ts";
import type { ProcessFacts, ProcessOutputPart } from "../values/os-facts.ts";
import { messageOf } from "../values/safe-text.ts";
import { shownText } from "../values/shown-text.ts";
import { type Access, rowsFor, watched } from "./access.ts";
import { ActionRefused, act, send } from "./actions.ts";
import type { Tree } from "./actor-row.ts";
import { Asking } from "./asking.ts";
import { complain } from "./complaint.ts";
import { detailsOf } from "./details.ts";
import { Follow, type FollowOutlet } from "./follow.ts";
import { deltaTexts, replyText, snapshotTexts, treeTexts } from "./frames.ts";
import { cellByKey } from "./keys.ts";
import { locate } from "./locate.ts";
import { processOf } from "./os-rows.ts";
import { canPause } from "./pauser.ts";
import type { OutputPart } from "./process-row.ts";
import { Profiling } from "./profiling.ts";
import type { InspectErrorCode, ProgramFrame, ViewerFrame } from "./protocol.ts";
import { MAX_FRAME_LENGTH } from "./protocol-limits.ts";
import { Recent } from "./recent.ts";
import type { NotedEnd } from "./record.ts";
import { ViewerRecording } from "./recordings.ts";
import { crashWithStack, rowText } from "./rows.ts";
import { runner } from "./runner.ts";
import { Sampler, wholeTree } from "./sampler.ts";
import { Stops } from "./stops.ts";
import { Suspensions } from "./suspensions.ts";
import { isFault, readViewerFrame } from "./viewer-frame.ts";

/** Milliseconds between two reports. */
const DEFAULT_INTERVAL_MS = 400;
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 10_000;
/** A report waits so many times longer than the one before took: to be looked at costs no more than a small part of the time. */
const REST_PER_WORK = 15;
/** Requests that may be under way at the same time. */
const REQUESTS_LIMIT = 1_000;

type StopFrame = Extract<ViewerFrame, { readonly type: "arm" | "step" | "stopOn" | "causes" }>;
type ActorFrame = Exclude<Extract<ViewerFrame, { readonly key: string }>, StopFrame>;

/** Something that goes on until it is ended. */
export interface Ending {
  end(): void;
}

/** How frames leave, each as text. */
export interface Outlet {
  push(frame: string): void;
  /** True while the viewer is slower than what it is sent. */
  readonly isCongested: boolean;
  /**
   * Starts a thread that answers the viewer while this one cannot; absent where the viewer needs none.
   *
   * @throws {Error} when threads are denied.
   */
  startWatchdog?(): Ending;
  /** The viewer said that it will have nothing to do with us. */
  refused(code: string, message: string): void;
  /** The viewer took its leave; absent where nobody waits for it to come back. */
  left?(): void;
}

export class InspectSession {
  readonly #outlet: Outlet;
  readonly #go: () => void;
  readonly #access: Access;
  readonly #suspensions = new Suspensions();
  readonly #asking = new Asking();
  readonly #profiling = new Profiling();
  readonly #stops = new Stops((frame) => this.#outlet.push(JSON.stringify(frame)));
  readonly #recent = new Recent();
  readonly #recording = new ViewerRecording();
  readonly #follow = new Follow(this.#followOutlet());
  #limit = MAX_FRAME_LENGTH;
  #seq = 0;
  #reports: Reports | undefined = undefined;
  #underWay = 0;
  #watchdog: Ending | undefined = undefined;
  /** The tree as it is in this moment, for who asks for it twice. */
  #fresh: Tree | undefined = undefined;

  /** @param go lets a held program go on. */
  constructor(outlet: Outlet, go: () => void, access: Access = "all") {
    this.#outlet = outlet;
    this.#go = go;
    this.#access = access;
  }

  /**
   * Takes one frame as text.
   * @returns the answer, or the last part of it, if it is there at once; otherwise it is pushed. Never throws.
   */
  receive(text: string): string | undefined {
    const said = readViewerFrame(text);
    if (isFault(said)) return refusal(said.id, said.code, said.message);
    const frame = this.#access === "watching" ? watched(said) : said;
    if (typeof frame === "string") return refusal("id" in said ? said.id : undefined, "ERR_NOT_SUPPORTED", frame);
    this.#stops.heard();
    this.#follow.heard();
    if (frame.type !== "snapshot") this.#fresh = undefined;
    try {
      return this.#answer(frame);
    } catch (error) {
      return failed("id" in frame ? frame.id : undefined, error);
    }
  }

  /** The viewer has gone. */
  close(): void {
    this.#leave();
    this.#go();
  }

  #answer(frame: ViewerFrame): string | undefined {
    switch (frame.type) {
      case "welcome":
        this.#limit = Math.min(frame.frameLimit ?? MAX_FRAME_LENGTH, MAX_FRAME_LENGTH);
        return undefined;
      case "error":
        this.close();
        this.#outlet.refused(frame.code, frame.message);
        return undefined;
      case "leave":
        this.#leave();
        this.#outlet.left?.();
        return undefined;
      case "subscribe":
        this.#subscribe(frame.intervalMs, frame.quiet);
        return this.#ok(frame.id);
      case "unsubscribe":
        this.#unsubscribe();
        return this.#ok(frame.id);
      case "snapshot":
        return this.#answerInParts(treeTexts(frame.id, this.#toldTree(), this.#limit));
      case "health":
        return this.#ok(frame.id, this.#tree().systems);
      case "go":
        this.#go();
        return this.#ok(frame.id);
      case "ping":
        setImmediate(() => this.#outlet.push(this.#ok(frame.id)));
        return undefined;
      case "who":
        if (frame.held === true) noteHeld();
        return this.#ok(frame.id, runner() ?? null);
      case "watchdog":
        return this.#keepWatchdog(frame.id, frame.on);
      case "profile":
        return this.#profile(frame.id, frame.on);
      case "follow":
        this.#follow.begin(frame);
        return this.#ok(frame.id);
      case "record":
        if (!frame.on) return this.#ok(frame.id, this.#recording.end());
        return this.#answerLater(
          frame.id,
          this.#recording.begin(frame.file, frame.values === true, frame.redact ?? []),
        );
      case "arm":
      case "step":
      case "stopOn":
      case "causes":
        return this.#answerStop(frame);
      default:
        return this.#answerAt(frame);
    }
  }

  /** To stop is the debugger's: without one nobody could go on. */
  #answerStop(frame: StopFrame): string {
    const { id } = frame;
    if (!canPause()) return refusal(id, "ERR_NOT_SUPPORTED", "no debugger is attached to this program");
    switch (frame.type) {
      case "arm":
        return this.#ok(id, this.#stops.arm(frame.stops));
      case "step":
        if (this.#stops.step(frame)) return this.#ok(id);
        return refusal(id, "ERR_UNKNOWN_ACTOR", `there is no actor ${frame.key.slice(0, 80)}`);
      case "stopOn":
        this.#stops.stopOn(frame);
        return this.#ok(id);
      case "causes":
        this.#stops.causes(frame.on);
        return this.#ok(id);
    }
  }

  #profile(id: number, on: boolean): string {
    if (on)
      return this.#profiling.begin()
        ? this.#ok(id)
        : refusal(id, "ERR_NOT_SUPPORTED", "this Node has no profiler, or does not permit it");
    const report = this.#profiling.end(this.#limit);
    return report === undefined ? refusal(id, "ERR_ACTION_FAILED", "no profile has begun") : this.#ok(id, report);
  }

  #keepWatchdog(id: number, on: boolean): string {
    if (on && this.#outlet.startWatchdog === undefined)
      return refusal(id, "ERR_NOT_SUPPORTED", "a debugger needs no watchdog");
    if (on) this.#watchdog ??= this.#outlet.startWatchdog?.();
    else this.#endWatchdog();
    return this.#ok(id);
  }

  #endWatchdog(): void {
    this.#watchdog?.end();
    this.#watchdog = undefined;
  }

  /** Answers what is about one actor. */
  #answerAt(frame: ActorFrame): string | undefined {
    const { id, key } = frame;
    const found = cellByKey(key);
    if (found === undefined) return refusal(id, "ERR_UNKNOWN_ACTOR", `there is no actor ${key.slice(0, 80)}`);
    const result = this.#act(frame, found.system, found.cell);
    return result instanceof Promise ? this.#answerLater(id, result) : this.#ok(id, result);
  }

  #answerLater(id: number, result: Promise<unknown>): undefined {
    this.#underWay++;
    result
      .then(
        (value: unknown) => this.#ok(id, value),
        (error: unknown) => failed(id, error),
      )
      .then((answer) => {
        this.#underWay--;
        this.#outlet.push(answer);
      })
      .catch((error: unknown) => complain("an answer could not be sent", error));
    return undefined;
  }

  #act(frame: ActorFrame, system: InspectedSystem, cell: Cell): unknown {
    switch (frame.type) {
      case "send":
        return send(cell, frame.message);
      case "ask":
        this.#checkRoom();
        return this.#asking.ask(cell, frame.message, frame.timeoutMs);
      case "crash": {
        const crash = system.env.crashes.get(cell.uid);
        return crash === undefined ? null : crashWithStack(crash);
      }
      case "details":
        return detailsOf(system, cell, frame, {
          ends: this.#reports?.endsOf(system, cell) ?? [],
          recent: this.#recent,
          areValuesTold: this.#access === "all",
        });
      case "locate":
        this.#checkRoom();
        return locate(cell).then((location) => location ?? null);
      case "signal":
        return runningProcess(cell, frame.pid).signal(frame.signal);
      case "output":
        return outputPart(runningProcess(cell, frame.pid).output(frame.from));
      case "suspend":
        return this.#suspensions.suspend(cell);
      case "resume":
        return this.#suspensions.resume(cell);
      default:
        this.#checkRoom();
        return act(frame.type, cell);
    }
  }

  #checkRoom(): void {
    if (this.#underWay >= REQUESTS_LIMIT)
      throw new ActionRefused("ERR_TOO_MANY_REQUESTS", `${this.#underWay} requests have not been answered yet`);
  }

  #ok(id: number, value?: unknown): string {
    return replyText(id, value, this.#limit);
  }

  #answerInParts(texts: readonly string[]): string | undefined {
    for (const text of texts.slice(0, -1)) this.#outlet.push(text);
    return texts.at(-1);
  }

  /** Between two frames that arrive together nothing can happen that this session does not do: the tree is made once for both. */
  #tree(): Tree {
    if (this.#fresh === undefined) {
      this.#fresh = this.#reports?.tree() ?? wholeTree();
      queueMicrotask(() => {
        this.#fresh = undefined;
      });
    }
    return this.#fresh;
  }

  #toldTree(): Tree {
    const tree = this.#tree();
    return { ...tree, actors: rowsFor(this.#access, tree.actors) };
  }

  #subscribe(intervalMs = DEFAULT_INTERVAL_MS, isQuiet = false): void {
    this.#unsubscribe();
    const interval = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, intervalMs));
    const pace = { intervalMs: interval, isQuiet, access: this.#access };
    this.#reports = new Reports(this.#outlet, pace, () => ++this.#seq, this.#limit);
  }

  #unsubscribe(): void {
    this.#reports?.end();
    this.#reports = undefined;
  }

  #leave(): void {
    this.#unsubscribe();
    this.#endWatchdog();
    this.#suspensions.release();
    this.#asking.giveUp();
    this.#stops.close();
    this.#recording.end();
    this.#profiling.drop();
    this.#recent.close();
    this.#follow.close();
  }

  #followOutlet(): FollowOutlet {
    const isCongested = (): boolean => this.#outlet.isCongested;
    const limit = (): number => this.#limit;
    return {
      push: (text) => this.#outlet.push(text),
      get isCongested() {
        return isCongested();
      },
      get limit() {
        return limit();
      },
    };
  }
}

/** How often a viewer is told, and of how much. */
interface Pace {
  readonly intervalMs: number;
  /** Rows that only count on are not told. */
  readonly isQuiet: boolean;
  readonly access: Access;
}

/** The flow: a snapshot at once, then what has changed, again and again. */
class Reports {
  readonly #outlet: Outlet;
  readonly #intervalMs: number;
  readonly #isQuiet: boolean;
  readonly #access: Access;
  readonly #nextSeq: () => number;
  readonly #limit: number;
  readonly #sampler: Sampler;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  #dueMs = 0;
  #hasBegun = false;
  #hasFailed = false;

  constructor(outlet: Outlet, { intervalMs, isQuiet, access }: Pace, nextSeq: () => number, limit: number) {
    this.#outlet = outlet;
    this.#intervalMs = intervalMs;
    this.#isQuiet = isQuiet;
    this.#access = access;
    this.#nextSeq = nextSeq;
    this.#limit = limit;
    // A system that ends is the last thing many programs do: that is told, however slow the viewer is.
    this.#sampler = new Sampler(() => this.#report(0, true));
    this.#report(0);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#sampler.end();
  }

  tree(): Tree {
    return this.#sampler.tree();
  }

  /** How the last lives of an actor ended, the newest first. */
  endsOf(system: InspectedSystem, cell: Cell): readonly NotedEnd[] {
    return this.#sampler.endsOf(system, cell);
  }

  /** Looks on behalf of a viewer, and never at the program's cost: what goes wrong is told, and tried again. */
  #report(loopDelayMs: number, isLast = false): void {
    const startedMs = performance.now();
    let isMore = false;
    try {
      if (isLast || !this.#outlet.isCongested) isMore = this.#send(loopDelayMs);
    } catch (error) {
      if (!this.#hasFailed) complain("a report failed", error);
      this.#hasFailed = true;
    }
    const restMs = (performance.now() - startedMs) * REST_PER_WORK;
    this.#schedule(Math.max(isMore ? MIN_INTERVAL_MS : this.#intervalMs, restMs));
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = performance.now() + ms;
    this.#timer = setTimeout(() => this.#report(Math.max(0, Math.round(performance.now() - this.#dueMs))), ms);
    this.#timer.unref();
  }

  /** @returns whether there is more to tell. */
  #send(loopDelayMs: number): boolean {
    const seen = this.#sampler.look(loopDelayMs, this.#isQuiet && this.#hasBegun);
    const changes = { ...seen, changed: rowsFor(this.#access, seen.changed) };
    const { at, changed, removed, events, missed, isMore } = changes;
    if (!this.#hasBegun) this.#push(snapshotTexts(changes, this.#nextSeq, this.#limit));
    else {
      if (missed > 0) this.#push([gapText(this.#nextSeq(), at, missed)]);
      if (this.#isQuiet || changed.length + removed.length + events.length > 0)
        this.#push(deltaTexts(changes, this.#nextSeq, this.#limit));
    }
    this.#hasBegun = true;
    return isMore;
  }

  #push(texts: readonly string[]): void {
    for (const text of texts) this.#outlet.push(text);
  }
}

function runningProcess(cell: Cell, pid: number): ProcessFacts {
  const found = processOf(cell, pid);
  if (found === undefined) throw new ActionRefused("ERR_UNKNOWN_PROCESS", `${cell.id} has no process ${pid} that runs`);
  return found;
}

function outputPart({ text, next, lost }: ProcessOutputPart): OutputPart {
  return { text: shownText(text), next, lost };
}

function gapText(seq: number, at: number, missed: number): string {
  return JSON.stringify({ type: "gap", seq, at, missed } satisfies ProgramFrame);
}

function refusal(id: number | undefined, code: InspectErrorCode, message: string): string {
  const frame: ProgramFrame =
    id === undefined ? { type: "error", code, message } : { type: "reply", id, ok: false, code, message };
  return JSON.stringify(frame);
}

function failed(id: number | undefined, error: unknown): string {
  const code = isInstance(error, ActionRefused) ? error.code : "ERR_ACTION_FAILED";
  return refusal(id, code, rowText(messageOf(error)));
}
