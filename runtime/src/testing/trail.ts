/** A run as the turns it took, to be compared with another one. */
import type { Run } from "./run.ts";

/** What each turn was: who took what from whom. */
export function trailOf(run: Run): readonly string[] {
  const trail: string[] = [];
  for (const { place, taken } of run.events) {
    if (place === undefined) continue;
    const from = taken?.from === undefined ? "" : ` from ${taken.from.label}`;
    trail.push(taken === undefined ? place.label : `${place.label} took ${taken.type}${from}`);
  }
  return trail;
}

/** The first turn in which two runs differ, in words; `undefined` if there is none. */
export function firstDifference(one: readonly string[], other: readonly string[]): string | undefined {
  const at = commonLength(one, other);
  if (at === one.length && at === other.length) return undefined;
  return `turn ${at + 1} was "${one[at] ?? "the end"}", then "${other[at] ?? "the end"}"`;
}

/** In how many turns, from the first on, two runs are alike. */
export function commonLength(one: readonly string[], other: readonly string[]): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at++;
  return at;
}
