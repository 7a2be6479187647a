/**
 * The supervisor: an ordinary actor whose signals are the ends of its children. It decides with the pure functions of
 * `restart-plan.ts` and carries out. The words and the order of events are OTP's.
 *
 * @see https://www.erlang.org/doc/apps/stdlib/supervisor.html
 */
import { Actor, type ActorContext, DEFINITION, IGNORE, type Start } from "./actor.ts";
import { Cell, cellOf } from "./cell.ts";
import {
  type AnyChildSpec,
  DEFAULT_AUTO_SHUTDOWN,
  DEFAULT_MAX_RESTART_PERIOD_MS,
  DEFAULT_MAX_RESTARTS,
  DEFAULT_STRATEGY,
  type Strategy,
  type SupervisorDefinition,
  type SupervisorSpec,
} from "./child-spec.ts";
import type { Environment } from "./environment.ts";
import { type ChildRefusal, StartError, SupervisorRequestError, UnexpectedMessageError } from "./errors.ts";
import { type ExitReason, SHUTDOWN } from "./exit-reason.ts";
import type { AnyActorRef } from "./ref.ts";
import { RestartIntensity } from "./restart-intensity.ts";
import { afterExit, endsBySignificance, restartPlan } from "./restart-plan.ts";
import type { Signal } from "./signal.ts";
import { checkChildSpec, checkSupervisorSpec, InvalidSpecError } from "./spec-check.ts";
import { SupervisedChild } from "./supervised-child.ts";
import type {
  ChildCounts,
  ChildInfo,
  ChildName,
  FullChildSpec,
  SupervisorRequest,
  SupervisorStatus,
} from "./supervisor-request.ts";

/**
 * Makes a supervisor: a value that can be started like any actor, as the root of a system or as a child.
 *
 * @throws {InvalidSpecError} at once, with every fault of the spec.
 * @example
 * const bank = supervisor({ strategy: "rest_for_one", children: [{ id: "ledger", start: () => new Ledger() }] });
 */
export function supervisor(spec: SupervisorSpec): SupervisorDefinition {
  const faults = checkSupervisorSpec(spec);
  if (faults.length > 0)
    throw new InvalidSpecError(spec?.name === undefined ? "supervisor" : `supervisor "${spec.name}"`, faults);
  return {
    [DEFINITION]: "supervisor",
    name: spec.name ?? "supervisor",
    spec,
    create: () => new Supervisor(spec),
  };
}

type Completion = Promise<void> | undefined;

export class Supervisor extends Actor<SupervisorRequest> {
  #spec: SupervisorSpec;
  #intensity: RestartIntensity;
  /** By id, in start order; instances of a template by their number. */
  readonly #children = new Map<string | number, SupervisedChild>();
  #cell!: Cell;
  #env!: Environment;
  #context!: ActorContext<SupervisorRequest>;

  constructor(spec: SupervisorSpec) {
    super();
    this.#spec = spec;
    this.#intensity = intensityOf(spec);
  }

  get #strategy(): Strategy {
    return this.#spec.strategy ?? DEFAULT_STRATEGY;
  }

  get #isTemplate(): boolean {
    return this.#strategy === "simple_one_for_one";
  }

  get #template(): AnyChildSpec {
    return this.#spec.children[0] as AnyChildSpec;
  }

  /** For inspection. */
  get status(): SupervisorStatus {
    return {
      strategy: this.#strategy,
      maxRestarts: this.#spec.maxRestarts ?? DEFAULT_MAX_RESTARTS,
      maxRestartPeriodMs: this.#spec.maxRestartPeriodMs ?? DEFAULT_MAX_RESTART_PERIOD_MS,
      restartsInWindow: this.#env === undefined ? 0 : this.#intensity.within(this.#env.clock.monotonicMs()),
      autoShutdown: this.#spec.autoShutdown ?? DEFAULT_AUTO_SHUTDOWN,
    };
  }

  get definitionName(): string {
    return this.#spec.name ?? "supervisor";
  }

  get childCount(): number {
    return this.#children.size;
  }

  /** Children whose restart has not succeeded yet. */
  get restartingCount(): number {
    let count = 0;
    for (const child of this.#children.values()) if (child.status === "restarting") count++;
    return count;
  }

  /** It was killed while it waited: what comes after must not touch the children, which its successor may have started. */
  get #isOver(): boolean {
    return (this.#cell.behavior as unknown) !== this;
  }

  // --- Start ---

  override preStart(context: ActorContext<SupervisorRequest>): Completion {
    context.trapExit(true);
    this.#context = context;
    this.#cell = cellOf(context.self);
    this.#env = this.#cell.env;
    this.#cell.endsChildrenTogether = this.#isTemplate;
    if (!this.#cell.isSupervisor) {
      this.#cell.isSupervisor = true;
      this.#env.supervisors.add(this.#cell.asRef);
    }
    if (this.#isTemplate) this.#clearOldPlaces();
    else
      return this.#startAll(
        this.#spec.children.map((spec) => this.#add(spec)),
        0,
      );
    return undefined;
  }

  /** Starts children in order. The first that fails ends those before it, and the supervisor's own start. */
  #startAll(children: readonly SupervisedChild[], from: number): Completion {
    for (let i = from; i < children.length && !this.#isOver; i++) {
      const child = children[i] as SupervisedChild;
      try {
        const launched = this.#launch(child);
        if (launched instanceof Promise) {
          return launched.then(
            (result) => {
              this.#settle(child, result);
              return this.#startAll(children, i + 1);
            },
            (cause: unknown) => this.#abortStart(child, cause),
          );
        }
        this.#settle(child, launched);
      } catch (cause) {
        return this.#abortStart(child, cause);
      }
    }
    this.#clearOldPlaces();
    return undefined;
  }

  async #abortStart(failed: SupervisedChild, cause: unknown): Promise<never> {
    const started = [...this.#children.values()].filter((child) => child.isRunning).reverse();
    for (const child of started) if (!this.#isOver) await this.#end(child);
    throw new StartError(this.#cell.id, `its child "${failed.specId}" did not start (failed_to_start_child)`, cause);
  }

  /** Children that were added at run time to an earlier incarnation are not started again, and their places go. */
  #clearOldPlaces(): void {
    for (const place of this.#cell.children as readonly Cell[]) {
      if (place.hasEnded && !this.#owns(place)) place.discard();
    }
  }

  #add(spec: AnyChildSpec): SupervisedChild {
    const child = new SupervisedChild(spec, false);
    this.#children.set(spec.id, child);
    return child;
  }

  /** @throws {StartError} or rejects with it. */
  #launch(
    child: SupervisedChild,
    start: Start<unknown> = child.start as Start<unknown>,
  ): typeof IGNORE | undefined | Promise<typeof IGNORE | undefined> {
    const cell = child.cell ?? this.#placeFor(child, start);
    child.cell = cell;
    const launched = cell.launch();
    return launched instanceof Promise ? this.#withinLimit(child, cell, launched) : launched;
  }

  /** The place an earlier incarnation of this supervisor left, or a new one. */
  #placeFor(child: SupervisedChild, start: Start<unknown>): Cell {
    const place = child.id === undefined ? undefined : (this.#cell.childNamed(child.id) as Cell | undefined);
    if (place === undefined || !place.hasEnded) return new Cell(this.#env, this.#cell, child, start);
    place.respec(child, start);
    return place;
  }

  #withinLimit(
    child: SupervisedChild,
    cell: Cell,
    launched: Promise<typeof IGNORE | undefined>,
  ): Promise<typeof IGNORE | undefined> {
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
  #settle(child: SupervisedChild, launched: typeof IGNORE | undefined): boolean {
    const cell = child.cell as Cell;
    if (this.#isOver) return false;
    if (launched !== IGNORE) {
      child.begun(cell, this.#env.clock.monotonicMs());
      return true;
    }
    if (child.restart === "temporary" || child.id === undefined) this.#forget(child);
    else {
      child.status = "down";
      cell.rest();
    }
    return false;
  }

  // --- Exits ---

  override handleSignal(signal: Signal): Completion {
    if (signal.type !== "exit") return undefined;
    const child = cellOf(signal.from).spec;
    if (
      !(child instanceof SupervisedChild) ||
      child.liveIncarnation !== signal.incarnation ||
      !this.#owns(cellOf(signal.from))
    )
      return undefined;
    return this.#childEnded(child, signal.reason);
  }

  #owns(cell: Cell): boolean {
    const { spec } = cell;
    return spec instanceof SupervisedChild && this.#children.get(spec.id ?? cell.uid) === spec;
  }

  #childEnded(child: SupervisedChild, reason: ExitReason): Completion {
    child.liveIncarnation = 0;
    switch (afterExit(child.restart, reason)) {
      case "restart":
        return this.#restart(child, reason);
      case "keep":
        if (child.id === undefined) this.#forget(child);
        else this.#keepDown(child);
        break;
      case "forget":
        this.#forget(child);
        break;
    }
    this.#endIfSignificant(child);
    return undefined;
  }

  #endIfSignificant(child: SupervisedChild): void {
    const othersLeft = [...this.#children.values()].some(
      (other) => other !== child && other.significant && other.status !== "down",
    );
    if (endsBySignificance(this.#spec.autoShutdown ?? DEFAULT_AUTO_SHUTDOWN, child.significant, othersLeft))
      this.#context.exit(SHUTDOWN);
  }

  #restart(child: SupervisedChild, reason: ExitReason): Completion {
    child.status = "restarting";
    const now = this.#env.clock.monotonicMs();
    if (!this.#intensity.add(now)) return this.#giveUp(child, reason);
    const delayMs = child.restartDelayMs(now, this.#env.random);
    if (delayMs === 0) return this.#carryOut(child);
    this.#context.timers.startOnce(`retry ${(child.cell as Cell).uid}`, this.#retryOf(child, true), delayMs);
    return undefined;
  }

  #retryOf(child: SupervisedChild, isCounted: boolean): SupervisorRequest {
    return { type: "retry", childId: (child.cell as Cell).uid, isCounted };
  }

  #retry(childUid: number, isCounted: boolean): Completion {
    for (const child of this.#children.values()) {
      if (child.status !== "restarting" || child.cell?.uid !== childUid) continue;
      if (isCounted || this.#intensity.add(this.#env.clock.monotonicMs())) return this.#carryOut(child);
      return this.#giveUp(child, child.cell.exitReason);
    }
    return undefined;
  }

  #carryOut(child: SupervisedChild): Completion {
    const isAlone = this.#strategy === "one_for_one" || this.#isTemplate;
    return isAlone ? this.#startAgain(child) : this.#restartGroup(child);
  }

  #startAgain(child: SupervisedChild): Completion {
    try {
      const launched = this.#launch(child);
      if (!(launched instanceof Promise)) return this.#startedAgain(child, launched);
      return launched.then(
        (result) => this.#startedAgain(child, result),
        (cause: unknown) => this.#startFailedAgain(child, cause),
      );
    } catch (cause) {
      return this.#startFailedAgain(child, cause);
    }
  }

  #startedAgain(child: SupervisedChild, launched: typeof IGNORE | undefined): undefined {
    if (!this.#settle(child, launched)) return undefined;
    const cell = child.cell as Cell;
    this.#env.restarts++;
    if (this.#env.hub.isWatched) {
      this.#env.hub.publish({
        type: "restarted",
        actor: cell.asRef,
        incarnation: cell.incarnation,
        supervisor: this.#cell.asRef,
      });
    }
    return undefined;
  }

  /** The next attempt waits behind what was asked meanwhile: a supervisor in a restart loop can be talked to, and stopped. */
  #startFailedAgain(child: SupervisedChild, cause: unknown): undefined {
    if (this.#isOver) return undefined;
    child.status = "restarting";
    this.#env.publish({
      type: "restartFailed",
      actor: (child.cell as Cell).asRef,
      supervisor: this.#cell.asRef,
      cause,
    });
    this.#cell.sendSelf(this.#retryOf(child, false), undefined);
    return undefined;
  }

  async #restartGroup(failed: SupervisedChild): Promise<void> {
    const children = [...this.#children.values()].map(({ specId, restart, isRunning }) => ({
      id: specId,
      restart,
      running: isRunning,
    }));
    const plan = restartPlan(this.#strategy, children, failed.specId);
    for (const id of plan.stop) {
      await this.#end(this.#children.get(id) as SupervisedChild);
      if (this.#isOver) return;
    }
    for (const id of plan.forget) this.#forget(this.#children.get(id) as SupervisedChild);
    for (const id of plan.start) {
      const child = this.#children.get(id) as SupervisedChild;
      if (child !== failed) child.status = "down";
    }
    for (const id of plan.start) {
      const child = this.#children.get(id) as SupervisedChild;
      if (child === failed) child.status = "down";
      await this.#startAgain(child);
      // `startAgain` has queued the next attempt, from this child on.
      if ((child.status as string) === "restarting" || this.#isOver) return;
    }
  }

  #giveUp(child: SupervisedChild, reason: ExitReason): undefined {
    const { restartsInWindow, maxRestartPeriodMs } = this.status;
    this.#env.lastStraws.set(this.#cell.asRef, { actor: (child.cell as Cell).asRef, reason });
    this.#env.publish({
      type: "escalated",
      supervisor: this.#cell.asRef,
      actor: (child.cell as Cell).asRef,
      reason,
      restarts: restartsInWindow,
      periodMs: maxRestartPeriodMs,
    });
    this.#context.exit(SHUTDOWN);
    return undefined;
  }

  /** Ends a running child; its exit is expected and causes nothing. */
  async #end(child: SupervisedChild): Promise<void> {
    child.liveIncarnation = 0;
    child.status = "down";
    if (child.cell !== undefined) await this.#cell.endChild(child.cell);
  }

  #keepDown(child: SupervisedChild): void {
    if (this.#isOver) return;
    child.status = "down";
    child.cell?.rest();
  }

  #forget(child: SupervisedChild): void {
    if (this.#isOver) return;
    child.status = "down";
    child.liveIncarnation = 0;
    if (child.cell === undefined) {
      if (child.id !== undefined) this.#children.delete(child.id);
      return;
    }
    this.#children.delete(child.id ?? child.cell.uid);
    child.cell.discard();
  }

  // --- Requests ---

  override handleMessage(request: SupervisorRequest, context: ActorContext<SupervisorRequest>): Completion {
    if (!this.#cell.wasAsked && request?.type !== "retry") return this.#unexpected(request);
    switch (request?.type) {
      case "startChild":
        return this.#answer(context, () => this.#startChild(request.spec));
      case "startInstance":
        return this.#answer(context, () => this.#startInstance(request.args));
      case "terminateChild":
        return this.#answer(context, () => this.#terminateChild(request.child));
      case "restartChild":
        return this.#answer(context, () => this.#restartChild(request.child));
      case "deleteChild":
        return this.#answer(context, () => this.#deleteChild(request.child));
      case "whichChildren":
        context.reply(this.#whichChildren());
        return undefined;
      case "countChildren":
        context.reply(this.#countChildren());
        return undefined;
      case "getChildSpec":
        return this.#answer(context, () => this.#getChildSpec(request.child));
      case "updateSpec":
        return this.#answer(context, () => this.#updateSpec(request.spec));
      case "retry":
        return this.#retry(request.childId, request.isCounted);
      default:
        context.deferReply().fail(new UnexpectedMessageError(this.#cell.id, request));
        return this.#unexpected(request);
    }
  }

  #unexpected(message: unknown): undefined {
    this.#env.publish({ type: "unexpectedMessage", actor: this.#cell.asRef, message });
    return undefined;
  }

  /** Carries out a request; an error is the asker's, never the supervisor's. */
  #answer(context: ActorContext<SupervisorRequest>, request: () => unknown): Completion {
    const port = context.deferReply();
    try {
      const result = request();
      if (!(result instanceof Promise)) {
        port.reply(result as never);
        return undefined;
      }
      return result.then(
        (value: unknown) => port.reply(value as never),
        (error: unknown) => port.fail(error),
      );
    } catch (error) {
      port.fail(error);
      return undefined;
    }
  }

  #startChild(spec: AnyChildSpec): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    if (this.#isTemplate) throw this.#refusal(spec?.id, "simple_one_for_one");
    const faults = checkChildSpec(spec, this.#spec.autoShutdown, this.#strategy);
    if (faults.length > 0) throw new InvalidSpecError(`child of ${this.#cell.id}`, faults);
    const present = this.#children.get(spec.id);
    if (present?.isRunning === true)
      throw new SupervisorRequestError(this.#cell.id, spec.id, "already_started", present.cell?.asRef);
    if (present !== undefined) throw this.#refusal(spec.id, "already_present");
    return this.#startNew(this.#add(spec), undefined);
  }

  #startInstance(args: readonly unknown[]): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    if (!this.#isTemplate) throw this.#refusal("instance", "not_found");
    const child = new SupervisedChild(this.#template, true);
    return this.#startNew(child, args);
  }

  #startNew(
    child: SupervisedChild,
    args: readonly unknown[] | undefined,
  ): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    const begin = (): typeof IGNORE | undefined | Promise<typeof IGNORE | undefined> => {
      const template = child.start as Start<unknown, readonly unknown[]>;
      const start: Start<unknown> =
        args !== undefined && typeof template === "function" ? () => template(...args) : (template as Start<unknown>);
      child.cell = this.#placeFor(child, start);
      if (child.id === undefined) this.#children.set(child.cell.uid, child);
      return this.#launch(child, start);
    };
    const settled = (launched: typeof IGNORE | undefined): AnyActorRef | undefined =>
      this.#settle(child, launched) ? child.cell?.asRef : undefined;
    const failed = (cause: unknown): never => {
      this.#forget(child);
      throw cause;
    };
    try {
      const launched = begin();
      return launched instanceof Promise ? launched.then(settled, failed) : settled(launched);
    } catch (cause) {
      return failed(cause);
    }
  }

  /** @throws {SupervisorRequestError} `not_found`, `simple_one_for_one` */
  #find(name: ChildName): SupervisedChild {
    if (this.#isTemplate) {
      if (typeof name === "string") throw this.#refusal(name, "simple_one_for_one");
      const cell = cellOf(name);
      const child = this.#children.get(cell.uid);
      if (child === undefined || child !== cell.spec) throw this.#refusal(name.id, "not_found");
      return child;
    }
    const child = typeof name === "string" ? this.#children.get(name) : undefined;
    if (child === undefined) throw this.#refusal(typeof name === "string" ? name : name.id, "not_found");
    return child;
  }

  async #terminateChild(name: ChildName): Promise<true> {
    if (this.#isTemplate && typeof name === "object" && cellOf(name).hasEnded && !this.#owns(cellOf(name))) return true;
    const child = this.#find(name);
    if (child.cell !== undefined) this.#context.timers.cancel(`retry ${child.cell.uid}`);
    if (child.isRunning) await this.#end(child);
    else child.status = "down";
    if (this.#isOver) return true;
    if (child.restart === "temporary" || child.id === undefined) this.#forget(child);
    else child.cell?.rest();
    return true;
  }

  #restartChild(name: ChildName): AnyActorRef | undefined | Promise<AnyActorRef | undefined> {
    const child = this.#findDown(name);
    const settled = (launched: typeof IGNORE | undefined): AnyActorRef | undefined =>
      this.#settle(child, launched) ? child.cell?.asRef : undefined;
    const failed = (cause: unknown): never => {
      this.#keepDown(child);
      throw cause;
    };
    try {
      const launched = this.#launch(child);
      return launched instanceof Promise ? launched.then(settled, failed) : settled(launched);
    } catch (cause) {
      return failed(cause);
    }
  }

  #deleteChild(name: ChildName): true {
    this.#forget(this.#findDown(name));
    return true;
  }

  #findDown(name: ChildName): SupervisedChild {
    if (this.#isTemplate) throw this.#refusal(typeof name === "string" ? name : name.id, "simple_one_for_one");
    const child = this.#find(name);
    if (child.status === "down") return child;
    throw this.#refusal(child.specId, child.status === "running" ? "running" : "restarting");
  }

  /** Newest first, as OTP does. */
  #whichChildren(): readonly ChildInfo[] {
    return [...this.#children.values()].map((child) => child.info).reverse();
  }

  #countChildren(): ChildCounts {
    const children = [...this.#children.values()];
    const supervisors = children.filter((child) => child.type === "supervisor").length;
    return {
      specs: this.#isTemplate ? 1 : children.length,
      active: children.filter((child) => child.isRunning).length,
      supervisors,
      workers: children.length - supervisors,
    };
  }

  #getChildSpec(name: ChildName): FullChildSpec {
    return this.#find(name).fullSpec;
  }

  /** OTP's `code_change`: flags take effect, specs of children that are there change, new ones are added and not started. */
  #updateSpec(spec: SupervisorSpec): true {
    const faults = checkSupervisorSpec(spec);
    if (faults.length > 0) throw new InvalidSpecError(`new spec of ${this.#cell.id}`, faults);
    if (
      (spec.strategy ?? DEFAULT_STRATEGY) !== this.#strategy &&
      (this.#isTemplate || spec.strategy === "simple_one_for_one")
    ) {
      throw this.#refusal("template", "simple_one_for_one");
    }
    this.#spec = spec;
    this.#intensity = intensityOf(spec);
    if (!this.#isTemplate) for (const childSpec of spec.children) this.#respec(childSpec);
    return true;
  }

  #respec(spec: AnyChildSpec): void {
    const present = this.#children.get(spec.id);
    const child = this.#add(spec);
    if (present?.cell === undefined) return;
    child.cell = present.cell;
    child.status = present.status;
    child.liveIncarnation = present.liveIncarnation;
    child.cell.changeSpec(child, child.start as Start<unknown>);
  }

  #refusal(child: string | undefined, refusal: ChildRefusal): SupervisorRequestError {
    return new SupervisorRequestError(this.#cell.id, String(child), refusal);
  }
}

function isLastCrash(cell: Cell, reason: ExitReason): boolean {
  return cell.env.crashes.get(cell.uid)?.reason === reason;
}

function intensityOf(spec: SupervisorSpec): RestartIntensity {
  return new RestartIntensity(
    spec.maxRestarts ?? DEFAULT_MAX_RESTARTS,
    spec.maxRestartPeriodMs ?? DEFAULT_MAX_RESTART_PERIOD_MS,
  );
}
