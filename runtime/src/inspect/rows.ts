/** The tree as plain rows, each text cut to the protocol's limits. Reads actors and changes nothing; never throws. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { UNBOUNDED } from "../actor/mailbox.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import { type Crash, describeExit } from "../values/exit-reason.ts";
import { clip, errorParts } from "../values/safe-text.ts";
import { keyOf } from "./keys.ts";
import {
  type ActorRow,
  type CrashInfo,
  type HealthReport,
  LIST_LIMITS,
  type SupervisorInfo,
  type SystemRow,
  TEXT_LIMITS,
} from "./protocol.ts";

/** Characters in which a clipped text says how long it was. */
const NOTE = 40;
/** Asks that are looked through for who waits for whom. */
const ASKS_LIMIT = 1_000;

/** What a row tells beyond the actor itself: how fast it is, and whom it waits for. */
export interface RowExtras {
  readonly rate: number;
  readonly waitsFor: ActorRow["waitsFor"];
}

const lastNames = new WeakMap<Cell, string>();

export function rowOf(system: InspectedSystem, cell: Cell, extras: RowExtras): ActorRow {
  const parent = cell.parent as Cell | undefined;
  const { spec, incarnation } = cell;
  const supervisor = supervisorInfo(cell);
  const lastCrash = crashOf(system, cell);
  return {
    key: keyOf(system, cell),
    ...(parent === undefined ? {} : { parent: keyOf(system, parent) }),
    order: cell.uid,
    id: nameText(cell.childId),
    path: pathOf(cell),
    ...(spec.name === undefined ? {} : { name: nameText(spec.name) }),
    kind: cell.isSupervisor ? "supervisor" : "actor",
    definition: definitionOf(cell),
    state: stateOf(cell),
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

export function stateOf(cell: Cell): ActorRow["state"] {
  return cell.isSuspended && !cell.hasEnded ? "suspended" : cell.statusName;
}

/** As far up as there is room: the way to the top of a deep tree is long, and each actor in it has one. */
export function pathOf(cell: Cell): string {
  let path = cell.childId;
  let above = cell.parent as Cell | undefined;
  for (; above !== undefined && path.length <= TEXT_LIMITS.path; above = above.parent as Cell | undefined)
    path = `${above.childId}/${path}`;
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
function definitionOf(cell: Cell): string {
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

function mailboxOf(cell: Cell): ActorRow["mailbox"] {
  const { mailboxDepth: depth, mailboxCapacity: capacity, overflow } = cell;
  return { depth, capacity: capacity < UNBOUNDED ? capacity : null, overflow };
}

function supervisorInfo(cell: Cell): SupervisorInfo | undefined {
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
  if (record === undefined) return undefined;
  const { at, incarnation, reason, messageType } = record;
  const text = crashTexts.get(reason) ?? describeCrash(reason);
  crashTexts.set(reason, text);
  return {
    at,
    incarnation,
    where: typeof reason.where === "string" ? nameText(reason.where) : "exit",
    text,
    ...(messageType === undefined ? {} : { messageType: nameText(messageType) }),
  };
}

/** The last crash with its stack. */
export function crashWithStack(system: InspectedSystem, cell: Cell): CrashInfo | undefined {
  const crash = crashOf(system, cell);
  const stack = errorParts(system.env.crashes.get(cell.uid)?.reason.cause)?.stack;
  if (crash === undefined || stack === undefined) return crash;
  return { ...crash, stack: clip(stack, TEXT_LIMITS.stack - NOTE) };
}

/** An exit reason may be one that the program made by itself. */
function describeCrash(reason: Crash): string {
  try {
    return rowText(describeExit(reason));
  } catch {
    return "crashed for a reason that cannot be read";
  }
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
    waits.set(asker, list);
    if (list.length >= LIST_LIMITS.waits) continue;
    list.push({
      path: pathOf(cellOf(ask.recipient)),
      messageType: nameText(String(typeOf(ask.message))),
      sinceMs: now - ask.tick,
    });
  }
  return waits;
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
