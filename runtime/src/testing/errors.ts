/** What a test is told when a program of actors did not do what was expected. Leaf. */
import { AirssysError } from "../values/errors.ts";
import { joinText, messageOf, safeText, text } from "../values/safe-text.ts";

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

/** Actors kept one another busy without end: no virtual time passed in `turns` turns. */
export class UnsettledError extends AirssysError {
  readonly code = "ERR_UNSETTLED";
  readonly turns: number;
  /** The actors whose turns were the last ones, by path. */
  readonly actors: readonly string[];
  constructor(turns: number, actors: readonly string[]) {
    super(text`still busy after ${turns} turns; the last ones were of ${joinText(actors, ", ")}`);
    this.turns = turns;
    this.actors = actors;
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

/** A program failed under a seed. The cause is what it failed with; the text says how to have it again. */
export class ExplorationError extends AirssysError {
  readonly code = "ERR_EXPLORATION";
  readonly seed: number;
  /** The last choices of the scheduler: who ran, and how many messages it took. */
  readonly lastTurns: readonly string[];
  constructor(seed: number, lastTurns: readonly string[], cause: unknown) {
    const what = messageOf(cause);
    super(text`failed under seed ${seed} (replay it with AIRSSYS_SEED=${seed}): ${what}`, { cause });
    this.seed = seed;
    this.lastTurns = lastTurns;
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
