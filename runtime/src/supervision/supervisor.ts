/**
 * The supervisor: an ordinary actor whose signals are the ends of its children. It decides with the pure functions of
 * `restart-plan.ts` and carries out. The words and the order of events are OTP's.
 *
 * @see https://www.erlang.org/doc/apps/stdlib/supervisor.html
 */

import { type Cell, cellOf } from "../actor/cell.ts";
import type { Launched } from "../actor/startable.ts";
import type { Environment } from "../environment/environment.ts";
import {
  DEFAULT_AUTO_SHUTDOWN,
  DEFAULT_MAX_RESTART_PERIOD_MS,
  DEFAULT_MAX_RESTARTS,
  type Strategy,
  type SupervisorDefinition,
  type SupervisorSpec,
} from "../spec/child-spec.ts";
import { RestartIntensity } from "../spec/restart-intensity.ts";
import { afterExit, endsBySignificance, restartPlan } from "../spec/restart-plan.ts";
import { checkSupervisorSpec, ownSupervisorSpec } from "../spec/spec-check.ts";
import { InvalidSpecError } from "../spec/spec-fault.ts";
import { Actor, type ActorContext, DEFINITION } from "../values/actor.ts";
import { firstFailure, StartError, UnexpectedMessageError } from "../values/errors.ts";
import { type ExitReason, SHUTDOWN } from "../values/exit-reason.ts";
import { isFields } from "../values/fields.ts";
import { isInstance } from "../values/instance.ts";
import { clip } from "../values/safe-text.ts";
import type { Signal } from "../values/signal.ts";
import { Administration, strategyOf } from "./administration.ts";
import { Nursery } from "./nursery.ts";
import type { SupervisedChild } from "./supervised-child.ts";
import type { SupervisorRequest, SupervisorStatus } from "./supervisor-request.ts";

/**
 * Makes a supervisor: a value that can be started like any actor, as the root of a system or as a child.
 *
 * @throws {InvalidSpecError} at once, with every fault of the spec.
 * @example
 * const bank = supervisor({ strategy: "rest_for_one", children: [{ id: "ledger", start: () => new Ledger() }] });
 */
export function supervisor(spec: SupervisorSpec): SupervisorDefinition {
  const own = ownSupervisorSpec(spec);
  const faults = checkSupervisorSpec(own);
  if (faults.length > 0) throw new InvalidSpecError(nameOf(own), faults);
  return {
    [DEFINITION]: "supervisor",
    name: own.name ?? "supervisor",
    spec: own,
    create: () => new Supervisor(own),
  };
}

function nameOf(spec: Partial<SupervisorSpec> | undefined): string {
  return isFields(spec) && typeof spec.name === "string" ? `supervisor "${clip(spec.name, 100)}"` : "supervisor";
}

type Completion = Promise<void> | undefined;

const NOBODY_ELSE: readonly SupervisedChild[] = [];

/** Supervisors that start their children within the call that starts themselves, one below the other. */
const STARTS_NESTED = 64;

export class Supervisor extends Actor<SupervisorRequest> {
  get isOfRuntime(): true {
    return true;
  }

  #spec: SupervisorSpec;
  /** Ids in the spec, once somebody has asked. */
  #listed: { readonly of: SupervisorSpec; readonly ids: ReadonlySet<string> } | undefined = undefined;
  readonly #intensity: RestartIntensity;
  #nursery!: Nursery;
  #administration!: Administration;
  #cell!: Cell;
  #env!: Environment;
  #context!: ActorContext<SupervisorRequest>;

  constructor(spec: SupervisorSpec) {
    super();
    this.#spec = spec;
    this.#intensity = new RestartIntensity(this.#maxRestarts, this.#maxRestartPeriodMs);
  }

  get #maxRestarts(): number {
    return this.#spec.maxRestarts ?? DEFAULT_MAX_RESTARTS;
  }

  get #maxRestartPeriodMs(): number {
    return this.#spec.maxRestartPeriodMs ?? DEFAULT_MAX_RESTART_PERIOD_MS;
  }

  get #strategy(): Strategy {
    return strategyOf(this.#spec);
  }

  get #isTemplate(): boolean {
    return this.#strategy === "simple_one_for_one";
  }

  /** Whether its spec has a child of that id. */
  lists(id: string): boolean {
    if (this.#listed?.of !== this.#spec)
      this.#listed = { of: this.#spec, ids: new Set(this.#spec.children.map((child) => child.id)) };
    return this.#listed.ids.has(id);
  }

  /** For inspection. */
  get status(): SupervisorStatus {
    return {
      strategy: this.#strategy,
      maxRestarts: this.#maxRestarts,
      maxRestartPeriodMs: this.#maxRestartPeriodMs,
      restartsInWindow: this.#env === undefined ? 0 : this.#intensity.within(this.#env.tick()),
      autoShutdown: this.#spec.autoShutdown ?? DEFAULT_AUTO_SHUTDOWN,
    };
  }

  /** For inspection: what its spec says, the rest being as by default. */
  get said(): Readonly<Partial<SupervisorSpec>> {
    return this.#spec;
  }

  /** Moments of restarts that it remembers. */
  get restartsKept(): number {
    return this.#intensity.kept;
  }

  get definitionName(): string {
    return this.#spec.name ?? "supervisor";
  }

  get childCount(): number {
    return this.#nursery?.size ?? 0;
  }

  /** Children whose restart has not succeeded yet. */
  get restartingCount(): number {
    let count = 0;
    for (const child of this.#nursery?.all() ?? []) if (child.status === "restarting") count++;
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
    this.#nursery = new Nursery(this.#cell, () => this.#isOver);
    const cancelRetry = (child: SupervisedChild): void => void context.timers.cancel(retryKey(child));
    this.#administration = new Administration(this.#cell, this.#nursery, () => this.#spec, cancelRetry);
    this.#cell.endsChildrenTogether = this.#isTemplate;
    if (!this.#cell.isSupervisor) {
      this.#cell.isSupervisor = true;
      this.#env.supervisors.add(this.#cell.asRef);
    }
    if (!this.#isTemplate) return this.#startStatic();
    this.#nursery.clearOldPlaces();
    return undefined;
  }

  /** Within one call, unless supervisors are nested so deeply that the stack could end. */
  #startStatic(): Completion {
    const children = this.#spec.children.map((spec) => this.#nursery.add(spec));
    if (this.#env.nestedStarts >= STARTS_NESTED) return Promise.resolve().then(() => this.#startAll(children, 0));
    this.#env.nestedStarts++;
    try {
      return this.#startAll(children, 0);
    } finally {
      this.#env.nestedStarts--;
    }
  }

  /** Starts children in order. The first that fails ends those before it, and the supervisor's own start. */
  #startAll(children: readonly SupervisedChild[], from: number): Completion {
    for (let i = from; i < children.length && !this.#isOver; i++) {
      const child = children[i] as SupervisedChild;
      try {
        const launched = this.#nursery.launch(child);
        if (launched instanceof Promise) {
          return launched.then(
            (result) => {
              this.#nursery.settle(child, result);
              return this.#startAll(children, i + 1);
            },
            (cause: unknown) => this.#abortStart(child, cause),
          );
        }
        this.#nursery.settle(child, launched);
      } catch (cause) {
        return this.#abortStart(child, cause);
      }
    }
    this.#nursery.clearOldPlaces();
    return undefined;
  }

  async #abortStart(failed: SupervisedChild, cause: unknown): Promise<never> {
    const started = [...this.#nursery.all()].filter((child) => child.isRunning).reverse();
    for (const child of started) if (!this.#isOver) await this.#nursery.end(child);
    const what = `its child "${failed.specId}" did not start (failed_to_start_child)`;
    const root = isInstance(cause, StartError) ? `: ${firstFailure(cause).message}` : "";
    throw new StartError(this.#cell.id, what + root, cause);
  }

  // --- Exits ---

  override handleSignal(signal: Signal): Completion {
    if (signal.type !== "exit") return undefined;
    const place = cellOf(signal.from);
    if (!this.#nursery.owns(place)) return undefined;
    const child = place.spec as SupervisedChild;
    return child.liveIncarnation === signal.incarnation ? this.#childEnded(child, signal.reason) : undefined;
  }

  #childEnded(child: SupervisedChild, reason: ExitReason): Completion {
    child.liveIncarnation = 0;
    switch (afterExit(child.restart, reason)) {
      case "restart":
        return this.#restart(child, reason);
      case "keep":
        if (child.id === undefined) this.#nursery.forget(child);
        else this.#nursery.keepDown(child);
        break;
      case "forget":
        this.#nursery.forget(child);
        break;
    }
    this.#endIfSignificant(child);
    return undefined;
  }

  #endIfSignificant(child: SupervisedChild): void {
    if (!child.policy.significant) return;
    const othersLeft = [...this.#nursery.all()].some(
      (other) => other !== child && other.policy.significant && other.status !== "down",
    );
    if (endsBySignificance(this.#spec.autoShutdown ?? DEFAULT_AUTO_SHUTDOWN, true, othersLeft))
      this.#context.exit(SHUTDOWN);
  }

  #restart(child: SupervisedChild, reason: ExitReason): Completion {
    child.status = "restarting";
    const now = this.#env.tick();
    if (!this.#intensity.add(now)) return this.#giveUp(child, reason);
    const delayMs = child.restartDelayMs(now, this.#env.random);
    if (delayMs === 0) return this.#carryOut(child);
    this.#retryLater(child, true, delayMs);
    return undefined;
  }

  #retryLater(child: SupervisedChild, isCounted: boolean, delayMs: number): void {
    this.#context.timers.startOnce(retryKey(child), this.#retryOf(child, isCounted), delayMs);
  }

  #retryOf(child: SupervisedChild, isCounted: boolean): SupervisorRequest {
    return { type: "retry", childId: child.cell.uid, isCounted };
  }

  #retry(childUid: number, isCounted: boolean): Completion {
    for (const child of this.#nursery.all()) {
      if (child.status !== "restarting" || child.cell.uid !== childUid) continue;
      if (isCounted || this.#intensity.add(this.#env.tick())) return this.#carryOut(child);
      return this.#giveUp(child, child.cell.exitReason);
    }
    return undefined;
  }

  #carryOut(child: SupervisedChild): Completion {
    const isAlone = this.#strategy === "one_for_one" || this.#isTemplate;
    if (!isAlone) return this.#restartGroup(child);
    this.#announce(child, NOBODY_ELSE, [child]);
    return this.#startAgain(child);
  }

  #announce(failed: SupervisedChild, stop: readonly SupervisedChild[], start: readonly SupervisedChild[]): void {
    if (!this.#env.hub.isWatched) return;
    const refs = (children: readonly SupervisedChild[]) => children.map(({ cell }) => cell.asRef);
    this.#env.hub.publish({
      type: "restarting",
      supervisor: this.#cell.asRef,
      actor: failed.cell.asRef,
      stop: refs(stop),
      start: refs(start),
    });
  }

  #startAgain(child: SupervisedChild): Completion {
    const { exitReason } = child.cell;
    try {
      const launched = this.#nursery.launch(child);
      if (!(launched instanceof Promise)) return this.#startedAgain(child, launched, exitReason);
      return launched.then(
        (result) => this.#startedAgain(child, result, exitReason),
        (cause: unknown) => this.#startFailedAgain(child, cause),
      );
    } catch (cause) {
      return this.#startFailedAgain(child, cause);
    }
  }

  #startedAgain(child: SupervisedChild, launched: Launched, reason: ExitReason): undefined {
    if (!this.#nursery.settle(child, launched)) return undefined;
    const { cell } = child;
    this.#env.restarts++;
    if (this.#env.hub.isWatched) {
      this.#env.hub.publish({
        type: "restarted",
        actor: cell.asRef,
        incarnation: cell.incarnation,
        supervisor: this.#cell.asRef,
        reason,
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
      actor: child.cell.asRef,
      supervisor: this.#cell.asRef,
      cause,
    });
    const delayMs = child.restartDelayMs(this.#env.tick(), this.#env.random);
    if (delayMs === 0) this.#cell.sendSelf(this.#retryOf(child, false), undefined);
    else this.#retryLater(child, false, delayMs);
    return undefined;
  }

  async #restartGroup(failed: SupervisedChild): Promise<void> {
    const children = new Map([...this.#nursery.all()].map((child) => [child.specId, child]));
    const planned = [...children.values()].map(({ specId, restart, isRunning }) => ({
      id: specId,
      restart,
      running: isRunning,
    }));
    const plan = restartPlan(this.#strategy, planned, failed.specId);
    const childrenOf = (ids: readonly string[]): readonly SupervisedChild[] =>
      ids.map((id) => children.get(id) as SupervisedChild);
    const starting = childrenOf(plan.start);
    this.#announce(failed, childrenOf(plan.stop), starting);
    for (const child of childrenOf(plan.stop)) {
      await this.#nursery.end(child);
      if (this.#isOver) return;
    }
    for (const child of childrenOf(plan.forget)) this.#nursery.forget(child);
    for (const child of starting) if (child !== failed) child.status = "down";
    for (const child of starting) {
      if (child === failed) child.status = "down";
      await this.#startAgain(child);
      // `startAgain` has queued the next attempt, from this child on.
      if ((child.status as string) === "restarting" || this.#isOver) return;
    }
  }

  #giveUp(child: SupervisedChild, reason: ExitReason): undefined {
    const { restartsInWindow, maxRestartPeriodMs } = this.status;
    this.#env.lastStraws.set(this.#cell.asRef, { actor: child.cell.asRef, reason });
    this.#env.publish({
      type: "escalated",
      supervisor: this.#cell.asRef,
      actor: child.cell.asRef,
      reason,
      restarts: restartsInWindow,
      periodMs: maxRestartPeriodMs,
    });
    this.#context.exit(SHUTDOWN);
    return undefined;
  }

  // --- Requests ---

  override handleMessage(request: SupervisorRequest, context: ActorContext<SupervisorRequest>): Completion {
    if (!isReadable(request) || (!this.#cell.wasAsked && request?.type !== "retry"))
      return this.#refuse(request, context);
    this.#intensity.purge(this.#env.tick());
    switch (request?.type) {
      case "startChild":
        return this.#answer(context, () => this.#administration.startChild(request.spec));
      case "startInstance":
        return this.#answer(context, () => this.#administration.startInstance(request.args));
      case "terminateChild":
        return this.#answer(context, () => this.#administration.terminateChild(request.child));
      case "restartChild":
        return this.#answer(context, () => this.#administration.restartChild(request.child));
      case "deleteChild":
        return this.#answer(context, () => this.#administration.deleteChild(request.child));
      case "whichChildren":
        context.reply(this.#nursery.whichChildren());
        return undefined;
      case "countChildren":
        context.reply(this.#nursery.countChildren(this.#isTemplate));
        return undefined;
      case "getChildSpec":
        return this.#answer(context, () => this.#administration.getChildSpec(request.child));
      case "updateSpec":
        return this.#answer(context, () => this.#updateSpec(request.spec));
      case "retry":
        return this.#retry(request.childId, request.isCounted);
      default:
        return this.#refuse(request, context);
    }
  }

  /** It is no request, or nobody waits for its answer. */
  #refuse(message: unknown, context: ActorContext<SupervisorRequest>): undefined {
    if (this.#cell.wasAsked) context.deferReply().fail(new UnexpectedMessageError(this.#cell.id, message));
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

  /** OTP's `code_change`: flags take effect, specs of children that are there change, new ones are added and not started. */
  #updateSpec(given: SupervisorSpec): true {
    const spec = ownSupervisorSpec(given);
    const faults = checkSupervisorSpec(spec);
    if (faults.length > 0) throw new InvalidSpecError(`new spec of ${this.#cell.id}`, faults);
    if (strategyOf(spec) !== this.#strategy && (this.#isTemplate || spec.strategy === "simple_one_for_one")) {
      throw this.#administration.refusal(undefined, "simple_one_for_one");
    }
    if (!this.#isTemplate) this.#administration.respec(spec.children);
    this.#spec = spec;
    this.#intensity.limit(this.#maxRestarts, this.#maxRestartPeriodMs);
    return true;
  }
}

/** Key of the timer of a restart that waits. */
function retryKey(child: SupervisedChild): string {
  return `retry ${child.cell.uid}`;
}

/** Whether its type can be asked for at all. */
function isReadable(request: SupervisorRequest): boolean {
  try {
    void request?.type;
    return true;
  } catch {
    return false;
  }
}
