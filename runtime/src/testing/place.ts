/** One actor as a run knows it: by a name that does not depend on the order of turns. */
import type { Cell } from "../actor/cell.ts";
import type { SeededRandom } from "./seeded-random.ts";

export class Place {
  readonly cell: Cell;
  /** The same in every run: the path, where actors without an id are counted below their parent. */
  readonly key: string;
  /** As people call it: the path below the root. */
  readonly label: string;
  /** Its things: see `Things.baseOf`. */
  readonly base: number;
  /** Counted through the actors of this run. */
  readonly index: number;
  /** The step in which it was last made ready. */
  readyBy: number | undefined = undefined;
  /** Children without an id that have been seen. */
  unnamed = 0;
  /** Messages that were sent to it. */
  sentTo = 0;
  /** What it has handled so far, in one number. */
  history = 0;
  /** The type it handled last. */
  lastType: string | undefined = undefined;
  /** Whether it traps exits, as of the last step. */
  trapsExits = false;
  /** Its own chance: what it draws does not depend on who else draws. */
  random: SeededRandom | undefined = undefined;

  constructor(cell: Cell, key: string, label: string, base: number, index: number) {
    this.cell = cell;
    this.key = key;
    this.label = label;
    this.base = base;
    this.index = index;
  }
}
