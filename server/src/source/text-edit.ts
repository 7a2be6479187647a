/** A replacement in a file. Plain data. */
import type { FileSpan, Span } from "./span.ts";

export interface TextEdit extends FileSpan {
  readonly newText: string;
  /** The piece of `newText` that a person writes on: offsets in it. */
  readonly selection?: Span;
}
