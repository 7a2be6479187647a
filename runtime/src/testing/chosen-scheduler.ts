/** The scheduler of explored runs: one message a turn, promise reactions after each, and somebody else who chooses. */
import type { Runnable } from "../environment/turns.ts";
import type { Clock } from "../values/clock.ts";
import type { Run } from "./run.ts";
import { type NextTurn, TestScheduler } from "./test-scheduler.ts";

export class ChosenScheduler extends TestScheduler {
  readonly #run: Run;

  constructor(clock: Clock, turnLimit: number, run: Run) {
    super(clock, turnLimit, run.stopAt);
    this.#run = run;
  }

  protected override next(ready: readonly Runnable[]): NextTurn {
    return { at: this.#run.choose(ready), budget: 1 };
  }

  protected override goesOn(): boolean {
    return false;
  }

  protected override heard(runnable: Runnable): void {
    this.#run.ready(runnable);
  }

  protected override rested(): void {
    this.#run.rests();
  }
}
