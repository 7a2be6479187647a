/**
 * Calls every entry point with hostile values: in the place of each argument and of each field of it. What comes of it must be an
 * error with a code, or an effect; never an error of the engine from inside, a hang, an exit or a promise that nobody holds.
 *
 *   node test/runtime/fuzz/run.ts [pairs]      one value at a time, then so many pairs of them
 *     --only text    entry points whose names contain it
 *     --seed n       other pairs
 *     --verbose      how long each entry point took
 *     --planted      calls one that is at fault, too: the fuzz has to find it
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { AirssysError } from "airssys-rt";
import { SeededRandom } from "airssys-rt/testing";
import type { Call } from "./call.ts";
import { CALLS } from "./calls.ts";
import { HOSTILE, HostileError } from "./hostile.ts";
import { Stage, settle } from "./stage.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    planted: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const pairs = Number(positionals[0] ?? 0);

/** Longer than this, a call hangs. */
const PATIENCE_MS = 5_000;

/** Where a value is put: the argument, and the way down its fields. */
type Place = readonly (number | string)[];

/** Callbacks that are asked for a value at once. */
const VALUE_CALLBACKS =
  /\.(random|onRetry|isFailure|retryIf|key|beforeTurn|now|monotonicMs|clock\.\w+|\w+\.record) ←|(pipeToSelf 1|surround 2|Message 0|setTimer 0) ←/;

const faults = new Map<string, string>();
let current = "";
/** The same, a sentence for each value that is put somewhere. */
let inserted: readonly string[] = [];
let calls = 0;

function report(what: string, where: string = current): void {
  const kind = `${where.split(" ← ")[0]} ${what.slice(0, 120)}`;
  if (!faults.has(kind)) faults.set(kind, `${where}\n    ${what}`);
}

process.on("unhandledRejection", (error) => {
  // Where a value is asked for, a promise is one: it is the user's, and nobody waits for it.
  if (inserted.some((each) => VALUE_CALLBACKS.test(each) && each.endsWith("← an async function that rejects"))) return;
  report(`left a promise behind: ${describe(error)}`);
});
process.on("uncaughtException", (error) => report(`threw past everybody: ${describe(error)}`));
process.on("exit", (code) => {
  if (code === 0 && current !== "done") {
    console.error(`the process ended during ${current}`);
    process.exitCode = 1;
  }
});

function describe(error: unknown): string {
  try {
    return String((error as Error)?.stack ?? error)
      .split("\n")
      .slice(0, 5)
      .join("\n      "); // prettier-ignore
  } catch {
    return "what cannot be printed";
  }
}

/** Whether a call may end with it. */
function isSound(error: unknown, isCallback: boolean): boolean {
  try {
    if (error instanceof AirssysError) return typeof error.message === "string" && /^ERR_/.test(error.code);
  } catch {
    return isCallback;
  }
  // What a callback of the user's throws, or a class that was called like one, is the user's.
  return isCallback && !isEngine(error);
}

function isEngine(error: unknown): boolean {
  try {
    if (!(error instanceof Error) || error instanceof HostileError) return false;
    // What throws in the place of a callback is a callback that throws.
    if (current.includes("← a revoked function") && /'apply'/.test(error.message)) return false;
    // So is what it returns, where that is awaited.
    if (inserted.some((each) => /(settle|execute 0) ← a function that returns a revoked proxy/.test(each)))
      return false;
    return /^(Type|Range|Reference|Syntax)Error/.test(error.name) && !/^Class constructor/.test(error.message);
  } catch {
    return false;
  }
}

async function attempt(call: Call, args: readonly unknown[], isCallback: boolean, stage: Stage): Promise<void> {
  calls++;
  const began = performance.now();
  try {
    const outcome = call.make(args, stage);
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    if (outcome instanceof Promise) {
      outcome.then(settled, (error: unknown) => {
        settled();
        if (!isSound(error, isCallback)) report(`rejected: ${describe(error)}`);
      });
      await settle();
      if (!isSettled)
        await stage.clock.advance(10_000).catch((error: unknown) => report(`a timer threw: ${describe(error)}`));
    }
  } catch (error) {
    if (!isSound(error, isCallback)) report(`threw: ${describe(error)}`);
  }
  if (performance.now() - began > PATIENCE_MS) report(`took ${Math.round(performance.now() - began)} ms`);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function placesOf(args: readonly unknown[]): readonly Place[] {
  const below = (value: unknown, at: Place): readonly Place[] =>
    isPlain(value) ? [at, ...Object.entries(value).flatMap(([key, field]) => below(field, [...at, key]))] : [at];
  return args.flatMap((arg, at) => below(arg, [at]));
}

/** A copy of the arguments with a value in that place. */
function put<T>(into: T, [first, ...rest]: Place, value: unknown): T {
  if (first === undefined) return value as T;
  const copy = (Array.isArray(into) ? [...into] : { ...into }) as Record<string, unknown>;
  copy[first] = put(copy[first], rest, value);
  return copy as T;
}

/** Not one of its faults is allowed. */
const PLANTED: Call = {
  args: () => ["text"],
  make: ([value]) => {
    if (typeof value === "symbol") void Promise.reject(new Error("nobody holds it"));
    return (value as string).length;
  },
};

class Fuzz {
  #stage: Stage | undefined = undefined;

  async once(entry: string, call: Call, inserts: readonly (readonly [Place, string, unknown])[]): Promise<void> {
    inserted = inserts.map(([place, name]) => `${entry} ${place.join(".")} ← ${name}`);
    current = inserted.join(" and ");
    this.#stage ??= await Stage.open();
    const stage = this.#stage;
    let args = call.args(stage);
    for (const [place, , value] of inserts) args = put(args, place, value);
    await attempt(call, args, inserts.length > 0, stage);
    if (call.isFatal === true || !(await stage.isWhole())) await this.renew();
  }

  async renew(): Promise<void> {
    const stage = this.#stage;
    this.#stage = undefined;
    if (stage === undefined) return;
    const hasEnded = await stage.close().catch((error: unknown) => report(`stopping failed: ${describe(error)}`));
    if (hasEnded === false) report("the system could not be stopped any more");
    await settle();
  }
}

/** A sound call must be one: else nothing is known of what comes after its checks. */
async function baseline(entry: string, call: Call): Promise<void> {
  inserted = [];
  current = `${entry} as it should be called`;
  const stage = await Stage.open();
  try {
    const outcome = call.make(call.args(stage), stage);
    if (outcome instanceof Promise) await Promise.race([outcome, stage.clock.advance(10_000)]);
  } catch (error) {
    report(`failed: ${describe(error)}`);
  }
  await stage.close();
}

async function main(): Promise<void> {
  const fuzz = new Fuzz();
  const called = values.planted ? { ...CALLS, planted: PLANTED } : CALLS;
  const entries = Object.entries(called).filter(([name]) => name.includes(values.only));
  // What listeners throw is told on the console; here it is wanted.
  console.error = () => {};
  for (const [entry, call] of entries) {
    const began = performance.now();
    if (!/Error$|InjectedCrash/.test(entry)) await baseline(entry, call);
    const stage = await Stage.open();
    const places = placesOf(call.args(stage));
    await stage.close();
    for (const place of places)
      for (const [name, make] of HOSTILE) await fuzz.once(entry, call, [[place, name, make()]]);
    if (values.verbose) process.stderr.write(`${entry} ${Math.round(performance.now() - began)} ms\n`);
  }
  const random = new SeededRandom(Number(values.seed));
  for (let pair = 0; pair < pairs; pair++) {
    const [entry, call] = random.pick(entries);
    const stage = await Stage.open();
    const places = placesOf(call.args(stage)).filter((place) => place.length > 0);
    await stage.close();
    if (places.length < 2) continue;
    const two = [random.pick(places), random.pick(places)] as const;
    if (two[0].join() === two[1].slice(0, two[0].length).join()) continue;
    const inserts = two.map((place) => {
      const [name, make] = random.pick(HOSTILE);
      return [place, name, make()] as const;
    });
    await fuzz.once(entry, call, inserts);
  }
  await fuzz.renew();
  current = "done";
  console.log([...faults.values()].join("\n"));
  console.log(`${entries.length} entry points, ${calls} calls, ${faults.size} faults`);
  process.exit(faults.size === 0 ? 0 : 1);
}

await main();
