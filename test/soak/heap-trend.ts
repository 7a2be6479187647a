/** Whether a heap grows, told from readings of it after a collection. */

/** Part of the readings in which caches fill and code is compiled. */
const WARM_UP = 0.3;
/** What a heap may differ by between two times and be called flat. */
const TOLERANCE_BYTES = 400_000;
const TOLERANCE_PART = 0.03;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** In bytes: the middle of the time after the warm-up, and of its end. */
export interface HeapTrend {
  readonly isFlat: boolean;
  readonly early: number;
  readonly late: number;
  readonly grown: number;
}

/**
 * Compares the first third after the warm-up with the last one, by their medians.
 *
 * @param readings bytes, in order; at least 10.
 */
export function heapTrend(readings: readonly number[]): HeapTrend {
  if (readings.length < 10) throw new RangeError(`a trend needs at least 10 readings, not ${readings.length}`);
  const warm = readings.slice(Math.floor(readings.length * WARM_UP));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const [early, late] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  const grown = late - early;
  return { isFlat: grown <= Math.max(TOLERANCE_BYTES, early * TOLERANCE_PART), early, late, grown };
}
