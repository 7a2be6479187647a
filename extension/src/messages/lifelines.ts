/** Who stands where above a sequence: one line an actor, or one a supervisor where there would be too many. Pure. */
import type { Actor, MessageStore } from "./store.ts";
import { KIND } from "./store.ts";

/** Lines of single actors; above, they are grouped by their supervisors. */
export const LINES_LIMIT = 30;

export interface Lifeline {
  /** Path of the actor, or of the supervisor for all below it that have no line of their own; empty for the outside. */
  readonly path: string;
  readonly program: string;
  /** Numbers of the actors it stands for. */
  readonly actors: readonly number[];
  readonly isGroup: boolean;
}

export interface Lifelines {
  readonly lines: readonly Lifeline[];
  /** Place of each actor's line, by its number. */
  readonly places: ReadonlyMap<number, number>;
}

/** Who takes part in these rows, in the order in which they first did. */
export function partakers(store: MessageStore, rows: Iterable<number>): number[] {
  const seen = new Set<number>();
  for (const row of rows) {
    const slot = store.slot(row);
    const kind = store.kind[slot];
    if (kind === KIND.gap) continue;
    if (kind !== KIND.life) seen.add(store.from[slot] ?? 0);
    seen.add(store.to[slot] ?? 0);
  }
  return [...seen];
}

/**
 * @param isGrouped whether supervisors stand for those below them; `undefined`: if there are too many for lines of their own
 * @param opened ids of groups that were opened: their actors have lines of their own
 */
export function arrange(
  store: MessageStore,
  actors: readonly number[],
  isGrouped: boolean | undefined,
  opened: ReadonlySet<string>,
): Lifelines {
  const groups = isGrouped ?? actors.length > LINES_LIMIT;
  const byId = new Map<string, { path: string; program: string; actors: number[]; isGroup: boolean }>();
  for (const no of actors) {
    const actor = store.actors[no];
    if (actor === undefined) continue;
    const group = groups && no !== 0 ? groupOf(actor) : undefined;
    const isGroup = group !== undefined && !opened.has(group);
    const id = isGroup ? group : `${actor.program}\n${actor.key}\n${actor.path}`;
    const line = byId.get(id);
    if (line !== undefined) line.actors.push(no);
    else {
      const path = isGroup ? parentOf(actor.path) : actor.path;
      byId.set(id, { path, program: actor.program, actors: [no], isGroup });
    }
  }
  const lines = [...byId.values()];
  const places = new Map(lines.flatMap((line, place) => line.actors.map((no) => [no, place] as const)));
  return { lines, places };
}

/** Id of the group of an actor: its supervisor in its program. */
export function groupOf({ program, path }: Actor): string | undefined {
  const parent = parentOf(path);
  return parent === "" ? undefined : `${program}\n${parent}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The last part of a path: what a line is called. */
export function shortName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
