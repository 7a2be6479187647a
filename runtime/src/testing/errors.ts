/** What a test is told when a program of actors did not do what was expected. */
import { AirssysError } from "../values/errors.ts";
import { joinText, messageOf, safeText, text } from "../values/safe-text.ts";
import type { ExplorationCoverage } from "./coverage.ts";
import type { Race } from "./race.ts";

/** A probe or a behavior kit saw something else than the test expected. */
export class ExpectationError extends AirssysError {
  readonly code = "ERR_EXPECTATION";
  /** What was seen instead: messages, an exit reason, nothing. */
  readonly seen: unknown;
  constructor(text: string, seen: unknown) {
    super(safeText(text));
    this.seen = seen;
  }
}

/**
 * A program comes to no rest, or to no end: actors kept one another busy, without virtual time passing, for `turns` turns; or somebody
 * waits for what nobody will do.
 */
export class UnsettledError extends AirssysError {
  readonly code = "ERR_UNSETTLED";
  readonly turns: number;
  /** The actors whose turns were the last ones, by path; empty when nobody is busy. */
  readonly actors: readonly string[];
  /** One sentence for each actor that waits, or that messages wait for: what it handles, what it waits for, its queue. */
  readonly waits: readonly string[];
  constructor(turns: number, actors: readonly string[], waits: readonly string[] = []) {
    const what =
      actors.length > 0
        ? text`still busy after ${turns} turns; the last ones were of ${joinText(actors, ", ")}`
        : "it waits for what nobody will do, and virtual time passes only when the test lets it";
    super(waits.length === 0 ? what : text`${what}: ${joinText(waits, "; ")}`);
    this.turns = turns;
    this.actors = actors;
    this.waits = waits;
  }
}

/** The runtime broke one of its own promises; every line of {@link violations} names one. */
export class InvariantError extends AirssysError {
  readonly code = "ERR_INVARIANT";
  readonly violations: readonly string[];
  constructor(violations: readonly string[]) {
    super(joinText(violations, "; "));
    this.violations = violations;
  }
}

/** What an actor throws where a crash was injected. */
export class InjectedCrash extends AirssysError {
  readonly code = "ERR_INJECTED_CRASH";
  readonly actor: string;
  constructor(actor: string, where: string) {
    super(text`injected into ${actor}, ${where}`);
    this.actor = actor;
  }
}

/** A schedule that cannot be read, or that does not fit the program: it was found by another one, or changed. */
export class ScheduleError extends AirssysError {
  readonly code = "ERR_SCHEDULE";
  /** The first turn that it does not fit, counted from 1; `undefined` when it cannot even be read. */
  readonly turn: number | undefined;
  /** @param cause what the program failed with there, if it did. */
  constructor(reason: string, turn: number | undefined, cause?: unknown) {
    const what =
      turn === undefined
        ? text`the schedule cannot be used: ${reason}`
        : text`the schedule does not fit this program from turn ${turn} on: ${reason}`;
    super(what, cause === undefined ? {} : { cause });
    this.turn = turn;
  }
}

/** What is known of a failure that exploring found. */
export interface FailureFacts {
  readonly seed: number;
  /** The whole run, as text: `AIRSSYS_SCHEDULE` replays it. */
  readonly schedule: string;
  /** Which run it was, and of how many at most. */
  readonly run: number;
  readonly runs: number;
  readonly lastTurns: readonly string[];
  readonly races: readonly Race[];
  readonly slowest: readonly string[];
  readonly coverage: ExplorationCoverage;
  readonly obstacles: readonly string[];
  readonly report: string;
  /** Lines with which a terminal has it again. */
  readonly commands: readonly string[];
}

/** A program failed under a schedule. The cause is what it failed with; the text says why, and how to have it again. */
export class ExplorationError extends AirssysError {
  readonly code = "ERR_EXPLORATION";
  readonly seed: number;
  /** The schedule that fails, as text: with it in `AIRSSYS_SCHEDULE` only this run is made. */
  readonly schedule: string;
  /** The races that the run that failed decides otherwise than one that passed; empty when the first run failed. */
  readonly races: readonly Race[];
  /** Actors (paths below the root) with each of which held back until nobody else is ready the program fails too. */
  readonly slowest: readonly string[];
  readonly coverage: ExplorationCoverage;
  /** What happened before, for people. */
  readonly report: string;
  /** The last choices of the scheduler: who ran, and how many messages it took. */
  readonly lastTurns: readonly string[];
  constructor(facts: FailureFacts, cause: unknown) {
    const { seed, races, run, runs, report, obstacles, commands } = facts;
    const what = messageOf(cause);
    const where = text`failed under seed ${seed}, in run ${run} of at most ${runs}`;
    const why = races.length === 0 ? [] : [`It fails when ${races.map((race) => race.text).join(", and ")}.`];
    const limits = obstacles.map((obstacle) => `Not under control: ${obstacle}.`);
    super([text`${where}: ${what}`, ...why, report, ...limits, ...commands].filter((line) => line !== "").join("\n"), {
      cause,
    });
    this.seed = seed;
    this.schedule = facts.schedule;
    this.races = races;
    this.slowest = facts.slowest;
    this.coverage = facts.coverage;
    this.report = report;
    this.lastTurns = facts.lastTurns;
  }
}

/** A life of an actor that cannot be replayed. */
export class ReplayError extends AirssysError {
  readonly code = "ERR_REPLAY";
  readonly actor: string;
  constructor(actor: string, reason: string) {
    super(text`${actor} cannot be replayed: ${reason}`);
    this.actor = actor;
  }
}
