/** How long messages waited and ran, by who handles them and their type, counted in buckets. Knows no clock. */
import { LATENCY_BUCKETS, type StatsRow } from "./message-protocol.ts";

/**
 * The bucket of a time in microseconds.
 *
 * | microseconds | bucket |
 * |---|---|
 * | below 1 | 0 |
 * | from 2ⁿ⁻¹ to below 2ⁿ | n |
 * | from 2²² (some 4.2 seconds) | 23 |
 */
export function bucketOf(us: number): number {
  return us >= 2 ** 22 ? LATENCY_BUCKETS - 1 : 32 - Math.clz32(us);
}

/** Messages of one type, handled by actors of one definition. */
export class Latency {
  readonly #definition: string;
  readonly #type: string;
  readonly #waits = new Int32Array(LATENCY_BUCKETS);
  readonly #runs = new Int32Array(LATENCY_BUCKETS);
  #count = 0;
  #crashes = 0;
  #hasNews = false;

  constructor(definition: string, type: string) {
    this.#definition = definition;
    this.#type = type;
  }

  /** A turn has ended. Times in microseconds. */
  note(waitUs: number, runUs: number, hasCrashed: boolean): void {
    this.#count++;
    if (hasCrashed) this.#crashes++;
    const [wait, run] = [bucketOf(waitUs), bucketOf(runUs)];
    this.#waits[wait] = (this.#waits[wait] ?? 0) + 1;
    this.#runs[run] = (this.#runs[run] ?? 0) + 1;
    this.#hasNews = true;
  }

  /** What there is to say; `undefined` when that has been said. */
  take(): StatsRow | undefined {
    if (!this.#hasNews) return undefined;
    this.#hasNews = false;
    return [this.#definition, this.#type, this.#count, this.#crashes, [...this.#waits], [...this.#runs]];
  }
}

/** Kinds of messages that are counted; what is more has no row. */
const KINDS_LIMIT = 5_000;

/** Those of all definitions. */
export class Latencies {
  readonly #all: Latency[] = [];
  readonly #byDefinition = new Map<string, (Latency | undefined)[]>();

  /** Those of one definition, by the number of the type: to look there costs no more than an array. */
  of(definition: string): (Latency | undefined)[] {
    let list = this.#byDefinition.get(definition);
    if (list === undefined) {
      list = [];
      if (this.#byDefinition.size < KINDS_LIMIT) this.#byDefinition.set(definition, list);
    }
    return list;
  }

  /** One that is not there yet; `undefined` if there are too many. */
  begin(definition: string, type: string): Latency | undefined {
    if (this.#all.length >= KINDS_LIMIT) return undefined;
    const latency = new Latency(definition, type);
    this.#all.push(latency);
    return latency;
  }

  take(): StatsRow[] {
    return this.#all.map((latency) => latency.take()).filter((row) => row !== undefined);
  }
}
