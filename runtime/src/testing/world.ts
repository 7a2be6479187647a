/** One run of a program as the program sees it: where it starts its systems, and where its chance comes from. */
import { cellOf } from "../actor/cell.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isList, readFields, readList } from "../values/fields.ts";
import { describeValue } from "../values/safe-text.ts";
import type { CrashPoint } from "./crash-plan.ts";
import type { Run } from "./run.ts";
import { scheduleText } from "./schedule.ts";
import { SeededRandom } from "./seeded-random.ts";
import { nameOf } from "./test-scheduler.ts";
import { startOn, type TestSystem, type TestSystemOptions } from "./test-system.ts";

/** Something that actors share besides messages, as the test declares it: whoever uses it says so. */
export interface SharedObject {
  /** To be called by whoever looks at it, before that. */
  read(): void;
  /** To be called by whoever changes it, before that. */
  write(): void;
}

/** One run of the program: everything in it follows from the seed and the schedule. */
export class World {
  readonly seed: number;
  /** For choices the program itself makes. */
  readonly random: SeededRandom;
  readonly #run: Run;
  readonly #crashes: readonly CrashPoint[];
  readonly #systems: TestSystem[] = [];
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
    const crashes = [...this.#crashes, ...(points as readonly CrashPoint[])];
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
    return { read: () => use(false), write: () => use(true) };
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
