/** Which actors of a program are of a definition. Pure. */
import type { ActorsAt } from "airssys-language-server/protocol";
import type { ProgramTree } from "../programs/model.ts";

export interface Instance {
  readonly key: string;
  readonly path: string;
  readonly incarnation: number;
}

/** More of them nobody reads through. */
const MOST = 1_000;

/**
 * In the order of their paths. Of a child in a spec only those with its id, unless there are none: it may be started under another.
 */
export function instancesOf(tree: ProgramTree, actors: ActorsAt["actors"]): readonly Instance[] {
  const found: (Instance & { readonly isChild: boolean })[] = [];
  for (const { key, path, incarnation, definition, id, left } of tree.rows) {
    const meant = actors.filter(({ name }) => name === definition);
    if (meant.length === 0 || left === true) continue;
    found.push({ key, path, incarnation, isChild: meant.some(({ child }) => child === undefined || child === id) });
    if (found.length >= MOST) break;
  }
  const children = found.filter(({ isChild }) => isChild);
  return (children.length > 0 ? children : found)
    .map(({ isChild: _, ...instance }) => instance)
    .sort((one, other) => one.path.localeCompare(other.path, "en", { numeric: true }));
}
