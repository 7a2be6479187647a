/** Watches all systems of the process for whoever looks: collects what changed and hands it out a few times a second. */
import { Cell, cellOf } from "../actor/cell.ts";
import type { Probe } from "../environment/environment.ts";
import { type InspectedSystem, observeSystems, runningSystems } from "../health/systems.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { describeExit } from "../values/exit-reason.ts";
import { LeftRows } from "./left-rows.ts";
import { type ActorRow, type InspectEvent, LEFT_KEPT, type SystemRow } from "./protocol.ts";
import { ActorRecord, Rate } from "./record.ts";
import { type AsksUnderWay, asksOf, cellsOf, clip, describeCrash, keyOf, rowOf, systemRow } from "./rows.ts";

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
  readonly #records = new Map<Cell, ActorRecord>();
  readonly #left: LeftRows;
  readonly #throughput: Rate;
  readonly #stopListening: () => void;
  #end: SystemRow["end"];

  constructor(system: InspectedSystem) {
    this.system = system;
    this.#left = new LeftRows((key) => this.#removed.push(key));
    this.#throughput = new Rate(system.env.handled, this.#nowMs);
    system.env.probe = this;
    this.#stopListening = system.env.hub.subscribe((event) => this.#note(event));
    for (const cell of cellsOf(system.root)) this.#records.set(cell, new ActorRecord(cell.handled, this.#nowMs));
  }

  touch(actor: Parameters<Probe["touch"]>[0]): void {
    const cell = cellOf(actor);
    if (!this.#records.has(cell)) this.#register(cell);
    this.#touched.push(cell);
  }

  gone(actor: Parameters<Probe["gone"]>[0]): void {
    const cell = cellOf(actor);
    const key = keyOf(this.system, cell);
    const record = this.#records.get(cell);
    const parent = cell.parent as Cell | undefined;
    if (!this.system.env.isStopping) this.#left.forgetBelow(key);
    if (this.system.env.isStopping) this.#left.add(this.#leftRow(cell, record), Number.POSITIVE_INFINITY);
    else if (hasFailed(record) && parent !== undefined && !parent.hasEnded) {
      const above = this.#recordOf(parent);
      above.leftChildren++;
      this.#left.add(this.#leftRow(cell, record), LEFT_KEPT);
      parent.retouch();
    } else this.#removed.push(key);
    this.#records.delete(cell);
    this.#moving.delete(cell);
  }

  end(): void {
    this.#stopListening();
    this.system.env.probe = undefined;
    for (const cell of this.#touched) cell.untouch();
  }

  /** Every actor, as it is now. */
  rows(): ActorRow[] {
    const asks = asksOf(this.system);
    const nowMs = this.#nowMs;
    const rows = [...cellsOf(this.system.root)].map((cell) =>
      rowOf(this.system, cell, { record: this.#records.get(cell), nowMs, asks }),
    );
    return [...rows, ...this.#left.all];
  }

  take(loopDelayMs: number): Changes {
    const { system } = this;
    const nowMs = this.#nowMs;
    const asks = asksOf(system);
    const cells = new Set([...this.#touched.splice(0), ...this.#moving, ...asks.waits.keys(), ...asks.owed.keys()]);
    const changed: ActorRow[] = this.#left.takeFresh();
    const moving = new Set<Cell>();
    for (const cell of cells) {
      cell.untouch();
      if (cell.isGone) continue;
      const row = rowOf(system, cell, { record: this.#recordOf(cell), nowMs, asks });
      if (isMoving(row)) moving.add(cell);
      changed.push(row);
    }
    this.#moving = moving;
    const missed = this.#missed;
    this.#missed = 0;
    const row = systemRow(system, this.#throughput.take(system.env.handled, nowMs), loopDelayMs);
    const systems = [this.#end === undefined ? row : { ...row, end: this.#end }];
    return {
      at: system.env.clock.now(),
      systems,
      changed,
      removed: this.#removed.splice(0),
      events: this.#events.splice(0),
      missed,
    };
  }

  /** Messages per second. */
  get throughput(): number {
    return this.#throughput.take(this.system.env.handled, this.#nowMs);
  }

  /** On the clock of the system, by which its messages and turns are timed, too. */
  get #nowMs(): number {
    return this.system.env.clock.monotonicMs();
  }

  #register(cell: Cell): ActorRecord {
    const record = new ActorRecord(0, this.#nowMs);
    this.#records.set(cell, record);
    const parent = cell.parent as Cell | undefined;
    if (parent === undefined) return record;
    this.#recordOf(parent).born++;
    this.#moving.add(parent);
    return record;
  }

  #recordOf(cell: Cell): ActorRecord {
    return this.#records.get(cell) ?? this.#register(cell);
  }

  #leftRow(cell: Cell, record: ActorRecord | undefined): ActorRow {
    return rowOf(this.system, cell, { record, nowMs: this.#nowMs, asks: NO_ASKS, hasLeft: true });
  }

  #note(event: RuntimeEvent): void {
    this.#keep(event);
    const noted = this.#describe(event);
    if (noted === undefined) return;
    if (this.#events.length < EVENTS_LIMIT) this.#events.push(noted);
    else this.#missed++;
  }

  /** Writes down what rows tell later. */
  #keep(event: RuntimeEvent): void {
    switch (event.type) {
      case "crashed": {
        const cell = cellOf(event.actor);
        const crash = this.system.env.crashes.get(cell.uid);
        if (crash !== undefined && !cell.isGone) this.#recordOf(cell).lastCrash = describeCrash(crash);
        break;
      }
      case "ended":
        this.#recordOf(cellOf(event.actor)).ended({
          at: this.system.env.clock.now(),
          incarnation: event.incarnation,
          kind: event.reason.kind,
          text: clip(describeExit(event.reason)),
        });
        break;
      case "escalated":
        this.#recordOf(cellOf(event.supervisor)).gaveUp = clip(describeGivingUp(event));
        break;
      case "deadLetter":
        this.#count(event);
        break;
      case "systemStopped":
        this.#end = this.#endOf(event);
        break;
      default:
    }
  }

  #count({ envelope, reason }: Extract<RuntimeEvent, { type: "deadLetter" }>): void {
    const { sender, recipient } = envelope;
    if ((reason === "mailbox_full" || reason === "dropped") && recipient instanceof Cell && !recipient.isGone) {
      this.#recordOf(recipient).refused++;
      recipient.retouch();
    }
    if (!(sender instanceof Cell) || sender.isGone) return;
    this.#recordOf(sender).deadLetters++;
    sender.retouch();
  }

  #endOf({ reason }: Extract<RuntimeEvent, { type: "systemStopped" }>): SystemRow["end"] {
    const { env, root } = this.system;
    let first: Cell | undefined;
    for (let straw = env.lastStraws.get(root); straw !== undefined; straw = env.lastStraws.get(straw.actor))
      first = cellOf(straw.actor);
    const isOrdered = reason.kind !== "crashed";
    return {
      at: env.clock.now(),
      incarnation: root.incarnation,
      kind: !isOrdered && first !== undefined ? "gaveUp" : reason.kind,
      text: clip(describeExit(reason)),
      ...(isOrdered || first === undefined ? {} : { cause: keyOf(this.system, first) }),
    };
  }

  #describe(event: RuntimeEvent): InspectEvent | undefined {
    const at = this.system.env.clock.now();
    switch (event.type) {
      case "crashed": {
        const cell = cellOf(event.actor);
        const crash = this.#records.get(cell)?.lastCrash;
        return crash && { kind: "crashed", at, key: keyOf(this.system, cell), path: cell.id, crash };
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
          ...(event.envelope.sender === undefined ? {} : { sender: event.envelope.sender.id }),
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
      case "systemStopped": {
        const text = clip(describeExit(event.reason));
        const { kind, cause } = this.#end ?? { kind: event.reason.kind };
        return {
          kind: "systemStopped",
          at,
          system: event.system,
          text,
          reason: kind,
          ...(cause === undefined ? {} : { cause }),
        };
      }
      default:
        return undefined;
    }
  }
}

const NO_ASKS: AsksUnderWay = { waits: new Map(), owed: new Map() };

/** Whether something of it changes by itself. */
function isMoving({ rate, births = 0, supervisor, waitsFor, owes }: ActorRow): boolean {
  return (
    rate > 0 || births > 0 || (supervisor?.restartsInWindow ?? 0) > 0 || waitsFor !== undefined || owes !== undefined
  );
}

function hasFailed(record: ActorRecord | undefined): boolean {
  const kind = record?.lastEnd?.kind;
  return kind === "crashed" || kind === "killed" || kind === "gaveUp";
}

function describeGivingUp({ supervisor, actor, restarts }: Extract<RuntimeEvent, { type: "escalated" }>): string {
  const { behavior, childId } = { behavior: cellOf(supervisor).behavior, childId: cellOf(actor).childId };
  const allowed = behavior instanceof Supervisor ? behavior.status.maxRestarts : 0;
  return allowed === 0 ? `gave up: ${childId} failed` : `gave up: ${restarts} restarts, ${allowed} allowed`;
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
    return runningSystems().map((system) => systemRow(system, this.#watches.get(system)?.throughput ?? 0, 0));
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
    const all = [...this.#watches.values()].map((watch) => watch.take(loopDelayMs));
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
  const extras = { asks: asksOf(system), nowMs: system.env.clock.monotonicMs() };
  return { rows: () => [...cellsOf(system.root)].map((cell) => rowOf(system, cell, extras)) };
}

export const watchHub: WatchHub = new WatchHub();
