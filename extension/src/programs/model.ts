/** The tree of one program, kept current by its frames. Pure: knows no editor and no link. */
import type { ActorRow, EndInfo, ProgramFrame, SystemRow } from "airssys-rt/inspect";
import { deadlocksAmong } from "./deadlock.ts";
import { changesByItself, type Severity, severityOf } from "./health.ts";
import type { SeenRow } from "./row.ts";

type Snapshot = Extract<ProgramFrame, { type: "snapshot" }>;
type Delta = Extract<ProgramFrame, { type: "delta" }>;

/** How many actors below one, itself included, are in which trouble. */
export interface Trouble {
  readonly warned: number;
  readonly down: number;
}

/** What a frame changed: `all`, or the keys of actors whose own row, children or troubled descendants changed. */
export type TreeChange = "all" | ReadonlySet<string>;

/** Share of its children that is new each second, from which on nobody can read them. */
const CHURN = 0.5;
/** Children that start in a second can be read up to here, however few there are. */
const LEAST_CHURN = 10;

const NO_TROUBLE: Trouble = { warned: 0, down: 0 };
/** Deeper than any honest tree: the way up ends here, so that a circle of parents cannot hang the view. */
const MAX_DEPTH = 100;

export class ProgramTree {
  #systems: readonly SystemRow[] = [];
  /** Systems that have stopped, with how they ended; their last rows stay until one of the same name starts. */
  readonly #ended = new Map<string, SystemRow>();
  readonly #rows = new Map<string, SeenRow>();
  /** Actors whose rows say something that changes with time alone. */
  readonly #ageing = new Set<string>();
  readonly #now: () => number;
  readonly #members = new Map<string, Set<string>>();
  readonly #sorted = new Map<string, readonly string[]>();
  readonly #troubled = new Map<string, Severity>();
  #trouble: Map<string, Trouble> | undefined;
  #deadlocks: readonly (readonly string[])[] | undefined;
  /** Rises with everything that changes. */
  #revision = 0;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Those that run, after those that have stopped. */
  get systems(): readonly SystemRow[] {
    const running = new Set(this.#systems.map(({ id }) => id));
    return [...[...this.#ended.values()].filter(({ id }) => !running.has(id)), ...this.#systems];
  }

  /** The system that failed last. */
  get failure(): SystemRow | undefined {
    return [...this.#ended.values()].filter(({ end }) => end && !isOrderly(end.kind)).at(-1);
  }

  /** Another number whenever anything may be different. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#rows.size;
  }

  get rows(): Iterable<SeenRow> {
    return this.#rows.values();
  }

  row(key: string): SeenRow | undefined {
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

  /** Actors that wait for each other, circle by circle. */
  get deadlocks(): readonly (readonly string[])[] {
    this.#deadlocks ??= deadlocksAmong(this.#rows.values());
    return this.#deadlocks;
  }

  /** Whether an actor waits in a circle. */
  isDeadlocked(key: string): boolean {
    return this.deadlocks.some((circle) => circle.includes(key));
  }

  /** More of its children are new each second than can be read: they are a number, not rows. */
  churns(key: string): boolean {
    const births = this.#rows.get(key)?.births ?? 0;
    return births >= LEAST_CHURN && births > (this.#members.get(key)?.size ?? 0) * CHURN;
  }

  trouble(key: string): Trouble {
    this.#trouble ??= this.#addUp();
    return this.#trouble.get(key) ?? NO_TROUBLE;
  }

  /** The same without the actor itself. */
  troubleBelow(key: string): Trouble {
    const { warned, down } = this.trouble(key);
    const own = this.severity(key);
    return { warned: own === 1 ? warned - 1 : warned, down: own === 2 ? down - 1 : down };
  }

  /** How it is by itself, as it was judged last. */
  severity(key: string): Severity {
    return this.#troubled.get(key) ?? 0;
  }

  /** Keys of all actors in trouble. */
  get troubled(): Iterable<string> {
    return this.#troubled.keys();
  }

  /** Key of an actor that is worst off; `undefined` when nobody is in trouble. */
  get worst(): string | undefined {
    const [down] = [...this.#troubled].find(([, severity]) => severity === 2) ?? [];
    return down ?? this.#troubled.keys().next().value;
  }

  /** Judges anew what changes with time alone. @returns the rows that may look different now. */
  age(now: number): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const key of this.#ageing) {
      const row = this.#rows.get(key);
      changed.add(key);
      if (!row || !changesByItself(row, now)) this.#ageing.delete(key);
      if (row) this.#judge(key, severityOf(row, now), changed);
    }
    if (changed.size > 0) this.#trouble = undefined;
    if (changed.size > 0) this.#revision++;
    return changed;
  }

  apply(frame: Snapshot | Delta): TreeChange {
    this.#trouble = this.#deadlocks = undefined;
    this.#revision++;
    this.#bury(frame.systems);
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
    const past = [...this.#ended.values()].flatMap(({ root }) => this.#below(root));
    for (const map of [this.#rows, this.#members, this.#sorted, this.#troubled, this.#ageing]) map.clear();
    this.#systems = frame.systems;
    for (const row of [...past, ...frame.actors]) this.#put(row, new Set());
  }

  /** Notes which systems have ended; one that starts again clears what is left of it. */
  #bury(systems: readonly SystemRow[]): void {
    for (const system of systems) {
      if (system.end) this.#ended.set(system.id, system);
      else this.#clear(system.name);
    }
  }

  #clear(name: string): void {
    for (const [id, ended] of this.#ended) {
      if (ended.name !== name) continue;
      this.#ended.delete(id);
      for (const { key } of this.#below(ended.root)) this.#remove(key, new Set());
    }
  }

  /** The rows from one down, parents first. */
  #below(key: string): SeenRow[] {
    const found: SeenRow[] = [];
    const seen = new Set([key]);
    for (const at of seen) {
      const row = this.#rows.get(at);
      if (row) found.push(row);
      for (const child of this.#members.get(at) ?? []) seen.add(child);
    }
    return found;
  }

  #put(row: ActorRow, changed: Set<string>): void {
    const before = this.#rows.get(row.key);
    if (before && before.parent !== row.parent) this.#leave(before, changed);
    const now = this.#now();
    const seen = { ...row, seenAt: now };
    this.#rows.set(row.key, seen);
    if (changesByItself(seen, now)) this.#ageing.add(row.key);
    if (row.parent !== undefined && (before?.parent !== row.parent || before.order !== row.order))
      this.#join(row, row.parent, changed);
    this.#judge(row.key, severityOf(seen, now), changed);
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
    for (const above of this.way(key)) changed.add(above);
  }

  #addUp(): Map<string, Trouble> {
    const sums = new Map<string, Trouble>();
    for (const [key, severity] of this.#troubled) {
      for (const above of this.way(key)) {
        const { warned, down } = sums.get(above) ?? NO_TROUBLE;
        sums.set(above, severity === 2 ? { warned, down: down + 1 } : { warned: warned + 1, down });
      }
    }
    return sums;
  }

  /** The actor and all above it. */
  *way(key: string): Iterable<string> {
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

export function isOrderly(kind: EndInfo["kind"]): boolean {
  return kind === "normal" || kind === "shutdown";
}

function tops(systems: readonly SystemRow[]): string {
  return systems.map((system) => `${system.id}\n${system.root}`).join("\n\n");
}
