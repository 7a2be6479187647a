/** A value as far as the source says it, and where each part of it was written. */
import { UNKNOWN } from "airssys-rt/spec";
import { type FileSpan, surrounds } from "../source/span.ts";

export { UNKNOWN };

/** What is started by a child spec, or kept in a constant. */
export interface Startable {
  /** `process`, `files` and `processManager` are what `airssys-rt/os` starts. */
  readonly kind: "actor" | "supervisor" | "function" | "process" | "files" | "processManager";
  /** Id of the actor or supervisor; absent for a function whose result is not known. */
  readonly id?: string;
  /** What a process runs, where the source says it. */
  readonly command?: string;
  /** A value made by `defineActor` or `supervisor`, not a function. */
  readonly isDefinition?: boolean;
}

/**
 * A tree of values. `value` is what the run time would see, with `UNKNOWN` for what the source does not say; each node keeps
 * the places it was written at, the use first and the definition last.
 */
export interface StaticValue {
  readonly value: unknown;
  readonly places: readonly FileSpan[];
  readonly fields?: Readonly<Record<string, StaticValue>>;
  readonly items?: readonly StaticValue[];
  /** What a list that is not known may hold, each any number of times; absent when that is not known either. */
  readonly may?: readonly StaticValue[];
  readonly startable?: Startable;
  /** Why it is unknown, for people. */
  readonly why?: string;
}

/**
 * Where an object itself says the value of a field: the deepest place of the value within one of the object, its literal or a
 * call that makes it. Nothing for a value that comes along with a spread.
 */
export function saidAt(object: StaticValue, field: StaticValue): FileSpan | undefined {
  return field.places.findLast((place) => object.places.some((around) => surrounds(around, place)));
}

/** The innermost place of an object at which all of these fields of it are settled. */
export function settledAt(object: StaticValue, fields: readonly (StaticValue | undefined)[]): FileSpan | undefined {
  const depths = fields.flatMap((field) => {
    const said = field === undefined ? undefined : saidAt(object, field);
    return said === undefined ? [] : object.places.findLastIndex((around) => surrounds(around, said));
  });
  return object.places[Math.min(...depths, object.places.length - 1)];
}
