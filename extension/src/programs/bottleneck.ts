/** Finds the actor that holds up most others, and is itself held up by none. Pure. */
import { since } from "./health.ts";
import type { ProgramTree } from "./model.ts";
import type { SeenRow } from "./row.ts";
import { type WaitChain, waitChain } from "./wait-chain.ts";

export interface Bottleneck {
  /** From one of those that wait to whom they all wait for. */
  readonly chain: WaitChain;
  /** Those that wait for it, directly or for one that does, who waits longest first. */
  readonly waiters: readonly SeenRow[];
}

/** Milliseconds after which who waits is held up, and does not just wait. */
const HELD_UP_MS = 3_000;
/** Actors that are looked through: when more wait, these are enough to tell for whom. */
const LOOKED_THROUGH = 200;

/** @returns `undefined` when nobody is held up, or all that are wait in circles. */
export function bottleneckOf(tree: ProgramTree, now: number): Bottleneck | undefined {
  const found = new Map<string, { chain: WaitChain; waiters: { row: SeenRow; ms: number }[] }>();
  let looked = 0;
  for (const key of tree.troubled) {
    if (++looked > LOOKED_THROUGH) break;
    const row = tree.row(key);
    const ms = row === undefined ? 0 : heldUpFor(row, now);
    if (row === undefined || ms < HELD_UP_MS) continue;
    const chain = waitChain(tree, key, now);
    const end = chain.waits.at(-1)?.asked;
    if (chain.isCircle || end === undefined || end.left === true) continue;
    const known = found.get(end.key);
    if (known === undefined) found.set(end.key, { chain, waiters: [{ row, ms }] });
    else known.waiters.push({ row, ms });
  }
  const [most] = [...found.values()].sort((one, other) => other.waiters.length - one.waiters.length);
  if (most === undefined) return undefined;
  return { chain: most.chain, waiters: most.waiters.sort((one, other) => other.ms - one.ms).map(({ row }) => row) };
}

function heldUpFor(row: SeenRow, now: number): number {
  const longest = Math.max(0, ...(row.waitsFor ?? []).map(({ sinceMs }) => sinceMs));
  return longest === 0 ? 0 : longest + since(row, now);
}
