/** A pool of equal workers behind one handle: supervised, routed to, resized and drained. Written in terms of supervisors. */

import { type Cell, cellOf } from "../actor/cell.ts";
import { buryUnroutable } from "../actor/nowhere.ts";
import { PoolClosedError } from "../guards/fault-errors.ts";
import { wait } from "../guards/wait.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import type { BackoffSpec, RestartType, Shutdown, SupervisorDefinition } from "../spec/child-spec.ts";
import { startChild, startInstance, terminateChild } from "../supervision/children.ts";
import { queuePassed } from "../supervision/queue-marker.ts";
import { supervisor } from "../supervision/supervisor.ts";
import { Actor, type ActorContext, type Start } from "../values/actor.ts";
import { StartError } from "../values/errors.ts";
import type { MailboxSpec } from "../values/mailbox-spec.ts";
import type { Ask, AskMap, ReplyMap } from "../values/message.ts";
import type { ActorRef, AnyActorRef, AskOptions } from "../values/ref.ts";
import { safeText } from "../values/safe-text.ts";
import { type Choice, choiceOf, POOL_ROUTINGS, type PoolRouting, type Routee } from "./pool-routing.ts";

/** Milliseconds {@link ActorPool.drain} and a pool that shrinks wait for work that was accepted. */
export const DEFAULT_DRAIN_TIMEOUT_MS = 5_000;

/** More workers than this are a slip of the pen: a pool starts them one after the other. */
const SIZE = { min: 1, max: 10_000, isWhole: true };

export interface PoolSpec<M> {
  /** Makes one worker. */
  readonly start: Start<M>;
  /** Workers; a whole number from 1 to 10,000. */
  readonly size: number;
  /** Default `round_robin`. */
  readonly routing?: PoolRouting;
  /** What of a message decides who gets it; for `consistent_hash` and `sticky`, and needed there. */
  readonly key?: (message: M) => string | number;
  /** Of each worker; default `permanent`. */
  readonly restart?: RestartType;
  /** Of each worker; default 5000 ms. */
  readonly shutdown?: Shutdown;
  /** Of each worker. */
  readonly mailbox?: MailboxSpec;
  /** Of each worker; default: restarted at once. */
  readonly backoff?: BackoffSpec;
  /** Of all workers together, as of any supervisor. Default 1. */
  readonly maxRestarts?: number;
  /** Milliseconds; default 5000. */
  readonly maxRestartPeriodMs?: number;
  /** Default {@link DEFAULT_DRAIN_TIMEOUT_MS}. */
  readonly drainTimeoutMs?: number;
}

type KeeperRequest = Ask<{ readonly type: "resize"; readonly size: number }, undefined>;

/** One place in the pool, and the worker that has it. */
class Worker<M> implements Routee {
  readonly slot: number;
  readonly ref: ActorRef<M>;
  readonly cell: Cell;

  constructor(slot: number, ref: ActorRef<M>) {
    this.slot = slot;
    this.ref = ref;
    this.cell = cellOf(ref);
  }

  get load(): number {
    return this.cell.mailboxDepth + (this.cell.letterInHand === undefined ? 0 : 1);
  }
}

/** Starts as many workers as the pool shall have, again after their supervisor was restarted, and more or fewer on request. */
class PoolKeeper<M> extends Actor<KeeperRequest> {
  readonly #pool: PoolState<M>;
  #workers!: AnyActorRef;

  constructor(pool: PoolState<M>) {
    super();
    this.#pool = pool;
  }

  get definitionName(): string {
    return "pool keeper";
  }

  override preStart(context: ActorContext<KeeperRequest>): Promise<void> {
    const place = cellOf(context.self);
    this.#workers = (place.parent as Cell).childNamed("workers") as Cell;
    this.#pool.opened(context.self, place);
    return this.#grow();
  }

  override async handleMessage({ size }: KeeperRequest, context: ActorContext<KeeperRequest>): Promise<void> {
    const port = context.deferReply();
    try {
      this.#pool.size = size;
      await Promise.all(this.#pool.surplus().map((worker) => this.#retire(worker)));
      await this.#grow();
      port.reply(undefined as never);
    } catch (error) {
      port.fail(error);
    }
  }

  async #grow(): Promise<void> {
    for (let slot = this.#pool.freeSlot(); slot !== undefined; slot = this.#pool.freeSlot()) {
      const ref = await startInstance<Start<M>>(this.#workers);
      if (ref === undefined) return;
      this.#pool.add(new Worker(slot, ref));
    }
  }

  /** Ends a worker that gets nothing new any more, when it has done what it had. */
  async #retire(worker: Worker<M>): Promise<void> {
    await this.#pool.withinLimit(worker.cell, (signal) => queuePassed(worker.cell, signal));
    await terminateChild(this.#workers, worker.ref);
  }
}

/** What the handle and the keeper share: who works, and how many shall. */
class PoolState<M> {
  readonly #drainTimeoutMs: number;
  /** How many workers there shall be. */
  size: number;
  #workers: readonly Worker<M>[] = [];
  #keeper: ActorRef<KeeperRequest> | undefined = undefined;
  #place: Cell | undefined = undefined;

  constructor(size: number, drainTimeoutMs: number) {
    this.size = size;
    this.#drainTimeoutMs = drainTimeoutMs;
  }

  /** Whoever resizes; `undefined` while the pool does not run. */
  get keeper(): ActorRef<KeeperRequest> | undefined {
    return this.#place?.hasEnded === false ? this.#keeper : undefined;
  }

  /** The actor whose surroundings count: clock, dead letters, path. */
  get place(): Cell | undefined {
    return this.#place;
  }

  get path(): string {
    return this.#place?.parent?.id ?? "a pool that was never started";
  }

  /** Who can take messages, by slot. Those that ended for good have left. */
  get workers(): readonly Worker<M>[] {
    if (this.#workers.some((worker) => !worker.cell.isAlive))
      this.#workers = this.#workers.filter((worker) => worker.cell.isAlive);
    return this.#workers;
  }

  /** @throws {StartError} when the pool runs somewhere else. */
  opened(keeper: ActorRef<KeeperRequest>, place: Cell): void {
    if (this.keeper !== undefined && this.#place !== place)
      throw new StartError(place.id, `its pool runs already, as ${this.path}`);
    this.#keeper = keeper;
    this.#place = place;
    this.#workers = [];
  }

  /** The first slot without a worker. */
  freeSlot(): number | undefined {
    const taken = new Set(this.workers.map(({ slot }) => slot));
    for (let slot = 0; slot < this.size; slot++) if (!taken.has(slot)) return slot;
    return undefined;
  }

  add(worker: Worker<M>): void {
    this.#workers = [...this.#workers, worker].sort((a, b) => a.slot - b.slot);
  }

  /** Takes out the workers that are too many. */
  surplus(): readonly Worker<M>[] {
    const surplus = this.workers.filter(({ slot }) => slot >= this.size);
    this.#workers = this.#workers.filter(({ slot }) => slot < this.size);
    return surplus;
  }

  /** @param work is given up after the drain time-out. @returns whether it was done in time. */
  async withinLimit(cell: Cell, work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    const controller = new AbortController();
    const inTime = await Promise.race([
      work(controller.signal).then(() => true),
      wait(this.#drainTimeoutMs, cell.env.clock, controller.signal).then(
        () => false,
        () => false,
      ),
    ]);
    controller.abort();
    return inTime;
  }
}

/**
 * A pool of workers. It is two things: a {@link definition} to put into a supervision tree, and a handle to send messages to.
 *
 * The workers are instances of a `simple_one_for_one` supervisor and are restarted by its rules; a worker keeps its messages and
 * its place when it is restarted. When that supervisor gives up, the pool is restarted by the supervisor above it, with new workers.
 *
 * @example
 * const resizers = new ActorPool<ImageMessage>({ size: 4, start: () => new Resizer(), routing: "least_loaded" });
 * const root = supervisor({ children: [{ id: "resizers", start: resizers.definition }] });
 * resizers.tell({ type: "resize", file: "cat.png" });
 */
export class ActorPool<M> {
  /** What to start: the pool as a supervisor. It can run once at a time. */
  readonly definition: SupervisorDefinition;
  readonly routing: PoolRouting;
  readonly #state: PoolState<M>;
  readonly #key: ((message: M) => string | number) | undefined;
  #choice: Choice | undefined = undefined;
  #isDraining = false;

  /**
   * @throws {InvalidArgumentError} with every fault.
   * @throws {InvalidSpecError} when a worker's part of the spec is faulty.
   */
  constructor(spec: PoolSpec<M>) {
    const own = checked(spec);
    const { size, routing = "round_robin", key, drainTimeoutMs = DEFAULT_DRAIN_TIMEOUT_MS } = own;
    this.routing = routing;
    this.#key = key;
    this.#state = new PoolState(size, drainTimeoutMs);
    this.definition = definitionOf(own, this.#state);
  }

  /**
   * Makes a pool and starts it below a supervisor that runs.
   *
   * @throws as the constructor and `startChild`. Not to be called in the start of a child of that same supervisor: it would wait for
   * itself.
   */
  static async start<M>(below: AnyActorRef, spec: PoolSpec<M> & { readonly id: string }): Promise<ActorPool<M>> {
    const { id, ...own } = new ArgumentCheck("pool").options(spec, ["id", ...SPEC_KEYS]);
    const pool = new ActorPool<M>(own as PoolSpec<M>);
    await startChild(below, { id, start: pool.definition });
    return pool;
  }

  /** How many workers there shall be. */
  get size(): number {
    return this.#state.size;
  }

  /** The workers that can take messages, by their places. */
  get workers(): readonly ActorRef<M>[] {
    return this.#state.workers.map(({ ref }) => ref);
  }

  /**
   * Sends a message to one worker, or to all with `broadcast`.
   *
   * @returns whether a mailbox took it (all of them, with `broadcast`). A pool that is draining or has no worker refuses: the message
   * is then a dead letter `no_recipient`.
   */
  tell(message: M): boolean {
    const { workers } = this.#state;
    if (this.#isDraining || workers.length === 0) return this.#refuse(message);
    if (this.routing !== "broadcast") return this.#pick(workers, message).ref.tell(message);
    let isTaken = true;
    for (const { ref } of workers) if (!ref.tell(message)) isTaken = false;
    return isTaken;
  }

  /**
   * Asks one worker.
   *
   * @throws {PoolClosedError} as a rejection, when the pool is draining, has no worker, or broadcasts (whose answer would it be?).
   * @throws what `ActorRef.ask` throws.
   */
  ask<const K extends keyof AskMap<M> & keyof ReplyMap<M>>(
    message: { readonly type: K } & AskMap<M>[K],
    options?: AskOptions,
  ): Promise<ReplyMap<M>[K]> {
    const { workers } = this.#state;
    if (this.routing === "broadcast")
      return Promise.reject(new PoolClosedError(this.#state.path, "broadcast", message));
    if (this.#isDraining || workers.length === 0) {
      this.#refuse(message);
      const why = this.#isDraining ? "draining" : "empty";
      return Promise.reject(new PoolClosedError(this.#state.path, why, message));
    }
    return this.#pick(workers, message as M).ref.ask(message, options);
  }

  /**
   * Changes the number of workers. Those that are too many get nothing new, finish what they have within the drain time-out, and
   * are ended. Calls are carried out one after the other.
   *
   * @param size a whole number >= 1.
   * @throws {InvalidArgumentError} at once.
   * @throws {PoolClosedError} as a rejection, when the pool does not run.
   * @throws {ActorStoppedError} as a rejection, when the pool ends or is restarted meanwhile.
   * @throws {StartError} as a rejection, when a new worker does not start; those before it stay.
   */
  resize(size: number): Promise<void> {
    new ArgumentCheck("resize").number("size", size, SIZE).throwIfFaulty();
    const { keeper, path } = this.#state;
    if (keeper === undefined) return Promise.reject(new PoolClosedError(path, "empty", undefined));
    return keeper.ask({ type: "resize", size }, { timeoutMs: LONGEST_MS });
  }

  /**
   * Refuses new messages and waits until the workers have done what they have, at most as long as the drain time-out.
   * The workers stay; {@link reopen} takes messages again.
   *
   * @returns whether nothing waits any more. What waited for a worker that ended for good meanwhile is a dead letter.
   */
  async drain(): Promise<boolean> {
    this.#isDraining = true;
    const { place, workers } = this.#state;
    if (place === undefined) return true;
    return this.#state.withinLimit(place, (signal) =>
      Promise.all(workers.map(({ cell }) => queuePassed(cell, signal))),
    );
  }

  /** Takes messages again after {@link drain}. */
  reopen(): void {
    this.#isDraining = false;
  }

  #pick(workers: readonly Worker<M>[], message: M): Worker<M> {
    this.#choice ??= choiceOf(
      this.routing as Exclude<PoolRouting, "broadcast">,
      () => this.#state.place?.env.random() ?? 0,
    );
    return this.#choice.pick(workers, this.#key === undefined ? "" : safeText(this.#key(message)));
  }

  #refuse(message: unknown): false {
    const env = this.#state.place?.env;
    if (env !== undefined) buryUnroutable(env, this.#state.path, message);
    return false;
  }
}

/** `ask` takes no longer time-out. A resize has limits of its own. */
const LONGEST_MS = 2_147_483_647;

/**
 * Workers first, then who fills the pool. When the workers' supervisor gives up, so does the pool: it has no restarts of its own, the
 * supervisor above it decides.
 */
function definitionOf<M>(spec: PoolSpec<M>, state: PoolState<M>): SupervisorDefinition {
  const { start, restart, shutdown, mailbox, backoff, maxRestarts, maxRestartPeriodMs } = spec;
  const template = { id: "worker", start, ...defined({ restart, shutdown, mailbox, backoff }) };
  const workers = supervisor({
    name: "pool workers",
    strategy: "simple_one_for_one",
    children: [template],
    ...defined({ maxRestarts, maxRestartPeriodMs }),
  });
  return supervisor({
    name: "pool",
    strategy: "rest_for_one",
    maxRestarts: 0,
    children: [
      { id: "workers", start: workers },
      { id: "keeper", start: () => new PoolKeeper(state), shutdown: "brutal_kill", startTimeoutMs: "infinity" },
    ],
  });
}

function defined<T extends object>(options: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const SPEC_KEYS = [
  "start",
  "size",
  "routing",
  "key",
  "restart",
  "shutdown",
  "mailbox",
  "backoff",
  "maxRestarts",
  "maxRestartPeriodMs",
  "drainTimeoutMs",
];

function checked<M>(spec: PoolSpec<M>): PoolSpec<M> {
  const check = new ArgumentCheck("pool");
  const own = check.options(spec, SPEC_KEYS);
  const { size, routing = "round_robin", key, drainTimeoutMs = 0 } = own;
  check.number("size", size, SIZE).number("drainTimeoutMs", drainTimeoutMs, { min: 0 }).optionalFunction("key", key);
  if (!POOL_ROUTINGS.includes(routing)) check.fault(`routing must be one of ${POOL_ROUTINGS.join(", ")}`);
  if ((routing === "consistent_hash" || routing === "sticky") && key === undefined)
    check.fault(`routing ${routing} needs a key`);
  check.throwIfFaulty();
  return own;
}
