/** Looks at all systems of the process again and again, and tells what is different. While nobody asks, nothing is done. */
import type { Cell } from "../actor/cell.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { EventLog } from "./events.ts";
import { cellsOf, keyOf } from "./keys.ts";
import { type ActorRow, type InspectEvent, LIST_LIMITS, type SystemRow, type Tree } from "./protocol.ts";
import { restartsInWindow, rowOf, stateOf, systemRow, waitsOf } from "./rows.ts";

/** What is different since the last look. */
export interface Changes {
  readonly at: number;
  readonly systems: readonly SystemRow[];
  readonly systemsLeftOut: number;
  readonly changed: readonly ActorRow[];
  readonly removed: readonly string[];
  readonly events: readonly InspectEvent[];
  /** Events that were too many to be kept. */
  readonly missed: number;
  /** More is different, and is told next time. */
  readonly isMore: boolean;
}

/** Reports over which the throughput of a system is averaged. */
const REPORTS_AVERAGED = 5;

/** An actor as it was at the last look. Holds nothing of the user's: what has ended can be collected. */
class Sample {
  /** The last look at which it was in the tree. */
  look = 0;
  /** The viewer has a row of it. */
  isTold = false;
  /** Since when it has been different without the viewer being told, in seconds of looking; -1 when it has been told. */
  behindSince = -1;
  handled = 0;
  depth = 0;
  incarnation = 0;
  state = "";
  spec: unknown = undefined;
  crash: unknown = undefined;
  restartsInWindow = 0;
  /** It was said to be at work, or to wait: once more it is said that it no longer is. */
  isMoving = false;

  differs(cell: Cell, crash: unknown): boolean {
    return (
      !this.isTold ||
      this.isMoving ||
      this.handled !== cell.handled ||
      this.depth !== cell.mailboxDepth ||
      this.incarnation !== cell.incarnation ||
      this.state !== stateOf(cell) ||
      this.spec !== cell.spec ||
      this.crash !== crash ||
      (cell.isSupervisor && this.restartsInWindow !== restartsInWindow(cell))
    );
  }

  update(cell: Cell, crash: unknown, isMoving: boolean): void {
    this.isTold = true;
    this.behindSince = -1;
    this.handled = cell.handled;
    this.depth = cell.mailboxDepth;
    this.incarnation = cell.incarnation;
    this.state = stateOf(cell);
    this.spec = cell.spec;
    this.crash = crash;
    this.restartsInWindow = cell.isSupervisor ? restartsInWindow(cell) : 0;
    this.isMoving = isMoving;
  }
}

/**
 * One system, by comparison with how it was: to look costs as much as there are actors, and the messages between them cost no more
 * than while nobody looks.
 */
class SystemSamples {
  readonly system: InspectedSystem;
  readonly #samples = new Map<Cell, Sample>();
  readonly #recent: { readonly handled: number; readonly seconds: number }[] = [];
  #looks = 0;
  #seconds = 0;
  #lastTotal: number;

  constructor(system: InspectedSystem) {
    this.system = system;
    this.#lastTotal = system.env.handled;
  }

  /** Every actor, as it is now; the viewer knows them all from now on. */
  all(): ActorRow[] {
    this.#looks++;
    const waits = waitsOf(this.system);
    return Array.from(cellsOf(this.system.root), (cell) => this.#tell(cell, this.#sampleOf(cell), 0, waits.get(cell)));
  }

  /** Up to `room` rows of actors that are different, first those that have been at the last look. */
  changed(seconds: number, room: number): { readonly rows: readonly ActorRow[]; readonly isMore: boolean } {
    this.#looks++;
    this.#seconds += seconds;
    const waits = waitsOf(this.system);
    const late: [Cell, Sample][] = [];
    const fresh: [Cell, Sample][] = [];
    for (const cell of cellsOf(this.system.root)) {
      const sample = this.#sampleOf(cell);
      if (!waits.has(cell) && !sample.differs(cell, this.#crashOf(cell))) continue;
      (sample.behindSince < 0 ? fresh : late).push([cell, sample]);
    }
    const differing = late.length === 0 ? fresh : [...late, ...fresh];
    for (const [, sample] of differing.slice(room))
      if (sample.behindSince < 0) sample.behindSince = this.#seconds - seconds;
    const rows = differing.slice(0, room).map(([cell, sample]) => {
      const elapsed = sample.behindSince < 0 ? seconds : this.#seconds - sample.behindSince;
      return this.#tell(cell, sample, (cell.handled - sample.handled) / elapsed, waits.get(cell));
    });
    return { rows, isMore: differing.length > room };
  }

  /** Keys of the actors that the viewer knows and that had left the tree at the last look. */
  removed(): readonly string[] {
    const keys: string[] = [];
    for (const [cell, { look, isTold }] of this.#samples) {
      if (look === this.#looks) continue;
      this.#samples.delete(cell);
      if (isTold) keys.push(keyOf(this.system, cell));
    }
    return keys;
  }

  /** Keys of all that the viewer knows. */
  known(): readonly string[] {
    return [...this.#samples].flatMap(([cell, { isTold }]) => (isTold ? [keyOf(this.system, cell)] : []));
  }

  /** Messages per second over the last few reports: one alone would jump. */
  throughput(seconds: number): number {
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

  #sampleOf(cell: Cell): Sample {
    let sample = this.#samples.get(cell);
    if (sample === undefined) {
      sample = new Sample();
      // What it had handled before anybody looked was not handled just now.
      if (this.#looks === 1) sample.handled = cell.handled;
      this.#samples.set(cell, sample);
    }
    sample.look = this.#looks;
    return sample;
  }

  #tell(cell: Cell, sample: Sample, rate: number, waitsFor: ActorRow["waitsFor"]): ActorRow {
    sample.update(cell, this.#crashOf(cell), rate > 0 || waitsFor !== undefined);
    return rowOf(this.system, cell, { rate, waitsFor });
  }

  #crashOf(cell: Cell): unknown {
    const { crashes } = this.system.env;
    return crashes.size === 0 ? undefined : crashes.get(cell.uid);
  }
}

interface Watched {
  readonly samples: SystemSamples;
  readonly stopListening: () => void;
}

export class Sampler {
  readonly #watched = new Map<InspectedSystem, Watched>();
  readonly #events = new EventLog();
  readonly #removed: string[] = [];
  readonly #stopObserving: () => void;

  /** @param onStopped hears that a system has ended, within its end. */
  constructor(onStopped: () => void) {
    this.#stopObserving = observeSystems((system, isRunning) => {
      if (isRunning) this.#watch(system);
      else if (this.#forget(system)) onStopped();
    });
  }

  /**
   * @param seconds since the last look, more than 0.
   * @param loopDelayMs by how much the event loop was late.
   */
  look(seconds: number, loopDelayMs: number): Changes {
    const systems: SystemRow[] = [];
    const changed: ActorRow[] = [];
    const removed = this.#removed.splice(0);
    let isMore = false;
    for (const { samples } of this.#shown()) {
      systems.push(systemRow(samples.system, samples.throughput(seconds), loopDelayMs));
      const different = samples.changed(seconds, LIST_LIMITS.rows - changed.length);
      changed.push(...different.rows);
      removed.push(...samples.removed());
      isMore ||= different.isMore;
    }
    const { events, missed } = this.#events.take();
    return { at: Date.now(), systems, systemsLeftOut: this.#leftOut, changed, removed, events, missed, isMore };
  }

  /** Everything as it is now. */
  tree(): Tree {
    const shown = this.#shown().map(({ samples }) => samples);
    return treeOf(shown, this.#leftOut);
  }

  end(): void {
    this.#stopObserving();
    for (const { stopListening } of this.#watched.values()) stopListening();
    this.#watched.clear();
  }

  #shown(): readonly Watched[] {
    return [...this.#watched.values()].slice(0, LIST_LIMITS.systems);
  }

  get #leftOut(): number {
    return Math.max(0, this.#watched.size - LIST_LIMITS.systems);
  }

  #watch(system: InspectedSystem): void {
    const stopListening = system.env.hub.subscribe((event) => this.#events.note(system, event), false);
    this.#watched.set(system, { samples: new SystemSamples(system), stopListening });
  }

  /** @returns whether it was watched. */
  #forget(system: InspectedSystem): boolean {
    const watched = this.#watched.get(system);
    if (watched === undefined) return false;
    watched.stopListening();
    this.#removed.push(...watched.samples.known());
    return this.#watched.delete(system);
  }
}

/** Everything as it is now, for who looks once. */
export function wholeTree(): Tree {
  const running = runningSystems();
  const shown = running.slice(0, LIST_LIMITS.systems).map((system) => new SystemSamples(system));
  return treeOf(shown, running.length - shown.length);
}

function treeOf(shown: readonly SystemSamples[], systemsLeftOut: number): Tree {
  return {
    systems: shown.map(({ system }) => systemRow(system, 0, 0)),
    ...(systemsLeftOut > 0 ? { systemsLeftOut } : {}),
    actors: shown.flatMap((samples) => samples.all()),
  };
}
