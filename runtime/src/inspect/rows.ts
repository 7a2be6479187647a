/** The tree as plain rows. Reads actors and changes nothing. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { UNBOUNDED } from "../actor/mailbox.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { CrashRecord } from "../environment/environment.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import { describeExit } from "../values/exit-reason.ts";
import type { ActorRow, CrashInfo, HealthReport, SupervisorInfo, SystemRow } from "./protocol.ts";
import type { ActorRecord } from "./record.ts";

/** Characters of text that came from the user's program. */
const TEXT_LIMIT = 2_000;
/** Asks that are looked through for who waits for whom. */
const ASKS_LIMIT = 1_000;

/** What a row tells beyond the actor itself. */
export interface RowExtras {
  /** What a watch has noted of it; absent while nobody watches. */
  readonly record?: ActorRecord | undefined;
  readonly nowMs: number;
  readonly asks: AsksUnderWay;
  readonly hasLeft?: boolean;
}

/** Questions without an answer yet, by who asked and by who is to answer. */
export interface AsksUnderWay {
  readonly waits: ReadonlyMap<Cell, NonNullable<ActorRow["waitsFor"]>>;
  readonly owed: ReadonlyMap<Cell, number>;
}

const lastNames = new WeakMap<Cell, string>();

export function keyOf(system: InspectedSystem, cell: Cell): string {
  return `${system.env.systemName}#${cell.uid}`;
}

export function rowOf(system: InspectedSystem, cell: Cell, extras: RowExtras): ActorRow {
  const parent = cell.parent as Cell | undefined;
  const { id, spec, incarnation } = cell;
  const definition = cell.definitionName || (lastNames.get(cell) ?? "");
  lastNames.set(cell, definition);
  return {
    key: keyOf(system, cell),
    order: cell.uid,
    id: cell.childId,
    path: id,
    kind: cell.isSupervisor ? "supervisor" : "actor",
    definition,
    state: cell.isSuspended && !cell.hasEnded ? "suspended" : cell.statusName,
    incarnation,
    restarts: Math.max(0, incarnation - 1),
    mailbox: mailboxOf(system, cell),
    handled: cell.handled,
    rate: extras.record?.handled.take(cell.handled, extras.nowMs) ?? 0,
    ...known({
      parent: parent && keyOf(system, parent),
      name: spec.name,
      restart: parent && spec.restart,
      waitsFor: extras.asks.waits.get(cell),
      lastCrash: crashInfo(system, cell) ?? extras.record?.lastCrash,
      handling: handlingOf(cell, extras),
      setAside: cell.setAside || undefined,
      owes: extras.asks.owed.get(cell),
      left: extras.hasLeft === true ? (true as const) : undefined,
      supervisor: supervisorInfo(cell),
    }),
    ...(extras.record === undefined ? {} : noted(extras.record, extras.nowMs)),
  };
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. */
function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>;
}

function noted(record: ActorRecord, nowMs: number): Partial<ActorRow> {
  const { lastEnd, refused, deadLetters, leftChildren } = record;
  return known({
    lastEnd,
    refused: refused || undefined,
    deadLetters: deadLetters || undefined,
    leftChildren: leftChildren || undefined,
    births: record.births.take(record.born, nowMs) || undefined,
  });
}

function handlingOf(cell: Cell, { record, nowMs }: RowExtras): ActorRow["handling"] {
  const letter = cell.letterInHand;
  if (record === undefined || letter === undefined || letter.isSignal) return undefined;
  return {
    messageType: clip(String(typeOf(letter.message))),
    seq: letter.seq,
    sinceMs: Math.round(record.holds(letter.seq, nowMs)),
  };
}

function mailboxOf({ env }: InspectedSystem, cell: Cell): ActorRow["mailbox"] {
  const { mailboxDepth: depth, mailboxCapacity: capacity, overflow } = cell;
  const oldest = depth > 0 ? cell.oldestWaiting : undefined;
  return {
    depth,
    capacity: capacity < UNBOUNDED ? capacity : null,
    overflow,
    ...(oldest === undefined ? {} : { oldestMs: Math.max(0, env.tick() - oldest.tick) }),
  };
}

function supervisorInfo(cell: Cell): SupervisorInfo | undefined {
  return cell.behavior instanceof Supervisor ? cell.behavior.status : undefined;
}

function crashInfo({ env }: InspectedSystem, cell: Cell): CrashInfo | undefined {
  const crash = env.crashes.get(cell.uid);
  return crash && describeCrash(crash);
}

export function describeCrash({ at, incarnation, reason, messageType }: CrashRecord): CrashInfo {
  const { cause } = reason;
  const stack = cause instanceof Error && typeof cause.stack === "string" ? { stack: clip(cause.stack) } : {};
  return {
    at,
    incarnation,
    where: reason.where,
    text: clip(describeExit(reason)),
    ...stack,
    ...(messageType === undefined ? {} : { messageType: clip(messageType) }),
  };
}

export function clip(text: string): string {
  return text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT)}…`;
}

/** All cells of a system, parents before children, siblings in start order. */
export function* cellsOf(cell: Cell): IterableIterator<Cell> {
  yield cell;
  for (const child of cell.children) yield* cellsOf(child as Cell);
}

/** Who waits for whom. */
export function asksOf(system: InspectedSystem): AsksUnderWay {
  const { env } = system;
  const waits = new Map<Cell, Mutable<NonNullable<ActorRow["waitsFor"]>>>();
  const owed = new Map<Cell, number>();
  const now = env.tick();
  let seen = 0;
  for (const ask of env.deadlines) {
    if (++seen > ASKS_LIMIT) break;
    if (!(ask instanceof PendingAsk)) continue;
    const asked = cellOf(ask.recipient);
    owed.set(asked, (owed.get(asked) ?? 0) + 1);
    if (ask.sender === undefined) continue;
    const asker = cellOf(ask.sender);
    const list = waits.get(asker) ?? [];
    list.push({
      key: keyOf(system, asked),
      path: ask.recipient.id,
      messageType: clip(String(typeOf(ask.message))),
      sinceMs: now - ask.tick,
    });
    waits.set(asker, list);
  }
  return { waits, owed };
}

type Mutable<T extends readonly unknown[]> = T[number][];

export function systemRow(system: InspectedSystem, throughput: number, loopDelayMs: number): SystemRow {
  const { env, root } = system;
  return {
    id: env.systemName,
    name: env.systemName,
    root: keyOf(system, root),
    health: healthReport(system, throughput, loopDelayMs),
  };
}

function healthReport({ env, health }: InspectedSystem, throughput: number, loopDelayMs: number): HealthReport {
  const { actorCount: actors, supervisors, restarts, deadLetters, clock } = env;
  return {
    status: health.status,
    actors,
    supervisors: supervisors.size,
    throughput,
    restarts,
    deadLetters: deadLetters.count,
    loopDelayMs,
    timestamp: clock.now(),
  };
}
