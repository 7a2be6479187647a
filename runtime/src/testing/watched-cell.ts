/**
 * An actor whose uses of others are heard of: while a run is explored, each actor gets this as its prototype, so that nothing of it is
 * in the way of a program that nobody explores.
 */
import { Cell, cellOf } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import type { Letter } from "../environment/letter.ts";
import type { SpawnOptions, Start } from "../values/actor.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { readField } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { Monitor } from "../values/signal.ts";
import type { Aspect } from "./dependence.ts";

/** Who hears of it. */
export interface CellWatch {
  uses(cell: Cell, aspect: Aspect, isChange: boolean): void;
  usesName(name: string, isChange: boolean): void;
  tied(cell: Cell, other: Cell): void;
  signalled(cell: Cell, letter: Letter): void;
  takesSignal(cell: Cell, letter: Letter): void;
  looked(name: string, found: AnyActorRef | undefined): void;
  met(actor: AnyActorRef): void;
}

const watches = new WeakMap<Environment, CellWatch>();

/** From now on whoever watches this system hears of this actor. */
export function watchCell(cell: Cell, watch: CellWatch): void {
  watches.set(cell.env, watch);
  Object.setPrototypeOf(cell, WatchedCell.prototype);
}

/** Whether an actor that is watched traps exits, as it is now. */
export function trapsExits(cell: Cell): boolean {
  return (cell as WatchedCell).trapsExits;
}

class WatchedCell extends Cell {
  private get watchedBy(): CellWatch {
    return watches.get(this.env) as CellWatch;
  }

  get trapsExits(): boolean {
    return this.life?.trapsExit === true;
  }

  override get isAlive(): boolean {
    this.watchedBy.uses(this, "life", false);
    return super.isAlive;
  }

  override receiveKill(): void {
    endsAt(this, this.watchedBy);
    super.receiveKill();
  }

  override receiveExit(from: Cell, incarnation: number, reason: ExitReason): void {
    const { watchedBy } = this;
    watchedBy.uses(this, "trap", false);
    if (this.trapsExits) watchedBy.uses(this, "mailbox", true);
    else endsAt(this, watchedBy);
    super.receiveExit(from, incarnation, reason);
  }

  override receiveDown(monitor: Monitor, from: Cell, incarnation: number, reason: ExitReason): void {
    this.watchedBy.uses(this, "mailbox", true);
    super.receiveDown(monitor, from, incarnation, reason);
  }

  override link(other: Cell): void {
    this.watchedBy.tied(this, other);
    super.link(other);
  }

  override unlink(other: Cell): void {
    this.watchedBy.tied(this, other);
    super.unlink(other);
  }

  override monitor(other: Cell): Monitor {
    this.watchedBy.uses(other, "life", false);
    return super.monitor(other);
  }

  override demonitor(monitor: Monitor): void {
    const ref = readField(monitor, "ref");
    if (ref instanceof Cell) this.watchedBy.uses(ref, "life", false);
    super.demonitor(monitor);
  }

  override find(nameOrPath: string): AnyActorRef | undefined {
    const found = super.find(nameOrPath);
    this.watchedBy.looked(nameOrPath, found);
    return found;
  }

  override spawnChild(start: Start<unknown>, options: SpawnOptions | undefined): AnyActorRef {
    const name = options === undefined ? undefined : readField(options, "name");
    if (typeof name === "string") this.watchedBy.usesName(name, true);
    const child = super.spawnChild(start, options);
    this.watchedBy.met(cellOf(child));
    return child;
  }

  override launch(): ReturnType<Cell["launch"]> {
    if (this.spec.name !== undefined) this.watchedBy.usesName(this.spec.name, true);
    return super.launch();
  }

  protected override enqueue(letter: Letter): void {
    if (letter.isSignal) this.watchedBy.signalled(this, letter);
    super.enqueue(letter);
  }

  protected override deliverWithCare(
    ...args: Parameters<Cell["deliverWithCare"]>
  ): ReturnType<Cell["deliverWithCare"]> {
    const [letter] = args;
    if (letter.isSignal && letter.seq === -this.incarnation) this.watchedBy.takesSignal(this, letter);
    return super.deliverWithCare(...args);
  }
}

/** What ends an actor comes to it as a message does, since it gets a turn for it; and it goes on with no reply any more. */
function endsAt(cell: Cell, watch: CellWatch): void {
  for (const aspect of ["control", "mailbox", "replies"] as const) watch.uses(cell, aspect, true);
}
