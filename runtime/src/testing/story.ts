/** What happened before a failure, for people: the last deliveries, what went wrong, who waits for what, and where a run that passed goes on. */
import type { Outcome } from "./outcome.ts";
import type { Run } from "./run.ts";
import { commonLength, trailOf } from "./trail.ts";

/** Deliveries that are told, and turns to the left of the place where two runs part. */
const MOST_DELIVERIES = 16;

/** @param passed the turns of a run that passed; `undefined` when there was none. */
export function tellStory(outcome: Outcome, passed: readonly string[] | undefined): string {
  const { run, troubles, waits, warnings } = outcome;
  return [
    deliveriesOf(run),
    partingOf(trailOf(run), passed),
    ...troubles,
    waits.length === 0 ? "" : `When it failed: ${waits.join("; ")}.`,
    warnings.length === 0 ? "" : `Left behind: ${warnings.join("; ")}.`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** `hall took isFree (north), isFree (south), book (south)`: one after the other, each recipient named once in a row. */
function deliveriesOf({ events }: Run): string {
  const taken = events.flatMap((event) => (event.taken === undefined ? [] : [event.taken])).slice(-MOST_DELIVERIES);
  const parts: string[] = [];
  let last: unknown;
  for (const { from, to, type } of taken) {
    const message = `${type} (${from?.label ?? "the test"})`;
    parts.push(last === to ? `, ${message}` : `${last === undefined ? "" : "; "}${to.label} took ${message}`);
    last = to;
  }
  return parts.length === 0 ? "" : `What was taken last: ${parts.join("")}.`;
}

function partingOf(trail: readonly string[], passed: readonly string[] | undefined): string {
  if (passed === undefined) return "";
  const at = commonLength(passed, trail);
  if (at >= trail.length) return "";
  return `A run that passed is the same up to turn ${at}; then "${passed[at] ?? "nothing more"}", and here "${trail[at]}".`;
}
