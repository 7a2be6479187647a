/** What a test is told when a program of actors did not do what was expected. */
import { AirssysError } from "../values/errors.ts";
import { isFields, readFields } from "../values/fields.ts";
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
      joinText(actors, "") !== ""
        ? text`still busy after ${turns} turns; the last ones were of ${joinText(actors, ", ")}`
        : "it waits for what nobody will do, and virtual time passes only when the test lets it";
    const who = joinText(waits, "; ");
    super(who === "" ? what : text`${what}: ${who}`);
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

/** What the test says must hold, as `World` takes it. */
export type Claim = "always" | "finally" | "sometimes" | "recovers" | "linearizable";

/** The program broke what the test says must hold. The cause is what the check threw, if it threw. */
export class ViolationError extends AirssysError {
  readonly code = "ERR_VIOLATION";
  readonly claim: Claim;
  /** The invariant, as the test calls it; of `linearizable` the actor. */
  readonly invariant: string;
  /** @param when after what, or how: a clause. */
  constructor(claim: Claim, invariant: string, when: string, cause?: unknown) {
    const why = cause === undefined ? "" : text`: ${messageOf(cause)}`;
    super(text`${claim} "${invariant}" does not hold ${when}${why}`, cause === undefined ? {} : { cause });
    this.claim = claim;
    this.invariant = invariant;
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
  readonly schedule: string;
  readonly races: readonly Race[];
  readonly slowest: readonly string[];
  readonly coverage: ExplorationCoverage;
  readonly report: string;
  readonly lastTurns: readonly string[];
}

const FACTS = ["seed", "schedule", "races", "slowest", "coverage", "report", "lastTurns"];

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
  constructor(message: string, facts: FailureFacts, cause: unknown) {
    super(text`${message}`, { cause });
    const own = { ...(isFields(facts) ? readFields(facts, FACTS) : undefined) } as FailureFacts;
    this.seed = own.seed;
    this.schedule = own.schedule;
    this.races = own.races;
    this.slowest = own.slowest;
    this.coverage = own.coverage;
    this.report = own.report;
    this.lastTurns = own.lastTurns;
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
