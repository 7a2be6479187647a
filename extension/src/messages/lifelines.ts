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

export class Lifelines {
  /** Whether supervisors stand for those below them. */
  readonly isGrouped: boolean;
  readonly #store: MessageStore;
  readonly #opened: ReadonlySet<string>;
  readonly #lines: (Lifeline & { readonly actors: number[] })[] = [];
  readonly #places = new Map<number, number>();
  /** Places of lines by what they stand for. */
  readonly #placeOf = new Map<string, number>();

  /** @param opened ids of groups that were opened: their actors have lines of their own */
  constructor(store: MessageStore, isGrouped: boolean, opened: ReadonlySet<string>) {
    this.#store = store;
    this.isGrouped = isGrouped;
    this.#opened = opened;
  }

  get lines(): readonly Lifeline[] {
    return this.#lines;
  }

  /** Place of each actor's line, by its number. */
  get places(): ReadonlyMap<number, number> {
    return this.#places;
  }

  /** Another actor takes part. */
  add(no: number): void {
    const actor = this.#store.actors[no];
    if (actor === undefined) return;
    const group = this.isGrouped && no !== 0 ? groupOf(actor) : undefined;
    const isGroup = group !== undefined && !this.#opened.has(group);
    const id = isGroup ? group : `${actor.program}\n${actor.key}\n${actor.path}`;
    let place = this.#placeOf.get(id);
    if (place === undefined) {
      place = this.#lines.length;
      this.#placeOf.set(id, place);
      const path = isGroup ? parentOf(actor.path) : actor.path;
      this.#lines.push({ path, program: actor.program, actors: [], isGroup });
    }
    this.#lines[place]?.actors.push(no);
    this.#places.set(no, place);
  }
}

/** Who takes part in these rows, in the order in which they first did. */
export function partakers(store: MessageStore, rows: Iterable<number>): Set<number> {
  const seen = new Set<number>();
  for (const row of rows) {
    const slot = store.slot(row);
    const kind = store.kind[slot];
    if (kind === KIND.gap) continue;
    if (kind !== KIND.life) seen.add(store.from[slot] ?? 0);
    seen.add(store.to[slot] ?? 0);
  }
  return seen;
}

/** @param isGrouped what the reader wants; `undefined`: where there would be too many for lines of their own */
export function areGrouped(actors: number, isGrouped: boolean | undefined): boolean {
  return isGrouped ?? actors > LINES_LIMIT;
}

/** @param isGrouped as for {@link areGrouped} @param opened as for {@link Lifelines} */
export function arrange(
  store: MessageStore,
  actors: Iterable<number> & { readonly size: number },
  isGrouped: boolean | undefined,
  opened: ReadonlySet<string>,
): Lifelines {
  const lines = new Lifelines(store, areGrouped(actors.size, isGrouped), opened);
  for (const no of actors) lines.add(no);
  return lines;
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
