/** How long the handlers of a program have taken in the last minute, by message type, while somebody looks. Knows no editor. */
import { EventEmitter } from "node:events";
import type { StatsFrame } from "airssys-rt/inspect";
import { since } from "./quantile.ts";

/** Milliseconds that are told of. */
export const LATENCY_WINDOW_MS = 60_000;
/** Milliseconds between two counts that are kept, at least: so much more than a minute may be told. */
const STEP_MS = 5_000;

/** Messages of one type in the last minute. */
export interface TypeLatency {
  readonly type: string;
  readonly count: number;
  readonly crashes: number;
  readonly waitBuckets: readonly number[];
  readonly runBuckets: readonly number[];
}

/** Those of one definition. */
export interface RecentLatency {
  /** Since when messages are counted, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Why they are not counted any more. */
  readonly gaveUp?: "rate" | "heap";
  readonly types: readonly TypeLatency[];
}

/** All that was counted up to a moment. */
interface Count extends Omit<TypeLatency, "type"> {
  readonly at: number;
}

const NOTHING: Count = { at: 0, count: 0, crashes: 0, waitBuckets: [], runBuckets: [] };

/** The counts of one type: the newest, and of those before it as many as the window needs. */
class Counts {
  #before: Count[] = [];
  #newest = NOTHING;

  take(next: Count): void {
    const { at, count } = this.#newest;
    // The program has begun to count anew.
    if (next.count < count) this.#before = [];
    else if (count > 0 && at - (this.#before.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= STEP_MS)
      this.#before.push(this.#newest);
    this.#newest = next;
    while ((this.#before[1]?.at ?? next.at) <= next.at - LATENCY_WINDOW_MS) this.#before.shift();
  }

  lately(now: number): Omit<TypeLatency, "type"> {
    const begin = now - LATENCY_WINDOW_MS;
    const base = [...this.#before, this.#newest].findLast(({ at }) => at <= begin) ?? NOTHING;
    const { count, crashes, waitBuckets, runBuckets } = this.#newest;
    return {
      count: count - base.count,
      crashes: crashes - base.crashes,
      waitBuckets: since(waitBuckets, base.waitBuckets),
      runBuckets: since(runBuckets, base.runBuckets),
    };
  }
}

interface Measured {
  readonly sinceMs: number;
  readonly byDefinition: Map<string, Map<string, Counts>>;
  gaveUp?: "rate" | "heap";
}

export class RecentLatencies extends EventEmitter<{ wanted: []; changed: [program: object] }> {
  readonly #measured = new WeakMap<object, Measured>();
  #wanted: object | undefined;

  /** Whose latencies somebody looks at, if anybody does: only that program is to count. */
  want(program: object | undefined): void {
    if (program === this.#wanted) return;
    this.#wanted = program;
    this.emit("wanted");
  }

  isWanted(program: object): boolean {
    return program === this.#wanted;
  }

  /** The program counts from now on, from nothing; or no longer does. */
  begin(program: object, isCounting: boolean, now: number): void {
    if (isCounting) this.#measured.set(program, { sinceMs: now, byDefinition: new Map() });
    else this.#measured.delete(program);
    this.emit("changed", program);
  }

  take(program: object, { rows }: StatsFrame, now: number): void {
    const measured = this.#measured.get(program);
    if (measured === undefined) return;
    for (const [definition, type, count, crashes, waitBuckets, runBuckets] of rows) {
      const types = measured.byDefinition.get(definition) ?? new Map<string, Counts>();
      measured.byDefinition.set(definition, types);
      const counts = types.get(type) ?? new Counts();
      types.set(type, counts);
      counts.take({ at: now, count, crashes, waitBuckets, runBuckets });
    }
    if (rows.length > 0) this.emit("changed", program);
  }

  /** The program has had to stop. */
  giveUp(program: object, reason: "rate" | "heap"): void {
    const measured = this.#measured.get(program);
    if (measured !== undefined) measured.gaveUp = reason;
    this.emit("changed", program);
  }

  /** @returns `undefined` for a program that does not count. */
  of(program: object, definition: string, now: number): RecentLatency | undefined {
    const measured = this.#measured.get(program);
    if (measured === undefined) return undefined;
    const { sinceMs, gaveUp, byDefinition } = measured;
    const types = [...(byDefinition.get(definition) ?? [])]
      .map(([type, counts]) => ({ type, ...counts.lately(now) }))
      .filter(({ count }) => count > 0);
    return { sinceMs, types, ...(gaveUp === undefined ? {} : { gaveUp }) };
  }
}
