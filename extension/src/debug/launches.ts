/** The launches of this window, and what is to be said when one ends without an actor system. Pure. */
import path from "node:path";
import { say } from "../sentence.ts";

export interface Launched {
  readonly file: string;
  /** What the source says; `undefined` when nobody knows. */
  readonly startsSystem: boolean | undefined;
  /** With which code it ended; `undefined` when nobody knows. */
  readonly exitCode?: number | undefined;
}

/** What is said of a program that ended, and where to look or what to do next. */
export interface Explanation {
  readonly text: string;
  readonly offers: "output" | "programs";
}

/**
 * | it ended | the source | what is said |
 * |---|---|---|
 * | with a code | | the code, that no system was seen, and where it may say why |
 * | | starts no system | that it does not, and how to run another program |
 * | | starts one, or nobody knows | that none was seen while it ran, and where it may say why |
 */
export function explanationOf({ file, startsSystem, exitCode }: Launched): Explanation {
  const name = path.basename(file);
  if (exitCode !== undefined && exitCode !== 0)
    return {
      text: say(
        "{0} has ended with exit code {1}, and no actor system was seen while it ran. Its output may say why.",
        name,
        String(exitCode),
      ),
      offers: "output",
    };
  if (startsSystem === false)
    return {
      text: say(
        "{0} has ended without an actor system: neither it nor what it imports calls ActorSystem.start while it runs.",
        name,
      ),
      offers: "programs",
    };
  return {
    text: say("{0} has ended, and no actor system was seen while it ran. Its output may say why.", name),
    offers: "output",
  };
}

interface Launch extends Launched {
  wasSeen: boolean;
  wasStopped: boolean;
  exitCode?: number | undefined;
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

  /** Its process ended with a code. */
  exited(id: string, code: number): void {
    const launch = this.#launches.get(id);
    if (launch) launch.exitCode = code;
  }

  /** @returns what is to be explained: it ended by itself, and no system was ever seen. */
  end(id: string): Launched | undefined {
    const launch = this.#launches.get(id);
    if (!launch) return undefined;
    const { file, startsSystem, wasSeen, wasStopped, exitCode } = launch;
    // It may be started again as it is.
    this.begin(id, { file, startsSystem });
    if (wasSeen || wasStopped) return undefined;
    return exitCode === undefined ? { file, startsSystem } : { file, startsSystem, exitCode };
  }
}
