/** Watches all systems of the process for whoever looks: collects what changed and hands it out a few times a second. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { Probe } from "../environment/environment.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { typeOf } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { describeExit } from "../values/exit-reason.ts";
import type { ActorRow, InspectEvent, SystemRow } from "./protocol.ts";
import { cellsOf, clip, keyOf, rowOf, systemRow, waitsOf } from "./rows.ts";

/** What happened since the last report. */
export interface Changes {
  readonly at: number;
  readonly systems: readonly SystemRow[];
  readonly changed: readonly ActorRow[];
  readonly removed: readonly string[];
  readonly events: readonly InspectEvent[];
  /** Events that were too many to be kept. */
  readonly missed: number;
}

/** Reports over which the throughput of a system is averaged. */
const REPORTS_AVERAGED = 5;
/** Events kept between two reports. */
const EVENTS_LIMIT = 1_000;

/** One system under watch: its probe, and what it collected. */
class SystemWatch implements Probe {
  readonly system: InspectedSystem;
  readonly #touched: Cell[] = [];
  readonly #removed: string[] = [];
  readonly #events: InspectEvent[] = [];
  #missed = 0;
  /** Actors whose last row had something that passes by itself (a rate, a wait, restarts in a window): reported until it has. */
  #moving = new Set<Cell>();
  readonly #lastHandled = new Map<Cell, number>();
  #lastTotal: number;
  readonly #recent: { readonly handled: number; readonly seconds: number }[] = [];
  readonly #stopListening: () => void;

  constructor(system: InspectedSystem) {
    this.system = system;
    this.#lastTotal = system.env.handled;
    system.env.probe = this;
    this.#stopListening = system.env.hub.subscribe((event) => this.#note(event));
    for (const cell of cellsOf(system.root)) this.#lastHandled.set(cell, cell.handled);
  }

  touch(actor: Parameters<Probe["touch"]>[0]): void {
    this.#touched.push(cellOf(actor));
  }

  gone(actor: Parameters<Probe["gone"]>[0]): void {
    const cell = cellOf(actor);
    this.#lastHandled.delete(cell);
    this.#moving.delete(cell);
    this.#removed.push(keyOf(this.system, cell));
  }

  end(): void {
    this.#stopListening();
    this.system.env.probe = undefined;
    for (const cell of this.#touched) cell.untouch();
  }

  /** Every actor, as it is now. */
  rows(): ActorRow[] {
    const waits = waitsOf(this.system);
    return [...cellsOf(this.system.root)].map((cell) =>
      rowOf(this.system, cell, { rate: 0, waitsFor: waits.get(cell) }),
    );
  }

  take(seconds: number, loopDelayMs: number): Changes {
    const { system } = this;
    const waits = waitsOf(system);
    const cells = new Set([...this.#touched.splice(0), ...this.#moving, ...waits.keys()]);
    const changed: ActorRow[] = [];
    const moving = new Set<Cell>();
    for (const cell of cells) {
      cell.untouch();
      if (!this.#isInTree(cell)) continue;
      const rate = (cell.handled - (this.#lastHandled.get(cell) ?? 0)) / seconds;
      this.#lastHandled.set(cell, cell.handled);
      const row = rowOf(system, cell, { rate, waitsFor: waits.get(cell) });
      if (rate > 0 || (row.supervisor?.restartsInWindow ?? 0) > 0 || row.waitsFor !== undefined) moving.add(cell);
      changed.push(row);
    }
    this.#moving = moving;
    const throughput = this.#throughput(seconds);
    const missed = this.#missed;
    this.#missed = 0;
    const { at, systems } = { at: system.env.clock.now(), systems: [systemRow(system, throughput, loopDelayMs)] };
    return { at, systems, changed, removed: this.#removed.splice(0), events: this.#events.splice(0), missed };
  }

  /** Messages per second over the last few reports: one alone would jump. */
  #throughput(seconds: number): number {
    const { handled } = this.system.env;
    this.#recent.push({ handled: handled - this.#lastTotal, seconds });
    this.#lastTotal = handled;
    if (this.#recent.length > REPORTS_AVERAGED) this.#recent.shift();
    const total = this.#recent.reduce((sum, report) => ({
      handled: sum.handled + report.handled,
      seconds: sum.seconds + report.seconds,
    }));
    return total.handled / total.seconds;
  }

  #isInTree(cell: Cell): boolean {
    return cell === this.system.root || cell.parent?.childNamed(cell.childId) === cell;
  }

  #note(event: RuntimeEvent): void {
    const noted = this.#describe(event);
    if (noted === undefined) return;
    if (this.#events.length < EVENTS_LIMIT) this.#events.push(noted);
    else this.#missed++;
  }

  #describe(event: RuntimeEvent): InspectEvent | undefined {
    const at = this.system.env.clock.now();
    switch (event.type) {
      case "crashed": {
        const cell = cellOf(event.actor);
        const { lastCrash } = rowOf(this.system, cell, { rate: 0, waitsFor: undefined });
        return lastCrash && { kind: "crashed", at, key: keyOf(this.system, cell), path: cell.id, crash: lastCrash };
      }
      case "restarted":
        return {
          kind: "restarted",
          at,
          key: keyOf(this.system, cellOf(event.actor)),
          path: event.actor.id,
          incarnation: event.incarnation,
        };
      case "escalated": {
        const text = clip(
          `${event.supervisor.id} gave up after ${event.restarts} restarts within ${event.periodMs} ms; last: ${event.actor.id} ${describeExit(event.reason)}`,
        );
        return {
          kind: "escalated",
          at,
          key: keyOf(this.system, cellOf(event.supervisor)),
          path: event.supervisor.id,
          text,
        };
      }
      case "deadLetter":
        return {
          kind: "deadLetter",
          at,
          path: event.envelope.recipient.id,
          messageType: clip(typeOf(event.envelope.message) ?? "unknown"),
          reason: event.reason,
        };
      case "mailboxFull":
        return {
          kind: "mailboxFull",
          at,
          key: keyOf(this.system, cellOf(event.actor)),
          path: event.actor.id,
          capacity: event.capacity,
        };
      case "systemStopped":
        return { kind: "systemStopped", at, system: event.system, text: clip(describeExit(event.reason)) };
      default:
        return undefined;
    }
  }
}

/** Somebody who looks. */
export interface Watcher {
  readonly intervalMs: number;
  /** Everything, as it is now. */
  onSnapshot(systems: readonly SystemRow[], rows: readonly ActorRow[]): void;
  onChanges(changes: Changes): void;
}

/** All watchers of the process. While there is none, no system is watched and no timer runs. */
class WatchHub {
  readonly #watchers = new Set<Watcher>();
  readonly #watches = new Map<InspectedSystem, SystemWatch>();
  #timer: ReturnType<typeof setInterval> | undefined = undefined;
  #intervalMs = 0;
  #lastTickMs = 0;

  constructor() {
    observeSystems((system, isRunning) => {
      if (this.#watchers.size === 0) return;
      if (isRunning) this.#watch(system);
      else this.#onStopped(system);
    });
  }

  add(watcher: Watcher): () => void {
    for (const system of runningSystems()) this.#watch(system);
    this.#flush();
    this.#watchers.add(watcher);
    this.#setTimer();
    watcher.onSnapshot(this.systems(), this.rows());
    return () => {
      this.#watchers.delete(watcher);
      this.#setTimer();
      if (this.#watchers.size > 0) return;
      for (const watch of this.#watches.values()) watch.end();
      this.#watches.clear();
    };
  }

  /** Everything now, whether anybody watches or not. */
  rows(): readonly ActorRow[] {
    return runningSystems().flatMap((system) => (this.#watches.get(system) ?? rowsOnly(system)).rows());
  }

  systems(): readonly SystemRow[] {
    return runningSystems().map((system) => systemRow(system, 0, 0));
  }

  #watch(system: InspectedSystem): void {
    if (!this.#watches.has(system)) this.#watches.set(system, new SystemWatch(system));
    for (const cell of cellsOf(system.root)) cell.retouch();
  }

  #onStopped(system: InspectedSystem): void {
    this.#flush();
    this.#watches.get(system)?.end();
    this.#watches.delete(system);
    const at = system.env.clock.now();
    for (const watcher of this.#watchers)
      watcher.onChanges({ at, systems: this.systems(), changed: [], removed: [], events: [], missed: 0 });
  }

  #setTimer(): void {
    if (this.#timer !== undefined) clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#watchers.size === 0) return;
    this.#intervalMs = Math.min(...[...this.#watchers].map((watcher) => watcher.intervalMs));
    this.#lastTickMs = performance.now();
    this.#timer = setInterval(() => this.#flush(), this.#intervalMs);
    this.#timer.unref();
  }

  #flush(): void {
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.#lastTickMs);
    const loopDelayMs = Math.max(0, Math.round(elapsedMs - this.#intervalMs));
    this.#lastTickMs = now;
    const all = [...this.#watches.values()].map((watch) => watch.take(elapsedMs / 1_000, loopDelayMs));
    if (all.length === 0) return;
    const changes: Changes = {
      at: Math.max(...all.map((one) => one.at)),
      systems: all.flatMap((one) => one.systems),
      changed: all.flatMap((one) => one.changed),
      removed: all.flatMap((one) => one.removed),
      events: all.flatMap((one) => one.events),
      missed: all.reduce((sum, one) => sum + one.missed, 0),
    };
    if (changes.changed.length + changes.removed.length + changes.events.length + changes.missed === 0) return;
    for (const watcher of this.#watchers) watcher.onChanges(changes);
  }
}

function rowsOnly(system: InspectedSystem): { rows(): ActorRow[] } {
  const waits = waitsOf(system);
  return {
    rows: () => [...cellsOf(system.root)].map((cell) => rowOf(system, cell, { rate: 0, waitsFor: waits.get(cell) })),
  };
}

export const watchHub: WatchHub = new WatchHub();
