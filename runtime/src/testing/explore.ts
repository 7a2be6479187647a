/** Runs a program under many schedules and says which one broke it. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { isList } from "../values/fields.ts";
import type { CrashPoint } from "./crash-plan.ts";
import type { ExplorationReport } from "./exploration.ts";
import { Exploration, type ExplorationPlan } from "./exploration.ts";
import {
  MOST_RUNS,
  STRATEGIES,
  type Strategy,
  scheduleFromEnvironment,
  seedFromEnvironment,
  stopFromEnvironment,
  wishFromEnvironment,
} from "./explore-environment.ts";
import { readSchedule } from "./schedule.ts";
import type { World } from "./world.ts";

/** Runs {@link explore} makes at most when nothing else is said. */
export const DEFAULT_RUNS = 200;

/** A seed can be counted on from. */
const SEED = { min: -(2 ** 52), max: 2 ** 52, isWhole: true };

export interface ExploreOptions {
  /** How many runs to make at most, each with another schedule; at most 1,000,000; default {@link DEFAULT_RUNS}. */
  readonly runs?: number;
  /** The same by its older name. */
  readonly seeds?: number;
  /** The seed of the systematic runs, and the first one of the random ones. Default 1. */
  readonly firstSeed?: number;
  /**
   * `systematic`: every order of messages that can matter is tried, one after the other, until all were. `random`: each run has a seed of
   * its own. Default: systematic, with half of the runs at most; then random, with what is left.
   */
  readonly strategy?: Strategy;
  /** A schedule as text, of a failure or of `world.schedule`: only that run is made. */
  readonly schedule?: string;
  /** Injected into every system of the program, besides its own. Default: none. */
  readonly crashes?: readonly CrashPoint[];
}

const OPTIONS = ["runs", "seeds", "firstSeed", "strategy", "schedule", "crashes"];

/**
 * Runs a program once for each order of messages that can matter, and stops at the first that fails. One turn handles one message, and
 * the promise reactions that follow from it run before the next. The first run is made twice, to see whether the program does the same
 * again.
 *
 * Where the environment has `AIRSSYS_SCHEDULE` or `AIRSSYS_SEED`, only that one is run; `AIRSSYS_EXPLORE` (`runs=500;strategy=random`)
 * comes before what the call says.
 *
 * @throws {ExplorationError} as a rejection, with the schedule, the races that decide, and what happened before; its `cause` is what
 *   the program failed with.
 * @throws {ScheduleError} as a rejection, for a schedule that cannot be read or does not fit the program.
 * @throws {InvalidArgumentError} as a rejection.
 * @example
 * const { isComplete } = await explore({ runs: 500 }, async (world) => {
 *   const { system } = await world.start({ root: bank });
 *   await transferBackAndForth(system);
 * });
 */
export async function explore(
  options: ExploreOptions,
  program: (world: World) => Promise<void>,
): Promise<ExplorationReport> {
  const check = new ArgumentCheck("explore");
  const own = check.options(options, OPTIONS);
  const { seeds, firstSeed = 1, crashes = [] } = own;
  const counts = { min: 1, max: MOST_RUNS, isWhole: true };
  const runs = own.runs ?? seeds ?? DEFAULT_RUNS;
  check.number(own.runs === undefined ? "seeds" : "runs", runs, counts).number("firstSeed", firstSeed, SEED);
  if (own.runs !== undefined && seeds !== undefined) check.fault("seeds is another name of runs: give one of them");
  if (own.strategy !== undefined && !STRATEGIES.includes(own.strategy))
    check.fault(`strategy must be one of ${STRATEGIES.join(", ")}, got ${print(own.strategy)}`);
  if (!isList(crashes)) check.fault(`crashes must be a list, got ${print(crashes)}`);
  if (typeof program !== "function") check.fault("program must be a function");
  check.throwIfFaulty();
  const given = own.schedule === undefined ? scheduleFromEnvironment() : readSchedule(own.schedule);
  const seed = given === undefined ? seedFromEnvironment() : undefined;
  const wish = wishFromEnvironment();
  stopFromEnvironment();
  const strategy = wish.strategy ?? own.strategy;
  const plan: ExplorationPlan = { runs: wish.runs ?? runs, firstSeed, strategy, crashes };
  const exploration = new Exploration(plan, program);
  if (given !== undefined) return exploration.replay(given);
  return seed === undefined ? exploration.run() : exploration.replaySeed(seed);
}
