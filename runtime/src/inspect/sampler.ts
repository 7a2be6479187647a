/** Looks at all systems of the process again and again, and tells what is different. While nobody asks, nothing is done. */
import { Cell, cellOf } from "../actor/cell.ts";
import type { CrashRecord } from "../environment/environment.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { type ExitReason, SHUTDOWN } from "../values/exit-reason.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { type ActorRow, LEFT_KEPT, type SystemRow, type Tree } from "./actor-row.ts";
import { EventLog } from "./events.ts";
import type { InspectEvent } from "./inspect-event.ts";
import { cellsOf, keyOf } from "./keys.ts";
import { LeftRows } from "./left-rows.ts";
import { deniedStart, OsSample } from "./os-rows.ts";
import { LIST_LIMITS } from "./protocol-limits.ts";
import { ActorRecord, type NotedEnd, Rate } from "./record.ts";
import {
  crashWithStack,
  exitText,
  firstCause,
  type RowExtras,
  restartsInWindow,
  rowOf,
  rowText,
  stateOf,
  systemRow,
} from "./rows.ts";
import { NO_WAITS, type WaitsUnderWay, waitsOf } from "./waits.ts";

/** What is different since the last look. */
export interface Changes {
  readonly at: number;
  readonly systems: readonly SystemRow[];
  readonly systemsLeftOut: number;
  readonly changed: readonly ActorRow[];
  readonly removed: readonly string[];
  readonly events: readonly InspectEvent[];
  /** Events that were too many to be kept. */
  readonly missed: number;
  /** More is different, and is told next time. */
  readonly isMore: boolean;
}

/** An actor as it was at the last look. Holds nothing of the user's: what has ended can be collected. */
class Sample {
  /** The last look at which it was in the tree. */
  look = 0;
  /** The viewer has a row of it. */
  isTold = false;
  /** It was different at the last look, and the viewer was not told. */
  isBehind = false;
  handled = 0;
  depth = 0;
  incarnation = 0;
  state = "";
  spec: unknown = undefined;
  crash: unknown = undefined;
  restartsInWindow = 0;
  /** It was said to be at work, or to wait: once more it is said that it no longer is. */
  isMoving = false;
  /** Something was noted of it that its row tells. */
  isNews = false;
  readonly record: ActorRecord;
  readonly os: OsSample = new OsSample();

  constructor(handled: number, nowMs: number) {
    this.record = new ActorRecord(handled, nowMs);
  }

  /** @param isQuiet that it has handled more is no difference */
  differs(cell: Cell, crash: unknown, isQuiet: boolean): boolean {
    return (
      !this.isTold ||
      this.isMoving ||
      this.isNews ||
      (!isQuiet && this.handled !== cell.handled) ||
      this.depth !== cell.mailboxDepth ||
      this.incarnation !== cell.incarnation ||
      this.state !== stateOf(cell) ||
      this.spec !== cell.spec ||
      this.crash !== crash ||
      (cell.isSupervisor ? this.restartsInWindow !== restartsInWindow(cell) : this.os.hasNews(cell))
    );
  }

  update(cell: Cell, crash: unknown, isMoving: boolean): void {
    this.isTold = true;
    this.isBehind = false;
    this.handled = cell.handled;
    this.depth = cell.mailboxDepth;
    this.incarnation = cell.incarnation;
    this.state = stateOf(cell);
    this.spec = cell.spec;
    this.crash = crash;
    this.restartsInWindow = cell.isSupervisor ? restartsInWindow(cell) : 0;
    this.isMoving = isMoving;
    this.isNews = false;
  }
}

/**
 * One system, by comparison with how it was: to look costs as much as there are actors, and the messages between them cost no more
 * than while nobody looks.
 */
class SystemSamples {
  readonly system: InspectedSystem;
  readonly #samples = new Map<Cell, Sample>();
  readonly #left: LeftRows;
  /** Crashes after which a supervisor gave up: told when the system ends, long after the actor has left. */
  readonly #strawCrashes = new WeakMap<Cell, CrashRecord>();
  readonly #forgotten: string[] = [];
  readonly #throughput: Rate;
  /** Children that were seen for the first time at this look, by parent; and at the last one with any. */
  readonly #newborn = new Map<Cell, number>();
  #breeders: ReadonlyMap<Cell, number> = new Map();
  #lastUid: number;
  #looks = 0;
  #end: SystemRow["end"];

  constructor(system: InspectedSystem) {
    this.system = system;
    this.#lastUid = system.env.lastUid;
    this.#left = new LeftRows((key) => this.#forgotten.push(key));
    this.#throughput = new Rate(system.env.handled, this.#nowMs);
  }

  /** Every actor, as it is now; the viewer knows them all from now on. */
  all(): ActorRow[] {
    this.#looks++;
    const cells = [...cellsOf(this.system.root)];
    const look = this.#beginLook(cells);
    const rows = cells.map((cell) => this.#tell(cell, this.#sampleOf(cell), look));
    return [...rows, ...this.#left.all];
  }

  /**
   * Up to `room` rows of actors that are different, first those that have been at the last look.
   *
   * @param isQuiet that an actor has handled more is no difference
   */
  changed(room: number, isQuiet: boolean): { readonly rows: readonly ActorRow[]; readonly isMore: boolean } {
    this.#looks++;
    const cells = Array.from(cellsOf(this.system.root), (cell) => [cell, this.#sampleOf(cell)] as const);
    this.#countBirths();
    this.#buryWhoLeft();
    const look = this.#beginLook(
      cells.map(([cell]) => cell),
      isQuiet,
    );
    const late: (readonly [Cell, Sample])[] = [];
    const fresh: (readonly [Cell, Sample])[] = [];
    for (const pair of cells) {
      const [cell, sample] = pair;
      const isAwaited = look.waits.has(cell) || look.owed.has(cell);
      if (!isAwaited && !sample.differs(cell, this.#crashOf(cell), isQuiet)) continue;
      (sample.isBehind ? late : fresh).push(pair);
    }
    const differing = late.length === 0 ? fresh : [...late, ...fresh];
    for (const [, sample] of differing.slice(room)) sample.isBehind = true;
    const rows = differing.slice(0, room).map(([cell, sample]) => this.#tell(cell, sample, look));
    return { rows: [...rows, ...this.#left.takeFresh()], isMore: differing.length > room };
  }

  /** Keys of the actors that the viewer knows and that had left the tree at the last look. */
  removed(): readonly string[] {
    return this.#forgotten.splice(0);
  }

  /** Writes down what rows tell later. Never throws, whatever the program's values do. */
  note(event: RuntimeEvent): void {
    switch (event.type) {
      case "crashed": {
        const sample = this.#newsOf(event.actor);
        if (sample !== undefined) sample.record.lastCrash = this.#crashOf(cellOf(event.actor));
        break;
      }
      case "restarting":
        for (const ref of event.stop) this.#sampleFor(cellOf(ref)).record.stoppedLife = ref.incarnation;
        break;
      case "restarted":
        this.#noteRestart(event);
        break;
      case "escalated": {
        const sample = this.#newsOf(event.supervisor);
        if (sample !== undefined) sample.record.gaveUp = describeGivingUp(event);
        const straw = cellOf(event.actor);
        const crash = this.#samples.get(straw)?.record.lastCrash;
        if (crash !== undefined) this.#strawCrashes.set(straw, crash);
        break;
      }
      case "deadLetter":
        this.#noteDeadLetter(event);
        break;
      case "systemStopped":
        this.#end = this.#lastWords(event.reason);
        break;
      default:
    }
  }

  /** How the last lives of an actor ended, the newest first. */
  endsOf(cell: Cell): readonly NotedEnd[] {
    return this.#samples.get(cell)?.record.ends.toReversed() ?? [];
  }

  /** What is to be told when the system has stopped: every row as it was at the end, and why. */
  lastLook(): { readonly row: SystemRow; readonly rows: readonly ActorRow[] } {
    for (const [cell, { record, os }] of this.#samples) {
      this.#noteEnd(cell, record);
      this.#left.add(this.#leftRow(cell, record, os), Number.POSITIVE_INFINITY);
    }
    this.#samples.clear();
    const row = this.row(0);
    return { row: this.#end === undefined ? row : { ...row, end: this.#end }, rows: this.#left.takeFresh() };
  }

  row(loopDelayMs: number): SystemRow {
    return systemRow(this.system, this.#throughput.take(this.system.env.handled, this.#nowMs), loopDelayMs);
  }

  /** On the clock of the system, by which its messages and turns are timed, too. */
  get #nowMs(): number {
    return this.system.env.clock.monotonicMs();
  }

  /** Milliseconds since the epoch, as of the last reading of the clock. */
  get #now(): number {
    const { env } = this.system;
    return env.timeOf(env.tick());
  }

  #beginLook(cells: readonly Cell[], isQuiet = false): Look {
    return { ...waitsOf(this.system, cells), nowMs: this.#nowMs, isQuiet };
  }

  /**
   * Every actor has a number of its own, so that it is known how many there have been since the last look. Those that have ended since
   * are taken to have had the same parents as those that live.
   */
  #countBirths(): void {
    const { lastUid } = this.system.env;
    const born = lastUid - this.#lastUid;
    this.#lastUid = lastUid;
    const alive = [...this.#newborn.values()].reduce((sum, count) => sum + count, 0);
    if (alive > 0) this.#breeders = new Map(this.#newborn);
    const known = [...this.#breeders.values()].reduce((sum, count) => sum + count, 0);
    if (born > 0 && known > 0) {
      for (const [parent, count] of this.#breeders) {
        if (parent.isGone) continue;
        const sample = this.#sampleFor(parent);
        sample.record.born += (count * born) / known;
        sample.isNews = true;
      }
    }
    this.#newborn.clear();
  }

  /** Those that failed and are not to come back stay in sight, the last ones of each parent. */
  #buryWhoLeft(): void {
    for (const [cell, { look, isTold, record, os }] of this.#samples) {
      if (look === this.#looks) continue;
      this.#samples.delete(cell);
      const key = keyOf(this.system, cell);
      this.#left.forgetBelow(key);
      this.#noteEnd(cell, record);
      const above = cell.parent === undefined ? undefined : this.#samples.get(cell.parent as Cell);
      if (hasFailed(record) && above?.look === this.#looks) {
        above.record.leftChildren++;
        above.isNews = true;
        this.#left.add(this.#leftRow(cell, record, os), LEFT_KEPT);
      } else if (isTold) this.#forgotten.push(key);
    }
  }

  #leftRow(cell: Cell, record: ActorRecord, os: OsSample): ActorRow {
    const told = { ...deniedStart(record.lastCrash), ...os.tell(cell) };
    const extras = { record, nowMs: this.#nowMs, ...ofOne(cell, NO_WAITS), hasLeft: true, os: told };
    return rowOf(this.system, cell, extras);
  }

  /** What is kept of an actor about which there is something to tell. */
  #newsOf(ref: AnyActorRef): Sample | undefined {
    const cell = cellOf(ref);
    if (cell.isGone) return undefined;
    const sample = this.#sampleFor(cell);
    sample.isNews = true;
    return sample;
  }

  #noteRestart({ actor, reason, incarnation }: Extract<RuntimeEvent, { type: "restarted" }>): void {
    const record = this.#newsOf(actor)?.record;
    const crash = this.#crashOf(cellOf(actor));
    // It may have been down for a while before it was restarted.
    const diedAt = crash?.incarnation === incarnation - 1 ? crash.at : this.#now;
    record?.ended(reason, incarnation - 1, this.#now, diedAt);
    record?.begun(incarnation, cellOf(actor).createdAt);
  }

  #noteDeadLetter({ envelope, reason }: Extract<RuntimeEvent, { type: "deadLetter" }>): void {
    const { sender, recipient } = envelope;
    const refused = reason === "mailbox_full" || reason === "dropped";
    const full = refused && recipient instanceof Cell ? this.#newsOf(recipient) : undefined;
    if (full !== undefined) full.record.refused++;
    const author = sender instanceof Cell ? this.#newsOf(sender) : undefined;
    if (author !== undefined) author.record.deadLetters++;
  }

  #lastWords(reason: ExitReason): SystemRow["end"] {
    const { env, root } = this.system;
    const end = { at: env.clock.now(), incarnation: root.incarnation, kind: reason.kind, text: exitText(reason) };
    const first = firstCause(this.system);
    if (reason.kind !== "crashed" || first === undefined) return end;
    const crash = this.#strawCrashes.get(first);
    const cause = keyOf(this.system, first);
    return { ...end, kind: "gaveUp", cause, ...(crash === undefined ? {} : { crash: crashWithStack(crash) }) };
  }

  #sampleOf(cell: Cell): Sample {
    const sample = this.#sampleFor(cell);
    sample.look = this.#looks;
    return sample;
  }

  #sampleFor(cell: Cell): Sample {
    let sample = this.#samples.get(cell);
    if (sample === undefined) {
      // What it had handled before anybody looked was not handled just now.
      sample = new Sample(this.#looks <= 1 ? cell.handled : 0, this.#nowMs);
      this.#samples.set(cell, sample);
      sample.record.begun(cell.incarnation, cell.createdAt);
      const parent = cell.parent as Cell | undefined;
      if (this.#looks > 1 && parent !== undefined) this.#newborn.set(parent, (this.#newborn.get(parent) ?? 0) + 1);
    }
    return sample;
  }

  /** One that has ended and was not started again still knows how. */
  #noteEnd(cell: Cell, record: ActorRecord): void {
    if (!cell.hasEnded || cell.incarnation === 0 || record.lastEnd?.incarnation === cell.incarnation) return;
    record.ended(asOrdered(cell, record), cell.incarnation, this.#now, this.#now);
  }

  #tell(cell: Cell, sample: Sample, look: Look): ActorRow {
    this.#noteEnd(cell, sample.record);
    sample.record.parentLife = cell.parent?.incarnation ?? 0;
    const row = rowOf(this.system, cell, {
      ...ofOne(cell, look),
      nowMs: look.nowMs,
      record: sample.record,
      os: sample.os.tell(cell),
    });
    sample.update(cell, this.#crashOf(cell), isMoving(row, look.isQuiet));
    return row;
  }

  #crashOf(cell: Cell): CrashRecord | undefined {
    const { crashes } = this.system.env;
    return crashes.size === 0 ? undefined : crashes.get(cell.uid);
  }
}

/** What is the same for all rows of one look. */
interface Look extends WaitsUnderWay {
  readonly nowMs: number;
  /** That an actor has handled more is no difference. */
  readonly isQuiet: boolean;
}

function ofOne(cell: Cell, { waits, owed }: WaitsUnderWay): Pick<RowExtras, "waitsFor" | "owes"> {
  return { waitsFor: waits.get(cell), owes: owed.get(cell) };
}

/** Whether something of it passes by itself: once more it is said that it no longer is. */
function isMoving({ rate, births = 0, waitsFor, owes }: ActorRow, isQuiet: boolean): boolean {
  return (rate > 0 && !isQuiet) || births > 0 || waitsFor !== undefined || owes !== undefined;
}

/** A child that is to be killed when its supervisor ends, or ends it to restart another, has ended in order when it was. */
function asOrdered({ parent, exitReason, incarnation }: Cell, { parentLife, stoppedLife }: ActorRecord): ExitReason {
  if (exitReason.kind !== "killed" || parent === undefined) return exitReason;
  const isParentEnding = ["stopping", "stopped"].includes((parent as Cell).statusName);
  const isWithParent = isParentEnding || (parentLife > 0 && parent.incarnation !== parentLife);
  return isWithParent || stoppedLife === incarnation ? SHUTDOWN : exitReason;
}

function hasFailed({ lastEnd }: ActorRecord): boolean {
  const kind = lastEnd?.reason.kind;
  return kind === "crashed" || kind === "killed" || lastEnd?.gaveUp !== undefined;
}

function describeGivingUp({ supervisor, actor, restarts }: Extract<RuntimeEvent, { type: "escalated" }>): string {
  const { behavior } = cellOf(supervisor);
  const allowed = behavior instanceof Supervisor ? behavior.status.maxRestarts : 0;
  if (allowed === 0) return rowText(`gave up: ${cellOf(actor).childId} failed`);
  return `gave up: ${restarts} restarts, ${allowed} allowed`;
}

interface Watched {
  readonly samples: SystemSamples;
  readonly stopListening: () => void;
}

export class Sampler {
  readonly #watched = new Map<InspectedSystem, Watched>();
  readonly #events = new EventLog();
  /** Systems that have stopped since the last look. */
  readonly #last: ReturnType<SystemSamples["lastLook"]>[] = [];
  readonly #stopObserving: () => void;

  /** @param onStopped hears that a system has ended, within its end. */
  constructor(onStopped: () => void) {
    this.#stopObserving = observeSystems((system, isRunning) => {
      if (isRunning) this.#watch(system);
      else if (this.#forget(system)) onStopped();
    });
  }

  /**
   * @param loopDelayMs by how much the event loop was late.
   * @param isQuiet whether it is no difference that an actor has handled more
   */
  look(loopDelayMs: number, isQuiet: boolean): Changes {
    const last = this.#last.splice(0);
    const systems: SystemRow[] = last.map(({ row }) => row);
    const changed: ActorRow[] = last.flatMap(({ rows }) => rows);
    const removed: string[] = [];
    let isMore = false;
    for (const { samples } of this.#shown()) {
      systems.push(samples.row(loopDelayMs));
      const different = samples.changed(Math.max(0, LIST_LIMITS.rows - changed.length), isQuiet);
      changed.push(...different.rows);
      removed.push(...samples.removed());
      isMore ||= different.isMore;
    }
    const { events, missed } = this.#events.take();
    return { at: Date.now(), systems, systemsLeftOut: this.#leftOut, changed, removed, events, missed, isMore };
  }

  /** Everything as it is now. */
  tree(): Tree {
    const shown = this.#shown().map(({ samples }) => samples);
    return treeOf(shown, this.#leftOut);
  }

  /** How the last lives of an actor ended, the newest first. */
  endsOf(system: InspectedSystem, cell: Cell): readonly NotedEnd[] {
    return this.#watched.get(system)?.samples.endsOf(cell) ?? [];
  }

  end(): void {
    this.#stopObserving();
    for (const { stopListening } of this.#watched.values()) stopListening();
    this.#watched.clear();
  }

  #shown(): readonly Watched[] {
    return [...this.#watched.values()].slice(0, LIST_LIMITS.systems);
  }

  get #leftOut(): number {
    return Math.max(0, this.#watched.size - LIST_LIMITS.systems);
  }

  #watch(system: InspectedSystem): void {
    const samples = new SystemSamples(system);
    const stopListening = system.env.hub.subscribe((event) => {
      samples.note(event);
      this.#events.note(system, event);
    }, false);
    this.#watched.set(system, { samples, stopListening });
  }

  /** @returns whether it was watched. */
  #forget(system: InspectedSystem): boolean {
    const watched = this.#watched.get(system);
    if (watched === undefined) return false;
    watched.stopListening();
    this.#last.push(watched.samples.lastLook());
    return this.#watched.delete(system);
  }
}

/** Everything as it is now, for who looks once. */
export function wholeTree(): Tree {
  const running = runningSystems();
  const shown = running.slice(0, LIST_LIMITS.systems).map((system) => new SystemSamples(system));
  return treeOf(shown, running.length - shown.length);
}

function treeOf(shown: readonly SystemSamples[], systemsLeftOut: number): Tree {
  return {
    systems: shown.map((samples) => samples.row(0)),
    ...(systemsLeftOut > 0 ? { systemsLeftOut } : {}),
    actors: shown.flatMap((samples) => samples.all()),
  };
}
