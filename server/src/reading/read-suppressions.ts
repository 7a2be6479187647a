/** Finds `// airssys-ignore-next-line rule: reason`, `// airssys-ignore-line …` and `// airssys-ignore-file …`. */
import { ts } from "ts-morph";
import type { Suppression } from "../facts/suppression.ts";
import type { Span } from "../source/span.ts";

const DIRECTIVE = /airssys-ignore-(next-line|line|file)\b[ \t]*([^:\r\n]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\*\/)?$/;

export function readSuppressions(file: ts.SourceFile): readonly Suppression[] {
  if (!file.text.includes("airssys-ignore-")) return [];
  const found: Suppression[] = [];
  for (const comment of commentsOf(file)) {
    const match = DIRECTIVE.exec(file.text.slice(comment.start, comment.end));
    if (match === null) continue;
    const [, where = "", rules = "", reason = ""] = match;
    found.push({
      span: comment,
      rules: rules.split(/[\s,]+/).filter((rule) => rule !== ""),
      reason: reason.trim(),
      covers: coverage(file, comment, where),
    });
  }
  return found;
}

function commentsOf(file: ts.SourceFile): readonly Span[] {
  const comments: Span[] = [];
  const starts = new Set<number>();
  const collect = (position: number): void => {
    for (const range of ts.getLeadingCommentRanges(file.text, position) ?? []) add(range);
    for (const range of ts.getTrailingCommentRanges(file.text, position) ?? []) add(range);
  };
  const add = (range: ts.CommentRange): void => {
    if (starts.has(range.pos)) return;
    starts.add(range.pos);
    comments.push({ start: range.pos, end: range.end });
  };
  const visit = (node: ts.Node): void => {
    collect(node.getFullStart());
    collect(node.end);
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return comments.sort((a, b) => a.start - b.start);
}

function coverage(file: ts.SourceFile, comment: Span, where: string): Span {
  if (where === "file") return { start: 0, end: file.text.length };
  const line = file.getLineAndCharacterOfPosition(comment.end).line + (where === "next-line" ? 1 : 0);
  const starts = file.getLineStarts();
  return { start: starts[line] ?? file.text.length, end: starts[line + 1] ?? file.text.length };
}
