/** The tree as plain rows. Reads actors and changes nothing. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { UNBOUNDED } from "../actor/mailbox.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import { describeExit } from "../values/exit-reason.ts";
import type { ActorRow, CrashInfo, HealthReport, SupervisorInfo, SystemRow } from "./protocol.ts";

/** Characters of text that came from the user's program. */
const TEXT_LIMIT = 2_000;
/** Asks that are looked through for who waits for whom. */
const ASKS_LIMIT = 1_000;
/** Characters of a path: one of a tree that is a hundred thousand levels deep takes half a million. */
const PATH_LIMIT = 500;

/** What a row tells beyond the actor itself: how fast it is, and whom it waits for. */
export interface RowExtras {
  readonly rate: number;
  readonly waitsFor: ActorRow["waitsFor"];
}

const lastNames = new WeakMap<Cell, string>();

export function keyOf(system: InspectedSystem, cell: Cell): string {
  return `${system.env.systemName}#${cell.uid}`;
}

export function rowOf(system: InspectedSystem, cell: Cell, extras: RowExtras): ActorRow {
  const parent = cell.parent as Cell | undefined;
  const { spec, incarnation } = cell;
  const supervisor = supervisorInfo(cell);
  const lastCrash = crashInfo(system, cell);
  const definition = cell.definitionName || (lastNames.get(cell) ?? "");
  lastNames.set(cell, definition);
  return {
    key: keyOf(system, cell),
    ...(parent === undefined ? {} : { parent: keyOf(system, parent) }),
    order: cell.uid,
    id: cell.childId,
    path: cell.idWithin(PATH_LIMIT),
    ...(spec.name === undefined ? {} : { name: spec.name }),
    kind: cell.isSupervisor ? "supervisor" : "actor",
    definition,
    state: cell.isSuspended && !cell.hasEnded ? "suspended" : cell.statusName,
    incarnation,
    ...(spec.restart === undefined || parent === undefined ? {} : { restart: spec.restart }),
    restarts: Math.max(0, incarnation - 1),
    mailbox: mailboxOf(cell),
    handled: cell.handled,
    rate: extras.rate,
    ...(extras.waitsFor === undefined ? {} : { waitsFor: extras.waitsFor }),
    ...(lastCrash === undefined ? {} : { lastCrash }),
    ...(supervisor === undefined ? {} : { supervisor }),
  };
}

function mailboxOf(cell: Cell): ActorRow["mailbox"] {
  const { mailboxDepth: depth, mailboxCapacity: capacity, overflow } = cell;
  return { depth, capacity: capacity < UNBOUNDED ? capacity : null, overflow };
}

function supervisorInfo(cell: Cell): SupervisorInfo | undefined {
  return cell.behavior instanceof Supervisor ? cell.behavior.status : undefined;
}

function crashInfo({ env }: InspectedSystem, cell: Cell): CrashInfo | undefined {
  const crash = env.crashes.get(cell.uid);
  if (crash === undefined) return undefined;
  const { at, incarnation, reason, messageType } = crash;
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
export function cellsOf(cell: Cell): readonly Cell[] {
  return cell.family as readonly Cell[];
}

/** Whom each actor waits for. */
export function waitsOf({ env }: InspectedSystem): ReadonlyMap<Cell, NonNullable<ActorRow["waitsFor"]>> {
  const waits = new Map<Cell, { path: string; messageType: string; sinceMs: number }[]>();
  const now = env.tick();
  let seen = 0;
  for (const ask of env.deadlines) {
    if (++seen > ASKS_LIMIT) break;
    if (!(ask instanceof PendingAsk) || ask.sender === undefined) continue;
    const asker = cellOf(ask.sender);
    const list = waits.get(asker) ?? [];
    list.push({
      path: ask.recipient.id,
      messageType: clip(String(typeOf(ask.message))),
      sinceMs: now - ask.tick,
    });
    waits.set(asker, list);
  }
  return waits;
}

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
