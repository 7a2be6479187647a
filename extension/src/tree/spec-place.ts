/** Where the source says that an actor is started: by the ids on its way from the top. Pure. */
import type { SourceSpan, StaticNode } from "airssys-language-server/protocol";

/**
 * The spec of an actor, or the nearest above it that the source has: what is started while the program runs stands in no source.
 *
 * @param path such as `media-desk/worker`: the name of the system, then ids
 * @returns `undefined` where no tree, or more than one, fits equally well
 */
export function specOf(roots: readonly StaticNode[], path: string): SourceSpan | undefined {
  const ids = path.split("/").slice(1);
  const found = roots.map((root) => descend(root, ids));
  const deepest = Math.max(0, ...found.map(({ depth }) => depth));
  const best = found.filter(({ depth }) => depth === deepest);
  return deepest > 0 && best.length === 1 ? best[0]?.spec : undefined;
}

function descend(root: StaticNode, ids: readonly string[]): { readonly depth: number; readonly spec: SourceSpan } {
  let [node, depth] = [root, 0];
  for (const id of ids) {
    const child = node.children.find((one) => one.id === id);
    if (child === undefined) break;
    node = child;
    depth++;
  }
  return { depth, spec: node.spec };
}
