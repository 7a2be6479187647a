/**
 * The children of one supervisor: started in their places, ended and forgotten. It keeps none itself: the tree does, in start order.
 * It carries out and decides nothing.
 */

import { Cell } from "../actor/cell.ts";
import type { Launched } from "../actor/startable.ts";
import type { Environment } from "../environment/environment.ts";
import type { AnyChildSpec } from "../spec/child-spec.ts";
import { IGNORE, type Start } from "../values/actor.ts";
import { NameTakenError, StartError } from "../values/errors.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { type ChildPolicy, isSamePolicy, policyOf } from "./child-policy.ts";
import { SupervisedChild } from "./supervised-child.ts";
import type { ChildCounts, ChildInfo } from "./supervisor-request.ts";

export class Nursery {
  readonly #cell: Cell;
  readonly #env: Environment;
  readonly #isOver: () => boolean;
  /** Of the child that was added last; the next one is likely to be like it. */
  #policy: ChildPolicy | undefined = undefined;

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
    return [...this.all()].length;
  }

  /** In start order. */
  *all(): IterableIterator<SupervisedChild> {
    for (const place of this.#cell.children as readonly Cell[])
      if (this.owns(place)) yield place.spec as SupervisedChild;
  }

  get(id: string): SupervisedChild | undefined {
    const place = this.#cell.childNamed(id) as Cell | undefined;
    return place !== undefined && this.owns(place) ? (place.spec as SupervisedChild) : undefined;
  }

  owns(place: Cell): boolean {
    return place.spec instanceof SupervisedChild && place.spec.policy.owner === this && !place.isGone;
  }

  /** Gives a new child its place, as the youngest, or the one that an earlier incarnation of the supervisor left. */
  add(spec: AnyChildSpec, isInstance = false): SupervisedChild {
    const child = this.#childOf(spec, isInstance);
    const place = isInstance ? undefined : (this.#cell.childNamed(spec.id) as Cell | undefined);
    if (place?.hasEnded === true) {
      child.cell = place;
      place.changeSpec(child);
      place.becomeYoungest();
    } else {
      child.cell = new Cell(this.#env, this.#cell, child);
      if (child.name !== undefined) this.#env.registry.expect(child.name, child.cell);
    }
    return child;
  }

  /** @throws {NameTakenError} when an actor that is no child of this supervisor's has the id. */
  checkFree(id: string): void {
    const place = this.#cell.childNamed(id) as Cell | undefined;
    if (place?.hasEnded === false && !this.owns(place)) throw new NameTakenError(id, place.id);
  }

  /** Puts children into that order; everybody else comes after them, as before. */
  arrange(ids: readonly string[]): void {
    const named = new Set(ids);
    const others = this.#cell.children.filter(({ childId }) => !named.has(childId));
    for (const id of ids) this.get(id)?.cell.becomeYoungest();
    for (const place of others) place.becomeYoungest();
  }

  /** Gives a child another spec for its next incarnation. */
  respec(child: SupervisedChild, spec: AnyChildSpec): void {
    const successor = this.#childOf(spec, false);
    successor.cell = child.cell;
    successor.status = child.status;
    successor.liveIncarnation = child.liveIncarnation;
    child.cell.changeSpec(successor);
  }

  #childOf(spec: AnyChildSpec, isInstance: boolean): SupervisedChild {
    const policy = policyOf(spec, this, isInstance);
    if (this.#policy === undefined || !isSamePolicy(this.#policy, policy)) this.#policy = policy;
    return new SupervisedChild(spec.id, this.#policy, spec.start as Start<unknown>);
  }

  forget(child: SupervisedChild): void {
    if (this.#isOver()) return;
    child.status = "down";
    child.liveIncarnation = 0;
    child.cell.discard();
  }

  keepDown(child: SupervisedChild): void {
    if (this.#isOver()) return;
    child.status = "down";
    child.cell.rest();
  }

  /** Children that were added at run time to an earlier incarnation are not started again, and their places go. */
  clearOldPlaces(): void {
    for (const place of this.#cell.children as readonly Cell[]) {
      if (place.hasEnded && !this.owns(place)) place.discard();
    }
  }

  /** @throws {StartError} or rejects with it. */
  launch(child: SupervisedChild): Launched | Promise<Launched> {
    const launched = child.cell.launch();
    return launched instanceof Promise ? this.#withinLimit(child, launched) : launched;
  }

  #withinLimit({ cell, policy }: SupervisedChild, launched: Promise<Launched>): Promise<Launched> {
    return new Promise((resolve, reject) => {
      const limitMs = policy.startTimeoutMs;
      const onTimeout = (): void => {
        reject(new StartError(cell.id, `it took more than ${limitMs} ms`));
        cell.killNow();
      };
      const timer = typeof limitMs === "number" ? this.#env.clock.setTimer(onTimeout, limitMs) : undefined;
      // A start that has succeeded, or fails by itself, says so; this is for one that will never come to its end.
      const stopWaiting = cell.onEnd((reason) => {
        const isOwn = reason.kind === "crashed" && reason.where === "init" && isLastCrash(cell, reason);
        if (!cell.isUnborn || isOwn || reason.kind === "normal") return;
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
    if (this.#isOver()) return false;
    if (launched !== IGNORE) {
      child.begun(this.#env.tick());
      return true;
    }
    if (child.restart === "temporary" || child.id === undefined) this.forget(child);
    else this.keepDown(child);
    return false;
  }

  /** Ends a running child; its exit is expected and causes nothing. */
  async end(child: SupervisedChild): Promise<void> {
    child.liveIncarnation = 0;
    child.status = "down";
    await this.#cell.endChild(child.cell);
  }

  /** Newest first, as OTP does. */
  whichChildren(): readonly ChildInfo[] {
    return [...this.all()].map((child) => child.info).reverse();
  }

  countChildren(isTemplate: boolean): ChildCounts {
    const children = [...this.all()];
    const supervisors = children.filter((child) => child.policy.type === "supervisor").length;
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
