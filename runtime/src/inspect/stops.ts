/**
 * Where a debugger is to stop the program, as one viewer has said: at messages, before crashes, at dead letters, escalations and full
 * mailboxes. All of it ends with the viewer: when it leaves, when another takes its place, and when it is not heard of any more.
 */
import { type Cell, cellOf } from "../actor/cell.ts";
import { FunctionalBehavior } from "../actor/define-actor.ts";
import { innermost } from "../environment/instrument.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { typeOf } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { Causes } from "./causes.ts";
import { escalationText } from "./events.ts";
import { systemOf } from "./here.ts";
import { cellByKey, cellsOf, keyOf } from "./keys.ts";
import { pathKept, Stop } from "./message-stop.ts";
import { Pauser, tellDebugger } from "./pauser.ts";
import type { ProgramFrame, ViewerFrame } from "./protocol.ts";
import { nameText, pathOf, rowText } from "./rows.ts";
import type { Armed, LastSent, MessageStop, StopReason } from "./stop-protocol.ts";
import { listen } from "./tracing.ts";

type StopOn = Extract<ViewerFrame, { type: "stopOn" }>;
type StepFrame = Extract<ViewerFrame, { type: "step" }>;

/** Milliseconds between two looks at whether the viewer is there, and at whom breakpoints wait for. They do not pass while paused. */
const LOOK_MS = 2_000;
/** Looks without a word of the viewer after which it is gone. */
const SILENT_LOOKS = 10;
/** Texts told between two looks. What is more is counted. */
const TEXTS_LIMIT = 1_000;

/** The message sent last by anybody, while somebody listens. */
let lastSent: LastSent | undefined;

export function lastSentMessage(): LastSent | undefined {
  return lastSent;
}

/** How many viewers want every system to stop before it acts on crashes. */
let crashStopsWanted = 0;

export class Stops implements Trace {
  readonly #push: (frame: ProgramFrame) => void;
  readonly #pauser = new Pauser();
  readonly #overfull = new WeakSet<Cell>();
  #stops: readonly Stop[] = [];
  #step: { readonly cell: Cell; readonly seq: number; readonly kind: StepFrame["kind"] } | undefined;
  #stopOn: Omit<StopOn, "type" | "id"> = {};
  #ends: (() => void)[] | undefined;
  #endCauses: (() => void) | undefined;
  #endCrashStops: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #silentLooks = 0;
  #texts = 0;
  /** What was stopped at, until its handler has returned. */
  #inHand: Letter | undefined;

  constructor(push: (frame: ProgramFrame) => void) {
    this.#push = push;
  }

  /** The whole list: what is not in it is gone. */
  arm(specs: readonly MessageStop[]): readonly Armed[] {
    this.#begin();
    this.#stops = specs.map((spec) => new Stop(spec));
    const cells = allCells();
    for (const stop of this.#stops) stop.look(cells);
    return this.#stops.map(({ armed }) => armed);
  }

  /** @returns false when there is no such actor. */
  step({ kind, seq, key }: StepFrame): boolean {
    const found = cellByKey(key);
    if (found === undefined) return false;
    this.#begin();
    this.#step = { cell: found.cell, seq, kind };
    return true;
  }

  stopOn(wanted: StopOn): void {
    this.#begin();
    this.#stopOn = wanted;
    if (wanted.crash === true) this.#endCrashStops ??= wantCrashStops();
    else this.#dropCrashStops();
  }

  causes(on: boolean): void {
    if (on) this.#begin();
    if (on) this.#endCauses ??= listen(new Causes());
    else this.#dropCauses();
  }

  /** The viewer is there. */
  heard(): void {
    this.#silentLooks = 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stops = [];
    this.#step = undefined;
    this.#stopOn = {};
    for (const end of this.#ends ?? []) end();
    this.#ends = undefined;
    this.#dropCauses();
    this.#dropCrashStops();
    this.#pauser.close();
  }

  #dropCauses(): void {
    this.#endCauses?.();
    this.#endCauses = undefined;
  }

  #dropCrashStops(): void {
    this.#endCrashStops?.();
    this.#endCrashStops = undefined;
  }

  #begin(): void {
    if (this.#ends !== undefined) return;
    const subscriptions = new Map<InspectedSystem, () => void>();
    const stopObserving = observeSystems((system, isRunning) => {
      subscriptions.get(system)?.();
      if (isRunning)
        subscriptions.set(
          system,
          system.env.hub.subscribe((event) => this.#hear(system, event), false),
        );
    });
    const endSubscriptions = (): void => {
      for (const end of subscriptions.values()) end();
    };
    this.#ends = [stopObserving, endSubscriptions, listen(this)];
    this.#silentLooks = 0;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    if (++this.#silentLooks > SILENT_LOOKS) {
      this.close();
      return;
    }
    if (this.#texts > TEXTS_LIMIT) tellDebugger(`${this.#texts - TEXTS_LIMIT} more messages matched`);
    this.#texts = 0;
    const waiting = this.#stops.filter(({ armed }) => armed.state !== "badCondition");
    if (waiting.length === 0) return;
    const cells = allCells();
    this.#tellArmed(waiting.filter((stop) => stop.look(cells)));
  }

  #tellArmed(stops: readonly Stop[]): void {
    if (stops.length > 0) this.#push({ type: "armed", stops: stops.map(({ armed }) => armed) });
  }

  // --- What happens ---

  sent(letter: Letter): void {
    const cell = letter.recipient as unknown as Cell;
    lastSent = new Sent(letter, cell);
    const { mailboxDepth: limit } = this.#stopOn;
    if (limit === undefined || cell.mailboxDepth < limit || this.#overfull.has(cell)) return;
    this.#overfull.add(cell);
    const text = `${cell.mailboxDepth} messages wait in the mailbox of ${pathOf(cell)}`;
    this.#stopHere("mailbox", cell, letter.seq, text, { message: letter.message, sender: letter.sender?.id });
  }

  begins(letter: Letter): undefined {
    const cell = letter.recipient as unknown as Cell;
    const { mailboxDepth: limit } = this.#stopOn;
    if (limit !== undefined && cell.mailboxDepth < limit) this.#overfull.delete(cell);
    if (this.#isStep(letter, cell)) {
      this.#step = undefined;
      this.#stopIn("step", letter, cell, undefined);
      return;
    }
    for (const stop of this.#stops) {
      const verdict = stop.judge(letter, cell);
      if (verdict === undefined) continue;
      if (verdict === "faulty") this.#tellArmed([stop]);
      else if (verdict !== "stop") this.#say(verdict.text);
      else {
        this.#stopIn("message", letter, cell, stop.spec.id);
        return;
      }
    }
  }

  returned(letter: Letter): void {
    if (this.#inHand !== letter) return;
    this.#inHand = undefined;
    this.#pauser.release();
  }

  ended(): void {}

  #isStep({ seq }: Letter, cell: Cell): boolean {
    const step = this.#step;
    if (step === undefined || step.cell !== cell) return false;
    return step.kind === "receiver" ? step.seq === seq : step.seq !== seq;
  }

  #say(text: string): void {
    if (++this.#texts <= TEXTS_LIMIT) tellDebugger(text);
  }

  /** Stops in the first line of what handles it. */
  #stopIn(reason: StopReason, letter: Letter, cell: Cell, stop: string | undefined): void {
    const type = typeOf(letter.message);
    if (!this.#pauser.breakIn(handlerFor(cell, type))) return;
    this.#inHand = letter;
    const from = letter.sender === undefined ? "outside" : pathKept(letter.sender);
    this.#tell(
      reason,
      cell,
      letter.seq,
      `${pathOf(cell)} is about to handle ${nameText(type ?? "a message")} from ${from}`,
      stop,
    );
  }

  #hear(system: InspectedSystem, event: RuntimeEvent): void {
    if (event.type === "escalated" && this.#stopOn.escalation === true) {
      const { supervisor, actor, restarts, reason } = event;
      const facts = { supervisor: supervisor.id, actor: actor.id, restarts, reason };
      this.#stopHere("escalation", cellOf(supervisor), -1, escalationText(event), facts);
    }
    if (event.type !== "deadLetter" || this.#stopOn.deadLetter !== true || system.env.isStopping) return;
    const { envelope, reason } = event;
    // Those are what a crash or an end leaves behind.
    if (reason === "crashed" || reason === "ended_turn") return;
    const { recipient, message, sender } = envelope;
    const text = `${nameText(typeOf(message) ?? "a message")} for ${nameText(recipient.id)} reached nobody: ${reason}`;
    const seq = (envelope as Partial<Letter>).seq ?? -1;
    this.#stopHere("deadLetter", sender ?? recipient, seq, text, {
      message,
      sender: sender?.id,
      recipient: recipient.id,
    });
  }

  #stopHere(reason: StopReason, actor: object, seq: number, text: string, facts: object): void {
    this.#tell(reason, actor, seq, text, undefined);
    this.#pauser.pauseHere(text, facts);
  }

  /** Told before it stops: afterwards nothing of the program runs. */
  #tell(reason: StopReason, actor: object, messageSeq: number, text: string, stop: string | undefined): void {
    const env = (actor as Partial<Cell>).env;
    const system = env && systemOf(env);
    const key = system === undefined ? "" : keyOf(system, actor as Cell);
    this.#push({
      type: "stopped",
      reason,
      key,
      messageSeq,
      text: rowText(text),
      ...(stop === undefined ? {} : { stop }),
    });
  }
}

/** Told when somebody asks: most are not asked about. */
class Sent implements LastSent {
  readonly #letter: Letter;
  readonly #cell: Cell;

  constructor(letter: Letter, cell: Cell) {
    this.#letter = letter;
    this.#cell = cell;
  }

  get seq(): number {
    return this.#letter.seq;
  }

  get path(): string {
    return pathOf(this.#cell);
  }

  get type(): string {
    return nameText(typeOf(this.#letter.message) ?? "");
  }

  get key(): string {
    const system = systemOf(this.#cell.env);
    return system === undefined ? "" : keyOf(system, this.#cell);
  }
}

/** The user's function that handles messages of that type. */
export function handlerFor({ behavior }: Pick<Cell, "behavior">, messageType: string | undefined): unknown {
  if (!(behavior instanceof FunctionalBehavior)) return innermost(behavior?.handleMessage);
  const { handlers } = behavior;
  return messageType !== undefined && Object.hasOwn(handlers, messageType) ? handlers[messageType] : undefined;
}

function allCells(): readonly Cell[] {
  return runningSystems().flatMap(({ root }) => [...cellsOf(root)]);
}

/** @returns what ends it. */
function wantCrashStops(): () => void {
  crashStopsWanted++;
  const stopObserving = observeSystems((system, isRunning) => {
    if (isRunning) applyCrashStops(system);
  });
  return () => {
    stopObserving();
    crashStopsWanted--;
    for (const system of runningSystems()) applyCrashStops(system);
  };
}

function applyCrashStops({ env, root }: InspectedSystem): void {
  const isWanted = crashStopsWanted > 0;
  if (env.stopsAtCrash === isWanted) return;
  env.stopsAtCrash = isWanted;
  for (const cell of cellsOf(root)) cell.expose(isWanted);
}
