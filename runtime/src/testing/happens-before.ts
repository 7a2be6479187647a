/** Which steps of a run could have come in another order. Decisions only: knows nothing of actors or of time. */
import type { Things } from "./dependence.ts";
import type { TurnEvent } from "./turn-event.ts";

/** Two turns whose order matters and is not given by anything else. */
export interface Reversible {
  readonly earlier: TurnEvent;
  readonly later: TurnEvent;
  /** What both use. */
  readonly thing: number;
  /** Whose turns could come first in place of the earlier one so that the later one may come before it, by key. */
  readonly initials: ReadonlySet<string>;
}

/** Who changed a thing last, and who has read it since. */
interface Uses {
  change: number;
  reads: number[];
}

/** By actor, the last of its turns that a step comes after. */
type ClockVector = number[];

function join(into: ClockVector, other: ClockVector): void {
  for (let at = 0; at < other.length; at++) {
    const value = other[at] as number;
    if (value > (into[at] ?? -1)) into[at] = value;
  }
}

/**
 * Orders the steps of one run.
 *
 * | a step comes after | because |
 * |---|---|
 * | every earlier turn of its actor | an actor does one thing after the other |
 * | its causes | nothing is taken before it was sent, and nobody runs before he is ready |
 * | every earlier step with which it is dependent | their order matters; a race, if nothing else orders them |
 * | everything, when nobody was ready | time passes, and tests act, only then |
 */
export class HappensBefore {
  readonly #events: readonly TurnEvent[];
  readonly #things: Things;
  readonly #clocks: ClockVector[] = [];
  /** By actor, its last turn. */
  readonly #last = new Map<number, number>();
  readonly #uses = new Map<number, Uses>();
  #rest: ClockVector = [];

  constructor(events: readonly TurnEvent[], things: Things) {
    this.#events = events;
    this.#things = things;
  }

  /** The races whose later turn is number `fromTurn` or one after it, in order. */
  races(fromTurn: number): readonly Reversible[] {
    const races: Reversible[] = [];
    for (const event of this.#events) {
      if (event.place === undefined) {
        this.#endOrder(event);
        continue;
      }
      const clock = this.#orderedOtherwise(event);
      const conflicts = this.#conflicts(event);
      const isOfInterest = (event.turn as number) >= fromTurn && conflicts.size > 0;
      if (isOfInterest) this.#findRaces(event, conflicts, clock, races);
      else for (const index of conflicts.keys()) join(clock, this.#clocks[index] as ClockVector);
      this.#put(event, clock);
    }
    return races;
  }

  /** From the last to the first: what is ordered by one that comes between is no race. The clock comes after all of them then. */
  #findRaces(later: TurnEvent, conflicts: ReadonlyMap<number, number>, clock: ClockVector, races: Reversible[]): void {
    for (const index of [...conflicts.keys()].sort((one, other) => other - one)) {
      const earlier = this.#events[index] as TurnEvent;
      if (earlier.place !== undefined && !this.#isWithin(earlier, clock)) {
        const thing = conflicts.get(index) as number;
        races.push({ earlier, later, thing, initials: this.#initials(earlier, later, clock) });
      }
      join(clock, this.#clocks[index] as ClockVector);
    }
  }

  #orderedOtherwise(event: TurnEvent): ClockVector {
    const clock = [...this.#rest];
    const last = this.#last.get(event.place?.index as number);
    if (last !== undefined) join(clock, this.#clocks[last] as ClockVector);
    for (const cause of event.causes) join(clock, this.#clocks[cause] as ClockVector);
    return clock;
  }

  /** The last steps with which it is dependent, each with what both use. */
  #conflicts(event: TurnEvent): Map<number, number> {
    const conflicts = new Map<number, number>();
    for (const [thing, isChange] of event.footprint) {
      if (!this.#things.counts(thing)) continue;
      const uses = this.#uses.get(thing);
      if (uses === undefined) continue;
      if (uses.change >= 0 && !conflicts.has(uses.change)) conflicts.set(uses.change, thing);
      if (isChange) for (const read of uses.reads) if (!conflicts.has(read)) conflicts.set(read, thing);
    }
    return conflicts;
  }

  #put(event: TurnEvent, clock: ClockVector): void {
    const { index, place } = event;
    clock[place?.index as number] = index;
    this.#last.set(place?.index as number, index);
    this.#clocks[index] = clock;
    this.#noteUses(event);
  }

  #noteUses({ index, footprint }: TurnEvent): void {
    for (const [thing, isChange] of footprint) {
      const uses = this.#uses.get(thing);
      if (isChange) this.#uses.set(thing, { change: index, reads: [] });
      else if (uses === undefined) this.#uses.set(thing, { change: -1, reads: [index] });
      else uses.reads.push(index);
    }
  }

  /** Nobody was ready: it comes after all that was, and before all that will be. */
  #endOrder(event: TurnEvent): void {
    const clock: ClockVector = [...this.#rest];
    for (const [actor, index] of this.#last) if (index > (clock[actor] ?? -1)) clock[actor] = index;
    this.#rest = clock;
    this.#clocks[event.index] = clock;
    this.#last.clear();
    this.#uses.clear();
  }

  #isWithin(event: TurnEvent, clock: ClockVector): boolean {
    return (clock[event.place?.index as number] ?? -1) >= event.index;
  }

  /**
   * Of the turns that come after the earlier one and not because of it, up to the later one: whose come first, each with none of the
   * others before it.
   *
   * @param clockOfLater what the later one comes after, this race and what was before it apart.
   */
  #initials(earlier: TurnEvent, later: TurnEvent, clockOfLater: ClockVector): ReadonlySet<string> {
    const initials = new Set<string>();
    const actors = new Set<number>();
    const seen: TurnEvent[] = [];
    const look = (event: TurnEvent, clock: ClockVector): void => {
      const { place } = event;
      if (place === undefined || actors.has(place.index)) return;
      if (!seen.some((before) => this.#isWithin(before, clock))) initials.add(place.key);
      actors.add(place.index);
      seen.push(event);
    };
    for (let at = earlier.index + 1; at < later.index; at++) {
      const clock = this.#clocks[at] as ClockVector;
      if (!this.#isWithin(earlier, clock)) look(this.#events[at] as TurnEvent, clock);
    }
    look(later, clockOfLater);
    return initials;
  }
}
