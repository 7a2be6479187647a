/**
 * Which order to try next: dynamic partial-order reduction by source sets, with sleep sets.
 *
 * @see Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 64(4), 2017
 */
import { indexOfKey } from "./choosers.ts";
import type { Footprint, Things } from "./dependence.ts";
import { HappensBefore } from "./happens-before.ts";
import type { Place } from "./place.ts";
import { type Race, reversed } from "./race.ts";
import { type Chooser, type Run, STEPS_KEPT } from "./run.ts";

/** One turn of the orders under search: what was tried there, and what is to be. */
interface Choice {
  chosen: string;
  readonly enabled: readonly string[];
  /** What is to be tried, each with the race that it reverses; the first reverses none. */
  readonly wanted: Map<string, Race | undefined>;
  /** What leads to nothing new here, with what its turn uses. */
  readonly asleep: Map<string, Footprint>;
  /** What the turn that was chosen used. */
  footprint: Footprint;
}

const NOTHING: Footprint = new Map();

/** The search as a whole. Each run is one way down; {@link learn} says which ways are left. */
export class Search {
  readonly #things: Things;
  #path: Choice[] = [];
  #isOver = false;

  constructor(things: Things) {
    this.#things = things;
  }

  /** Every order that matters has been tried. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The way to be tried next. */
  descend(): Descent {
    return new Descent(this.#path, this.#things);
  }

  /** The races that the present way reverses, in the order of its turns. */
  get reversals(): readonly Race[] {
    return this.#path.map(({ wanted, chosen }) => wanted.get(chosen)).filter((race) => race !== undefined);
  }

  /** Looks for what else could have happened in a run, and takes the next way. */
  learn(run: Run, descent: Descent): void {
    for (const event of run.events) {
      const choice = event.turn === undefined ? undefined : this.#path[event.turn];
      if (choice !== undefined) choice.footprint = event.footprint;
    }
    const isAnew = run.hasWoken && descent.given > 0;
    if (isAnew) this.#path = [];
    else {
      this.#wantReversals(run, descent);
      this.#isOver = !this.#goOn();
    }
  }

  #wantReversals(run: Run, descent: Descent): void {
    const fromTurn = Math.max(0, descent.given - 1);
    for (const race of new HappensBefore(run.events, this.#things).races(fromTurn)) {
      const { earlier, later, initials } = race;
      const choice = this.#path[earlier.turn as number];
      // What comes after a turn in which everybody was asleep was looked at in another run.
      if (choice === undefined || (later.turn as number) >= this.#path.length) continue;
      if ([...initials].some((key) => choice.wanted.has(key))) continue;
      const wished = later.place?.key as string;
      const [first] = initials;
      const key = initials.has(wished) || first === undefined ? wished : first;
      // Only what a run has used without being seen leads to one who was not ready: then everybody is tried.
      const keys = choice.enabled.includes(key) ? [key] : choice.enabled;
      for (const one of keys) if (!choice.wanted.has(one)) choice.wanted.set(one, reversed(race, this.#things));
    }
  }

  /** Takes the last turn in which something is left to be tried. @returns whether there is one. */
  #goOn(): boolean {
    for (let choice = this.#path.at(-1); choice !== undefined; choice = this.#path.at(-1)) {
      choice.asleep.set(choice.chosen, choice.footprint);
      for (const key of choice.wanted.keys()) {
        if (choice.asleep.has(key)) continue;
        choice.chosen = key;
        choice.footprint = NOTHING;
        return true;
      }
      this.#path.pop();
    }
    return false;
  }
}

/** One way down: first what is given, then whoever waits longest and is not asleep. */
export class Descent implements Chooser {
  readonly #path: Choice[];
  readonly #things: Things;
  /** Turns that are given. */
  readonly given: number;
  #isAside = false;
  /** Where the program did not do again what it did before. */
  strayed: string | undefined = undefined;

  constructor(path: Choice[], things: Things) {
    this.#path = path;
    this.#things = things;
    this.given = path.length;
  }

  choose(ready: readonly Place[], run: Run): number {
    const turn = run.turnCount;
    if (turn < this.given) return this.#chooseGiven(ready, turn);
    if (this.#isAside || turn >= STEPS_KEPT) return 0;
    const asleep = this.#asleepNow(run);
    const at = ready.findIndex(({ key }) => !asleep.has(key));
    if (at < 0) {
      this.#isAside = true;
      return 0;
    }
    const chosen = (ready[at] as Place).key;
    const enabled = ready.map(({ key }) => key);
    this.#path.push({ chosen, enabled, wanted: new Map([[chosen, undefined]]), asleep, footprint: NOTHING });
    return at;
  }

  #chooseGiven(ready: readonly Place[], turn: number): number {
    if (this.#isAside) return 0;
    const { chosen, enabled } = this.#path[turn] as Choice;
    const at = indexOfKey(ready, chosen);
    const isSame = ready.length === enabled.length && ready.every(({ key }) => enabled.includes(key));
    if (at >= 0 && isSame) return at;
    this.strayed = `turn ${turn + 1}: ${names(enabled)} could run before, now ${names(ready.map(({ key }) => key))}`;
    this.#isAside = true;
    return 0;
  }

  /** Whoever was asleep in the turn before, and does not depend on what was done in it. */
  #asleepNow({ now, turnCount }: Run): Map<string, Footprint> {
    const before = this.#path[turnCount - 1];
    const asleep = new Map<string, Footprint>();
    // Time has passed, or the test has acted: nobody was ready any more.
    if (before === undefined || now.turn !== turnCount - 1) return asleep;
    for (const [key, footprint] of before.asleep)
      if (key !== before.chosen && !this.#things.areDependent(footprint, now.footprint)) asleep.set(key, footprint);
    return asleep;
  }
}

function names(keys: readonly string[]): string {
  return keys.length === 0 ? "nobody" : keys.join(", ");
}
