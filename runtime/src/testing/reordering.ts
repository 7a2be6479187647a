/** Which races one run decides otherwise than another. */
import type { Things } from "./dependence.ts";
import { HappensBefore } from "./happens-before.ts";
import { type Race, reversed } from "./race.ts";
import type { Run } from "./run.ts";
import type { TurnEvent } from "./turn-event.ts";

/** Races that people can bear to read of one failure. */
const MOST_TOLD = 5;

/** The races of the passing run whose two turns come the other way round in the failing one. */
export function racesBetween(passing: Run, failing: Run, things: Things): readonly Race[] {
  const turns = firstTurns(failing);
  const races: Race[] = [];
  const told = new Set<string>();
  for (const race of new HappensBefore(passing.events, things).races(0)) {
    const earlier = turns.get(nameOf(race.earlier));
    const later = turns.get(nameOf(race.later));
    if (earlier === undefined || later === undefined || earlier < later) continue;
    const found = reversed(race, things);
    if (told.has(found.text)) continue;
    told.add(found.text);
    races.push(found);
    if (races.length === MOST_TOLD) break;
  }
  return races;
}

function firstTurns(run: Run): ReadonlyMap<string, number> {
  const turns = new Map<string, number>();
  for (const event of run.events) {
    const name = nameOf(event);
    if (!turns.has(name)) turns.set(name, event.index);
  }
  return turns;
}

/** A turn, by who took what from whom: the same in both runs. */
function nameOf({ place, taken }: TurnEvent): string {
  return `${place?.key ?? ""} ${taken?.from?.key ?? ""} ${taken?.type ?? ""}`;
}
