/** The whole: a tree of actors with one root, its clock, its names and its events. Everything is made here. */

import { Cell } from "./actor/cell.ts";
import { PLAIN_SPEC } from "./actor/cell-spec.ts";
import { guardRejections } from "./actor/rejections.ts";
import { consoleLogger } from "./environment/console-logger.ts";
import type { DeadLetters } from "./environment/dead-letters.ts";
import { Environment } from "./environment/environment.ts";
import type { EventListener } from "./environment/hub.ts";
import { combineInstruments, type Instrument } from "./environment/instrument.ts";
import { type Logger, Reporter } from "./environment/reporter.ts";
import { FairScheduler, type Scheduler } from "./environment/scheduler.ts";
import { ProcessGroups } from "./groups/process-groups.ts";
import { MessageRouter } from "./groups/router.ts";
import { Topics } from "./groups/topics.ts";
import { Concerns, checkHealthLimits, type HealthLimits } from "./health/concerns.ts";
import { ActorSystemHealth } from "./health/health.ts";
import { announceSystem } from "./health/systems.ts";
import { DEFAULT_BLOCKED_MS, Watchdog, type WatchdogOptions } from "./health/watchdog.ts";
import { installHook } from "./inspect/hook.ts";
import { offerRecordings } from "./inspect/recordings.ts";
import { ENV_REPLAY, replayInstead } from "./inspect/replays.ts";
import { wishes } from "./inspect/wishes.ts";
import { ENV_RECORD } from "./recording/record-environment.ts";
import { ArgumentCheck } from "./spec/argument-check.ts";
import { type AnyChildSpec, DEFAULT_SUPERVISOR_SHUTDOWN, type SupervisorDefinition } from "./spec/child-spec.ts";
import { print } from "./spec/spec-fault.ts";
import { supervisor } from "./supervision/supervisor.ts";
import { DEFINITION, type Definition, type SpawnOptions, type Start } from "./values/actor.ts";
import { inNobodysContext } from "./values/async-scope.ts";
import { type Clock, realClock } from "./values/clock.ts";
import { InvalidArgumentError, SupervisorGaveUpError, SystemStoppedError } from "./values/errors.ts";
import { crashed, type ExitReason, isExitReason, NO_EXIT_REASON, SHUTDOWN } from "./values/exit-reason.ts";
import { isFields, readField, readFields } from "./values/fields.ts";
import { type Random, realRandom } from "./values/random.ts";
import type { ActorRef, AnyActorRef } from "./values/ref.ts";
import { isThenable } from "./values/thenable.ts";

export interface ActorSystemOptions {
  /** First part of every path; not empty, without `/`. */
  readonly name: string;
  /** The top of the tree. Default: a supervisor without children, for `system.spawn`. */
  readonly root?: SupervisorDefinition;
  /** Where crashes and escalations are reported; `false` for nowhere. Default: standard error. */
  readonly logger?: Logger | false;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: `Math.random`. */
  readonly random?: Random;
  /** Default: first come, first served, in slices of a few milliseconds. */
  readonly scheduler?: Scheduler;
  /** Hears every event from the very first start on; {@link ActorSystem.subscribe} begins after it. Default: none. */
  readonly onEvent?: EventListener;
  /** Sees every new behavior before its `preStart` and may put something around its callbacks: for test kits and tracing. Default: none. */
  readonly instrument?: Instrument;
  /**
   * Names the actors whose callbacks block the event loop: event `blocked`, and `eventLoop` in the health. Default: none, unless the
   * environment says so (`AIRSSYS_WATCHDOG=1`, or the milliseconds of `blockedMs`) and the clock is the machine's.
   */
  readonly watchdog?: WatchdogOptions;
  /** From where on `health` says `degraded`. Default: 1,000 messages that wait for one actor, a turn of 10 s, an event loop late by 1 s. */
  readonly health?: HealthLimits;
  /**
   * Freezes every message and every reply when it is sent, through all plain objects and arrays in it: for development. Messages go
   * by reference; an actor that changes what it has sent, or was sent, then crashes instead of surprising others. Default: what the
   * environment says (`AIRSSYS_FREEZE_MESSAGES=1`), else false.
   */
  readonly freezeMessages?: boolean;
}

/**
 * A running system. Several can live in one process; nothing is shared between them. It does not keep the process alive by itself:
 * its timers and asks do while they wait, and so does whatever else Node waits for.
 *
 * @example
 * await using system = await ActorSystem.start({ name: "bank", root: bank });
 */
export class ActorSystem {
  readonly name: string;
  readonly health: ActorSystemHealth;
  readonly groups: ProcessGroups = new ProcessGroups();
  readonly topics: Topics = new Topics();
  readonly router: MessageRouter;
  /** How the root ended: `shutdown` when {@link stop} was called or the root gave up. Never rejects. */
  readonly whenStopped: Promise<ExitReason>;
  readonly #env: Environment;
  readonly #root: Cell;
  #isOrdered = false;

  private constructor(env: Environment, root: Cell, whenStopped: Promise<ExitReason>, health: ActorSystemHealth) {
    this.name = env.systemName;
    this.#env = env;
    this.#root = root;
    this.whenStopped = whenStopped;
    this.health = health;
    this.router = new MessageRouter(root, this.groups, this.topics);
  }

  /**
   * Starts the root and, in order, everything below it.
   *
   * @throws {InvalidArgumentError} at once, with every fault of the options.
   * @throws {StartError} as a rejection, with the cause chain, when a child does not start; what had started has ended then.
   */
  static start(options: ActorSystemOptions): Promise<ActorSystem> {
    const own = checked(options);
    const { name, root = supervisor({ name: "root", children: [] as AnyChildSpec[] }), logger = consoleLogger } = own;
    const { clock = realClock, random = realRandom } = own;
    const scheduler = own.scheduler ?? new FairScheduler(clock);
    const reporter = new Reporter(clock, logger === false ? undefined : logger);
    const env = new Environment(name, clock, random, scheduler, reporter);
    const wished = wishes();
    const watched = own.watchdog ?? (clock === realClock ? wished.watchdog : undefined);
    const watchdog = watched === undefined ? undefined : new Watchdog(env, watched);
    env.instrument = combineInstruments([heard(own.instrument, reporter), watchdog?.instrument]);
    env.freezesMessages = own.freezeMessages ?? wished.freezeMessages;
    if (own.onEvent !== undefined) env.hub.subscribe(own.onEvent);
    return inNobodysContext(ActorSystem.#launch, undefined, env, root, watchdog, new Concerns(own.health));
  }

  static async #launch(
    env: Environment,
    definition: SupervisorDefinition,
    watchdog: Watchdog | undefined,
    concerns: Concerns,
  ): Promise<ActorSystem> {
    if (process.env[ENV_REPLAY]) return replayInstead(env.systemName, definition);
    offerRecordings(async () => (await import("./recording/record-wish.ts")).beginRecording);
    if (process.env[ENV_RECORD]) (await import("./recording/record-wish.ts")).recordAsWished();
    const spec = {
      ...PLAIN_SPEC,
      id: env.systemName,
      shutdown: DEFAULT_SUPERVISOR_SHUTDOWN,
      restart: "temporary",
      mailbox: { capacity: Number.POSITIVE_INFINITY },
      start: definition as unknown as Definition<unknown>,
    } as const;
    const root = new Cell(env, undefined, spec);
    const endGuard = guardRejections(env);
    if (installHook()) env.scheduler.hold();
    let system: ActorSystem | undefined;
    let stopped!: (reason: ExitReason) => void;
    const whenStopped = new Promise<ExitReason>((resolve) => {
      stopped = resolve;
    });
    const health = new ActorSystemHealth(env, root, watchdog, concerns);
    // Before the start, so that a start that hangs can be seen.
    const forget = announceSystem({ env, root, health });
    const onEnd = (reason: ExitReason): void => {
      env.isStopping = true;
      root.discard();
      endGuard();
      watchdog?.end();
      env.publish({
        type: "systemStopped",
        system: env.systemName,
        reason: system !== undefined && !system.#isOrdered ? escalation(root, reason) : reason,
      });
      forget();
      stopped(reason);
    };
    try {
      await root.launch();
    } catch (cause) {
      onEnd(root.exitReason);
      throw cause;
    }
    root.onEnd(onEnd);
    system = new ActorSystem(env, root, whenStopped, health);
    return system;
  }

  /** The root supervisor. */
  get root(): AnyActorRef {
    return this.#root.asRef;
  }

  /** Counted, with the last ones kept. */
  get deadLetters(): DeadLetters {
    return this.#env.deadLetters;
  }

  /**
   * The actor of that name, or the child at that path below the root. A child that has not started is
   * found by either, and takes nothing (`NotStartedError`). A name is free once its actor has ended; a path leads to the child as long as
   * it has its place, also between two lives. What it accepts is
   * the type argument's word: without one it can be sent nothing.
   *
   * @throws {InvalidArgumentError} for what is no text.
   * @example
   * system.whereis<WorkerMessage>("workers/w1");
   */
  whereis<M = never>(nameOrPath: string): ActorRef<M> | undefined {
    return this.#root.find(nameOrPath) as ActorRef<M> | undefined;
  }

  /**
   * Starts an actor below the root that nobody restarts. It ends with the system.
   *
   * @returns its ref at once; its start function and `preStart` run in its first turn.
   * @throws {InvalidArgumentError} at once, with every fault of the options.
   * @throws {NameTakenError} at once, when a child of the root has the id.
   * @throws {SystemStoppedError} at once, when the system has stopped.
   */
  spawn<M>(start: Start<M>, options?: SpawnOptions): ActorRef<M> {
    if (this.#root.hasEnded) throw new SystemStoppedError(this.name);
    return this.#root.spawnChild(start as Start<unknown>, options) as ActorRef<M>;
  }

  /** Hears every event of this system, synchronously. @returns what ends it. @throws {InvalidArgumentError} for what is no function. */
  subscribe(listener: EventListener): () => void {
    if (typeof listener !== "function") throw new InvalidArgumentError("subscribe", ["listener must be a function"]);
    return this.#env.hub.subscribe(listener);
  }

  /**
   * Sends an exit signal from outside, as OTP's `exit/2` does; `shutdown` and the like end an actor that traps no exits.
   * @throws {InvalidArgumentError} for what is no actor, or no exit reason.
   */
  exit(ref: AnyActorRef, reason: ExitReason): void {
    if (!isExitReason(reason)) throw new InvalidArgumentError("exit", [NO_EXIT_REASON]);
    this.#root.sendExit(ref, reason);
  }

  /** Ends an actor as `context.kill` does. @throws {InvalidArgumentError} for what is no actor. */
  kill(ref: AnyActorRef): void {
    this.#root.sendKill(ref);
  }

  /**
   * Ends everything in reverse start order. Calling it again waits for the same end. A handler that awaits it waits for itself, until
   * its `shutdown` limit is over: there, call it and go on.
   */
  stop(): Promise<ExitReason> {
    this.#isOrdered = true;
    this.#env.isStopping = true;
    this.#root.endByOrder(SHUTDOWN);
    return this.whenStopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** The end of a root that nobody ordered: a crash, with the chain of supervisors that gave up down to the first cause. */
function escalation(root: Cell, reason: ExitReason): ExitReason {
  return reason.kind === "shutdown" ? crashed(gaveUp(root.env, root, reason)) : reason;
}

function gaveUp(env: Environment, root: AnyActorRef, reason: ExitReason): SupervisorGaveUpError {
  const chain = [{ actor: root, reason }];
  for (let last = env.lastStraws.get(root); last !== undefined; last = env.lastStraws.get(last.actor)) chain.push(last);
  const first = chain.at(-1)?.reason;
  let cause: unknown = first?.kind === "crashed" ? first.cause : undefined;
  for (const link of chain.reverse())
    if (link.actor === root || env.lastStraws.has(link.actor))
      cause = new SupervisorGaveUpError(link.actor.id, link.reason, cause);
  return cause as SupervisorGaveUpError;
}

/** An instrument is called, not awaited: what it rejects with is reported. */
function heard(instrument: Instrument | undefined, reporter: Reporter): Instrument | undefined {
  if (instrument === undefined) return undefined;
  return (behavior, actor) => {
    const done: unknown = instrument(behavior, actor);
    if (isThenable(done)) done.then(undefined, (error: unknown) => reporter.listenerFailed(error));
  };
}

const OPTIONS = [
  "name",
  "root",
  "logger",
  "clock",
  "random",
  "scheduler",
  "onEvent",
  "instrument",
  "watchdog",
  "health",
  "freezeMessages",
];

function checked(options: ActorSystemOptions): ActorSystemOptions {
  const check = new ArgumentCheck("ActorSystem.start");
  const own = check.options(options, OPTIONS);
  const { name, root, clock, random, scheduler, logger, onEvent, instrument, health, freezeMessages } = own;
  if (typeof name !== "string" || name === "" || name.includes("/"))
    check.fault(`name must be text, not empty and without "/", got ${print(name)}`);
  if (root !== undefined && !(isFields(root) && readField(root, DEFINITION) === "supervisor"))
    check.fault("root must be what supervisor() returns");
  check.optionalPort("scheduler", scheduler, "a Scheduler", [
    "schedule",
    "yieldTurn",
    "tick",
    "date",
    "hold",
    "release",
  ]);
  if (logger !== false) check.optionalFunction("logger", logger);
  check.optionalClock(clock).optionalFunction("random", random).optionalFunction("onEvent", onEvent);
  check.optionalFunction("instrument", instrument);
  const watchdog = isFields(own.watchdog) ? readFields(own.watchdog, ["blockedMs", "takenMs"]) : own.watchdog;
  if (own.watchdog !== undefined && !isFields(watchdog)) check.fault("watchdog must be an object");
  else check.number("watchdog.blockedMs", watchdog?.blockedMs ?? DEFAULT_BLOCKED_MS, { above: 0 });
  checkHealthLimits(check, health);
  if (freezeMessages !== undefined && typeof freezeMessages !== "boolean")
    check.fault("freezeMessages must be true or false");
  check.throwIfFaulty();
  return watchdog === undefined ? own : { ...own, watchdog };
}
