/** Finds actors that wait for each other in a circle, so that none of them can go on. Pure. */
import { LONG_WAIT_MS } from "./health.ts";
import type { SeenRow } from "./row.ts";

/** States in which an actor takes no message: a turn, its start or its end waits for a promise. */
const CLOSED: readonly SeenRow["state"][] = ["waiting", "starting", "stopping"];

/**
 * The circles of actors that each wait for the next, none of which shares an actor with one before it.
 *
 * | an actor waits for | while it |
 * |---|---|
 * | whom it asked, or whose mailbox has no room for what it sent, for long | handles a message, starts or ends: otherwise it can still answer |
 * | a child that starts | starts it, or restarts it, as its supervisor |
 * | a child that ends | ends it as its supervisor, or ends itself |
 *
 * @returns keys, in order.
 */
export function deadlocksAmong(rows: Iterable<SeenRow>): readonly (readonly string[])[] {
  const waits = waitsAmong(rows);
  const cleared = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const key of waits.keys()) {
    // Who leads into a circle may stand in another one.
    while (!cleared.has(key)) {
      const circle = circleFrom(key, waits, cleared);
      if (circle.length > 0) circles.push(circle);
    }
  }
  return circles;
}

function waitsAmong(rows: Iterable<SeenRow>): ReadonlyMap<string, readonly string[]> {
  const waits = new Map<string, string[]>();
  const add = (key: string, ...on: readonly string[]) => {
    const known = waits.get(key);
    if (known) known.push(...on);
    else if (on.length > 0) waits.set(key, [...on]);
  };
  const closed = new Map<string, SeenRow>();
  for (const row of rows) {
    if (!isClosed(row)) continue;
    closed.set(row.key, row);
    for (const { key, sinceMs } of row.waitsFor ?? [])
      if (key !== undefined && sinceMs >= LONG_WAIT_MS) add(row.key, key);
  }
  for (const child of closed.values()) {
    const parent = child.parent === undefined ? undefined : closed.get(child.parent);
    if (parent && isHeldUpBy(parent, child)) add(parent.key, child.key);
  }
  return waits;
}

/** Whether an actor takes no message before something else has happened. */
export function isClosed({ left, state }: SeenRow): boolean {
  return left !== true && CLOSED.includes(state);
}

/** Whether an actor cannot go on before a child of it has started, or ended. */
export function isHeldUpBy(parent: SeenRow, child: SeenRow): boolean {
  if (!(isClosed(parent) && isClosed(child))) return false;
  if (child.state === "stopping") return parent.kind === "supervisor" || parent.state === "stopping";
  return child.state === "starting" && parent.kind === "supervisor";
}

/** Follows the waits from one actor, each way once, to the first circle: its actors are cleared, and all from which no way leads into one. */
function circleFrom(
  first: string,
  waits: ReadonlyMap<string, readonly string[]>,
  cleared: Set<string>,
): readonly string[] {
  const way: { readonly key: string; readonly next: Iterator<string> }[] = [];
  const on = new Set<string>();
  const enter = (key: string): void => {
    way.push({ key, next: (waits.get(key) ?? [])[Symbol.iterator]() });
    on.add(key);
  };
  enter(first);
  for (let at = way.at(-1); at; at = way.at(-1)) {
    const { value: key, done } = at.next.next();
    if (done) {
      way.pop();
      on.delete(at.key);
      cleared.add(at.key);
    } else if (on.has(key)) {
      const circle = way.slice(way.findIndex((step) => step.key === key)).map((step) => step.key);
      for (const each of circle) cleared.add(each);
      return circle;
    } else if (waits.has(key) && !cleared.has(key)) enter(key);
  }
  return [];
}
