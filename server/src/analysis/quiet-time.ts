/** How long nothing must have been typed before the diagnostics are brought up to date. Pure. */

/** Keys that an editor sends together, and pastes in pieces, are one edit. */
const SHORTEST_MS = 10;
/** Nobody types faster for long, and nobody waits for more. */
const LONGEST_MS = 60;
/** An edit of the imports: a path that is being typed leads nowhere yet, and each costs a look at the disk. */
const IMPORTS_MS = 250;
/** Of the time between two keys at most a third is spent on what the next key makes old. */
const TIMES_COST = 2;

/**
 * | what is edited   | the analysis before took | wait     |
 * | ---------------- | ------------------------ | -------- |
 * | imports          | anything                 | 250 ms   |
 * | anything else    | up to 5 ms               | 10 ms    |
 * | anything else    | up to 30 ms              | twice so long |
 * | anything else    | more, or none was made   | 60 ms    |
 *
 * @param costMs what the analysis before took; `undefined` when there was none.
 */
export function quietTime(costMs: number | undefined, changesImports: boolean): number {
  if (changesImports) return IMPORTS_MS;
  if (costMs === undefined) return LONGEST_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, TIMES_COST * costMs));
}
