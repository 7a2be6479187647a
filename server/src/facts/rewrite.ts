/** Another way to write the code at a place, with the same meaning. Plain data. */
import type { TextEdit } from "../source/text-edit.ts";

export interface Rewrite {
  /** An imperative, for a menu. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}
