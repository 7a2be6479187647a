/** What a supervisor does when it is asked about its children: OTP's `supervisor` functions, from the inside. */

import { type Cell, cellOf } from "../actor/cell.ts";
import type { Launched } from "../actor/startable.ts";
import { type AnyChildSpec, DEFAULT_STRATEGY, type Strategy, type SupervisorSpec } from "../spec/child-spec.ts";
import { checkChildSpec, ownChildSpec } from "../spec/spec-check.ts";
import { InvalidSpecError } from "../spec/spec-fault.ts";
import type { Start } from "../values/actor.ts";
import { type ChildRefusal, SupervisorRequestError } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { Nursery } from "./nursery.ts";
import type { SupervisedChild } from "./supervised-child.ts";
import type { ChildName, FullChildSpec } from "./supervisor-request.ts";

export class Administration {
  readonly #cell: Cell;
  readonly #nursery: Nursery;
  readonly #flags: () => SupervisorSpec;
  readonly #cancelRetry: (child: SupervisedChild) => void;

  /**
   * @param flags the supervisor's spec, as it is now.
   * @param cancelRetry takes back a restart that waits.
   */
  constructor(
    cell: Cell,
    nursery: Nursery,
    flags: () => SupervisorSpec,
    cancelRetry: (child: SupervisedChild) => void,
  ) {
    this.#cell = cell;
    this.#nursery = nursery;
    this.#flags = flags;
    this.#cancelRetry = cancelRetry;
  }

  private get isTemplate(): boolean {
    return strategyOf(this.#flags()) === "simple_one_for_one";
  }

  startChild(given: AnyChildSpec): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    const spec = ownChildSpec(given);
    if (this.isTemplate) throw this.refusal(idIn(spec), "simple_one_for_one");
    const faults = checkChildSpec(spec, this.#flags().autoShutdown, strategyOf(this.#flags()));
    if (faults.length > 0) throw new InvalidSpecError(`child of ${this.#cell.id}`, faults);
    const present = this.#nursery.get(spec.id);
    if (present?.isRunning === true)
      throw new SupervisorRequestError(this.#cell.id, spec.id, "already_started", present.cell.asRef);
    if (present !== undefined) throw this.refusal(spec.id, "already_present");
    return this.startNew(this.#nursery.add(spec));
  }

  startInstance(args: readonly unknown[]): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    if (!this.isTemplate) throw this.refusal(undefined, "not_found");
    const child = this.#nursery.add(this.template, true);
    const start = child.start as Start<unknown, readonly unknown[]>;
    // Bound, not enclosed: one of a hundred thousand is then smaller.
    if (typeof start === "function" && args.length > 0) child.start = start.bind(undefined, ...args);
    return this.startNew(child);
  }

  private get template(): AnyChildSpec {
    return this.#flags().children[0] as AnyChildSpec;
  }

  private startNew(child: SupervisedChild): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    return this.launch(child, () => this.#nursery.forget(child));
  }

  /** @param failed what becomes of a child that does not start. */
  private launch(
    child: SupervisedChild,
    failed: () => void,
  ): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    const settled = (launched: Launched): AnyActorRef | undefined =>
      this.#nursery.settle(child, launched) ? child.cell.asRef : undefined;
    const refused = (cause: unknown): never => {
      failed();
      throw cause;
    };
    try {
      const launched = this.#nursery.launch(child);
      return launched instanceof Promise ? launched.then(settled, refused) : settled(launched);
    } catch (cause) {
      return refused(cause);
    }
  }

  /** @throws {SupervisorRequestError} `not_found`, `simple_one_for_one` */
  private find(name: ChildName): SupervisedChild {
    if (this.isTemplate) {
      if (typeof name === "string") throw this.refusal(name, "simple_one_for_one");
      const cell = cellOf(name);
      if (!this.#nursery.owns(cell)) throw this.refusal(name.id, "not_found");
      return cell.spec as SupervisedChild;
    }
    const child = typeof name === "string" ? this.#nursery.get(name) : undefined;
    if (child === undefined) throw this.refusal(typeof name === "string" ? name : name.id, "not_found");
    return child;
  }

  async terminateChild(name: ChildName): Promise<true> {
    if (this.isTemplate && typeof name === "object" && cellOf(name).hasEnded && !this.#nursery.owns(cellOf(name)))
      return true;
    const child = this.find(name);
    this.#cancelRetry(child);
    if (child.isRunning) await this.#nursery.end(child);
    else child.status = "down";
    if (this.#nursery.isOver) return true;
    if (child.restart === "temporary" || child.id === undefined) this.#nursery.forget(child);
    else child.cell.rest();
    return true;
  }

  restartChild(name: ChildName): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    const child = this.findDown(name);
    return this.launch(child, () => this.#nursery.keepDown(child));
  }

  deleteChild(name: ChildName): true {
    this.#nursery.forget(this.findDown(name));
    return true;
  }

  private findDown(name: ChildName): SupervisedChild {
    if (this.isTemplate) throw this.refusal(typeof name === "string" ? name : name.id, "simple_one_for_one");
    const child = this.find(name);
    if (child.status === "down") return child;
    throw this.refusal(child.specId, child.status === "running" ? "running" : "restarting");
  }

  getChildSpec(name: ChildName): FullChildSpec {
    const { fullSpec } = this.find(name);
    // An instance begins with its arguments; its spec is the template's.
    return this.isTemplate && fullSpec.start !== undefined ? { ...fullSpec, start: this.template.start } : fullSpec;
  }

  /** @throws {NameTakenError} when a new child has the id of an actor that was spawned; nothing was changed. */
  respec(specs: readonly AnyChildSpec[]): void {
    for (const { id } of specs) this.#nursery.checkFree(id);
    for (const spec of specs) {
      const present = this.#nursery.get(spec.id);
      if (present === undefined) this.#nursery.add(spec);
      else this.#nursery.respec(present, spec);
    }
    this.#nursery.arrange(specs.map(({ id }) => id));
  }

  refusal(child: string | undefined, refusal: ChildRefusal): SupervisorRequestError {
    return new SupervisorRequestError(this.#cell.id, child, refusal);
  }
}

/** The id in a child spec that nobody has checked. Never throws. */
export function idIn(spec: unknown): string | undefined {
  try {
    const id = (spec as { readonly id?: unknown } | null | undefined)?.id;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

export function strategyOf(spec: SupervisorSpec): Strategy {
  return spec.strategy ?? DEFAULT_STRATEGY;
}
