/** The tree of one program, kept current by its frames. Pure: knows no editor and no link. */
import type { ActorRow, ProgramFrame, SystemRow } from "airssys-rt/inspect";
import { type Severity, severityOf } from "./health.ts";

type Snapshot = Extract<ProgramFrame, { type: "snapshot" }>;
type Delta = Extract<ProgramFrame, { type: "delta" }>;

/** How many actors below one, itself included, are in which trouble. */
export interface Trouble {
  readonly warned: number;
  readonly down: number;
}

/** What a frame changed: `all`, or the keys of actors whose own row, children or troubled descendants changed. */
export type TreeChange = "all" | ReadonlySet<string>;

const NO_TROUBLE: Trouble = { warned: 0, down: 0 };
/** Deeper than any honest tree: the way up ends here, so that a circle of parents cannot hang the view. */
const MAX_DEPTH = 100;

export class ProgramTree {
  #systems: readonly SystemRow[] = [];
  readonly #rows = new Map<string, ActorRow>();
  readonly #members = new Map<string, Set<string>>();
  readonly #sorted = new Map<string, readonly string[]>();
  readonly #troubled = new Map<string, Severity>();
  #trouble: Map<string, Trouble> | undefined;

  get systems(): readonly SystemRow[] {
    return this.#systems;
  }

  get size(): number {
    return this.#rows.size;
  }

  get rows(): Iterable<ActorRow> {
    return this.#rows.values();
  }

  row(key: string): ActorRow | undefined {
    return this.#rows.get(key);
  }

  /** Keys of the children, in start order. */
  children(key: string): readonly string[] {
    const known = this.#sorted.get(key);
    if (known) return known;
    const sorted = [...(this.#members.get(key) ?? [])].sort((a, b) => this.#orderOf(a) - this.#orderOf(b));
    this.#sorted.set(key, sorted);
    return sorted;
  }

  trouble(key: string): Trouble {
    this.#trouble ??= this.#addUp();
    return this.#trouble.get(key) ?? NO_TROUBLE;
  }

  /** Key of an actor that is worst off; `undefined` when nobody is in trouble. */
  get worst(): string | undefined {
    const [down] = [...this.#troubled].find(([, severity]) => severity === 2) ?? [];
    return down ?? this.#troubled.keys().next().value;
  }

  apply(frame: Snapshot | Delta): TreeChange {
    this.#trouble = undefined;
    if (frame.type === "snapshot") {
      this.#replace(frame);
      return "all";
    }
    const changed = new Set<string>();
    const systemsChanged = tops(this.#systems) !== tops(frame.systems);
    for (const key of frame.removed) this.#remove(key, changed);
    for (const row of frame.changed) this.#put(row, changed);
    this.#systems = frame.systems;
    return systemsChanged ? "all" : changed;
  }

  #replace(frame: Snapshot): void {
    for (const map of [this.#rows, this.#members, this.#sorted, this.#troubled]) map.clear();
    this.#systems = frame.systems;
    for (const row of frame.actors) this.#put(row, new Set());
  }

  #put(row: ActorRow, changed: Set<string>): void {
    const before = this.#rows.get(row.key);
    if (before && before.parent !== row.parent) this.#leave(before, changed);
    this.#rows.set(row.key, row);
    if (row.parent !== undefined && (before?.parent !== row.parent || before.order !== row.order))
      this.#join(row, row.parent, changed);
    this.#judge(row.key, severityOf(row), changed);
    changed.add(row.key);
  }

  #remove(key: string, changed: Set<string>): void {
    const row = this.#rows.get(key);
    if (!row) return;
    this.#judge(key, 0, changed);
    this.#leave(row, changed);
    this.#rows.delete(key);
    this.#sorted.delete(key);
  }

  #join(row: ActorRow, parent: string, changed: Set<string>): void {
    const members = this.#members.get(parent) ?? new Set();
    this.#members.set(parent, members.add(row.key));
    this.#sorted.delete(parent);
    changed.add(parent);
  }

  #leave(row: ActorRow, changed: Set<string>): void {
    if (row.parent === undefined) return;
    const members = this.#members.get(row.parent);
    members?.delete(row.key);
    if (members?.size === 0) this.#members.delete(row.parent);
    this.#sorted.delete(row.parent);
    changed.add(row.parent);
  }

  #judge(key: string, severity: Severity, changed: Set<string>): void {
    if ((this.#troubled.get(key) ?? 0) === severity) return;
    if (severity === 0) this.#troubled.delete(key);
    else this.#troubled.set(key, severity);
    for (const above of this.#way(key)) changed.add(above);
  }

  #addUp(): Map<string, Trouble> {
    const sums = new Map<string, Trouble>();
    for (const [key, severity] of this.#troubled) {
      for (const above of this.#way(key)) {
        const { warned, down } = sums.get(above) ?? NO_TROUBLE;
        sums.set(above, severity === 2 ? { warned, down: down + 1 } : { warned: warned + 1, down });
      }
    }
    return sums;
  }

  /** The actor and all above it. */
  *#way(key: string): Iterable<string> {
    let at: string | undefined = key;
    for (let depth = 0; at !== undefined && depth < MAX_DEPTH; depth++) {
      yield at;
      at = this.#rows.get(at)?.parent;
    }
  }

  #orderOf(key: string): number {
    return this.#rows.get(key)?.order ?? 0;
  }
}

function tops(systems: readonly SystemRow[]): string {
  return systems.map((system) => `${system.id}\n${system.root}`).join("\n\n");
}
