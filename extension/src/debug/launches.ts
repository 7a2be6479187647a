/** The launches of this window, and what is to be said when one ends without an actor system. Pure. */

export interface Launched {
  readonly file: string;
  /** What the source says; `undefined` when nobody knows. */
  readonly startsSystem: boolean | undefined;
}

interface Launch extends Launched {
  wasSeen: boolean;
  wasStopped: boolean;
}

export class Launches {
  readonly #launches = new Map<string, Launch>();

  begin(id: string, launched: Launched): void {
    this.#launches.set(id, { ...launched, wasSeen: false, wasStopped: false });
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

  /** @returns what is to be explained: it ended by itself, and no system was ever seen. */
  end(id: string): Launched | undefined {
    const launch = this.#launches.get(id);
    if (!launch) return undefined;
    const { file, startsSystem, wasSeen, wasStopped } = launch;
    // It may be started again as it is.
    this.begin(id, { file, startsSystem });
    return wasSeen || wasStopped ? undefined : { file, startsSystem };
  }
}
