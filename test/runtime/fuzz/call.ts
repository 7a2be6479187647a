/** One sound call of an entry point. */
import type { Stage } from "./stage.ts";

export interface Call {
  /** Sound arguments; the fields of plain objects in them are fuzzed too. */
  readonly args: (stage: Stage) => readonly unknown[];
  readonly make: (args: readonly unknown[], stage: Stage) => unknown;
  /** Each call needs a stage of its own. */
  readonly isFatal?: boolean;
}
