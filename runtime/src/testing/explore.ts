/** Runs a program under many schedules and says which one broke it. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { isList } from "../values/fields.ts";
import type { CrashPoint } from "./crash-plan.ts";
import { ExplorationError } from "./errors.ts";
import type { ExplorationReport } from "./exploration.ts";
import { Exploration } from "./exploration.ts";
import { placeOfCaller } from "./exploration-place.ts";
import {
  MOST_RUNS,
  STRATEGIES,
  type Strategy,
  scheduleFromEnvironment,
  seedFromEnvironment,
  stopFromEnvironment,
  wishFromEnvironment,
} from "./explore-environment.ts";
import { holdGlobals } from "./owned-globals.ts";
import { readSchedule } from "./schedule.ts";
import { TestEvents } from "./test-events.ts";
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
 * comes before what the call says. A schedule with a place (`v1:…@shop.test.ts:18`) is for the exploration made there alone.
 *
 * @throws {ExplorationError} as a rejection, with the schedule, the races that decide, and what happened before; its `cause` is what
 *   the program failed with.
 * @throws {ViolationError} as a rejection, when what is to be seen at some time (`world.sometimes`) was seen in no run.
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
  const place = placeOfCaller();
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
  const given = own.schedule === undefined ? scheduleFromEnvironment(place) : readSchedule(own.schedule);
  const seed = given === undefined ? seedFromEnvironment() : undefined;
  const wish = wishFromEnvironment();
  const isReplay = given !== undefined || seed !== undefined;
  const stop = stopFromEnvironment();
  const events = TestEvents.wished(place);
  const exploration = new Exploration(
    {
      runs: wish.runs ?? runs,
      firstSeed,
      strategy: wish.strategy ?? own.strategy,
      crashes,
      place,
      // Where one schedule is wished for, it is the one to stop in.
      stopAt: isReplay ? stop : undefined,
      onRun: events && ((made) => events.progress(made)),
    },
    program,
  );
  // For all runs: to put them in place for each takes longer than most of them.
  const letGo = holdGlobals();
  try {
    const exploring =
      given !== undefined
        ? exploration.replay(given)
        : seed !== undefined
          ? exploration.replaySeed(seed)
          : exploration.run();
    return await (events === undefined
      ? exploring
      : told(exploring, exploration, events, isReplay, stop !== undefined));
  } finally {
    letGo();
  }
}

/** Tells what it has come to. A run that a debugger stopped in is not made once more: it would stop again. */
async function told(
  exploring: Promise<ExplorationReport>,
  exploration: Exploration,
  events: TestEvents,
  isReplay: boolean,
  isStopped: boolean,
): Promise<ExplorationReport> {
  try {
    const report = await exploring;
    events.explored(report, isReplay);
    return report;
  } catch (error) {
    if (!(error instanceof ExplorationError)) throw error;
    const { runs: run, hasTriedAll } = exploration;
    const { schedule, races } = error;
    const found = isStopped ? undefined : await exploration.retell(readSchedule(schedule));
    const placed = found === undefined ? { races } : await found.notes.placed(races);
    events.failed(error, { run, hasTriedAll, isReplay, turns: found?.turns ?? 0, ...placed });
    throw error;
  }
}
