/** A system under a test's control: virtual time, seeded schedule, invariants watched, nothing logged. */

import { combineInstruments, type Instrument } from "../environment/instrument.ts";
import type { SupervisorDefinition } from "../spec/child-spec.ts";
import { print } from "../spec/spec-fault.ts";
import { ActorSystem, type ActorSystemOptions } from "../system.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { isList, readFields } from "../values/fields.ts";
import { CrashPlan, type CrashPoint } from "./crash-plan.ts";
import { ExpectationError } from "./errors.ts";
import { Invariants } from "./invariants.ts";
import { Probe } from "./probe.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SeededScheduler } from "./seeded-scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How a test system is made; what is not here is as in `ActorSystemOptions`. */
export interface TestSystemOptions extends Omit<ActorSystemOptions, "name" | "clock" | "random" | "scheduler"> {
  /** Default `test`. */
  readonly name?: string;
  readonly root?: SupervisorDefinition;
  /** Chooses the schedule and the system's randomness; a whole number; default 1. */
  readonly seed?: number;
  /** Milliseconds since the epoch at which virtual time begins; default 0. */
  readonly startMs?: number;
  /** Default: none. */
  readonly crashes?: readonly CrashPoint[];
  /** Turns after which a program that never rests is given up; default 100,000. */
  readonly turnLimit?: number;
}

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
  readonly scheduler: SeededScheduler;
  readonly seed: number;
  readonly invariants: Invariants;
  /** Every event so far, from the first start on. */
  readonly events: readonly RuntimeEvent[];
  #isChecked = false;

  private constructor(system: ActorSystem, stage: Stage) {
    this.system = system;
    this.clock = stage.clock;
    this.scheduler = stage.scheduler;
    this.seed = stage.random.seed;
    this.invariants = stage.invariants;
    this.events = stage.events;
  }

  /**
   * Starts a system; virtual time passes meanwhile if a start waits for it.
   *
   * @throws {InvalidArgumentError} as a rejection, for a seed that is no whole number, and for faulty crashes.
   * @throws whatever `ActorSystem.start` throws, as a rejection.
   */
  static async start(options: TestSystemOptions = {}): Promise<TestSystem> {
    const own = readFields(options, OPTIONS);
    if (typeof options !== "object" || own === undefined)
      throw new InvalidArgumentError("TestSystem.start", [`options must be an object, got ${print(options)}`]);
    const { seed = 1, startMs = 0, crashes = [], turnLimit, name = "test", logger = false, ...others } = own;
    const stage = new Stage(new SeededRandom(seed), startMs, turnLimit);
    const plan = isList(crashes) && crashes.length === 0 ? undefined : new CrashPlan(crashes, stage.random.fork());
    const starting = ActorSystem.start({
      ...others,
      name,
      logger,
      clock: stage.clock,
      random: stage.random.fork().next,
      scheduler: stage.scheduler,
      onEvent: (event) => {
        stage.hear(event);
        return own.onEvent?.(event);
      },
      // What crashes stands inside what is watched: the message that an injected crash takes was delivered.
      instrument: combineInstruments([own.instrument, plan?.instrument, stage.invariants.instrument]) as Instrument,
    });
    return new TestSystem(await passUntil(stage.clock, starting, `${name} did not start`), stage);
  }

  /** Waits until nothing happens any more unless time passes. @throws {UnsettledError} as a rejection. */
  settle(): Promise<void> {
    return this.scheduler.settle();
  }

  /** Lets so many milliseconds of virtual time pass, with everything that follows. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Spawns a probe below the root. @throws {NameTakenError} when there is a child `id`. */
  probe<M = unknown>(id?: string): Probe<M> {
    return new Probe<M>(this.system, this.clock, id);
  }

  /** The events of one type, in order. */
  eventsOf<T extends RuntimeEvent["type"]>(type: T): readonly Extract<RuntimeEvent, { readonly type: T }>[] {
    return this.events.filter((event): event is Extract<RuntimeEvent, { readonly type: T }> => event.type === type);
  }

  /**
   * Stops the system; virtual time passes as long as that takes. Then checks the {@link invariants}, once.
   *
   * @returns how the root ended.
   * @throws {InvariantError} as a rejection.
   * @throws {ExpectationError} as a rejection, when the system waits for something that is not a timer.
   */
  async stop(): Promise<ExitReason> {
    const reason = await passUntil(this.clock, this.system.stop(), `${this.system.name} did not stop`);
    await this.settle();
    if (!this.#isChecked) {
      this.#isChecked = true;
      this.invariants.check();
    }
    return reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Read with the others; what is here and not theirs is the test system's own. */
const OPTIONS = [
  ...["name", "root", "logger", "onEvent", "instrument", "watchdog", "freezeMessages"],
  ...["seed", "startMs", "crashes", "turnLimit"],
];

/** What a test system stands on. */
class Stage {
  readonly random: SeededRandom;
  readonly clock: VirtualClock;
  readonly scheduler: SeededScheduler;
  readonly invariants: Invariants = new Invariants();
  readonly events: RuntimeEvent[] = [];

  constructor(random: SeededRandom, startMs: number, turnLimit: number | undefined) {
    this.random = random;
    this.clock = new VirtualClock({ startMs, settle: () => this.scheduler.settle() });
    const limit = turnLimit === undefined ? {} : { turnLimit };
    this.scheduler = new SeededScheduler({ clock: this.clock, random: random.fork(), ...limit });
  }

  hear(event: RuntimeEvent): void {
    this.events.push(event);
    this.invariants.onEvent(event);
  }
}

/** Lets time pass, from timer to timer, until the promise has settled. */
async function passUntil<T>(clock: VirtualClock, promise: Promise<T>, failure: string): Promise<T> {
  let isSettled = false;
  const settled = (): void => {
    isSettled = true;
  };
  promise.then(settled, settled);
  for (;;) {
    await clock.settle();
    if (isSettled) return promise;
    if (!(await clock.advanceToNextTimer()))
      throw new ExpectationError(`${failure}, and there is no timer it could wait for`, undefined);
  }
}
