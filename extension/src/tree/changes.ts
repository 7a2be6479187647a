/** Collects what changed until the view has time to show it, and says which rows look different now. Pure. */
import type { TreeChange } from "../programs/model.ts";
import type { LiveProgram, Node } from "../programs/node.ts";
import { membersBelow, type Outline } from "./outline.ts";
import { present, type Surroundings } from "./presentation.ts";

/** What of a row is on the screen. */
interface Shown {
  readonly looks: string;
  readonly alert: string;
  /** Which rows stand below it, when it is unfolded. */
  readonly members: string;
  /** Processes that stand below it. */
  readonly processes: string;
  /** Nothing stands below it. */
  readonly isAlone: boolean;
}

export class Changes {
  readonly #outline: Outline;
  readonly #surroundings: () => Surroundings;
  readonly #shown = new WeakMap<Node, Shown>();
  readonly #pending = new Map<LiveProgram, Set<string>>();
  readonly #isArranged: () => boolean;
  #isAll = false;

  /**
   * @param surroundings of the moment it is asked for
   * @param isArranged whether what is shown below a row depends on more than it knows itself
   */
  constructor(outline: Outline, surroundings: () => Surroundings, isArranged: () => boolean = () => false) {
    this.#isArranged = isArranged;
    this.#outline = outline;
    this.#surroundings = surroundings;
  }

  /**
   * Remembers how a row looks that is about to be drawn.
   *
   * @param isAlone whether it is drawn with nothing below it, whatever there is
   */
  drawn(node: Node, isAlone?: boolean): void {
    const look = this.#look(node);
    this.#shown.set(node, isAlone === undefined ? look : { ...look, isAlone });
  }

  add(program: LiveProgram, change: TreeChange): void {
    if (change === "all") this.addAll();
    if (change === "all" || this.#isAll) return;
    const keys = this.#pending.get(program) ?? new Set();
    for (const key of change) keys.add(key);
    this.#pending.set(program, keys);
  }

  /** Everything may look different. */
  addAll(): void {
    this.#isAll = true;
    this.#pending.clear();
  }

  /** Whether something waits to be taken. */
  get isEmpty(): boolean {
    return !this.#isAll && this.#pending.size === 0;
  }

  /**
   * The rows to draw again, with all below them: `all`, or those that look different.
   *
   * @param onlyAlerts leaves what may wait for the next time
   */
  take(onlyAlerts = false): "all" | readonly Node[] {
    if (this.#isAll) {
      this.#isAll = false;
      this.#pending.clear();
      return "all";
    }
    const nodes = new Set<Node>();
    for (const node of this.#candidates()) {
      const before = this.#shown.get(node);
      if (!before) continue;
      const now = this.#look(node);
      if (!differs(before, now, onlyAlerts)) continue;
      // With its first children it is another row for VS Code: that is seen only from the row above.
      const drawn = before.isAlone && !now.isAlone ? node.parent : node;
      if (drawn) nodes.add(drawn);
      else this.#isAll = true;
    }
    if (this.#isAll) return this.take();
    if (!onlyAlerts) this.#pending.clear();
    return [...nodes];
  }

  *#candidates(): Iterable<Node> {
    for (const [program, keys] of this.#pending) {
      for (const key of this.#isArranged() ? withAllAbove(program, keys) : keys) {
        const node = this.#outline.shown(program, key);
        if (node) yield node;
      }
    }
    for (const node of this.#outline.all) {
      if (node.kind === "range" && this.#pending.has(node.program)) yield node;
      if (node.kind === "process" && this.#pending.get(node.program)?.has(node.key)) yield node;
    }
  }

  #look(node: Node): Shown {
    const surroundings = this.#surroundings();
    const presentation = present(node, surroundings);
    const isFolded = surroundings.isFolded(node) ?? presentation.expands !== "open";
    const members = isFolded ? "" : membersBelow(node, surroundings.childrenOf);
    return {
      looks: JSON.stringify(presentation),
      alert: presentation.alert,
      members,
      processes: processesOf(node),
      isAlone: presentation.expands === "never",
    };
  }
}

function differs(before: Shown, now: Shown, onlyAlerts: boolean): boolean {
  if (before.alert !== now.alert || before.members !== now.members || before.processes !== now.processes) return true;
  return before.isAlone !== now.isAlone || (!onlyAlerts && before.looks !== now.looks);
}

function withAllAbove({ tree }: LiveProgram, keys: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const key of keys)
    for (const above of tree.way(key)) {
      if (all.has(above)) break;
      all.add(above);
    }
  return all;
}

function processesOf(node: Node): string {
  if (node.kind !== "actor") return "";
  return (node.program.tree.row(node.key)?.runs ?? []).map(({ pid }) => pid).join();
}
