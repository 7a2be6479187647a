/** How many messages of each type the handlers have had and how long they took, over all programs; and what a lens says of it. Pure. */
import type { StatsFrame } from "airssys-rt/inspect";
import { LONG_WAIT_MS } from "../programs/health.ts";
import { quantileText, quantileUs, sumOf } from "../programs/quantile.ts";
import { counted, number, say } from "../sentence.ts";

/** How many of the messages took no longer than what is told. */
const SHARE = 0.95;

export interface Taken {
  readonly count: number;
  readonly crashes: number;
  readonly waitBuckets: readonly number[];
  readonly runBuckets: readonly number[];
}

export class Latencies {
  readonly #byProgram = new Map<object, Map<string, Taken>>();

  take(program: object, { rows }: StatsFrame): void {
    const kinds = this.#byProgram.get(program) ?? new Map<string, Taken>();
    this.#byProgram.set(program, kinds);
    for (const [definition, type, count, crashes, waitBuckets, runBuckets] of rows)
      kinds.set(kindOf(definition, type), { count, crashes, waitBuckets, runBuckets });
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
 * What a lens says, the worst first.
 *
 * | messages | text |
 * |---|---|
 * | none has crashed | `312 msg · p95 4 ms` |
 * | some crashed | `9 crashes · 312 msg · p95 4 ms` |
 * | they wait for long | `waits 1.8 s, then p95 40 ms` |
 */
export function lensText({ count, crashes, waitBuckets, runBuckets }: Taken): string {
  const parts = crashes === 0 ? [] : [counted(crashes, "{0} crash", "{0} crashes")];
  const ran = quantileText(runBuckets, SHARE);
  if ((quantileUs(waitBuckets, SHARE) ?? 0) >= LONG_WAIT_MS * 1_000)
    return [...parts, say("waits {0}, then p95 {1}", quantileText(waitBuckets, SHARE), ran)].join(" · ");
  return [...parts, say("{0} msg", number(count)), ...(ran === "" ? [] : [say("p95 {0}", ran)])].join(" · ");
}

function added(one: Taken, other: Taken): Taken {
  return {
    count: one.count + other.count,
    crashes: one.crashes + other.crashes,
    waitBuckets: sumOf(one.waitBuckets, other.waitBuckets),
    runBuckets: sumOf(one.runBuckets, other.runBuckets),
  };
}

function kindOf(definition: string, type: string): string {
  return `${definition}\n${type}`;
}
