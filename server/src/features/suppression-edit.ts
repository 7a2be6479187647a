/** The comment that silences a diagnostic in the line below. */
import type { Diagnostic } from "../rules/diagnostic.ts";
import type { TextEdit } from "../source/text-edit.ts";

/** The reason is left for the user to write: without one the comment silences nothing. */
export function suppressionEdit(diagnostic: Diagnostic, text: string): TextEdit {
  const lineStart = text.lastIndexOf("\n", diagnostic.span.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const newText = `${indent}// airssys-ignore-next-line ${diagnostic.rule}: say why\n`;
  return { path: diagnostic.path, span: { start: lineStart, end: lineStart }, newText };
}
