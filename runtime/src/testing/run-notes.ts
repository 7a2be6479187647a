/** What a run notes for an editor: where each message was sent from, what handled it, and in which turn. */
import { userFrames } from "../environment/user-frames.ts";
import { locateFunctions } from "../inspect/locate.ts";
import { handlerFor } from "../inspect/message-stop.ts";
import { definitionOf } from "../inspect/rows.ts";
import { type CodePlace, placeOfFrame } from "./exploration-place.ts";
import type { Place } from "./place.ts";
import type { Race, RaceSide } from "./race.ts";

/** What stands in for a sender that is no actor, as in {@link RaceSide}. */
const OUTSIDE = "the test";

/** One side of a race, with its places. */
export interface PlacedSide extends RaceSide {
  /** Where it sent that, the innermost line of the program. */
  readonly at?: CodePlace;
}

export interface PlacedRace {
  readonly text: string;
  readonly on: string;
  readonly isSend: boolean;
  readonly first: PlacedSide;
  readonly second: PlacedSide;
  /** What handled the message that came first. */
  readonly handler?: Handling;
}

export interface Handling {
  /** Path below the root. */
  readonly actor: string;
  /** Class name, or the name given to `defineActor`. */
  readonly definition: string;
  readonly type: string;
  /** Number of the turn, from 1. */
  readonly turn: number;
  /** Where what handled it begins, as the program runs it. */
  readonly at?: CodePlace;
}

interface Taken {
  readonly place: Place;
  readonly from: string;
  readonly type: string;
  readonly turn: number;
  readonly handler: unknown;
  readonly definition: string;
}

export class RunNotes {
  readonly #sends = new Map<string, CodePlace | undefined>();
  readonly #taken: Taken[] = [];

  sends(from: Place | undefined, to: Place, type: string): void {
    const key = keyOf(from?.label ?? OUTSIDE, to.label, type);
    if (this.#sends.has(key)) return;
    const [frame] = userFrames(new Error("sent").stack, true);
    this.#sends.set(key, frame === undefined ? undefined : placeOfFrame(frame));
  }

  /** @param turn from 1. */
  takes(from: Place | undefined, to: Place, type: string, turn: number): void {
    const { cell } = to;
    const handler = cell.behavior === undefined ? undefined : handlerFor(cell, type);
    this.#taken.push({ place: to, from: from?.label ?? OUTSIDE, type, turn, handler, definition: definitionOf(cell) });
  }

  /** Races with their places, and what was handled last. */
  async placed(races: readonly Race[]): Promise<{ readonly races: readonly PlacedRace[]; readonly last?: Handling }> {
    const decisive = races.map(({ on, first, isSend }) =>
      isSend ? this.#find(on, first.actor, first.type) : undefined,
    );
    const last = this.#taken.findLast(({ place }) => !place.cell.isSupervisor);
    const handlers = await locateFunctions([...decisive, last].map((taken) => taken?.handler)).catch(() => []);
    const handling = (taken: Taken | undefined, at: CodePlace | undefined): Handling | undefined =>
      taken && {
        actor: taken.place.label,
        definition: taken.definition,
        type: taken.type,
        turn: taken.turn,
        ...(at === undefined ? {} : { at }),
      };
    const placed = races.map((race, index) => {
      const handler = handling(decisive[index], handlers[index]);
      const [first, second] = [this.#side(race, race.first), this.#side(race, race.second)];
      const { text, on, isSend } = race;
      return { text, on, isSend, first, second, ...(handler === undefined ? {} : { handler }) };
    });
    const lastHandling = handling(last, handlers[races.length]);
    return { races: placed, ...(lastHandling === undefined ? {} : { last: lastHandling }) };
  }

  #find(on: string, from: string, type: string | undefined): Taken | undefined {
    return this.#taken.find((taken) => taken.place.label === on && taken.from === from && taken.type === type);
  }

  #side({ on, isSend }: Race, side: RaceSide): PlacedSide {
    const at = isSend && side.type !== undefined ? this.#sends.get(keyOf(side.actor, on, side.type)) : undefined;
    return at === undefined ? side : { ...side, at };
  }
}

function keyOf(from: string, to: string, type: string): string {
  return JSON.stringify([from, to, type]);
}
