/** Which rows are folded, as VS Code keeps it: as they were drawn when they first had children, and as the user has left them since. Pure. */
import type { Node, Presentation } from "../programs/node.ts";

type Expands = Presentation["expands"];

export class Folds {
  /** What the user did, by id: the same place in the next run stays as it was. */
  readonly #chosen = new Map<string, boolean>();
  /** As a row was drawn when it first had children. */
  readonly #first = new WeakMap<Node, boolean>();
  /** Rows that VS Code has with nothing below them. */
  readonly #alone = new WeakSet<Node>();

  /** @returns `undefined` before it has had children. */
  isFolded(node: Node): boolean | undefined {
    return this.#chosen.get(node.id) ?? this.#first.get(node);
  }

  /** The user folds a row, or unfolds it. */
  choose({ id }: Node, isFolded: boolean): void {
    this.#chosen.set(id, isFolded);
  }

  /** The rows below one are asked for: each may be another row from now on. */
  listed(rows: readonly Node[]): void {
    for (const row of rows) this.#alone.delete(row);
  }

  /**
   * A row is drawn, below which something stands or nothing.
   *
   * What is once drawn with nothing below it stays folded in VS Code, whatever is said of it later. So it is another row, by its id, from
   * its first children on; and that only when it is {@link listed} anew: a row that gets another id by itself is lost to VS Code.
   *
   * @returns the id by which VS Code is to know it, and how it is drawn until then
   */
  drawn(node: Node, expands: Expands): { readonly id: string; readonly expands: Expands } {
    if (!this.#first.has(node)) {
      if (expands === "never") this.#alone.add(node);
      if (this.#alone.has(node)) return { id: `${node.id}/0`, expands: "never" };
      if (expands !== "never") this.#first.set(node, expands === "closed");
    }
    return { id: node.id, expands };
  }
}
