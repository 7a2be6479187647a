/**
 * The children of one supervisor: kept in start order, started in their places, ended and forgotten. It carries out and decides
 * nothing.
 */
import { IGNORE } from "./actor.ts";
import { Cell } from "./cell.ts";
import type { AnyChildSpec } from "./child-spec.ts";
import type { Environment } from "./environment.ts";
import { StartError } from "./errors.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { Launched } from "./startable.ts";
import { SupervisedChild } from "./supervised-child.ts";
import type { ChildCounts, ChildInfo } from "./supervisor-request.ts";

export class Nursery {
  readonly #cell: Cell;
  readonly #env: Environment;
  readonly #isOver: () => boolean;
  /** By id, in start order; instances of a template by their number. */
  readonly #children = new Map<string | number, SupervisedChild>();

  /** @param isOver whether the supervisor was killed meanwhile: its children may be its successor's by now and are not touched. */
  constructor(cell: Cell, isOver: () => boolean) {
    this.#cell = cell;
    this.#env = cell.env;
    this.#isOver = isOver;
  }

  get isOver(): boolean {
    return this.#isOver();
  }

  get size(): number {
    return this.#children.size;
  }

  /** In start order. */
  all(): IterableIterator<SupervisedChild> {
    return this.#children.values();
  }

  get(name: string | number): SupervisedChild | undefined {
    return this.#children.get(name);
  }

  /** Keeps an instance of a template, under the number of its place. */
  adopt(child: SupervisedChild): void {
    child.cell = this.placeFor(child);
    this.#children.set(child.id ?? child.cell.uid, child);
  }

  add(spec: AnyChildSpec): SupervisedChild {
    const child = new SupervisedChild(spec, false);
    this.#children.set(spec.id, child);
    return child;
  }

  forget(child: SupervisedChild): void {
    if (this.#isOver()) return;
    child.status = "down";
    child.liveIncarnation = 0;
    if (child.cell === undefined) {
      if (child.id !== undefined) this.#children.delete(child.id);
      return;
    }
    this.#children.delete(child.id ?? child.cell.uid);
    child.cell.discard();
  }

  keepDown(child: SupervisedChild): void {
    if (this.#isOver()) return;
    child.status = "down";
    child.cell?.rest();
  }

  owns(cell: Cell): boolean {
    const { spec } = cell;
    return spec instanceof SupervisedChild && this.#children.get(spec.id ?? cell.uid) === spec;
  }

  /** Children that were added at run time to an earlier incarnation are not started again, and their places go. */
  clearOldPlaces(): void {
    for (const place of this.#cell.children as readonly Cell[]) {
      if (place.hasEnded && !this.owns(place)) place.discard();
    }
  }

  /** @throws {StartError} or rejects with it. */
  launch(child: SupervisedChild): Launched | Promise<Launched> {
    const cell = child.cell ?? this.placeFor(child);
    child.cell = cell;
    const launched = cell.launch();
    return launched instanceof Promise ? this.withinLimit(child, cell, launched) : launched;
  }

  /** The place an earlier incarnation of this supervisor left, or a new one. */
  private placeFor(child: SupervisedChild): Cell {
    const place = child.id === undefined ? undefined : (this.#cell.childNamed(child.id) as Cell | undefined);
    if (place === undefined || !place.hasEnded) return new Cell(this.#env, this.#cell, child);
    place.changeSpec(child);
    return place;
  }

  private withinLimit(child: SupervisedChild, cell: Cell, launched: Promise<Launched>): Promise<Launched> {
    return new Promise((resolve, reject) => {
      const limitMs = child.startTimeoutMs;
      const onTimeout = (): void => {
        reject(new StartError(cell.id, `it took more than ${limitMs} ms`));
        cell.killNow();
      };
      const timer = typeof limitMs === "number" ? this.#env.clock.setTimer(onTimeout, limitMs) : undefined;
      // A start that fails by itself says so better; this is for one that will never come to its end.
      const stopWaiting = cell.onEnd((reason) => {
        const isOwn = reason.kind === "crashed" && reason.where === "init" && isLastCrash(cell, reason);
        if (isOwn || reason.kind === "normal") return;
        const cause = reason.kind === "crashed" ? reason.cause : undefined;
        reject(new StartError(cell.id, "it was ended while it started", cause));
      });
      const done = (): void => {
        if (timer !== undefined) this.#env.clock.clearTimer(timer);
        stopWaiting();
      };
      launched
        .then(resolve, reject)
        .finally(done)
        .catch(() => {});
    });
  }

  /** Notes how a start ended. @returns whether the child runs. */
  settle(child: SupervisedChild, launched: Launched): boolean {
    const cell = child.cell as Cell;
    if (this.#isOver()) return false;
    if (launched !== IGNORE) {
      child.begun(cell, this.#env.clock.monotonicMs());
      return true;
    }
    if (child.restart === "temporary" || child.id === undefined) this.forget(child);
    else {
      child.status = "down";
      cell.rest();
    }
    return false;
  }

  /** Ends a running child; its exit is expected and causes nothing. */
  async end(child: SupervisedChild): Promise<void> {
    child.liveIncarnation = 0;
    child.status = "down";
    if (child.cell !== undefined) await this.#cell.endChild(child.cell);
  }

  /** Newest first, as OTP does. */
  whichChildren(): readonly ChildInfo[] {
    return [...this.#children.values()].map((child) => child.info).reverse();
  }

  countChildren(isTemplate: boolean): ChildCounts {
    const children = [...this.#children.values()];
    const supervisors = children.filter((child) => child.type === "supervisor").length;
    return {
      specs: isTemplate ? 1 : children.length,
      active: children.filter((child) => child.isRunning).length,
      supervisors,
      workers: children.length - supervisors,
    };
  }
}

function isLastCrash(cell: Cell, reason: ExitReason): boolean {
  return cell.env.crashes.get(cell.uid)?.reason === reason;
}
