/** A value as far as the source says it, and where each part of it was written. */
import { UNKNOWN } from "airssys-rt/spec";
import type { FileSpan } from "../source/span.ts";

export { UNKNOWN };

/** What is started by a child spec, or kept in a constant. */
export interface Startable {
  readonly kind: "actor" | "supervisor" | "function";
  /** Id of the actor or supervisor; absent for a function whose result is not known. */
  readonly id?: string;
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
  readonly startable?: Startable;
  /** Why it is unknown, for people. */
  readonly why?: string;
}
