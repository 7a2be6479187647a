/** What counts in buckets tell of the times that were counted. Pure. */
import { LATENCY_BUCKETS } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { spanText } from "../text.ts";

/** The last bucket has no upper end: what it holds took at least so many microseconds. */
const LAST_US = 2 ** (LATENCY_BUCKETS - 2);

/**
 * The time below which so large a share of all lay, in microseconds: the upper end of the bucket in which it falls, so that it never says
 * less than it was.
 *
 * | counted | quantile |
 * |---|---|
 * | nothing | `undefined` |
 * | in bucket 0 | 1 |
 * | in bucket n | 2ⁿ |
 * | in the last bucket | infinity |
 *
 * @param share above 0, at most 1
 */
export function quantileUs(buckets: readonly number[], share: number): number | undefined {
  const all = buckets.reduce((sum, count) => sum + count, 0);
  if (all <= 0) return undefined;
  const wanted = all * share;
  let below = 0;
  for (const [bucket, count] of buckets.entries()) {
    below += count;
    if (below >= wanted && count > 0) return bucket >= LATENCY_BUCKETS - 1 ? Number.POSITIVE_INFINITY : 2 ** bucket;
  }
  return undefined;
}

/** The same in words; nothing where nothing was counted. */
export function quantileText(buckets: readonly number[], share: number): string {
  const us = quantileUs(buckets, share);
  if (us === undefined) return "";
  return us === Number.POSITIVE_INFINITY ? say("over {0}", spanText(LAST_US)) : spanText(us);
}

/** Buckets of both. */
export function sumOf(one: readonly number[], other: readonly number[]): number[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => (one[at] ?? 0) + (other[at] ?? 0));
}

/** Buckets of what has come since. */
export function since(now: readonly number[], before: readonly number[]): number[] {
  return now.map((count, at) => Math.max(0, count - (before[at] ?? 0)));
}
