/** The stage of the conformance cases: a system under virtual time, a supervisor to look at, and the children of OTP's suite. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type AnyActorRef,
  type AnyChildSpec,
  type Ask,
  type ChildSpec,
  countChildren,
  crashed,
  describeExit,
  type ExitReason,
  getChildSpec,
  IGNORE,
  NORMAL,
  type RuntimeEvent,
  SHUTDOWN,
  type Signal,
  SupervisorRequestError,
  type SupervisorSpec,
  shutdown,
  startChild,
  supervisor,
  whichChildren,
} from "airssys-rt";
import {
  Invariants,
  SeededRandom,
  SeededScheduler,
  type TestSystem,
  VirtualClock,
  type World,
} from "airssys-rt/testing";
import { inEveryOrder, Onlooker } from "./case-orders.ts";
import { isFreshOnly, underOtherSeeds } from "./fresh-seeds.ts";

// --- Schedules ---

/** What a case is given: where to say what must be done when it has ended. */
export interface Case {
  after(end: () => Promise<void>): void;
}

/** Schedules under which each case runs besides the real one; `AIRSSYS_SEEDS=200` for a thorough look. */
const SEEDS = Number(process.env["AIRSSYS_SEEDS"] ?? 3);
/** Runs every case under this schedule alone. */
const SEED = process.env["AIRSSYS_SEED"];

/** The schedule of the case that runs; `undefined` for the real one. */
let seed: number | undefined;
let scheduler: SeededScheduler | undefined;
/** Set while the case is explored. */
let explored: { readonly world: World; readonly systems: ExploredSystem[] } | undefined;

interface ExploredSystem {
  readonly test: TestSystem;
  readonly onlooker: Onlooker;
  end(): Promise<void>;
}

/**
 * One case: under the real schedule, then under seeded ones, which also watch the testkit's invariants, then in every order of messages.
 *
 * @param reason why it is not tried in every order, in words for runtime/CONFORMANCE.md; default: it is.
 */
export function test(name: string, body: (t: Case) => void | Promise<void>, reason?: string): void {
  const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1);
  nodeTest(name, async () => {
    await underOtherSeeds(name, (next) => runUnder(next, body));
    if (isFreshOnly) return;
    for (const next of SEED === undefined ? [undefined, ...seeds] : [Number(SEED)]) await runUnder(next, body);
    if (SEED === undefined) await inEveryOrder(name, reason, (world) => runIn(world, body));
  });
}

/** A case that measures or counts much work: under the real schedule only. */
export function testOnce(name: string, body: (t: Case) => Promise<void>): void {
  nodeTest(name, async () => {
    if (isFreshOnly) return;
    await runUnder(undefined, body);
    await inEveryOrder(name, "it measures, or counts much work", async () => {});
  });
}

async function runIn(world: World, body: (t: Case) => void | Promise<void>): Promise<void> {
  const ends: (() => Promise<void>)[] = [];
  [seed, scheduler] = [undefined, undefined];
  explored = { world, systems: [] };
  try {
    await body({ after: (end) => void ends.push(end) });
    for (const end of ends.reverse()) await end();
  } finally {
    explored = undefined;
  }
}

async function runUnder(next: number | undefined, body: (t: Case) => void | Promise<void>): Promise<void> {
  const ends: (() => Promise<void>)[] = [];
  seed = next;
  scheduler = undefined;
  try {
    await body({ after: (end) => void ends.push(end) });
    for (const end of ends.reverse()) await end();
  } catch (error) {
    if (next !== undefined && error instanceof Error)
      error.message += ` (seed ${next}: AIRSSYS_SEED=${next} replays it)`;
    throw error;
  }
}

// --- The stage ---

/** Everything that can follow from what was done has followed, without time passing. */
export async function settle(): Promise<void> {
  if (explored !== undefined) return settleExplored();
  if (scheduler !== undefined) return scheduler.settle();
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function settleExplored(): Promise<void> {
  const system = explored?.systems.at(-1);
  system?.onlooker.look();
  await system?.test.settle();
}

/** Specs, active, supervisors, workers: the shape of OTP's `count_children`. */
export type Counts = [number, number, number, number];

export class Stage {
  clock: VirtualClock = new VirtualClock({ settle });
  readonly events: RuntimeEvent[] = [];
  readonly invariants: Invariants = new Invariants();
  system!: ActorSystem;
  /** The supervisor under test. */
  sup!: AnyActorRef;

  /**
   * Starts an empty system that ends with the test, however that ends.
   *
   * @param isWatched whether invariants are checked under seeds: messages are not handed over then, since somebody looks on
   */
  static async open(t: Case, isWatched = true): Promise<Stage> {
    const stage = new Stage();
    if (explored !== undefined) return stage.#open(t, explored.world, explored.systems);
    const { clock, invariants } = stage;
    const random = seed === undefined ? undefined : new SeededRandom(seed);
    scheduler = random === undefined ? undefined : new SeededScheduler({ clock, random });
    stage.system = await ActorSystem.start({
      name: "test",
      root: supervisor({ name: "top", children: [] }),
      clock,
      random: () => 0.5,
      logger: false,
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(scheduler === undefined || !isWatched
        ? {}
        : { instrument: invariants.instrument, onEvent: invariants.onEvent }),
    });
    stage.system.subscribe((event) => stage.events.push(event));
    const { system } = stage;
    t.after(async () => {
      system.kill(system.root);
      await system.whenStopped;
      await settle();
      invariants.check();
    });
    return stage;
  }

  /** The same in a run of an exploration. Only one system of a case runs at a time: the one before is ended. */
  async #open(t: Case, world: World, systems: ExploredSystem[]): Promise<Stage> {
    await systems.at(-1)?.end();
    const test = await world.start({ root: supervisor({ name: "top", children: [] }) });
    const { system } = test;
    const onlooker = new Onlooker(
      (start, id) => system.spawn(start, { id }),
      () => this.sup ?? system.root,
    );
    await test.settle();
    const end = async (): Promise<void> => {
      system.kill(system.root);
      await system.whenStopped;
      await test.settle();
    };
    systems.push({ test, onlooker, end });
    [this.clock, this.system] = [test.clock, system];
    system.subscribe((event) => void (onlooker.concerns(event) || this.events.push(event)));
    t.after(end);
    return this;
  }

  /** Starts the supervisor under test, as somebody who is not its supervisor in OTP's sense: it is never restarted. */
  async start(spec: SupervisorSpec, options: Partial<ChildSpec> = {}): Promise<AnyActorRef> {
    const child = { id: "sup", start: supervisor(spec), restart: "temporary", startTimeoutMs: "infinity", ...options };
    const ref = await startChild(this.system.root, child as ChildSpec);
    assert.ok(ref, "the supervisor has started");
    this.sup = ref;
    return ref;
  }

  /** The actor at that path below the supervisor under test. */
  child(path: string): ActorRef<Order> {
    const ref = this.system.whereis<Order>(`sup/${path}`);
    assert.ok(ref, `there is a child ${path}`);
    return ref;
  }

  async counts(of: AnyActorRef = this.sup): Promise<Counts> {
    const { specs, active, supervisors, workers } = await countChildren(of);
    return [specs, active, supervisors, workers];
  }

  /** `whichChildren` in short: `id:running`, `id:restarting`, `id:down`, in its order. */
  async children(of: AnyActorRef = this.sup): Promise<string[]> {
    const state = (ref: unknown): string =>
      ref === undefined ? "down" : ref === "restarting" ? "restarting" : "running";
    return (await whichChildren(of)).map(({ id, ref }) => `${id}:${state(ref)}`);
  }

  /** The refs of the children that run, oldest first. */
  async running(of: AnyActorRef = this.sup): Promise<ActorRef<Order>[]> {
    const refs = (await whichChildren(of)).map(({ ref }) => ref);
    return refs.filter((ref) => typeof ref === "object").reverse() as ActorRef<Order>[];
  }

  /** Makes an actor end itself, and lets everything follow. */
  async end(actor: AnyActorRef, reason: ExitReason): Promise<void> {
    (actor as ActorRef<Order>).tell({ type: "exit", reason });
    await settle();
  }

  async kill(actor: AnyActorRef): Promise<void> {
    this.system.kill(actor);
    await settle();
  }

  /** How the last life of an actor ended, for people; `undefined` if none has. */
  exitOf(actor: AnyActorRef): string | undefined {
    const ends = this.events.filter((event) => event.type === "ended" && event.actor === actor);
    const last = ends.at(-1);
    return last?.type === "ended" ? describeExit(last.reason) : undefined;
  }

  /** Starts (`+id`) and ends (`-id reason`) below the supervisor under test since the last call, in order. */
  history(): string[] {
    const lines: string[] = [];
    for (const event of this.events.slice(this.#seen)) {
      if (event.type !== "started" && event.type !== "ended") continue;
      const id = event.actor.id.split("/").slice(2).join("/") || "sup";
      lines.push(event.type === "started" ? `+${id}` : `-${id} ${event.reason.kind}`);
    }
    this.#seen = this.events.length;
    return lines;
  }
  #seen = 0;

  eventsOf<T extends RuntimeEvent["type"]>(type: T): Extract<RuntimeEvent, { readonly type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<RuntimeEvent, { readonly type: T }>[];
  }

  /** Waits on the virtual clock. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.setTimer(resolve, ms);
    });
  }
}

/** A stage on which a supervisor runs. */
export async function stageWith(t: Case, spec: SupervisorSpec): Promise<Stage> {
  const stage = await Stage.open(t);
  await stage.start(spec);
  return stage;
}

/** Asserts that a supervisor refuses a request, with that word of OTP's. */
export async function refuses(request: Promise<unknown>, refusal: string): Promise<SupervisorRequestError> {
  const error = await request.then(
    () => assert.fail(`the request was not refused with ${refusal}`),
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof SupervisorRequestError, `expected a refusal, got ${String(error)}`);
  assert.equal(error.code, "ERR_SUPERVISOR_REQUEST");
  assert.equal(error.refusal, refusal);
  return error;
}

/** The errors of a cause chain, outermost first. */
export function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) chain.push(cause);
  return chain;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof Error, "the promise rejects with an error");
  return outcome;
}

/** The full spec of a child without what a test did not set. */
export async function restartTypeOf(supervisorRef: AnyActorRef, id: string): Promise<string> {
  return (await getChildSpec(supervisorRef, id)).restart;
}

// --- Children ---

/** What the children of the suite can be told. */
export type Order =
  | { readonly type: "exit"; readonly reason: ExitReason }
  | { readonly type: "die" }
  | { readonly type: "sleep"; readonly ms: number }
  | { readonly type: "unlink"; readonly from: AnyActorRef }
  | Ask<{ readonly type: "lives" }, number>;

/** An ordinary child that traps exits (OTP's `supervisor_1`). */
export class Worker extends Actor<Order> {
  readonly #wait: ((ms: number) => Promise<void>) | undefined;

  /** @param wait for children that sleep. */
  constructor(wait?: (ms: number) => Promise<void>) {
    super();
    this.#wait = wait;
  }

  override preStart(context: ActorContext<Order>): void {
    context.trapExit(true);
  }

  override handleMessage(order: Order, context: ActorContext<Order>): void | Promise<void> {
    switch (order.type) {
      case "exit":
        context.exit(order.reason);
        return undefined;
      case "die":
        throw new Error("died");
      case "sleep":
        return this.#wait?.(order.ms);
      case "unlink":
        context.unlink(order.from);
        return undefined;
      case "lives":
        context.reply(context.incarnation);
        return undefined;
    }
  }
}

/** The spec of an ordinary child; `options` over the defaults. */
export function worker(id: string, options: Partial<AnyChildSpec> = {}): AnyChildSpec {
  return { id, start: () => new Worker(), ...options } as AnyChildSpec;
}

/** A child whose end takes `ms` milliseconds (OTP's `supervisor_2`). */
export class SlowEnd extends Worker {
  readonly #postStop: () => Promise<void>;
  constructor(postStop: () => Promise<void>) {
    super();
    this.#postStop = postStop;
  }
  override postStop(): Promise<void> {
    return this.#postStop();
  }
}

/** A child that answers the order to end with another reason (OTP's `supervisor_4`): our only way is a `postStop` that throws. */
export class Defiant extends Worker {
  override postStop(): void {
    throw new Error("not like that");
  }
}

/** Children whose start a test holds half way (OTP's `supervisor_3`). */
export class Gate {
  readonly #waiting: { open: (outcome: "start" | "ignore" | Error) => void }[] = [];

  /** A start function that waits for the test. */
  readonly start = (): Promise<Worker | typeof IGNORE> =>
    new Promise((resolve, reject) => {
      this.#waiting.push({
        open: (outcome) => {
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome === "ignore" ? IGNORE : new Worker());
        },
      });
    });

  /** Starts that wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** Answers the start that has waited longest. */
  async open(outcome: "start" | "ignore" | Error): Promise<void> {
    const next = this.#waiting.shift();
    assert.ok(next, "a start waits");
    next.open(outcome);
    await settle();
  }
}

/** Children whose start can be made to fail from outside (OTP's `supervisor_deadlock` and the `ets` flags of the suite). */
export class Fuse {
  outcome: "start" | "ignore" | "fail" = "start";
  /** Starts tried. */
  tries = 0;

  readonly start = (): Worker | typeof IGNORE => {
    this.tries++;
    if (this.outcome === "fail") throw new Error("blown");
    return this.outcome === "ignore" ? IGNORE : new Worker();
  };

  /** The same, but each failure takes `ms` milliseconds. */
  slowly(wait: (ms: number) => Promise<void>, ms: number): () => Promise<Worker | typeof IGNORE> {
    return async () => {
      this.tries++;
      if (this.outcome !== "fail") return this.outcome === "ignore" ? IGNORE : new Worker();
      await wait(ms);
      throw new Error("blown");
    };
  }
}

// --- The test process ---

type Script = Ask<{ readonly type: "run"; readonly script: (context: ActorContext<Script>) => unknown }, unknown>;

/** An actor that does what a test tells it and keeps what it is told (the process that runs a case in OTP). */
class Prober extends Actor<Script> {
  readonly #signals: Signal[];
  constructor(signals: Signal[]) {
    super();
    this.#signals = signals;
  }
  override handleMessage({ script }: Script, context: ActorContext<Script>): void {
    context.reply(script(context));
  }
  override handleSignal(signal: Signal): void {
    this.#signals.push(signal);
  }
}

export class TestProcess {
  readonly signals: Signal[] = [];
  readonly ref: ActorRef<Script>;

  constructor(stage: Stage, id: string) {
    this.ref = stage.system.spawn(() => new Prober(this.signals), { id });
  }

  /** Runs a function within a turn of the process. */
  async run<T>(script: (context: ActorContext<Script>) => T): Promise<T> {
    const result = (await this.ref.ask({ type: "run", script })) as T;
    await settle();
    return result;
  }

  /** What it was told of ends: `exit id reason`, `down id reason`. */
  get heard(): string[] {
    return this.signals.map(({ type, from, reason }) => `${type} ${from.id.split("/").at(-1)} ${describeExit(reason)}`);
  }
}

/** The ways in which a child of the suite ends by itself or is ended; `killed` is done from outside. */
export const REASONS = {
  normal: NORMAL,
  shutdown: SHUTDOWN,
  shutdownDetail: shutdown("tired"),
  abnormal: crashed("died"),
} as const;

export { IGNORE, supervisor };
