/** How long to wait before the next attempt. Pure: given an attempt and a random number, always the same delay. */

import { isFields, readFields, UNREADABLE } from "../values/fields.ts";
import type { Random } from "../values/random.ts";
import type { BackoffSpec } from "./child-spec.ts";
import {
  absent,
  fault,
  isAtLeast,
  ownPath,
  type Path,
  print,
  type SpecFault,
  UNKNOWN,
  unknownKeys,
} from "./spec-fault.ts";

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

const KEYS = ["minMs", "maxMs", "factor", "jitter", "resetAfterMs"];

/** A plain copy of a back-off, each field read once; what is none stays as it is, for {@link checkBackoff}. Never throws. */
export function ownBackoff<T>(value: T): T {
  return isFields(value) ? ((readFields(value, KEYS) ?? UNREADABLE) as T) : value;
}

/** Finds every mistake in a back-off, wherever it stands: in a child spec or in a policy. Never throws. */
export function checkBackoff(value: unknown, path: Path): SpecFault[] {
  return absent(value) ? [] : faultsOf(ownBackoff(value), ownPath(path));
}

function faultsOf(value: unknown, path: Path): SpecFault[] {
  if (!isFields(value)) return [fault("invalid_backoff", path, "expected { minMs, maxMs }", value)];
  const { minMs, maxMs, factor, jitter, resetAfterMs } = value;
  const faults = unknownKeys(value, KEYS, path);
  const require = (sound: boolean, key: string, expected: string): void => {
    if (!sound)
      faults.push(
        fault("invalid_backoff", [...path, key], `${key} must be ${expected}, not ${print(value[key])}`, value[key]),
      );
  };
  require(minMs === UNKNOWN || isAtLeast(minMs, Number.MIN_VALUE), "minMs", "milliseconds > 0");
  const least = typeof minMs === "number" ? minMs : 0;
  require(maxMs === UNKNOWN || isAtLeast(maxMs, least), "maxMs", "milliseconds >= minMs");
  require(absent(factor) || isAtLeast(factor, 1), "factor", "a number >= 1");
  require(absent(jitter) || (isAtLeast(jitter, 0) && (jitter as number) <= 1), "jitter", "a number from 0 to 1");
  require(absent(resetAfterMs) || isAtLeast(resetAfterMs, 0), "resetAfterMs", "milliseconds >= 0");
  return faults;
}

/** Fills in the defaults. Does not check: see {@link checkBackoff}. */
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
  const drawn: unknown = random();
  return typeof drawn === "number" ? base * (1 - backoff.jitter * drawn) : base;
}
