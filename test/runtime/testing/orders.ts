/** The orders that a program can take, as signatures: found systematically, at random, and one after the other without leaving any out. */
import type { Chooser, Run } from "../../../runtime/src/testing/run.ts";
import type { Program } from "./racy-programs.ts";

/** The testkit as tests load it, built. */
const built = async <T>(file: string): Promise<T> =>
  (await import(new URL(`${file}.js`, import.meta.resolve("airssys-rt/testing")).href)) as T;
const { Things } = await built<typeof import("../../../runtime/src/testing/dependence.ts")>("dependence");
const { Coverage } = await built<typeof import("../../../runtime/src/testing/coverage.ts")>("coverage");
const { Search } = await built<typeof import("../../../runtime/src/testing/search.ts")>("search");
const { takeRun } = await built<typeof import("../../../runtime/src/testing/outcome.ts")>("outcome");
const { readSchedule } = await built<typeof import("../../../runtime/src/testing/schedule.ts")>("schedule");
const choosers = await built<typeof import("../../../runtime/src/testing/choosers.ts")>("choosers");
const runs = await built<typeof import("../../../runtime/src/testing/run.ts")>("run");

export interface Orders {
  readonly signatures: ReadonlySet<string>;
  readonly runs: number;
  /** Everything was tried within the limit. */
  readonly isWhole: boolean;
}

/** All ways to look for the orders of one program: their signatures can be compared. */
export class OrdersOf {
  readonly #program: Program;
  readonly #things = new Things();

  constructor(program: Program) {
    this.#program = program;
  }

  async #take(chooser: Chooser): Promise<Run> {
    const run = new runs.Run(1, this.#things, new Coverage(), chooser);
    const { failure } = await takeRun(run, this.#program, []);
    if (failure !== undefined) throw failure.cause;
    return run;
  }

  /** In how many turns of a schedule, which fails, somebody else comes first than who waits longest. */
  async outOfTurn(schedule: string): Promise<number> {
    const chooser = new choosers.NotedChooser(new choosers.ScheduledChooser(readSchedule(schedule).choices ?? []));
    const run = new runs.Run(1, this.#things, new Coverage(), chooser);
    const { failure } = await takeRun(run, this.#program, []);
    if (failure === undefined) throw new Error("it passes");
    return chooser.deviations.size;
  }

  /** As `explore` does. */
  async systematically(most: number): Promise<Orders> {
    const search = new Search(this.#things);
    const signatures = new Set<string>();
    let count = 0;
    for (; count < most && !search.isOver; count++) {
      const descent = search.descend();
      const run = await this.#take(descent);
      if (descent.strayed !== undefined) throw new Error(descent.strayed);
      signatures.add(run.signature);
      search.learn(run, descent);
    }
    return { signatures, runs: count, isWhole: search.isOver };
  }

  async atRandom(count: number): Promise<Orders> {
    const signatures = new Set<string>();
    let state = 1;
    const below = (bound: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % bound;
    };
    for (let n = 0; n < count; n++)
      signatures.add((await this.#take({ choose: (ready) => below(ready.length) })).signature);
    return { signatures, runs: count, isWhole: false };
  }

  /** Each choice in each turn, whether it matters or not. */
  async withoutException(most: number): Promise<Orders> {
    const signatures = new Set<string>();
    const path: { at: number; count: number }[] = [];
    let count = 0;
    for (; count < most; count++) {
      const choose = (ready: readonly unknown[], run: Run): number => {
        path[run.turnCount] ??= { at: 0, count: ready.length };
        return path[run.turnCount]?.at ?? 0;
      };
      signatures.add((await this.#take({ choose })).signature);
      while (path.length > 0 && (path.at(-1)?.at ?? 0) + 1 >= (path.at(-1)?.count ?? 0)) path.pop();
      const last = path.at(-1);
      if (last === undefined) return { signatures, runs: count + 1, isWhole: true };
      last.at++;
    }
    return { signatures, runs: count, isWhole: false };
  }
}
