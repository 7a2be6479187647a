/** How many messages of each type the handlers have had and how long they took, over all programs; and what a lens says of it. Pure. */
import type { StatsFrame } from "airssys-rt/inspect";
import { quantileText, sumOf } from "../programs/quantile.ts";
import { counted, number, say } from "../sentence.ts";

/** How many of the messages took no longer than what is told. */
const SHARE = 0.95;

export interface Taken {
  readonly count: number;
  readonly crashes: number;
  readonly runBuckets: readonly number[];
}

export class Latencies {
  readonly #byProgram = new Map<object, Map<string, Taken>>();

  take(program: object, { rows }: StatsFrame): void {
    const kinds = this.#byProgram.get(program) ?? new Map<string, Taken>();
    this.#byProgram.set(program, kinds);
    for (const [definition, type, count, crashes, , runBuckets] of rows)
      kinds.set(kindOf(definition, type), { count, crashes, runBuckets });
  }

  /** Whether anything was known of it. */
  forget(program: object): boolean {
    return this.#byProgram.delete(program);
  }

  /** @param definition absent: of whoever handles it */
  of(definition: string | undefined, type: string): Taken | undefined {
    let sum: Taken | undefined;
    for (const kinds of this.#byProgram.values())
      for (const [kind, taken] of kinds) {
        const isThat = definition === undefined ? kind.endsWith(`\n${type}`) : kind === kindOf(definition, type);
        if (isThat) sum = sum === undefined ? taken : added(sum, taken);
      }
    return sum;
  }
}

/**
 * What a lens says: `312 msg · p95 4 ms · 9 crashes`. No crashes are not told of.
 */
export function lensText({ count, crashes, runBuckets }: Taken): string {
  const parts = [
    say("{0} msg", number(count)),
    ...(count === 0 ? [] : [say("p95 {0}", quantileText(runBuckets, SHARE))]),
    ...(crashes === 0 ? [] : [counted(crashes, "{0} crash", "{0} crashes")]),
  ];
  return parts.join(" · ");
}

function added(one: Taken, other: Taken): Taken {
  return {
    count: one.count + other.count,
    crashes: one.crashes + other.crashes,
    runBuckets: sumOf(one.runBuckets, other.runBuckets),
  };
}

function kindOf(definition: string, type: string): string {
  return `${definition}\n${type}`;
}
