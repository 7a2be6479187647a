/** In which order the children of a row stand, and which of them are shown. Pure. */
import type { ProgramTree } from "../programs/model.ts";
import type { LiveProgram, Order } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";

/** What the user wants to see. */
export interface Arrangement {
  readonly order: Order;
  /** Text of which a row has some; empty: all are shown. */
  readonly filter: string;
}

export const AS_STARTED: Arrangement = { order: "start", filter: "" };

/** More children than this are not read from the top to the bottom: those in trouble come first, whatever the order. */
export const MANY = 100;
/** Milliseconds for which a row keeps its place after there is no more reason for it: rows that come and go are not read. */
const HOLD_MS = 5_000;
/** Milliseconds after which rows are placed anew although nothing has changed: what was held may go. */
const AGEING_MS = 1_000;

/** The children of a row as they were placed last, and when. */
interface Placed {
  readonly children: readonly string[];
  readonly revision: number;
  readonly arrangement: Arrangement;
  readonly atMs: number;
}

/** The urgency by which a row has its place, and since when there is less of it. */
interface Held {
  urgency: number;
  lessSinceMs: number | undefined;
}

/** Of one program, as of one of its revisions. */
interface Measured {
  readonly revision: number;
  readonly arrangement: Arrangement;
  /** Rows that are shown; `undefined`: all. */
  readonly shown: ReadonlySet<string> | undefined;
  /** The highest of itself and of all below it; only where the order asks for it. */
  readonly peaks: ReadonlyMap<string, number> | undefined;
}

let names: Intl.Collator | undefined;

/** Made when it is needed: making it takes as long as a tenth of the start of the extension. */
function compareNames(one: string, other: string): number {
  names ??= new Intl.Collator("en", { numeric: true });
  return names.compare(one, other);
}

/**
 * Orders children. The same list is the same object for as long as nothing in it moves.
 *
 * | order | by |
 * |---|---|
 * | `start` | when they were started; of more than {@link MANY}, those in trouble first |
 * | `name` | id, numbers in it by their value |
 * | `trouble` | down, in trouble, calm: itself or below it |
 * | `mailbox`, `rate` | the highest of itself and below it, in steps of four times as much |
 *
 * Rows of the same step stand in start order. One that becomes more urgent moves at once, one that becomes less so after
 * {@link HOLD_MS}: nothing jumps with each number.
 */
export class Arranger {
  readonly #now: () => number;
  readonly #placed = new WeakMap<LiveProgram, Map<string, Placed>>();
  readonly #held = new WeakMap<LiveProgram, Map<string, Held>>();
  readonly #measured = new WeakMap<LiveProgram, Measured>();
  #arrangement: Arrangement = AS_STARTED;

  /** @param now milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  set arrangement(wanted: Arrangement) {
    this.#arrangement = wanted;
  }

  /** Whether what is shown below a row depends on more than the row and its children are told of. */
  get isArranged(): boolean {
    return this.#followsNumbers || this.#arrangement.filter !== "";
  }

  get #followsNumbers(): boolean {
    return this.#arrangement.order === "mailbox" || this.#arrangement.order === "rate";
  }

  /** Keys of the children that are shown, in their order. Placed once for each change, however many rows ask. */
  children(program: LiveProgram, key: string): readonly string[] {
    const all = program.tree.children(key);
    const { order, filter } = this.#arrangement;
    if (order === "start" && filter === "" && all.length <= MANY) return all;
    const lists = this.#placed.get(program) ?? new Map<string, Placed>();
    this.#placed.set(program, lists);
    const before = lists.get(key);
    const now = this.#now();
    const { revision } = program.tree;
    const isCurrent = before?.revision === revision && before.arrangement === this.#arrangement;
    if (isCurrent && now - before.atMs < AGEING_MS) return before.children;
    const placed = this.#place(program, all);
    const children = before !== undefined && isSame(before.children, placed) ? before.children : placed;
    lists.set(key, { children, revision, arrangement: this.#arrangement, atMs: now });
    return children;
  }

  #place(program: LiveProgram, all: readonly string[]): readonly string[] {
    const { shown } = this.#measure(program);
    const visible = shown === undefined ? all : all.filter((child) => shown.has(child));
    return this.#arrangement.order === "start" && visible.length <= MANY ? visible : this.#ordered(program, visible);
  }

  /** Whether the filter shows nothing of any of these programs but their tops. */
  hidesAll(programs: readonly LiveProgram[]): boolean {
    if (this.#arrangement.filter === "" || programs.length === 0) return false;
    return programs.every((program) => {
      const { shown } = this.#measure(program);
      return shown !== undefined && shown.size <= program.tree.systems.length;
    });
  }

  #ordered(program: LiveProgram, keys: readonly string[]): readonly string[] {
    const { tree } = program;
    if (this.#arrangement.order === "name") {
      const named = keys.map((key) => ({ key, id: tree.row(key)?.id ?? "" }));
      return named.sort((one, other) => compareNames(one.id, other.id)).map(({ key }) => key);
    }
    const urgent = keys.map((key) => ({ key, urgency: this.#urgencyOf(program, key) }));
    // Start order within the same: sorting keeps what is equal as it is.
    return urgent.sort((one, other) => other.urgency - one.urgency).map(({ key }) => key);
  }

  /** As it is placed: what becomes less urgent stays for a while. */
  #urgencyOf(program: LiveProgram, key: string): number {
    const held = this.#heldOf(program);
    const urgency = this.#urgencyNow(program, key);
    const before = held.get(key);
    if (before === undefined || urgency >= before.urgency) {
      if (urgency > 0 || before !== undefined) held.set(key, { urgency, lessSinceMs: undefined });
      return urgency;
    }
    const now = this.#now();
    before.lessSinceMs ??= now;
    if (now - before.lessSinceMs < HOLD_MS) return before.urgency;
    if (urgency === 0) held.delete(key);
    else held.set(key, { urgency, lessSinceMs: undefined });
    return urgency;
  }

  #urgencyNow(program: LiveProgram, key: string): number {
    const { peaks } = this.#measure(program);
    if (peaks !== undefined) return stepOf(peaks.get(key) ?? 0);
    const { down, warned } = program.tree.trouble(key);
    return down > 0 ? 2 : Math.min(1, warned);
  }

  #heldOf(program: LiveProgram): Map<string, Held> {
    const known = this.#held.get(program) ?? new Map<string, Held>();
    this.#held.set(program, known);
    return known;
  }

  #measure(program: LiveProgram): Measured {
    const { tree } = program;
    const { revision } = tree;
    const arrangement = this.#arrangement;
    const known = this.#measured.get(program);
    if (known?.revision === revision && known.arrangement === arrangement) return known;
    const { order, filter } = arrangement;
    if (known?.arrangement.order !== order) this.#held.delete(program);
    const measured: Measured = {
      revision,
      arrangement,
      shown: filter.trim() === "" ? undefined : matching(tree, filter.trim()),
      peaks: this.#followsNumbers ? peaksOf(tree, order === "rate" ? rate : depth) : undefined,
    };
    this.#measured.set(program, measured);
    return measured;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

function depth(row: SeenRow): number {
  return row.mailbox.depth;
}

function rate(row: SeenRow): number {
  return row.rate;
}

/** 0, 1 to 3, 4 to 15, 16 to 63 and so on. */
function stepOf(value: number): number {
  return value < 1 ? 0 : Math.floor(Math.log2(value) / 2) + 1;
}

function peaksOf(tree: ProgramTree, of: (row: SeenRow) => number): ReadonlyMap<string, number> {
  const peaks = new Map<string, number>();
  for (const row of tree.rows) {
    const value = of(row);
    if (value < 1) continue;
    for (const key of tree.way(row.key)) if ((peaks.get(key) ?? 0) < value) peaks.set(key, value);
  }
  return peaks;
}

/** Rows that have the text, whatever its case, in their path below the system, their definition or their name; and all above them. */
function matching(tree: ProgramTree, filter: string): ReadonlySet<string> {
  const wanted = filter.toLowerCase();
  const shown = new Set<string>();
  for (const row of tree.rows) {
    if (!textOf(row).includes(wanted)) continue;
    for (const key of tree.way(row.key)) shown.add(key);
  }
  for (const { root } of tree.systems) shown.add(root);
  return shown;
}

function textOf({ path, parent, id, definition, name = "" }: SeenRow): string {
  const below = parent === undefined ? id : path.slice(path.indexOf("/") + 1);
  return `${below}\n${definition}\n${name}`.toLowerCase();
}
