/** Ways to choose whose turn is next, apart from the systematic search. */
import { ScheduleError } from "./errors.ts";
import type { Place } from "./place.ts";
import type { Chooser, Run } from "./run.ts";
import { readyOf } from "./schedule.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** First in, first out. */
export const firstReady: Chooser = { choose: () => 0 };

/** Whoever the seed says. */
export class RandomChooser implements Chooser {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  choose(ready: readonly Place[]): number {
    return ready.length === 1 ? 0 : this.#random.below(ready.length);
  }
}

/** The choices of a schedule. @throws {ScheduleError} in a turn that it does not fit. */
export class ScheduledChooser implements Chooser {
  readonly #choices: readonly number[];
  #made = 0;
  /** Set where it does not fit; from there on the one who waits longest is next. */
  misfit: ScheduleError | undefined = undefined;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  choose(ready: readonly Place[], run: Run): number {
    if (ready.length === 1 || this.misfit !== undefined) return 0;
    const choice = this.#choices[this.#made++];
    const found = choice === undefined ? undefined : readyOf(choice);
    if (found?.count === ready.length) return placeOfRank(ready, found.index);
    const expected = found === undefined ? "it has ended" : `it chooses among ${found.count} actors`;
    const names = ready.map(({ label }) => label).join(", ");
    this.misfit = new ScheduleError(`${expected}, and ${ready.length} are ready: ${names}`, run.turnCount + 1);
    return 0;
  }

  /** What is left of it after the run, if that was whole. */
  get leftOver(): number {
    return this.#choices.length - this.#made;
  }
}

/** Where in the list the one is that stands there when they are sorted by path. */
function placeOfRank(ready: readonly Place[], rank: number): number {
  const sorted = ready.map(({ key }, at) => ({ key, at }));
  sorted.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : one.at - other.at));
  return (sorted[rank] as { readonly at: number }).at;
}

/** In some turns somebody else than the one who waits longest: by the number of the turn, his key. */
export class DeviatingChooser implements Chooser {
  readonly #deviations: ReadonlyMap<number, string>;

  constructor(deviations: ReadonlyMap<number, string>) {
    this.#deviations = deviations;
  }

  choose(ready: readonly Place[], run: Run): number {
    const key = this.#deviations.get(run.turnCount);
    return key === undefined ? 0 : Math.max(0, indexOfKey(ready, key));
  }
}

/** First in, first out, but one actor only when nobody else is ready. */
export class HoldingBack implements Chooser {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  choose(ready: readonly Place[]): number {
    const at = ready.findIndex(({ key }) => key !== this.#key);
    return Math.max(0, at);
  }
}

/** Notes where another chooser does not take the one who waits longest. */
export class NotedChooser implements Chooser {
  readonly #chooser: Chooser;
  readonly deviations: Map<number, string> = new Map();

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
  }

  choose(ready: readonly Place[], run: Run): number {
    const at = this.#chooser.choose(ready, run);
    if (at !== 0) this.deviations.set(run.turnCount, (ready[at] as Place).key);
    return at;
  }
}

export function indexOfKey(ready: readonly Place[], key: string): number {
  return ready.findIndex((place) => place.key === key);
}
