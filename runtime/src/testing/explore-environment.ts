/** What the environment asks of explorations: one schedule or seed, how many runs, and where to stop. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { safeText } from "../values/safe-text.ts";
import { type ExplorationPlace, placeName } from "./exploration-place.ts";
import { readSchedule, type Schedule } from "./schedule.ts";

/** Environment variable with the one seed to run instead. */
export const ENV_SEED = "AIRSSYS_SEED";
/** Environment variable with the one schedule to run instead. */
export const ENV_SCHEDULE = "AIRSSYS_SCHEDULE";
/** Environment variable with how explorations are made, as `runs=500;strategy=systematic`: comes before what the call says. */
export const ENV_EXPLORE = "AIRSSYS_EXPLORE";
/** Environment variable with the number of the turn, from 1, in whose handler a debugger stops. */
export const ENV_STOP_AT = "AIRSSYS_STOP_AT";

export type Strategy = "random" | "systematic";
export const STRATEGIES: readonly unknown[] = ["random", "systematic"];

/** More runs than this in one call would take days. */
export const MOST_RUNS = 1_000_000;

export interface ExploreWish {
  readonly runs?: number;
  readonly strategy?: Strategy;
}

/** @throws {InvalidArgumentError} when the variable holds no whole number. */
export function seedFromEnvironment(): number | undefined {
  const text = setting(ENV_SEED);
  if (text === undefined) return undefined;
  new ArgumentCheck(ENV_SEED).number("the seed", Number(text), { isWhole: true }).throwIfFaulty();
  return Number(text);
}

/**
 * `v1:…`: for every exploration. `v1:…@shop.test.ts:18`: for the first one that is made at that line; `…:18#3`: for the third.
 *
 * @param place of the exploration that asks. @returns the schedule, if it is for that one.
 * @throws {ScheduleError} when the variable holds no schedule.
 */
export function scheduleFromEnvironment(place?: ExplorationPlace): Schedule | undefined {
  const [text, wanted] = (setting(ENV_SCHEDULE) ?? "").split("@", 2) as [string, string | undefined];
  if (text === "") return undefined;
  const schedule = readSchedule(text);
  return wanted === undefined || (place !== undefined && placeName(place) === wanted) ? schedule : undefined;
}

/** @throws {InvalidArgumentError} when the variable holds no number of a turn. */
export function stopFromEnvironment(): number | undefined {
  const text = setting(ENV_STOP_AT);
  if (text === undefined) return undefined;
  new ArgumentCheck(ENV_STOP_AT).number("the turn", Number(text), { min: 1, isWhole: true }).throwIfFaulty();
  return Number(text);
}

/** The same for a test system outside of an exploration: where the schedule is for an exploration, that is the one to stop in. */
export function stopOfSystem(): number | undefined {
  return (setting(ENV_SCHEDULE) ?? "").includes("@") ? undefined : stopFromEnvironment();
}

/** @throws {InvalidArgumentError} with every fault of the variable. */
export function wishFromEnvironment(): ExploreWish {
  const check = new ArgumentCheck(ENV_EXPLORE);
  const wish: { runs?: number; strategy?: Strategy } = {};
  for (const part of (setting(ENV_EXPLORE) ?? "").split(";").filter((each) => each !== "")) {
    const [key, value] = part.split("=", 2) as [string, string | undefined];
    if (key === "runs") {
      wish.runs = Number(value);
      check.number("runs", wish.runs, { min: 1, max: MOST_RUNS, isWhole: true });
    } else if (key === "strategy" && STRATEGIES.includes(value)) wish.strategy = value as Strategy;
    else check.fault(`expected runs=<number> or strategy=<${STRATEGIES.join(" or ")}>, got ${safeText(part, 100)}`);
  }
  check.throwIfFaulty();
  return wish;
}

function setting(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === "" ? undefined : value;
}

/** Lines with which a terminal runs that schedule again, in that exploration alone: for POSIX shells, and for PowerShell. */
export function replayCommands(schedule: string, place: ExplorationPlace | undefined): readonly string[] {
  const command = `${runner()}${testFile()}`;
  const value = place === undefined ? schedule : `${schedule}@${placeName(place)}`;
  return [`Replay it: ${ENV_SCHEDULE}=${value} ${command}`, `On Windows: $env:${ENV_SCHEDULE}="${value}"; ${command}`];
}

function runner(): string {
  const { env } = process;
  if (env["VITEST"] !== undefined) return "npx vitest run";
  if (process.argv.some((part) => /[\\/]mocha[\\/]/.test(part))) return "npx mocha";
  return env["NODE_TEST_CONTEXT"] !== undefined || process.execArgv.includes("--test") ? "node --test" : "node";
}

/** The file that the process was started with, from where it was started; nothing where a runner was. */
function testFile(): string {
  const file = process.argv[1];
  if (file === undefined || /[\\/]node_modules[\\/]/.test(file)) return "";
  const folder = process.cwd();
  const isBelow = file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`);
  const shown = isBelow ? file.slice(folder.length + 1) : file;
  return /^[\w./\\:@+-]+$/.test(shown) ? ` ${shown}` : ` "${shown}"`;
}
