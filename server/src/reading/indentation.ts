/** How a file is indented, so that what is inserted looks at home. */
import type { ts } from "ts-morph";

/** The white space before the first thing in the line of an offset. */
export function indentAt(file: ts.SourceFile, offset: number): string {
  const lineStart = file.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(file.text.slice(lineStart, offset + 80))?.[0] ?? "";
}

/** One level: a tab, or the smallest indentation found in the first lines. */
export function indentStep(file: ts.SourceFile): string {
  const widths = new Set<number>();
  for (const line of file.text.slice(0, 8_000).split("\n")) {
    const indent = /^[ \t]+(?=[^\s*])/.exec(line)?.[0];
    if (indent === undefined) continue;
    if (indent.startsWith("\t")) return "\t";
    widths.add(indent.length);
  }
  const smallest = Math.min(...widths);
  return " ".repeat(Number.isFinite(smallest) && smallest <= 8 ? smallest : 2);
}
