/** Writes fixes to the disk. */
import { readFileSync, writeFileSync } from "node:fs";
import { withLineEndsOf } from "../source/line-ends.ts";
import type { TextEdit } from "../source/text-edit.ts";
import { decodeText } from "../source/text-encoding.ts";
import { messageOf, UsageError } from "./usage-error.ts";

/**
 * Line ends, encoding and a byte order mark stay as they are.
 *
 * @returns the files written.
 * @throws {UsageError} when a file cannot be written; those before it are.
 */
export function writeEdits(edits: readonly TextEdit[]): readonly string[] {
  const files = new Set(edits.map((edit) => edit.path));
  for (const file of files) {
    const encoded = decodeText(readFileSync(file));
    let { text } = encoded;
    const own = edits.filter((edit) => edit.path === file).sort((a, b) => b.span.start - a.span.start);
    for (const { span, newText } of own)
      text = text.slice(0, span.start) + withLineEndsOf(encoded.text, newText) + text.slice(span.end);
    try {
      writeFileSync(file, encoded.encode(text));
    } catch (cause) {
      throw new UsageError(`the fix of ${file} cannot be written: ${messageOf(cause)}`);
    }
  }
  return [...files];
}
