/** Where the piece of an edit that a person writes on lies when all edits of the file are made. Line ends count as one character. */
import type { SourceRange } from "../protocol.ts";
import { LineMap } from "./line-map.ts";
import type { TextEdit } from "./text-edit.ts";

/**
 * @param edits of the file; they do not overlap.
 * @param edit one of them.
 */
export function selectedRange(text: string, edits: readonly TextEdit[], edit: TextEdit): SourceRange {
  const selection = edit.selection ?? { start: edit.newText.length, end: edit.newText.length };
  let made = "";
  let at = 0;
  let start = 0;
  for (const one of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    made += text.slice(at, one.span.start);
    if (one === edit) start = made.length;
    made += one.newText;
    at = one.span.end;
  }
  const map = new LineMap(made);
  return map.range({ start: start + selection.start, end: start + selection.end });
}
