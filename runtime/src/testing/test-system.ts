/** A system under a test's control: virtual time, seeded schedule, invariants watched, nothing logged. */

import { cellOf } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import { combineInstruments, type Instrument } from "../environment/instrument.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import type { SupervisorDefinition } from "../spec/child-spec.ts";
import { print } from "../spec/spec-fault.ts";
import { ActorSystem, type ActorSystemOptions } from "../system.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { isList, readFields } from "../values/fields.ts";
import type { Random } from "../values/random.ts";
import { isLater } from "../values/thenable.ts";
import { ChosenScheduler } from "./chosen-scheduler.ts";
import { CrashPlan, type CrashPoint } from "./crash-plan.ts";
import { ExpectationError, UnsettledError } from "./errors.ts";
import { scheduleFromEnvironment, seedFromEnvironment } from "./explore-environment.ts";
import { ExploredClock } from "./explored-clock.ts";
import { Invariants } from "./invariants.ts";
import { holdGlobals } from "./owned-globals.ts";
import { disown, type Owner, ownActors } from "./owner.ts";
import { passUntil } from "./passing.ts";
import { Probe } from "./probe.ts";
import { RealWorld } from "./real-world.ts";
import type { Run } from "./run.ts";
import { scheduleText } from "./schedule.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SeededScheduler } from "./seeded-scheduler.ts";
import { callSoon, DEFAULT_TURN_LIMIT, type TestScheduler } from "./test-scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { describeWaits } from "./waits.ts";
import { watchGroups } from "./watched-groups.ts";

/** Milliseconds of virtual time in which a promise settles when nothing else is said: an hour. */
export const DEFAULT_UNTIL_MS = 3_600_000;

/** How a test system is made; what is not here is as in `ActorSystemOptions`. */
export interface TestSystemOptions extends Omit<ActorSystemOptions, "name" | "clock" | "random" | "scheduler"> {
  /** Default `test`. */
  readonly name?: string;
  readonly root?: SupervisorDefinition;
  /** Chooses the schedule and the system's randomness; a whole number; default: what the environment says (`AIRSSYS_SEED`), else 1. */
  readonly seed?: number;
  /** Milliseconds since the epoch at which virtual time begins; default 0. */
  readonly startMs?: number;
  /** Default: none. */
  readonly crashes?: readonly CrashPoint[];
  /** Turns after which a program that never rests is given up; default 100,000. */
  readonly turnLimit?: number;
  /**
   * What `Date`, `Temporal.Now`, `performance.now`, `setTimeout`, `setInterval`, `setImmediate`, `Math.random`, `crypto` and their like, also
   * those of `node:timers`, `node:timers/promises` and `node:crypto`, are to the code of its actors: `virtual`, they follow the clock and
   * the seed of the test; `real`, they are the machine's. To the code of the test they are always what they are. Default `virtual`.
   */
  readonly globals?: "virtual" | "real";
}

/** The one way to make one, for this file. */
let makeTestSystem: (system: ActorSystem, stage: Stage) => TestSystem;

/**
 * An actor system whose time and schedule belong to the test. {@link stop} it, or hold it with `await using`: the invariants are
 * checked then, and a broken one fails the test.
 *
 * @example
 * await using test = await TestSystem.start({ root: bank, seed: 7 });
 * test.system.whereis<AccountMessage>("account")?.tell({ type: "deposit", amount: 5 });
 * await test.advance(1_000);
 */
export class TestSystem {
  readonly system: ActorSystem;
  readonly clock: VirtualClock;
  readonly scheduler: TestScheduler;
  readonly seed: number;
  readonly invariants: Invariants;
  readonly #events: readonly RuntimeEvent[];
  readonly #run: Run | undefined;
  readonly #stage: Stage;
  #isChecked = false;

  static {
    makeTestSystem = (system, stage) => new TestSystem(system, stage);
  }

  private constructor(system: ActorSystem, stage: Stage) {
    this.system = system;
    this.#run = stage.run;
    this.#stage = stage;
    this.clock = stage.clock;
    this.scheduler = stage.scheduler;
    this.seed = stage.random.seed;
    this.invariants = stage.invariants;
    this.#events = stage.events;
  }

  /**
   * Starts a system; virtual time passes meanwhile if a start waits for it.
   *
   * @throws {InvalidArgumentError} as a rejection, for a seed that is no whole number, and for faulty crashes.
   * @throws whatever `ActorSystem.start` throws, as a rejection.
   */
  static async start(options: TestSystemOptions = {}): Promise<TestSystem> {
    return startOn(options, undefined);
  }

  /** What this run follows from, as text: in `AIRSSYS_SCHEDULE` it makes the same run again. */
  get schedule(): string {
    return scheduleText({ seed: this.#run?.seed ?? this.seed, choices: this.#run?.choices });
  }

  /** Waits until nothing happens any more unless time passes. @throws {UnsettledError} as a rejection. */
  settle(): Promise<void> {
    return this.scheduler.settle();
  }

  /** Lets so many milliseconds of virtual time pass, with everything that follows. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /**
   * Lets virtual time pass, from timer to timer, until a promise has settled: the way to wait for an answer that takes time.
   *
   * @param withinMs milliseconds of virtual time that may pass at most; default {@link DEFAULT_UNTIL_MS}.
   * @returns what the promise resolves with. @throws what it rejects with, as a rejection.
   * @throws {UnsettledError} as a rejection, when it has not settled by then or nothing is left to happen, with who waits for what.
   * @example
   * const price = await test.until(shop.ask({ type: "price" }));
   */
  async until<T>(promise: PromiseLike<T>, withinMs: number = DEFAULT_UNTIL_MS): Promise<T> {
    const check = new ArgumentCheck("until").number("withinMs", withinMs, { min: 0 });
    if (!isLater(promise)) check.fault(`a promise is needed, got ${print(promise)}`);
    check.throwIfFaulty();
    return passUntil(this.clock, promise, () => this.#unsettled(), withinMs);
  }

  #unsettled(): UnsettledError {
    return new UnsettledError(this.scheduler.turnCount, [], this.waits);
  }

  /** One sentence for each actor that waits, or that messages wait for, and one for what is waited for outside. */
  get waits(): readonly string[] {
    const { active } = this.#stage.real;
    const outside = active.length === 0 ? [] : [`real input, output or time is under way (${active.join(", ")})`];
    return [...describeWaits(cellOf(this.system.root)), ...outside];
  }

  /** From now on none of the {@link TestSystemOptions.crashes} strikes any more: the program is to become well again. */
  stopCrashes(): void {
    this.#stage.plan?.stop();
  }

  /** Spawns a probe below the root. @throws {NameTakenError} when there is a child `id`. */
  probe<M = unknown>(id?: string): Probe<M> {
    return new Probe<M>(this.system, this.clock, id);
  }

  /** Every event so far, from the first start on. */
  get events(): readonly RuntimeEvent[] {
    this.#looksAtDeadLetters();
    return this.#events;
  }

  /** What the test looks at itself is nothing to warn of. */
  #looksAtDeadLetters(): void {
    if (this.#run !== undefined) this.#run.looksAtDeadLetters = true;
  }

  /** The events of one type, in order. */
  eventsOf<T extends RuntimeEvent["type"]>(type: T): readonly Extract<RuntimeEvent, { readonly type: T }>[] {
    if (type === "deadLetter") this.#looksAtDeadLetters();
    return this.#events.filter((event): event is Extract<RuntimeEvent, { readonly type: T }> => event.type === type);
  }

  /**
   * Stops the system; virtual time passes as long as that takes. Then checks the {@link invariants}, once. What its actors had of virtual
   * time and chance is the machine's again, also when this fails.
   *
   * @returns how the root ended.
   * @throws {InvariantError} as a rejection.
   * @throws {ExpectationError} as a rejection, when the system waits for something that is not a timer.
   */
  async stop(): Promise<ExitReason> {
    try {
      const reason = await passUntil(this.clock, this.system.stop(), () => idle(`${this.system.name} did not stop`));
      await this.settle();
      if (!this.#isChecked) {
        this.#isChecked = true;
        this.invariants.check();
      }
      return reason;
    } finally {
      this.#stage.letGo();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Read with the others; what is here and not theirs is the test system's own. */
const OPTIONS = [
  ...["name", "root", "logger", "onEvent", "instrument", "watchdog", "freezeMessages"],
  ...["seed", "startMs", "crashes", "turnLimit", "globals"],
];

/** Starts a test system of its own, or one that takes part in a run of an exploration. */
export async function startOn(options: TestSystemOptions, run: Run | undefined): Promise<TestSystem> {
  const own = readFields(options, OPTIONS);
  if (typeof options !== "object" || own === undefined)
    throw new InvalidArgumentError("TestSystem.start", [`options must be an object, got ${print(options)}`]);
  const { seed = seedOfEnvironment(), startMs = 0, crashes = [], turnLimit, globals = "virtual", ...rest } = own;
  if (!GLOBALS.includes(globals))
    throw new InvalidArgumentError("TestSystem.start", [`globals must be virtual or real, got ${print(globals)}`]);
  const { name = "test", logger = false, ...others } = rest;
  const stage = new Stage(new SeededRandom(seed), startMs, turnLimit, run);
  const random = run === undefined ? stage.random.fork().next : run.random;
  const plan = isList(crashes) && crashes.length === 0 ? undefined : new CrashPlan(crashes, stage.random.fork());
  stage.plan = plan;
  const begin = (): Promise<ActorSystem> =>
    ActorSystem.start({
      ...(run === undefined ? {} : { freezeMessages: true }),
      ...others,
      name,
      logger,
      clock: stage.clock,
      random,
      scheduler: stage.scheduler,
      onEvent: (event) => {
        stage.hear(event);
        return own.onEvent?.(event);
      },
      // What crashes stands inside what is watched: the message that an injected crash takes was delivered.
      instrument: combineInstruments([
        run?.instrument,
        own.instrument,
        plan?.instrument,
        stage.invariants.instrument,
        stage.own(random, globals === "real"),
      ]) as Instrument,
    });
  const system = await started(stage, begin, name);
  if (run !== undefined) watchGroups(system, (what, isChange) => run.usesValue(what, isChange));
  return makeTestSystem(system, stage);
}

const GLOBALS: readonly unknown[] = ["virtual", "real"];

async function started(stage: Stage, begin: () => Promise<ActorSystem>, name: string): Promise<ActorSystem> {
  try {
    return await passUntil(stage.clock, begin(), () => idle(`${name} did not start`));
  } catch (cause) {
    stage.letGo();
    throw cause;
  }
}

function seedOfEnvironment(): number {
  const schedule = scheduleFromEnvironment();
  return seedFromEnvironment() ?? (schedule?.choices === undefined ? schedule?.seed : undefined) ?? 1;
}

/** What a test system stands on. */
class Stage {
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly scheduler: TestScheduler;
  readonly invariants: Invariants = new Invariants();
  readonly events: RuntimeEvent[] = [];
  readonly run: Run | undefined;
  plan: CrashPlan | undefined = undefined;
  /** What it finds to be waited for outside is so since now. */
  readonly real: RealWorld = new RealWorld();
  /** What its actors have instead of the machine's time and chance is the machine's again. */
  letGo: () => void = () => {};

  constructor(random: SeededRandom, startMs: number, turnLimit: number | undefined, run: Run | undefined) {
    this.random = random;
    this.run = run;
    const options = { startMs, settle: () => this.scheduler.settle() };
    this.clock = run === undefined ? new VirtualClock(options) : new ExploredClock(options, run);
    const limit = turnLimit === undefined ? {} : { turnLimit };
    const seeded = new SeededScheduler({ clock: this.clock, random: random.fork(), ...limit });
    this.scheduler = run === undefined ? seeded : new ChosenScheduler(this.clock, turnLimit ?? DEFAULT_TURN_LIMIT, run);
  }

  hear(event: RuntimeEvent): void {
    this.events.push(event);
    this.invariants.onEvent(event);
    this.run?.hear(event);
    if (event.type === "systemStopped") this.letGo();
  }

  /** Time and chance of its actors from now on; they ask for them with the globals. */
  own(random: Random, isReal: boolean): Instrument | undefined {
    const { run, scheduler, clock } = this;
    if (isReal && run === undefined) return undefined;
    const owner: Owner = {
      ...{ clock, random, isReal },
      soon: (callback) => {
        const fires = run?.setsTimer(0);
        return callSoon(scheduler, () => {
          fires?.();
          callback();
        });
      },
      reads: (name) => {
        if (isReal) run?.obstacles.add(`the machine's own clock or chance (${name})`);
      },
    };
    const letGo = holdGlobals();
    let begun: Environment | undefined;
    this.letGo = () => {
      if (begun !== undefined) disown(begun);
      letGo();
    };
    return ownActors(owner, (env) => {
      begun = env;
    });
  }
}

/** The system does not come to that, and there is no timer it could wait for. */
function idle(what: string): ExpectationError {
  return new ExpectationError(`${what}, and there is no timer it could wait for`, undefined);
}
