/** What crashes of a program did take along, beside what was planned: by comparison of how the tree was before with how it is now. Pure. */
import type { InspectEvent } from "airssys-rt/inspect";
import { blastPlanOf, type Fate, spread } from "./blast-plan.ts";
import type { ProgramTree } from "./model.ts";
import type { SeenRow } from "./row.ts";

/** A life before the crash. */
interface Life {
  readonly id: string;
  readonly path: string;
  readonly incarnation: number;
}

/** One crash, or one end by force, and all that followed. */
export interface Aftermath {
  /** Whose it was. */
  readonly key: string;
  readonly id: string;
  /** It crashed; if not, it was killed, or ended by itself. */
  readonly isCrash: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whom the strategies would stop, without any supervisor giving up. */
  readonly planned: ReadonlyMap<string, Fate>;
  /** Keys of supervisors that gave up, from below. */
  readonly gaveUp: readonly string[];
  /** All that lived before, by key. */
  readonly lives: ReadonlyMap<string, Life>;
  /** What it came to, once it was over: what comes later is no part of it. */
  readonly outcomes?: ReadonlyMap<string, Fate>;
}

/** Crashes of different actors that are remembered. */
const KEPT = 20;
/** Milliseconds after which what happens is not of that crash, unless it was planned. */
const OVER_MS = 3_000;

type Restarting = Extract<InspectEvent, { kind: "restarting" }>;
type Escalated = Extract<InspectEvent, { kind: "escalated" }>;

export class Aftermaths {
  /** The last crash of each actor, the latest last. */
  readonly #crashes = new Map<string, Aftermath>();
  /** All that lived when the last one came: crashes that are told of at once share it, in a big program they would copy it for each. */
  #living: { readonly revision: number; readonly lives: ReadonlyMap<string, Life> } | undefined;

  /** The last crash of an actor. */
  of(key: string): Aftermath | undefined {
    return this.#crashes.get(key);
  }

  /** Notes what happened since the last report. The tree is as it was then. */
  before(events: readonly InspectEvent[], tree: ProgramTree): void {
    this.#closeOld(events.at(-1)?.at ?? 0, tree);
    const fresh = new Set<string>();
    for (const event of events) {
      if (event.kind === "crashed") {
        const planned = fresh.has(event.key) ? undefined : blastPlanOf(tree, event.key, false)?.fates;
        this.#begin(event.key, event.at, tree, planned, true);
        fresh.add(event.key);
      } else if (event.kind === "restarting") this.#restart(event, tree, fresh);
      else if (event.kind === "escalated") this.#giveUp(event, tree);
    }
  }

  #restart(event: Restarting, tree: ProgramTree, fresh: ReadonlySet<string>): void {
    const { failed, at } = event;
    // A supervisor that gave up is restarted by the one above: that belongs to what it gave up about.
    if (this.#open().some(({ gaveUp }) => gaveUp.includes(failed))) return;
    const known = this.#crashes.get(failed);
    const planned = plannedBy(event, tree);
    if (known && fresh.has(failed)) this.#crashes.set(failed, { ...known, planned });
    else if (!(known && isPending(known, tree))) this.#begin(failed, at, tree, planned);
  }

  #giveUp({ key: supervisor, failed, at }: Escalated, tree: ProgramTree): void {
    const isOf = ({ key, gaveUp }: Aftermath) =>
      failed === undefined ? tree.row(gaveUp.at(-1) ?? key)?.parent === supervisor : failed === (gaveUp.at(-1) ?? key);
    let crash = this.#open().findLast(isOf);
    if (crash === undefined && failed !== undefined)
      crash = this.#begin(failed, at, tree, blastPlanOf(tree, failed, false)?.fates);
    if (crash) this.#crashes.set(crash.key, { ...crash, gaveUp: [...crash.gaveUp, supervisor] });
  }

  #open(): Aftermath[] {
    return [...this.#crashes.values()].filter(({ outcomes }) => outcomes === undefined);
  }

  #begin(
    key: string,
    at: number,
    tree: ProgramTree,
    planned: ReadonlyMap<string, Fate> | undefined,
    isCrash = false,
  ): Aftermath | undefined {
    const row = tree.row(key);
    if (row === undefined || planned === undefined) return undefined;
    const crash: Aftermath = { key, id: row.id, isCrash, at, planned, gaveUp: [], lives: this.#livesIn(tree) };
    this.#crashes.delete(key);
    this.#crashes.set(key, crash);
    for (const oldest of this.#crashes.keys()) if (this.#crashes.size > KEPT) this.#crashes.delete(oldest);
    return crash;
  }

  #livesIn(tree: ProgramTree): ReadonlyMap<string, Life> {
    if (this.#living?.revision !== tree.revision) this.#living = { revision: tree.revision, lives: livesIn(tree) };
    return this.#living.lives;
  }

  #closeOld(now: number, tree: ProgramTree): void {
    const compared = new Map<Aftermath["lives"], ReadonlyMap<string, Fate>>();
    for (const crash of this.#open()) {
      if (now - crash.at < OVER_MS || isPending(crash, tree)) continue;
      const outcomes = compared.get(crash.lives) ?? outcomesOf(crash, tree);
      compared.set(crash.lives, outcomes);
      this.#crashes.set(crash.key, { ...crash, outcomes });
    }
  }
}

function livesIn(tree: ProgramTree): ReadonlyMap<string, Life> {
  const lives = new Map<string, Life>();
  for (const { key, id, path, incarnation, left, state } of tree.rows)
    if (!left && state !== "stopped") lives.set(key, { id, path, incarnation });
  return lives;
}

function plannedBy({ stop, start }: Restarting, tree: ProgramTree): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const key of stop) spread(tree, key, "staysDown", fates);
  for (const key of start) spread(tree, key, "restarts", fates);
  return fates;
}

/** It is to be started again, and has not been: a back-off, or a start that fails. */
function isPending({ key, planned, gaveUp, lives }: Aftermath, tree: ProgramTree): boolean {
  if (planned.get(key) !== "restarts" || gaveUp.length > 0) return false;
  const row = tree.row(key);
  return row !== undefined && !row.left && row.incarnation <= (lives.get(key)?.incarnation ?? 0);
}

/** What became of all that lived before, but for those that are as they were. */
export function outcomesOf({ lives, outcomes }: Aftermath, tree: ProgramTree): ReadonlyMap<string, Fate> {
  if (outcomes) return outcomes;
  const found = new Map<string, Fate>();
  const gone = new Map<string, string>();
  for (const [key, { path, incarnation }] of lives) {
    const row = tree.row(key);
    if (row === undefined || row.left) gone.set(path, key);
    if (row === undefined || row.left || row.state === "stopped") found.set(key, "staysDown");
    else if (row.incarnation > incarnation) found.set(key, "restarts");
  }
  if (gone.size === 0) return found;
  // A temporary child has a new place in the next life of its supervisor, and with it a new key.
  for (const { path, left } of tree.rows) {
    const before = left ? undefined : gone.get(path);
    if (before !== undefined) found.set(before, "restarts");
  }
  return found;
}

/** The key that the place of a row had before the crash, by its path where it has another one now. */
export function keyBefore({ lives }: Aftermath, { key, path }: SeenRow): string {
  if (lives.has(key)) return key;
  for (const [before, life] of lives) if (life.path === path) return before;
  return key;
}
