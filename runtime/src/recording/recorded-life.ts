/** Lives of actors in a recording: from where each began, what it handled. */
import type { RecordedMessage, Recording } from "./recording.ts";
import type { Started } from "./recording-line.ts";

/** A life whose begin is recorded: those are, where values are. */
export interface RecordedLife {
  /** Path of the actor. */
  readonly actor: string;
  readonly incarnation: number;
  /** What it sent before it had begun: in its `preStart`. */
  readonly before: readonly RecordedMessage[];
  /** What it handled, in that order. */
  readonly messages: readonly RecordedMessage[];
}

/** Times are told in microseconds. */
const ROUNDED_MS = 0.005;

/** In the order in which they began. */
export function recordedLives(recording: Recording): readonly RecordedLife[] {
  const starts = recording.events.flatMap(({ event }) => (event.kind === "started" ? [event] : []));
  const byActor = new Map<string, Started[]>();
  for (const start of starts) byActor.set(start.path, [...(byActor.get(start.path) ?? []), start]);
  const handled = new Map<Started, RecordedMessage[]>(starts.map((start) => [start, []]));
  for (const message of recording) {
    if (message.runUs < 0 && message.waitUs < 0) continue;
    const life = byActor.get(message.to.path)?.findLast(({ at }) => beginsAt(message) >= at - ROUNDED_MS);
    if (life !== undefined) handled.get(life)?.push(message);
  }
  const unprompted = [...recording].filter(({ from, cause }) => from !== undefined && cause < 0);
  const lives = new Map<string, number>();
  return [...handled].map(([{ path, incarnation, at }, messages]) => {
    messages.sort((one, other) => beginsAt(one) - beginsAt(other));
    // A life begins when there is nothing left of the one before.
    const since = lives.get(path) ?? Number.NEGATIVE_INFINITY;
    lives.set(path, Math.max(at, ...messages.slice(-1).map(beginsAt)));
    const before = unprompted.filter(
      ({ from, sentAt }) => from?.path === path && sentAt > since && sentAt <= at + ROUNDED_MS,
    );
    return { actor: path, incarnation, before, messages };
  });
}

function beginsAt({ sentAt, waitUs }: RecordedMessage): number {
  return sentAt + waitUs / 1_000;
}
