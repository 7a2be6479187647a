/** The virtual clock of an explored run: it is known in which turn each timer was set. */
import { isTimer, type Timer } from "../values/clock.ts";
import type { Run } from "./run.ts";
import { VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";

export class ExploredClock extends VirtualClock {
  readonly #run: Run;

  constructor(options: VirtualClockOptions, run: Run) {
    super(options);
    this.#run = run;
    run.readsClock(() => this.monotonicMs());
  }

  override setTimer(callback: () => void, delayMs: number): Timer {
    if (!isTimer(callback, delayMs)) return super.setTimer(callback, delayMs);
    const fires = this.#run.setsTimer(delayMs);
    return super.setTimer(() => {
      fires();
      callback();
    }, delayMs);
  }
}
