/** One run of a program as the program sees it: where it starts its systems, where its chance comes from, and what must hold in it. */
import { cellOf } from "../actor/cell.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isList, readFields, readList } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import { attemptCheck } from "./attempt-check.ts";
import type { CrashPoint } from "./crash-plan.ts";
import { UnsettledError, ViolationError } from "./errors.ts";
import { History } from "./history.ts";
import { type Check, Observer, type Sight } from "./observer.ts";
import { InStep } from "./passing.ts";
import type { Run } from "./run.ts";
import { scheduleText } from "./schedule.ts";
import { SeededRandom } from "./seeded-random.ts";
import { nameOf } from "./test-scheduler.ts";
import { DEFAULT_UNTIL_MS, startOn, type TestSystem, type TestSystemOptions } from "./test-system.ts";

/** Something that actors share besides messages, as the test declares it: whoever uses it says so. */
export interface SharedObject {
  /** To be called by whoever looks at it, before that. */
  read(): void;
  /** To be called by whoever changes it, before that. */
  write(): void;
}

/** Says what a check of {@link World.always} or {@link World.sometimes} reads. */
export interface InvariantOptions {
  /**
   * The actors whose state the check reads, and the shared objects ({@link World.shared}). Turns of others then need not be tried in every
   * order only for it. What it reads besides is not seen in every order. Default: everything, so that every order of all turns is tried.
   */
  readonly reads?: readonly (AnyActorRef | SharedObject)[];
}

/** Virtual milliseconds in which a program is to become well again when nothing else is said. */
const DEFAULT_RECOVERY_MS = 60_000;

/** One run of the program: everything in it follows from the seed and the schedule. */
export class World {
  readonly seed: number;
  /** For choices the program itself makes. */
  readonly random: SeededRandom;
  readonly #run: Run;
  readonly #crashes: readonly CrashPoint[];
  readonly #systems: TestSystem[] = [];
  readonly #shared = new WeakMap<object, string>();
  readonly #last: { readonly name: string; readonly check: Check }[] = [];
  #isCalm = false;
  #started = 0;

  /** @internal `explore` makes one for each run. */
  constructor(run: Run, crashes: readonly CrashPoint[]) {
    this.seed = run.seed;
    this.random = new SeededRandom(run.seed).fork();
    this.#run = run;
    this.#crashes = crashes;
    this.#watchRandom();
  }

  /** What one turn draws, another one cannot: whoever draws depends on whoever else does. */
  #watchRandom(): void {
    const { next } = this.random;
    const value = (): number => {
      this.#run.usesValue("world.random", true);
      this.#run.hasChance = true;
      return next();
    };
    Object.defineProperty(this.random, "next", { value });
  }

  /**
   * Starts a test system in this run; it is stopped, and its invariants are checked, when the program has ended. Its messages are
   * frozen unless you say otherwise: what actors change in each other's messages, no order of messages shows.
   */
  async start(options: Omit<TestSystemOptions, "seed"> = {}): Promise<TestSystem> {
    const own = readFields(options, ["crashes"]);
    const given = own?.crashes ?? [];
    const points = isList(given) ? readList(given) : given;
    if (own === undefined || !isList(points)) throw new InvalidArgumentError("World.start", ["crashes must be a list"]);
    const crashes = this.#isCalm ? [] : [...this.#crashes, ...(points as readonly CrashPoint[])];
    this.#lookAtCrashes(crashes);
    if (own.freezeMessages === false) this.#run.sharesMessages = true;
    this.#started++;
    if (this.#systems.some(({ system }) => !cellOf(system.root).hasEnded))
      this.#run.obstacles.add("more than one system: the turns of each are ordered on their own");
    const seed = this.seed + (this.#started - 1) * 0x10001;
    const test = await startOn({ ...own, seed, crashes }, this.#run);
    this.#systems.push(test);
    return test;
  }

  /**
   * Declares something that actors share besides messages: an object of the test, a global, a file. Its uses are then ordered as sends
   * are; those that are not declared are not seen.
   *
   * @throws {InvalidArgumentError} for a name that is no text.
   * @example
   * const ledger = world.shared("ledger");
   * ledger.write();
   * entries.push(entry);
   */
  shared(name: string): SharedObject {
    if (typeof name !== "string" || name === "")
      throw new InvalidArgumentError("shared", [`the name must be text, got ${describeValue(name)}`]);
    this.#run.hasShared = true;
    const use = (isChange: boolean): void => this.#run.usesValue(`the shared ${name}`, isChange);
    const object = { read: () => use(false), write: () => use(true) };
    this.#shared.set(object, `the shared ${name}`);
    return object;
  }

  /**
   * Says what must hold from now on, after each turn: the first turn after which it does not fails the run.
   *
   * @param name what it is called in a failure.
   * @param check returns `false`, or throws, when it does not hold. It must be synchronous and change nothing.
   * @throws {InvalidArgumentError} with every fault.
   * @throws {ViolationError} when it does not hold now.
   * @example
   * world.always("no money is lost", () => alice.balance + bob.balance === 100);
   */
  always(name: string, check: () => unknown, options: InvariantOptions = {}): void {
    const observer = this.#observe("always", name, check, options);
    const wrong = observer.look("when it was said");
    if (wrong !== undefined) throw wrong;
    this.#run.observers.push(observer);
  }

  /**
   * Says what must be seen after some turn of some run: the exploration fails if no run saw it.
   *
   * @param check returns `false` as long as it does not hold; what it throws fails the run. It must be synchronous and change nothing.
   * @throws {InvalidArgumentError} with every fault.
   */
  sometimes(name: string, check: () => unknown, options: InvariantOptions = {}): void {
    const observer = this.#observe("sometimes", name, check, options);
    const wrong = observer.look("when it was said");
    if (wrong !== undefined) throw wrong;
    this.#run.observers.push(observer);
  }

  /**
   * Says what must hold when the program has ended and nothing is left to happen, before its systems stop.
   *
   * @param check returns `false`, throws or rejects when it does not hold. Virtual time passes while its promise has not settled.
   * @throws {InvalidArgumentError} with every fault.
   */
  finally(name: string, check: () => unknown): void {
    this.#checkClaim("finally", name, check).throwIfFaulty();
    this.#last.push({ name, check });
  }

  /**
   * Faults stop: no crash is injected any more, in no system of this run. Then lets virtual time pass, from timer to timer, until the
   * program is well again.
   *
   * @param check returns `false`, throws or rejects as long as it is not.
   * @param withinMs virtual milliseconds that may pass at most; default 60,000.
   * @throws {ViolationError} as a rejection, when it is not well by then or nothing is left to happen; its cause is what the check threw last.
   * @throws {InvalidArgumentError} as a rejection, with every fault.
   */
  async recovers(name: string, check: () => unknown, withinMs: number = DEFAULT_RECOVERY_MS): Promise<void> {
    this.#checkClaim("recovers", name, check).number("withinMs", withinMs, { min: 0 }).throwIfFaulty();
    this.#isCalm = true;
    for (const test of this.#systems) test.stopCrashes();
    const clock = this.#clock();
    for (;;) {
      await clock.settle();
      const leftMs = withinMs - clock.monotonicMs();
      const { holds, cause } = await attemptCheck(check, clock, () => this.#late(), Math.max(0, leftMs));
      if (holds) return;
      const [next] = clock.pendingTimers();
      const passes = next !== undefined && next.dueMs <= withinMs && (await clock.advanceToNextTimer());
      if (!passes) throw new ViolationError("recovers", name, `within ${withinMs} ms without faults`, cause);
    }
  }

  /**
   * Says that whoever asks this actor from now on must be answered as a plain object would answer, each question at one moment between its
   * beginning and its answer: the actor is linearizable. Looked at when the program has ended. Messages that it sends itself do not count.
   *
   * @param model an object whose fields are the state, and which has a method for each type of message that changes them and returns the
   *   answer; one that throws stands for an answer that rejects. Fields are copied: what `structuredClone` takes.
   * @throws {InvalidArgumentError} with every fault.
   * @example
   * world.linearizable(register, { value: 0, write({ to }) { this.value = to; }, read() { return this.value; } });
   */
  linearizable<S extends object>(actor: AnyActorRef, model: S & ThisType<S>): void {
    const { cell, label, key } = this.#run.placeOf(cellOf(actor));
    const history = new History(label, model, this.#run.things.of(`the answers of ${key}`, "value"));
    if (this.#run.histories.has(cell)) throw new InvalidArgumentError("linearizable", [`${label} has a model already`]);
    this.#run.histories.set(cell, history);
  }

  /** @internal What must hold at the end. */
  async conclude(): Promise<void> {
    const clock = this.#clock();
    await clock.settle();
    this.#throwIfViolated();
    for (const { name, check } of this.#last) {
      const { holds, cause } = await attemptCheck(check, clock, () => this.#late(), DEFAULT_UNTIL_MS);
      if (!holds) throw new ViolationError("finally", name, "at the end", cause);
    }
    this.#throwIfViolated();
    for (const history of this.#run.histories.values()) {
      const undecided = history.check();
      if (undecided !== undefined) this.#run.obstacles.add(undecided);
    }
  }

  #throwIfViolated(): void {
    if (this.#run.violation !== undefined) throw this.#run.violation;
  }

  #observe(kind: "always" | "sometimes", name: string, check: Check, options: InvariantOptions): Observer {
    const asked = this.#checkClaim(kind, name, check);
    const { reads } = asked.options(options, ["reads"]);
    if (reads !== undefined && !isList(reads)) asked.fault(`reads must be a list, got ${print(reads)}`);
    if (this.#run.observers.some((one) => one.name === name)) asked.fault(`there is another "${name}"`);
    asked.throwIfFaulty();
    const sight = reads === undefined ? undefined : this.#sight(kind, readList(reads) as readonly unknown[]);
    return new Observer(kind, name, check, this.#run.things.of(`the invariant "${name}"`, "value"), sight);
  }

  /** @throws {InvalidArgumentError} for what is neither. */
  #sight(kind: string, reads: readonly unknown[]): Sight {
    const actors = new Set<string>();
    const shared = new Set<string>();
    for (const read of reads) {
      const name = typeof read === "object" && read !== null ? this.#shared.get(read) : undefined;
      if (name === undefined) actors.add(this.#placeOf(kind, read));
      else shared.add(name);
    }
    return { actors, shared };
  }

  #placeOf(kind: string, read: unknown): string {
    try {
      return this.#run.placeOf(cellOf(read)).key;
    } catch {
      throw new InvalidArgumentError(kind, [
        `reads must have refs and shared objects of this run, got ${describeValue(read)}`,
      ]);
    }
  }

  #checkClaim(call: string, name: unknown, check: unknown): ArgumentCheck {
    const asked = new ArgumentCheck(call);
    if (typeof name !== "string" || name === "") asked.fault(`name must be text, got ${print(name)}`);
    if (typeof check !== "function") asked.fault(`check must be a function, got ${print(check)}`);
    return asked;
  }

  #clock(): InStep {
    return new InStep(this.#systems.map(({ clock }) => clock));
  }

  #late(): UnsettledError {
    return new UnsettledError(
      this.#run.turnCount,
      [],
      this.#systems.flatMap(({ waits }) => waits),
    );
  }

  /** What this run follows from so far, as text. */
  get schedule(): string {
    return scheduleText({ seed: this.#run.seed, choices: this.#run.choices });
  }

  /** What was started so far and runs. */
  get systems(): readonly TestSystem[] {
    return this.#systems;
  }

  /** Stops what runs, the youngest first. @throws the first failure as a rejection. */
  async end(): Promise<void> {
    for (const test of this.#systems.splice(0).reverse()) await test.stop();
  }

  /** The last choices of the schedulers, for people. */
  get lastTurns(): readonly string[] {
    return this.#systems.flatMap((test) =>
      test.scheduler.lastTurns.map(({ runnable, handled }) => `${nameOf(runnable)} took ${handled}`),
    );
  }

  /** Where several actors share one chance, the order of turns decides whom it meets. */
  #lookAtCrashes(points: readonly CrashPoint[]): void {
    const isShared = points.some((point) => {
      const own = readFields(point, ["actor", "chance", "nth"]);
      return own?.actor === undefined || (own.chance ?? 1) < 1;
    });
    if (isShared) this.#run.obstacles.add("crashes that chance, or the order of turns, spreads over actors");
  }
}
