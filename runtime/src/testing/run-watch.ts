/** Waits for a program under exploration, and finds out when it waits for the real world, or for nobody. */
import { cellOf } from "../actor/cell.ts";
import { original } from "../values/original.ts";
import { UnsettledError } from "./errors.ts";
import { RealWorld } from "./real-world.ts";
import type { Run } from "./run.ts";
import { describeWaits } from "./waits.ts";
import type { World } from "./world.ts";

/** Taken once: mocks of them would keep it from looking. */
const setImmediate = original(globalThis.setImmediate);
const setTimeout = original(globalThis.setTimeout);

/** Turns of the event loop in which nothing happens, after which somebody else than the testkit must be waited for, or nobody. */
const LOOP_TURNS = 10;
/** Real milliseconds for what the event loop does not say it waits for, as threads do. */
const GRACE_MS = 100;
/** Real milliseconds between two looks at what is waited for outside: at first, then twice as many each time, and at most. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 1_000;

/** Looks at what is waited for outside when nobody is ready, in one run. */
const MOST_LOOKS = 100;

export class RunWatch {
  readonly #run: Run;
  readonly #world: World;
  readonly #real = new RealWorld();
  #lookMs = FIRST_LOOK_MS;
  #looks = 0;

  constructor(run: Run, world: World) {
    this.#run = run;
    this.#world = world;
    run.onRest = () => this.#look();
  }

  /** Nobody is ready: what is waited for outside now is waited for by an actor, or by the test. */
  #look(): void {
    if (this.#looks++ < MOST_LOOKS) this.#noteActive(this.#real.active);
  }

  #noteActive(active: readonly string[]): void {
    if (active.length > 0) this.#run.obstacles.add(`real input, output or time (${active.join(", ")})`);
  }

  /**
   * @throws what the program rejects with, as a rejection.
   * @throws {UnsettledError} as a rejection, when actors keep one another busy without end, or the program waits for what nobody
   *   will do.
   */
  async until(program: Promise<void>): Promise<void> {
    let isOver = false;
    const over = program.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    let before = -1;
    let idle = 0;
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      const { violation } = this.#run;
      if (violation !== undefined) throw violation;
      const restless = this.#world.systems.find(({ scheduler }) => scheduler.isRestless);
      if (restless !== undefined) throw restless.scheduler.unsettled();
      const progress = this.#progress;
      idle = progress === before ? idle + 1 : 0;
      before = progress;
      if (idle < LOOP_TURNS || isOver) continue;
      const isHopeless = !(await this.#waitOutside(progress, over));
      if (isHopeless && !isOver) throw new UnsettledError(this.#run.turnCount, [], this.#waits());
    }
    return program;
  }

  /** Grows with every turn and every step of time. */
  get #progress(): number {
    let progress = this.#run.now.index;
    for (const { clock } of this.#world.systems) progress += clock.monotonicMs();
    return progress;
  }

  /** @returns whether something may still come. */
  async #waitOutside(progress: number, over: Promise<unknown>): Promise<boolean> {
    const { active } = this.#real;
    const isAwaited = active.length > 0;
    this.#noteActive(active);
    await Promise.race([over, passReally(isAwaited ? this.#lookMs : GRACE_MS, isAwaited)]);
    this.#lookMs = Math.min(this.#lookMs * 2, LAST_LOOK_MS);
    const hasGoneOn = this.#progress !== progress;
    if (hasGoneOn && !isAwaited) this.#run.obstacles.add("a promise that something outside of the program settled");
    return isAwaited || hasGoneOn;
  }

  #waits(): readonly string[] {
    return this.#world.systems.flatMap(({ system }) => describeWaits(cellOf(system.root)));
  }
}

/** What is waited for outside keeps the process alive, as long as it does; nobody else would. */
function passReally(ms: number, isAwaited: boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (isAwaited) timer.unref();
  });
}
