/** What it is now to whoever owns time here: `Date`, `Temporal.Now`, `performance` and `process.hrtime`. */
import type { Clock } from "../values/clock.ts";
import { ownerHere } from "./owner.ts";

/** Whole milliseconds, as every date has. */
export function epochMs(clock: Clock): number {
  return Math.floor(clock.now());
}

/** Where a date is made of nothing it is one of virtual time; dates that are made of something are what they always are. */
export function virtualDate(original: DateConstructor): DateConstructor {
  const nowHere = (name: string): number | undefined => {
    const owner = ownerHere();
    owner?.reads(name);
    return owner === undefined || owner.isReal ? undefined : epochMs(owner.clock);
  };
  const virtual: DateConstructor = new Proxy(original, {
    construct(target, args, newTarget): object {
      const now = args.length === 0 ? nowHere("new Date") : undefined;
      const made = newTarget === virtual ? target : newTarget;
      return Reflect.construct(target, now === undefined ? args : [now], made) as object;
    },
    apply(target, self, args): unknown {
      const now = nowHere("Date");
      return now === undefined ? Reflect.apply(target, self, args) : new target(now).toString();
    },
  });
  return virtual;
}

interface Zoned {
  toPlainDateTime(): unknown;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
}

export interface TemporalObject {
  readonly Now: { timeZoneId(): string };
  readonly Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): Zoned } };
}

/** What `Temporal.Now` has that reads the clock, by name. */
export function temporalReadings(
  temporal: TemporalObject,
): Readonly<Record<string, (clock: Clock, zone: unknown) => unknown>> {
  const instant = (clock: Clock): ReturnType<TemporalObject["Instant"]["fromEpochMilliseconds"]> =>
    temporal.Instant.fromEpochMilliseconds(epochMs(clock));
  const zoned = (clock: Clock, zone: unknown): Zoned =>
    instant(clock).toZonedDateTimeISO(zone ?? temporal.Now.timeZoneId());
  return {
    instant,
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (clock, zone) => zoned(clock, zone).toPlainDateTime(),
    plainDateISO: (clock, zone) => zoned(clock, zone).toPlainDate(),
    plainTimeISO: (clock, zone) => zoned(clock, zone).toPlainTime(),
  };
}

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

export function hrtimeBigint(clock: Clock): bigint {
  return BigInt(Math.round(clock.monotonicMs() * NS_PER_MS));
}

/** As `process.hrtime`: seconds and nanoseconds, since `before` if there is one. */
export function hrtime(clock: Clock, before: unknown): [seconds: number, nanoseconds: number] {
  const [seconds = 0, nanoseconds = 0] = Array.isArray(before) ? (before as number[]) : [];
  const ns = hrtimeBigint(clock) - BigInt(seconds) * BigInt(NS_PER_S) - BigInt(nanoseconds);
  return [Number(ns / BigInt(NS_PER_S)), Number(ns % BigInt(NS_PER_S))];
}
