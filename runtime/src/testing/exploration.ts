/** One exploration: run after run of a program, first systematically, then at random, until one fails or nothing is left to be tried. */
import { messageOf, read } from "../values/safe-text.ts";
import {
  DeviatingChooser,
  firstReady,
  HoldingBack,
  NotedChooser,
  RandomChooser,
  ScheduledChooser,
} from "./choosers.ts";
import { Coverage, type ExplorationCoverage } from "./coverage.ts";
import type { CrashPoint } from "./crash-plan.ts";
import { Things } from "./dependence.ts";
import { ExplorationError, type FailureFacts, ScheduleError, ViolationError } from "./errors.ts";
import type { ExplorationPlace } from "./exploration-place.ts";
import { replayCommands, type Strategy } from "./explore-environment.ts";
import { type Outcome, type Program, takeRun } from "./outcome.ts";
import type { Race } from "./race.ts";
import { racesBetween } from "./reordering.ts";
import { type Chooser, Run, STEPS_KEPT } from "./run.ts";
import { RunNotes } from "./run-notes.ts";
import type { Schedule } from "./schedule.ts";
import { scheduleText } from "./schedule.ts";
import { type Descent, Search } from "./search.ts";
import { SeededRandom } from "./seeded-random.ts";
import { shrink } from "./shrinking.ts";
import { tellStory } from "./story.ts";
import { firstDifference, trailOf } from "./trail.ts";

/** What an exploration has come to that found no failure. */
export interface ExplorationReport {
  /** Runs made, each with a schedule of its own. */
  readonly runs: number;
  /** Orders that differ: by actor, which messages it handled, of whom, one after the other. */
  readonly distinct: number;
  /** Every order that can matter was tried, and nothing was out of control: see {@link obstacles}. */
  readonly isComplete: boolean;
  readonly coverage: ExplorationCoverage;
  /** What stands in the way of having tried everything, in words: real input and output, programs that do not do the same again. */
  readonly obstacles: readonly string[];
  /** What the program left behind, in words, each once: messages still set aside, questions nobody answered, messages nobody took. */
  readonly warnings: readonly string[];
}

export interface ExplorationPlan {
  readonly runs: number;
  readonly firstSeed: number;
  readonly strategy: Strategy | undefined;
  readonly crashes: readonly CrashPoint[];
  readonly place: ExplorationPlace | undefined;
  /** The turn, from 1, in which a debugger is to stop. */
  readonly stopAt: number | undefined;
  /** Hears how many runs were made. */
  readonly onRun: ((runs: number) => void) | undefined;
}

/** Runs made to find one that passes, where the first fails. */
const MOST_COMPARED = 10;

/** Runs made to make a schedule shorter, and to look for the actor that must be slow. */
const MOST_RERUNS = 100;

export class Exploration {
  readonly #plan: ExplorationPlan;
  readonly #program: Program;
  readonly #things = new Things();
  readonly #coverage = new Coverage();
  readonly #obstacles = new Set<string>();
  readonly #warnings = new Set<string>();
  readonly #sights = new Map<string, boolean>();
  #runs = 0;
  /** The trail of a run that passed. */
  #passed: readonly string[] | undefined = undefined;

  #hasTriedAll = false;

  /** Orders that were tried when each of them failed. */
  #failed = 1;

  constructor(plan: ExplorationPlan, program: Program) {
    this.#plan = plan;
    this.#program = program;
  }

  /** @throws {ExplorationError} as a rejection. */
  async run(): Promise<ExplorationReport> {
    const { runs, strategy } = this.#plan;
    const systematic = strategy === "random" ? 0 : strategy === "systematic" ? runs : Math.ceil(runs / 2);
    const isOver = await this.#search(systematic);
    const isLeft = !isOver || this.#obstacles.size > 0;
    if (isLeft && strategy !== "systematic") await this.#runAtRandom();
    const report = this.#report(isOver);
    this.#throwIfUnseen(report.isComplete);
    return report;
  }

  /** @throws {ViolationError} for what is to be seen at some time, and was not. */
  #throwIfUnseen(isComplete: boolean): void {
    const unseen = [...this.#sights].filter(([, isSeen]) => !isSeen).map(([name]) => name);
    if (unseen.length === 0) return;
    const orders = isComplete ? "in which every order was tried" : "in which not every order was tried";
    throw new ViolationError("sometimes", unseen.join('", "'), `after any turn of ${this.#runs} runs, ${orders}`);
  }

  /** Made so far. */
  get runs(): number {
    return this.#runs;
  }

  /** With the run that failed, every order was tried. */
  get hasTriedAll(): boolean {
    return this.#hasTriedAll && this.#obstacles.size === 0;
  }

  /** Makes a run that failed once more, to note where things are in it. */
  async retell({ seed, choices }: Schedule): Promise<{ readonly notes: RunNotes; readonly turns: number }> {
    const run = this.#begin(seed, choices === undefined ? randomly(seed) : new ScheduledChooser(choices));
    run.notes = new RunNotes();
    await takeRun(run, this.#program, this.#plan.crashes);
    return { notes: run.notes, turns: run.turnCount };
  }

  /** Makes one run, by its schedule. @throws {ScheduleError} as a rejection, when it does not fit. */
  async replay(schedule: Schedule): Promise<ExplorationReport> {
    if (schedule.choices === undefined) return this.replaySeed(schedule.seed);
    const chooser = new ScheduledChooser(schedule.choices);
    const outcome = await this.#take(schedule.seed, chooser);
    if (chooser.misfit !== undefined) throw chooser.misfit;
    if (chooser.leftOver > 0) {
      const reason = `the program ends ${chooser.leftOver} choices too early`;
      throw new ScheduleError(reason, outcome.run.turnCount + 1, outcome.failure?.cause);
    }
    if (outcome.failure !== undefined) throw this.#error(outcome, [], []);
    return this.#report(false);
  }

  /** Makes the random run of one seed. @throws {ExplorationError} as a rejection. */
  async replaySeed(seed: number): Promise<ExplorationReport> {
    const outcome = await this.#take(seed, randomly(seed));
    if (outcome.failure !== undefined) throw this.#error(outcome, [], []);
    return this.#report(false);
  }

  #report(isOver: boolean): ExplorationReport {
    return {
      runs: this.#runs,
      distinct: this.#coverage.distinct,
      isComplete: isOver && this.#obstacles.size === 0,
      coverage: this.#coverage.report(),
      obstacles: [...this.#obstacles],
      warnings: [...this.#warnings],
    };
  }

  /** @returns whether every order was tried. */
  async #search(most: number): Promise<boolean> {
    const search = new Search(this.#things);
    while (this.#runs < most && !search.isOver) {
      const descent = search.descend();
      const chooser = new NotedChooser(descent);
      const outcome = await this.#take(this.#plan.firstSeed, chooser);
      const { run, failure } = outcome;
      const isEarly = run.turnCount < descent.given ? `it ended after turn ${run.turnCount}` : undefined;
      const strayed = descent.strayed ?? isEarly;
      if (strayed !== undefined) this.#obstacles.add(`the program does not do the same again: ${strayed}`);
      const isSame = this.#runs > 1 || (await this.#doesTheSame(outcome, () => firstReady));
      if (failure !== undefined && strayed !== undefined) throw this.#error(outcome, [], []);
      if (failure !== undefined && this.#runs > 1) {
        const { reversals } = search;
        search.learn(run, descent);
        this.#hasTriedAll = search.isOver && run.violation === undefined;
        throw await this.#explain(outcome, chooser.deviations, reversals);
      }
      if (failure !== undefined) throw await this.#compare(outcome, search, descent);
      if (strayed !== undefined || !isSame || run.isClipped) return false;
      search.learn(run, descent);
    }
    return search.isOver;
  }

  /** The first run fails: looks for one that does not, to say where they part. */
  async #compare(failed: Outcome, search: Search, first: Descent): Promise<ExplorationError> {
    let [last, descent] = [failed, first];
    let tried = 1;
    while (tried <= MOST_COMPARED && descent.strayed === undefined && !last.run.isClipped) {
      search.learn(last.run, descent);
      if (search.isOver) break;
      descent = search.descend();
      last = await this.#again(failed.run.seed, descent);
      tried++;
      if (last.failure !== undefined) continue;
      this.#passed = trailOf(last.run);
      return this.#error(failed, racesBetween(last.run, failed.run, this.#things), []);
    }
    this.#failed = tried;
    return this.#error(failed, [], []);
  }

  async #runAtRandom(): Promise<void> {
    const { runs, firstSeed } = this.#plan;
    for (let seed = firstSeed; this.#runs < runs; seed++) {
      const chooser = new NotedChooser(randomly(seed));
      const outcome = await this.#take(seed, chooser);
      if (this.#runs === 1) await this.#doesTheSame(outcome, () => randomly(seed));
      if (outcome.failure !== undefined) throw await this.#explain(outcome, chooser.deviations);
    }
  }

  async #take(seed: number, chooser: Chooser): Promise<Outcome> {
    this.#runs++;
    this.#plan.onRun?.(this.#runs);
    const outcome = await this.#again(seed, chooser);
    const { run } = outcome;
    this.#coverage.addOrder(run.signature, this.#runs);
    for (const obstacle of run.obstacles) this.#obstacles.add(obstacle);
    if (run.hasChance) this.#obstacles.add("numbers drawn by chance: another seed draws others");
    if (run.isClipped) this.#obstacles.add(`runs that are too large, as of more than ${STEPS_KEPT} turns`);
    for (const warning of outcome.warnings) this.#warnings.add(warning);
    for (const [name, isSeen] of outcome.sights) this.#sights.set(name, isSeen || this.#sights.get(name) === true);
    if (outcome.failure === undefined) this.#passed = trailOf(run);
    return outcome;
  }

  /** A run that does not count. */
  #again(seed: number, chooser: Chooser): Promise<Outcome> {
    const run = this.#begin(seed, chooser);
    run.stopAt = this.#plan.stopAt;
    return takeRun(run, this.#program, this.#plan.crashes);
  }

  #begin(seed: number, chooser: Chooser): Run {
    return new Run(seed, this.#things, this.#coverage, chooser);
  }

  /** Makes a run once more. @returns whether it was the same, turn by turn; the first turn that was not becomes an obstacle. */
  async #doesTheSame({ run }: Outcome, chooser: () => Chooser): Promise<boolean> {
    const again = await this.#again(run.seed, chooser());
    const difference = firstDifference(trailOf(run), trailOf(again.run));
    if (difference !== undefined) this.#obstacles.add(`the program does not do the same again: ${difference}`);
    return difference === undefined;
  }

  /**
   * Makes the schedule of a failure shorter, and says whose turns decide.
   *
   * @param reversals the races that are known to be turned round in it; none: those by which it differs from a run that passed.
   */
  async #explain(
    found: Outcome,
    deviations: ReadonlyMap<number, string>,
    reversals: readonly Race[] = [],
  ): Promise<ExplorationError> {
    const { run, failure } = found;
    // Which races decide is known of this failure; another one of the same kind may have others.
    const kindOf = (cause: unknown): string =>
      `${String(read(cause, "name"))} ${reversals.length > 0 ? messageOf(cause) : ""}`;
    const kind = kindOf(failure?.cause);
    let left = MOST_RERUNS;
    let shortest = found;
    const fails = async (chooser: Chooser): Promise<Outcome | undefined> => {
      if (left-- <= 0) return undefined;
      const outcome = await this.#again(run.seed, chooser);
      return outcome.failure !== undefined && kindOf(outcome.failure.cause) === kind ? outcome : undefined;
    };
    await shrink(deviations, async (fewer) => {
      const outcome = await fails(new DeviatingChooser(fewer));
      if (outcome !== undefined) shortest = outcome;
      return outcome !== undefined;
    });
    const slowest: string[] = [];
    for (const { key, label } of [...run.places])
      if (slowest.length < 3 && (await fails(new HoldingBack(key))) !== undefined) slowest.push(label);
    const first = await this.#again(run.seed, firstReady);
    if (first.failure !== undefined) return this.#error(shortest, [], slowest);
    this.#passed = trailOf(first.run);
    const races = reversals.length > 0 ? reversals : racesBetween(first.run, shortest.run, this.#things);
    return this.#error(shortest, races, slowest);
  }

  #error(outcome: Outcome, races: readonly Race[], slowest: readonly string[]): ExplorationError {
    const { run, lastTurns, failure } = outcome;
    const { seed } = run;
    const schedule = scheduleText({ seed, choices: run.choices });
    const report = tellStory(outcome, this.#passed);
    const facts = { seed, schedule, races, slowest, coverage: this.#coverage.report(), report, lastTurns };
    return new ExplorationError(this.#headline(outcome, facts), facts, failure?.cause);
  }

  /** What failed, why, what happened before, what was out of control, and how to have it again: a line each. */
  #headline({ failure }: Outcome, { seed, races, slowest, report, schedule }: FailureFacts): string {
    const where = `failed under seed ${seed}, in run ${this.#runs} of at most ${this.#plan.runs}`;
    const why = races.length === 0 ? [] : [`It fails when ${races.map((race) => race.text).join(", and ")}.`];
    const slow = slowest.map((actor) => `\`${actor}\``).join(" or ");
    const held = slow === "" ? [] : [`It fails whenever ${slow} is held back until nobody else is ready.`];
    const all = this.#failed === 1 ? [] : [`It fails in each of the ${this.#failed} orders that were tried.`];
    const limits = [...this.#obstacles].map((obstacle) => `Not under control: ${obstacle}.`);
    const lines = [
      `${where}: ${messageOf(failure?.cause)}`,
      ...why,
      ...held,
      ...all,
      report,
      ...limits,
      ...replayCommands(schedule, this.#plan.place),
    ];
    return lines.filter((line) => line !== "").join("\n");
  }
}

function randomly(seed: number): Chooser {
  return new RandomChooser(new SeededRandom(seed));
}
