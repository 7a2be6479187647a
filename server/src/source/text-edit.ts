/** A replacement in a file. Plain data. */
import type { FileSpan } from "./span.ts";

export interface TextEdit extends FileSpan {
  readonly newText: string;
}
