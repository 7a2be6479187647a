/** What actors and systems are called in the protocol, and who is meant. Leaf of inspection: knows no rows and no frames. */
import type { Cell } from "../actor/cell.ts";
import { type InspectedSystem, runningSystems } from "../health/systems.ts";

/** Characters of a system's name in keys. */
const NAME_LIMIT = 80;

/** What stands around an actor's number in its key. */
interface Surroundings {
  readonly before: string;
  readonly after: string;
}

const surroundings = new WeakMap<InspectedSystem, Surroundings>();
/** How many systems of each name there have been. */
const namesakes = new Map<string, number>();

/**
 * `name#7`, and `name#7~2` in the second system of that name: what follows the last `#` cannot be part of a name, so that no two actors
 * of this process ever have the same key, also when one system follows another.
 */
export function keyOf(system: InspectedSystem, { uid }: Cell): string {
  const { before, after } = surroundingsOf(system);
  return `${before}${uid}${after}`;
}

/** The actor with that key, if it is in the tree. */
export function cellByKey(key: string): { readonly system: InspectedSystem; readonly cell: Cell } | undefined {
  for (const system of runningSystems()) {
    const { before, after } = surroundingsOf(system);
    if (!key.startsWith(before) || !key.endsWith(after)) continue;
    const number = key.slice(before.length, key.length - after.length);
    if (!/^[0-9]+$/.test(number)) continue;
    const uid = Number(number);
    for (const cell of cellsOf(system.root)) if (cell.uid === uid) return { system, cell };
  }
  return undefined;
}

function surroundingsOf(system: InspectedSystem): Surroundings {
  const known = surroundings.get(system);
  if (known !== undefined) return known;
  const name = system.env.systemName.slice(0, NAME_LIMIT);
  const nth = (namesakes.get(name) ?? 0) + 1;
  namesakes.set(name, nth);
  const around = { before: `${name}#`, after: nth === 1 ? "" : `~${nth}` };
  surroundings.set(system, around);
  return around;
}

/** All cells of a system, parents before children, siblings in start order. The tree must not change meanwhile. */
export function* cellsOf(top: Cell): IterableIterator<Cell> {
  const waiting: Cell[] = [top];
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    yield cell;
    for (let child = cell.youngestChild; child !== undefined; child = child.olderSibling) waiting.push(child as Cell);
  }
}
