/** What is wrong with an actor, by its row alone. Pure. */
import type { ActorRow, EndInfo } from "airssys-rt/inspect";
import type { SeenRow } from "./row.ts";

/** 0: fine; 1: worth a look; 2: down. */
export type Severity = 0 | 1 | 2;

/** A mailbox this full is worth a look. */
const CROWDED = 0.8;
/** Milliseconds after which a question without an answer, or a message nobody takes, is worth a look. */
export const LONG_WAIT_MS = 1_000;
/** Milliseconds for which a failure is news. */
const NEWS_MS = 60_000;

/**
 * | row | severity |
 * |---|---|
 * | restarting, or ended by a failure and not started again | 2 |
 * | failed and was started again within a minute; suspended; mailbox 80 % full; the oldest message waits long; waits long for a
 * reply; a supervisor that used restarts lately | 1 |
 * | anything else | 0 |
 */
export function severityOf(row: SeenRow, now: number): Severity {
  if (isDown(row)) return 2;
  if (row.left || row.state === "stopped") return 0;
  const isWarned =
    hasFailedLately(row, now) ||
    row.state === "suspended" ||
    isCrowded(row) ||
    lagOf(row, now) >= LONG_WAIT_MS ||
    waitsLong(row, now) ||
    (row.supervisor?.restartsInWindow ?? 0) > 0;
  return isWarned ? 1 : 0;
}

/** It does not run, and nobody wanted that. */
function isDown(row: ActorRow): boolean {
  return row.state === "restarting" || hasFailed(row);
}

/** Stopped, and not because somebody wanted it. */
export function hasFailed(row: ActorRow): boolean {
  return (row.state === "stopped" || row.left === true) && isFailure(endOf(row)?.kind);
}

/** How its last life ended: as the program tells it; from a runtime that does not, its last crash. */
export function endOf(row: ActorRow): EndInfo | undefined {
  if (row.lastEnd) return row.lastEnd;
  const { lastCrash: crash } = row;
  const wasLast = crash && (crash.incarnation === row.incarnation - 1 || row.state === "stopped");
  if (!crash || !wasLast) return undefined;
  return { at: crash.at, incarnation: crash.incarnation, kind: "crashed", text: crash.text };
}

function isFailure(kind: EndInfo["kind"] | undefined): boolean {
  return kind === "crashed" || kind === "killed" || kind === "gaveUp";
}

/** It has failed, runs again, and that is news. */
export function hasFailedLately(row: ActorRow, now: number): boolean {
  const end = endOf(row);
  if (!end || row.restarts === 0 || row.left || row.state === "stopped") return false;
  return isFailure(end.kind) && now - end.at < NEWS_MS;
}

export function isCrowded(row: ActorRow): boolean {
  const { depth, capacity } = row.mailbox;
  return capacity !== null && capacity > 0 && depth >= capacity * CROWDED;
}

/** Milliseconds for which its oldest message waits. */
export function lagOf(row: SeenRow, now: number): number {
  return row.mailbox.oldestMs === undefined ? 0 : row.mailbox.oldestMs + since(row, now);
}

/** Milliseconds for which it has handled one message. */
export function handlesFor(row: SeenRow, now: number): number {
  return row.handling === undefined ? 0 : row.handling.sinceMs + since(row, now);
}

export function waitsLong(row: SeenRow, now: number): boolean {
  return row.waitsFor?.some((wait) => wait.sinceMs + since(row, now) >= LONG_WAIT_MS) ?? false;
}

/** Milliseconds since a row came. */
export function since({ seenAt }: SeenRow, now: number): number {
  return Math.max(0, now - seenAt);
}

/** Whether a row looks different later although nothing happens. */
export function changesByItself(row: SeenRow, now: number): boolean {
  if (row.left) return false;
  return (
    hasFailedLately(row, now) ||
    row.mailbox.oldestMs !== undefined ||
    row.handling !== undefined ||
    row.waitsFor !== undefined
  );
}
