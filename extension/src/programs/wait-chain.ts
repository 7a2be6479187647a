/** Follows who waits for whom from one actor on, to the one that everything hangs on. Pure. */
import { handlesFor, since } from "./health.ts";
import type { ProgramTree } from "./model.ts";
import type { SeenRow } from "./row.ts";

/** A question without an answer. */
export interface Wait {
  /** Who asks. */
  readonly row: SeenRow;
  readonly messageType: string;
  /** Who was asked, by path, and its row while it is known. */
  readonly path: string;
  readonly asked: SeenRow | undefined;
  readonly ms: number;
}

export interface WaitChain {
  /** From the actor on, each the oldest question of who was asked before. */
  readonly waits: readonly Wait[];
  /** The last waits for one of those before it. */
  readonly isCircle: boolean;
  /** For how long the last one that was asked has handled one message; 0 when it handles none. */
  readonly handlesMs: number;
}

/** More steps are no help to anybody. */
const MAX_STEPS = 50;

export function waitChain(tree: ProgramTree, key: string, now: number): WaitChain {
  const waits: Wait[] = [];
  const seen = new Set<string>();
  let at = tree.row(key);
  while (at !== undefined && waits.length < MAX_STEPS) {
    if (seen.has(at.key)) return { waits, isCircle: true, handlesMs: 0 };
    seen.add(at.key);
    const wait = oldestWait(tree, at, now);
    if (wait === undefined) break;
    waits.push(wait);
    at = wait.asked;
  }
  const last = waits.at(-1)?.asked;
  return { waits, isCircle: false, handlesMs: last === undefined ? 0 : handlesFor(last, now) };
}

function oldestWait(tree: ProgramTree, row: SeenRow, now: number): Wait | undefined {
  const [oldest] = (row.waitsFor ?? []).toSorted((one, other) => other.sinceMs - one.sinceMs);
  if (oldest === undefined) return undefined;
  const { key, path, messageType, sinceMs } = oldest;
  const asked = key === undefined ? undefined : tree.row(key);
  return { row, messageType, path, asked, ms: sinceMs + since(row, now) };
}
