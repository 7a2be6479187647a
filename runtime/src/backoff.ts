/** How long to wait before the next attempt. Pure: given an attempt and a random number, always the same delay. */
import type { BackoffSpec } from "./child-spec.ts";
import type { Random } from "./random.ts";

/** A back-off with every default filled in. Times in milliseconds. */
export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
  readonly resetAfterMs: number;
}

/** Each delay is this many times the one before. */
export const DEFAULT_BACKOFF_FACTOR = 2;
/** Part of each delay that is random. */
export const DEFAULT_BACKOFF_JITTER = 0.2;

/**
 * Finds what is wrong with a back-off, all of it. Never throws.
 *
 * @param at where it stands, for the text of the faults.
 * @returns one line for each fault; empty when it is sound.
 */
export function backoffFaults(spec: BackoffSpec, at = "backoff"): readonly string[] {
  if (typeof spec !== "object" || spec === null) return [`${at} must be an object with minMs and maxMs`];
  const { minMs, maxMs, factor, jitter, resetAfterMs } = spec;
  const faults: string[] = [];
  const expect = (isSound: boolean, name: string, expected: string, value: unknown): void => {
    if (!isSound) faults.push(`${at}.${name} must be ${expected}, got ${String(value)}`);
  };
  expect(Number.isFinite(minMs) && minMs > 0, "minMs", "a number of milliseconds > 0", minMs);
  expect(Number.isFinite(maxMs) && maxMs > 0, "maxMs", "a number of milliseconds > 0", maxMs);
  if (maxMs < minMs) faults.push(`${at}.maxMs must be >= minMs (${minMs}), got ${maxMs}`);
  expect(factor === undefined || (Number.isFinite(factor) && factor >= 1), "factor", "a number >= 1", factor);
  expect(jitter === undefined || (jitter >= 0 && jitter <= 1), "jitter", "a number from 0 to 1", jitter);
  expect(resetAfterMs === undefined || resetAfterMs >= 0, "resetAfterMs", "milliseconds >= 0", resetAfterMs);
  return faults;
}

/** Fills in the defaults. Does not check: see {@link backoffFaults}. */
export function resolveBackoff(spec: BackoffSpec): Backoff {
  return {
    minMs: spec.minMs,
    maxMs: spec.maxMs,
    factor: spec.factor ?? DEFAULT_BACKOFF_FACTOR,
    jitter: spec.jitter ?? DEFAULT_BACKOFF_JITTER,
    resetAfterMs: spec.resetAfterMs ?? spec.maxMs,
  };
}

/**
 * The delay before an attempt, in milliseconds. With `base = min(maxMs, minMs * factor ** (attempt - 1))` it lies evenly
 * spread in `[base * (1 - jitter), base]`: jitter only ever shortens, so that no delay exceeds `maxMs` and those that have
 * reached it still differ. `jitter: 1` is the "full jitter" of the article below.
 *
 * @param attempt counts from 1.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: Random): number {
  const base = Math.min(backoff.maxMs, backoff.minMs * backoff.factor ** (attempt - 1));
  return base * (1 - backoff.jitter * random());
}
