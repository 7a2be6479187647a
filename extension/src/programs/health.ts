/** What is wrong with an actor, by its row alone. Pure. */
import type { ActorRow } from "airssys-rt/inspect";

/** 0: fine; 1: worth a look; 2: down. */
export type Severity = 0 | 1 | 2;

/** A mailbox this full is worth a look. */
const CROWDED = 0.8;
/** Milliseconds after which a question without an answer is worth a look. */
export const LONG_WAIT_MS = 1_000;

/**
 * | row | severity |
 * |---|---|
 * | restarting, or stopped by a crash | 2 |
 * | suspended; mailbox 80 % full; waits long for a reply; a supervisor that used restarts lately | 1 |
 * | anything else | 0 |
 */
export function severityOf(row: ActorRow): Severity {
  if (row.state === "restarting" || isCrashed(row)) return 2;
  if (row.state === "suspended" || isCrowded(row) || waitsLong(row) || (row.supervisor?.restartsInWindow ?? 0) > 0)
    return 1;
  return 0;
}

/** Stopped, and not because somebody wanted it. */
export function isCrashed(row: ActorRow): boolean {
  return row.state === "stopped" && row.lastCrash?.incarnation === row.incarnation;
}

export function isCrowded(row: ActorRow): boolean {
  const { depth, capacity } = row.mailbox;
  return capacity !== null && capacity > 0 && depth >= capacity * CROWDED;
}

export function waitsLong(row: ActorRow): boolean {
  return row.waitsFor?.some((wait) => wait.sinceMs >= LONG_WAIT_MS) ?? false;
}
