/** Finds actors that wait for each other in a circle, so that none of them can go on. Pure. */
import { LONG_WAIT_MS } from "./health.ts";
import type { SeenRow } from "./row.ts";

/**
 * The first circle of actors that each wait, within a turn, for an answer of the next. One that waits outside of a turn can still
 * answer and breaks the circle.
 *
 * @returns their keys in order; empty when there is none.
 */
export function deadlockAmong(rows: Iterable<SeenRow>): readonly string[] {
  const waits = new Map<string, readonly string[]>();
  for (const row of rows) {
    if (row.state !== "waiting") continue;
    const asked = (row.waitsFor ?? []).flatMap(({ key, sinceMs }) =>
      key !== undefined && sinceMs >= LONG_WAIT_MS ? [key] : [],
    );
    if (asked.length > 0) waits.set(row.key, asked);
  }
  const cleared = new Set<string>();
  for (const key of waits.keys()) {
    const circle = circleFrom(key, waits, cleared);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** Follows the waits from one actor, each way once. */
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
    } else if (on.has(key)) return way.slice(way.findIndex((step) => step.key === key)).map((step) => step.key);
    else if (waits.has(key) && !cleared.has(key)) enter(key);
  }
  return [];
}
