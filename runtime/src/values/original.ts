/** What stood where the testkit has put something of its own: for what the runtime does for itself, in whoever's turn. */
import { readField } from "./fields.ts";

const ORIGINAL: unique symbol = Symbol.for("airssys.original");

/** Notes what stands behind a function. @returns the function. */
export function standsFor<F extends object>(fn: F, original: unknown): F {
  Object.defineProperty(fn, ORIGINAL, { value: original });
  return fn;
}

/** The machine's own function, or what another testing tool has put in its place: behind that of the testkit. */
export function original<F extends object>(fn: F): F {
  return (readField(fn, ORIGINAL as never) as F | undefined) ?? fn;
}
