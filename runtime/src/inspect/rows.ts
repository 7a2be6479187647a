/** The tree as plain rows, each text cut to the protocol's limits. Reads actors and changes nothing; never throws. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { UNBOUNDED } from "../actor/mailbox.ts";
import type { CrashRecord } from "../environment/environment.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { DEFAULT_SUPERVISOR_SHUTDOWN, DEFAULT_WORKER_SHUTDOWN } from "../spec/child-spec.ts";
import { SupervisedChild } from "../supervision/supervised-child.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import { type Crash, describeExit, type ExitReason } from "../values/exit-reason.ts";
import { clip, errorParts } from "../values/safe-text.ts";
import type { ActorRow, CrashInfo, EndInfo, HealthReport, SupervisorInfo, SystemRow } from "./actor-row.ts";
import { keyOf } from "./keys.ts";
import type { OsPart } from "./os-rows.ts";
import { TEXT_LIMITS } from "./protocol-limits.ts";
import type { ActorRecord, NotedEnd } from "./record.ts";

/** Characters in which a clipped text says how long it was. */
const NOTE = 40;
/** What a row tells beyond the actor itself. */
export interface RowExtras {
  /** What has been noted of it. */
  readonly record: ActorRecord;
  readonly nowMs: number;
  readonly waitsFor: ActorRow["waitsFor"];
  /** Answers that others wait for. */
  readonly owes: number | undefined;
  readonly hasLeft?: boolean;
  /** What it tells of its processes. */
  readonly os?: OsPart;
}

const lastNames = new WeakMap<Cell, string>();

export function rowOf(system: InspectedSystem, cell: Cell, extras: RowExtras): ActorRow {
  const parent = cell.parent as Cell | undefined;
  const { spec, incarnation } = cell;
  const { record, nowMs, waitsFor, owes } = extras;
  return {
    key: keyOf(system, cell),
    order: cell.uid,
    id: nameText(cell.childId),
    path: pathOf(cell),
    kind: cell.isSupervisor ? "supervisor" : "actor",
    definition: definitionOf(cell),
    state: stateOf(cell),
    incarnation,
    restarts: Math.max(0, incarnation - 1),
    mailbox: mailboxOf(system, cell),
    handled: cell.handled,
    rate: record.handled.take(cell.handled, nowMs),
    ...known({
      parent: parent && keyOf(system, parent),
      name: spec.name === undefined ? undefined : nameText(spec.name),
      restart: parent && spec.restart,
      significant: isSignificant(spec) ? (true as const) : undefined,
      shutdown: unusualShutdown(cell),
      dynamic: isDynamic(cell) ? (true as const) : undefined,
      waitsFor,
      lastCrash: crashOf(system, cell) ?? (record.lastCrash && crashInfo(record.lastCrash)),
      handling: handlingOf(cell, extras),
      setAside: cell.setAside || undefined,
      owes,
      left: extras.hasLeft === true ? (true as const) : undefined,
      supervisor: supervisorInfo(cell),
      lastEnd: record.lastEnd?.incarnation === endedLife(cell) ? endInfo(record.lastEnd) : undefined,
      refused: record.refused || undefined,
      deadLetters: record.deadLetters || undefined,
      leftChildren: record.leftChildren || undefined,
      births: record.births.take(record.born, nowMs) || undefined,
    }),
    ...extras.os,
  };
}

function unusualShutdown({ spec, isSupervisor }: Cell): ActorRow["shutdown"] {
  if (!(spec instanceof SupervisedChild)) return undefined;
  return spec.shutdown === (isSupervisor ? DEFAULT_SUPERVISOR_SHUTDOWN : DEFAULT_WORKER_SHUTDOWN)
    ? undefined
    : spec.shutdown;
}

function isDynamic({ spec, parent }: Cell): boolean {
  if (!(spec instanceof SupervisedChild)) return false;
  const behavior = (parent as Cell | undefined)?.behavior;
  return spec.policy.isInstance || (behavior instanceof Supervisor && !behavior.lists(spec.specId));
}

function isSignificant(spec: unknown): boolean {
  return spec instanceof SupervisedChild && spec.policy.significant;
}

/** The life that ended last: what is known of an earlier one is old. */
function endedLife(cell: Cell): number {
  return cell.hasEnded ? cell.incarnation : cell.incarnation - 1;
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. */
function known<T extends object>(fields: T): Known<T> {
  for (const name of Object.keys(fields) as (keyof T)[]) if (fields[name] === undefined) delete fields[name];
  return fields as Known<T>;
}

function handlingOf(cell: Cell, { record, nowMs }: RowExtras): ActorRow["handling"] {
  const letter = cell.letterInHand;
  if (letter === undefined || letter.isSignal) return undefined;
  const messageType = nameText(String(typeOf(letter.message)));
  const { awaitingSince } = cell;
  const since =
    awaitingSince === undefined
      ? Math.round(record.holds(letter.seq, nowMs))
      : Math.max(0, cell.env.tick() - awaitingSince);
  return { messageType, seq: letter.seq, sinceMs: since };
}

export function stateOf(cell: Cell): ActorRow["state"] {
  return cell.isSuspended && !cell.hasEnded ? "suspended" : cell.statusName;
}

/** As far up as there is room. */
export function pathOf(cell: Cell): string {
  const path = cell.endOfPath(TEXT_LIMITS.path);
  return path.length <= TEXT_LIMITS.path ? path : `…${path.slice(1 - TEXT_LIMITS.path)}`;
}

/** Text that fits where the protocol has names. */
export function nameText(text: string): string {
  return clip(text, TEXT_LIMITS.name - NOTE);
}

/** Text that fits where the protocol has sentences. */
export function rowText(text: string): string {
  return clip(text, TEXT_LIMITS.text - NOTE);
}

/** What is written in the source; while it is not known, what it was last. The class is the program's, and so is what reading it does. */
export function definitionOf(cell: Cell): string {
  let name: unknown;
  try {
    name = cell.definitionName;
  } catch {
    name = UNREADABLE;
  }
  const definition = typeof name === "string" ? nameText(name) || (lastNames.get(cell) ?? "") : UNREADABLE;
  lastNames.set(cell, definition);
  return definition;
}

const UNREADABLE = "(a class whose name cannot be read)";

function mailboxOf({ env }: InspectedSystem, cell: Cell): ActorRow["mailbox"] {
  const { mailboxDepth: depth, mailboxCapacity: capacity, overflow } = cell;
  const since = depth > 0 ? cell.waitingSince : undefined;
  return {
    depth,
    capacity: capacity < UNBOUNDED ? capacity : null,
    overflow,
    ...(since === undefined ? {} : { oldestMs: Math.max(0, env.tick() - since) }),
  };
}

/** What a supervisor says of its restarts; `undefined` for any other actor. */
export function supervisorInfo(cell: Cell): SupervisorInfo | undefined {
  const { behavior } = cell.isSupervisor ? cell : { behavior: undefined };
  return behavior instanceof Supervisor ? behavior.status : undefined;
}

/** Restarts of a supervisor that still count against it. */
export function restartsInWindow(cell: Cell): number {
  return supervisorInfo(cell)?.restartsInWindow ?? 0;
}

/** One text for each crash, however often it is told. */
const crashTexts = new WeakMap<Crash, string>();

/** The last crash, without its stack: to write that down takes longer than everything else. */
export function crashOf({ env }: InspectedSystem, cell: Cell): CrashInfo | undefined {
  const record = env.crashes.get(cell.uid);
  return record && crashInfo(record);
}

function crashInfo({ at, incarnation, reason, messageType }: CrashRecord): CrashInfo {
  const text = crashTexts.get(reason) ?? exitText(reason);
  crashTexts.set(reason, text);
  return {
    at,
    incarnation,
    where: typeof reason.where === "string" ? nameText(reason.where) : "exit",
    text,
    ...(messageType === undefined ? {} : { messageType: nameText(messageType) }),
  };
}

/** A crash with its stack. */
export function crashWithStack(record: CrashRecord): CrashInfo {
  const stack = errorParts(record.reason.cause)?.stack;
  const crash = crashInfo(record);
  return stack === undefined ? crash : { ...crash, stack: clip(stack, TEXT_LIMITS.stack - NOTE) };
}

/** How a life ended, in words. */
export function endInfo({ at, incarnation, reason, gaveUp }: NotedEnd): EndInfo {
  return gaveUp === undefined
    ? { at, incarnation, kind: reason.kind, text: exitText(reason) }
    : { at, incarnation, kind: "gaveUp", text: gaveUp };
}

/** An exit reason may be one that the program made by itself. */
export function exitText(reason: ExitReason): string {
  try {
    return rowText(describeExit(reason));
  } catch {
    return "ended for a reason that cannot be read";
  }
}

/** The actor with which the end of a system began that gave up. */
export function firstCause({ env, root }: InspectedSystem): Cell | undefined {
  let first: Cell | undefined;
  for (let straw = env.lastStraws.get(root); straw !== undefined; straw = env.lastStraws.get(straw.actor))
    first = cellOf(straw.actor);
  return first;
}

export function systemRow(system: InspectedSystem, throughput: number, loopDelayMs: number): SystemRow {
  const { env, root } = system;
  const key = keyOf(system, root);
  return {
    id: key,
    name: nameText(env.systemName),
    root: key,
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
