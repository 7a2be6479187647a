/** The last messages of the actors that somebody looks at. While nobody does, no message is noted. */
import type { Cell } from "../actor/cell.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { DETAILS_LIMITS } from "./details-protocol.ts";
import { listen } from "./tracing.ts";

/** Milliseconds between two looks at who is still looked at, and how many of them go by until nobody is. They do not pass while paused. */
const LOOK_MS = 2_000;
const SILENT_LOOKS = 10;

/** A message whose turn is over, or runs. Times on the clock of the system. */
export interface Noted {
  readonly letter: Letter;
  readonly begunMs: number;
  /** How long it waited. */
  readonly waitedMs: number;
  ranMs: number;
  hasCrashed: boolean;
}

class Watched {
  silentLooks = 0;
  inHand: Noted | undefined;
  readonly noted: Noted[] = [];
}

export class Recent implements Trace {
  readonly #watched = new Map<Cell, Watched>();
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** The last ones of an actor, the newest first; from now on they are noted. */
  of(cell: Cell): readonly Noted[] {
    const watched = this.#watched.get(cell) ?? new Watched();
    watched.silentLooks = 0;
    this.#watched.set(cell, watched);
    this.#begin();
    return watched.noted.toReversed();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#end?.();
    this.#end = this.#timer = undefined;
    this.#watched.clear();
  }

  sent(): void {}

  begins(letter: Letter): undefined {
    const watched = this.#watched.get(letter.recipient as unknown as Cell);
    if (watched === undefined) return;
    const { env } = letter.recipient as unknown as Cell;
    const waitedMs = Math.max(0, env.tick() - letter.tick);
    watched.inHand = { letter, begunMs: env.clock.monotonicMs(), waitedMs, ranMs: 0, hasCrashed: false };
  }

  returned(): void {}

  ended(letter: Letter, hasCrashed: boolean): void {
    const cell = letter.recipient as unknown as Cell;
    const watched = this.#watched.get(cell);
    const noted = watched?.inHand;
    if (watched === undefined || noted?.letter.seq !== letter.seq) return;
    noted.ranMs = Math.max(0, cell.env.clock.monotonicMs() - noted.begunMs);
    noted.hasCrashed = hasCrashed;
    watched.inHand = undefined;
    watched.noted.push(noted);
    if (watched.noted.length > DETAILS_LIMITS.recent) watched.noted.shift();
  }

  #begin(): void {
    this.#end ??= listen(this);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    for (const [cell, watched] of this.#watched)
      if (cell.isGone || ++watched.silentLooks > SILENT_LOOKS) this.#watched.delete(cell);
    if (this.#watched.size === 0) this.close();
  }
}
