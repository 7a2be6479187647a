/** Runs a program under many seeds and says which one broke it. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isList, readFields, readList } from "../values/fields.ts";
import type { CrashPoint } from "./crash-plan.ts";
import { ExplorationError } from "./errors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { nameOf } from "./seeded-scheduler.ts";
import { TestSystem, type TestSystemOptions } from "./test-system.ts";

/** Seeds {@link explore} tries when nothing else is said. */
export const DEFAULT_SEEDS = 200;
/** Environment variable with the one seed to run instead. */
export const ENV_SEED = "AIRSSYS_SEED";

/** More seeds than this in one call would take days. */
const MOST_SEEDS = 1_000_000;
/** A seed can be counted on from. */
const SEED = { min: -(2 ** 52), max: 2 ** 52, isWhole: true };

export interface ExploreOptions {
  /** How many seeds to try, from {@link firstSeed} on; at most 1,000,000; default {@link DEFAULT_SEEDS}. */
  readonly seeds?: number;
  /** Default 1. */
  readonly firstSeed?: number;
  /** Injected into every system of the program, besides its own. Default: none. */
  readonly crashes?: readonly CrashPoint[];
}

/** One run of the program: everything in it follows from the seed. */
export class World {
  readonly seed: number;
  /** For choices the program itself makes. */
  readonly random: SeededRandom;
  readonly #crashes: readonly CrashPoint[];
  readonly #systems: TestSystem[] = [];

  constructor(seed: number, crashes: readonly CrashPoint[]) {
    this.seed = seed;
    this.random = new SeededRandom(seed).fork();
    this.#crashes = crashes;
  }

  /** Starts a test system under this run's seed; it is stopped, and its invariants are checked, when the program has ended. */
  async start(options: Omit<TestSystemOptions, "seed"> = {}): Promise<TestSystem> {
    const own = readFields(options, ["crashes"]);
    const given = own?.crashes ?? [];
    const points = isList(given) ? readList(given) : given;
    if (own === undefined || !isList(points)) throw new InvalidArgumentError("World.start", ["crashes must be a list"]);
    const crashes = [...this.#crashes, ...(points as readonly CrashPoint[])];
    const test = await TestSystem.start({ ...own, seed: this.seed + this.#systems.length * 0x10001, crashes });
    this.#systems.push(test);
    return test;
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
}

/**
 * Runs a program once for each seed, in order, and stops at the first that fails. Where the environment has `AIRSSYS_SEED`, only
 * that one is run: exactly the run that failed.
 *
 * @throws {ExplorationError} as a rejection, with the seed and the last turns; its `cause` is what the program failed with.
 * @throws {InvalidArgumentError} as a rejection.
 * @example
 * await explore({ seeds: 200 }, async (world) => {
 *   const { system } = await world.start({ root: bank });
 *   await transferBackAndForth(system);
 * });
 */
export async function explore(options: ExploreOptions, program: (world: World) => Promise<void>): Promise<void> {
  const check = new ArgumentCheck("explore");
  const own = check.options(options, ["seeds", "firstSeed", "crashes"]);
  const { seeds = DEFAULT_SEEDS, firstSeed = 1, crashes = [] } = own;
  check.number("seeds", seeds, { min: 1, max: MOST_SEEDS, isWhole: true }).number("firstSeed", firstSeed, SEED);
  if (!isList(crashes)) check.fault(`crashes must be a list, got ${print(crashes)}`);
  if (typeof program !== "function") check.fault("program must be a function");
  check.throwIfFaulty();
  const replayed = seedFromEnvironment();
  if (replayed !== undefined) return runOnce(replayed, crashes, program);
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) await runOnce(seed, crashes, program);
}

async function runOnce(
  seed: number,
  crashes: readonly CrashPoint[],
  program: (world: World) => Promise<void>,
): Promise<void> {
  const world = new World(seed, crashes);
  let lastTurns: readonly string[] = [];
  try {
    await program(world);
    lastTurns = world.lastTurns;
    await world.end();
  } catch (cause) {
    if (lastTurns.length === 0) lastTurns = world.lastTurns;
    // What failed is told; that it could not be cleaned up after that is not.
    await world.end().catch(() => {});
    throw new ExplorationError(seed, lastTurns, cause);
  }
}

/** @throws {InvalidArgumentError} when the variable holds no whole number. */
function seedFromEnvironment(): number | undefined {
  const text = process.env[ENV_SEED];
  if (text === undefined || text === "") return undefined;
  new ArgumentCheck(ENV_SEED).number("the seed", Number(text), { isWhole: true }).throwIfFaulty();
  return Number(text);
}
