/** What counts in buckets tell of the times that were counted. Pure. */

/**
 * The time below which so large a share of all lay, in microseconds: the upper end of the bucket in which it falls, so that it never says
 * less than it was.
 *
 * | counted | quantile |
 * |---|---|
 * | nothing | `undefined` |
 * | in bucket 0 | 1 |
 * | in bucket n | 2ⁿ |
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
    if (below >= wanted && count > 0) return 2 ** bucket;
  }
  return undefined;
}

/** Buckets of both. */
export function sumOf(one: readonly number[], other: readonly number[]): number[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => (one[at] ?? 0) + (other[at] ?? 0));
}
