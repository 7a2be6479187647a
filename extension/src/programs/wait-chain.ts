/** Follows who waits for whom from one actor on, to the one that everything hangs on. Pure. */
import { isClosed, isHeldUpBy } from "./deadlock.ts";
import { handlesFor, since } from "./health.ts";
import type { ProgramTree } from "./model.ts";
import type { SeenRow } from "./row.ts";

/**
 * What is waited for: `ask`: the reply to a question; `room`: room in a full mailbox; `start`, `end`: that a child has started, or ended.
 */
export type WaitKind = "ask" | "room" | "start" | "end";

/** Somebody cannot go on before somebody else does. */
export interface Wait {
  /** Who waits. */
  readonly row: SeenRow;
  readonly kind: WaitKind;
  /** Of what was asked or sent; `undefined` where a child is waited for. */
  readonly messageType: string | undefined;
  /** Who is waited for, by path, and its row while it is known. */
  readonly path: string;
  readonly asked: SeenRow | undefined;
  readonly ms: number;
}

export interface WaitChain {
  /** From the actor on, each the oldest wait of who is waited for before, or the one in whose circle it is. */
  readonly waits: readonly Wait[];
  /** The last waits for one of those before it. */
  readonly isCircle: boolean;
  /** For how long the last one that is waited for has handled one message; 0 when it handles none. */
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
    const wait = waitOf(tree, at, now);
    if (wait === undefined) break;
    waits.push(wait);
    at = wait.asked;
  }
  const last = waits.at(-1)?.asked;
  return { waits, isCircle: false, handlesMs: last === undefined ? 0 : handlesFor(last, now) };
}

/** What an actor waits for; in a circle the next of it. `undefined` when it waits for nobody. */
export function waitOf(tree: ProgramTree, row: SeenRow, now: number): Wait | undefined {
  const all = [...messageWaits(tree, row, now), ...childWaits(tree, row, now)];
  const next = nextInCircle(tree, row.key);
  return all.find(({ asked }) => asked !== undefined && asked.key === next) ?? all[0];
}

/** The oldest first. */
function messageWaits(tree: ProgramTree, row: SeenRow, now: number): Wait[] {
  return (row.waitsFor ?? [])
    .toSorted((one, other) => other.sinceMs - one.sinceMs)
    .map(({ key, path, messageType, sinceMs, kind = "ask" }) => {
      const asked = key === undefined ? undefined : tree.row(key);
      return { row, kind, messageType, path, asked, ms: sinceMs + since(row, now) };
    });
}

function childWaits(tree: ProgramTree, row: SeenRow, now: number): Wait[] {
  if (!isClosed(row)) return [];
  return tree
    .children(row.key)
    .flatMap((key) => tree.row(key) ?? [])
    .filter((child) => isHeldUpBy(row, child))
    .map((child) => {
      const kind = child.state === "starting" ? "start" : "end";
      return { row, kind, messageType: undefined, path: child.path, asked: child, ms: handlesFor(row, now) };
    });
}

function nextInCircle(tree: ProgramTree, key: string): string | undefined {
  for (const circle of tree.deadlocks) {
    const at = circle.indexOf(key);
    if (at >= 0) return circle[(at + 1) % circle.length];
  }
  return undefined;
}
