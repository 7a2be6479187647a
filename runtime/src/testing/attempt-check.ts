/** One try of a check that may take time: whether what the test says holds now. */
import { isThenable } from "../values/thenable.ts";
import type { Check } from "./observer.ts";
import { type Passing, passUntil } from "./passing.ts";

export interface Attempt {
  readonly holds: boolean;
  /** What it threw, or rejected with; `undefined` when it said `false`. */
  readonly cause: unknown;
}

/** @param lateness what it is to fail with when it does not settle within that virtual time. */
export async function attemptCheck(
  check: Check,
  clock: Passing,
  lateness: () => Error,
  withinMs: number,
): Promise<Attempt> {
  try {
    const said = check();
    const settled: unknown = isThenable(said) ? await passUntil(clock, said, lateness, withinMs) : said;
    return { holds: settled !== false, cause: undefined };
  } catch (cause) {
    return { holds: false, cause };
  }
}
