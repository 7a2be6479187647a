/** The launches of this window, and what is to be said when one ends without an actor system. Pure. */

export interface Launched {
  readonly file: string;
  /** What the source says; `undefined` when nobody knows. */
  readonly startsSystem: boolean | undefined;
}

/** How a launch ended that nobody saw a system of. */
export interface Silence extends Launched {
  readonly exitCode: number | undefined;
}

interface Launch extends Launched {
  wasSeen: boolean;
  wasStopped: boolean;
  exitCode: number | undefined;
}

export class Launches {
  readonly #launches = new Map<string, Launch>();

  begin(id: string, launched: Launched): void {
    this.#launches.set(id, { ...launched, wasSeen: false, wasStopped: false, exitCode: undefined });
  }

  /** A system of it was seen. */
  saw(id: string): void {
    const launch = this.#launches.get(id);
    if (launch) launch.wasSeen = true;
  }

  /** The user ended it. */
  stopped(id: string): void {
    const launch = this.#launches.get(id);
    if (launch) launch.wasStopped = true;
  }

  exited(id: string, code: number): void {
    const launch = this.#launches.get(id);
    if (launch) launch.exitCode = code;
  }

  /** @returns what is to be explained: it ended by itself, and no system was ever seen. */
  end(id: string): Silence | undefined {
    const launch = this.#launches.get(id);
    if (!launch) return undefined;
    const { file, startsSystem, exitCode, wasSeen, wasStopped } = launch;
    // It may be started again as it is.
    this.begin(id, { file, startsSystem });
    return wasSeen || wasStopped ? undefined : { file, startsSystem, exitCode };
  }
}
