/** One step of a run: a turn of one actor on one message, with the promise reactions up to the next turn; or what happens between turns. */
import { aspectOf, type Footprint } from "./dependence.ts";
import type { Place } from "./place.ts";

/** A message as it was sent, or as it was taken. */
export interface Delivery {
  /** `undefined`: sent by nobody's turn, as from the test. */
  readonly from: Place | undefined;
  readonly to: Place;
  /** Its `type`; of a signal its name. */
  readonly type: string;
}

export class TurnEvent {
  /** Counted through all steps of the run. */
  readonly index: number;
  /** Counted through the turns: which choice led to it. `undefined` for what happens between turns, when nobody is ready. */
  readonly turn: number | undefined;
  /** Whose turn it is. */
  readonly place: Place | undefined;
  /** Who acts in it, by {@link Place.index}. */
  readonly participants: Set<number> = new Set();
  readonly footprint: Footprint = new Map();
  /** Steps without which it could not be: who sent what it takes, who made its actor ready. */
  readonly causes: Set<number> = new Set();
  readonly sent: Delivery[] = [];
  taken: Delivery | undefined = undefined;

  constructor(index: number, turn: number | undefined, place: Place | undefined) {
    this.index = index;
    this.turn = turn;
    this.place = place;
    if (place !== undefined) this.join(place);
  }

  /** It acts in this step. @returns whether it had not before. */
  join(place: Place): boolean {
    if (this.participants.has(place.index)) return false;
    this.participants.add(place.index);
    this.use(aspectOf(place.base, "self"), true);
    return true;
  }

  use(thing: number, isChange: boolean): void {
    if (isChange || !this.footprint.has(thing)) this.footprint.set(thing, isChange);
  }
}
