/** Code that is moved to another depth of its file: indented anew, in the quotes of the file, with its comments. */
import { ts } from "ts-morph";
import type { Span } from "../source/span.ts";
import { indentAt, indentStep } from "./indentation.ts";
import { forEachNode } from "./symbols.ts";

export class MovedCode {
  readonly file: ts.SourceFile;
  readonly step: string;
  /** `"` or `'`, as the imports have it. */
  readonly quote: string;
  /** A semicolon, or nothing where the file goes without. */
  readonly semicolon: string;
  /** Offsets of lines that begin inside a template: their white space is part of a value. */
  readonly #fixedLines = new Set<number>();

  constructor(file: ts.SourceFile) {
    this.file = file;
    this.step = indentStep(file);
    const first = file.statements.find(ts.isImportDeclaration);
    this.quote = first?.moduleSpecifier.getText()[0] === "'" ? "'" : '"';
    this.semicolon = first === undefined || first.getText().endsWith(";") ? ";" : "";
    forEachNode(file, (node) => {
      if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) this.#fix(node);
    });
  }

  #fix(template: ts.Node): void {
    const { text } = this.file;
    for (
      let at = text.indexOf("\n", template.getStart());
      at >= 0 && at < template.end;
      at = text.indexOf("\n", at + 1)
    )
      this.#fixedLines.add(at + 1);
  }

  /** Statements one below the other, with their comments and the empty lines between them. */
  statements(statements: readonly ts.Node[], indent: string, replaced: readonly Replacement[] = []): string {
    return statements.map((one, index) => this.#statement(one, indent, index > 0, replaced)).join("");
  }

  #statement(statement: ts.Node, indent: string, isAfterOther: boolean, replaced: readonly Replacement[]): string {
    const { text } = this.file;
    const [comment] = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
    const start = comment?.pos ?? statement.getStart();
    const end = ts.getTrailingCommentRanges(text, statement.end)?.at(-1)?.end ?? statement.end;
    const isApart = isAfterOther && /\n[ \t]*\r?\n/.test(text.slice(statement.pos, start));
    return `${isApart ? "\n" : ""}${indent}${this.reindented({ start, end }, indent, replaced)}\n`;
  }

  /** The comments that stand in lines of their own before a node, as lines at `indent`. */
  commentsBefore(node: ts.Node, indent: string): string {
    const start = startWithComments(node);
    const last = ts.getLeadingCommentRanges(this.file.text, node.pos)?.at(-1);
    if (last === undefined || start === node.getStart()) return "";
    return `${indent}${this.reindented({ start, end: last.end }, indent)}\n`;
  }

  /** A piece of the file whose first line is put at `indent`, the others moved as far. */
  reindented(span: Span, indent: string, replaced: readonly Replacement[] = []): string {
    const inside = replaced.filter((one) => span.start <= one.span.start && one.span.end <= span.end);
    const edits = [...this.#lineEdits(span, indent), ...inside].sort((a, b) => a.span.start - b.span.start);
    let result = "";
    let at = span.start;
    for (const edit of edits) {
      result += this.file.text.slice(at, edit.span.start) + edit.newText;
      at = edit.span.end;
    }
    return result + this.file.text.slice(at, span.end);
  }

  #lineEdits({ start, end }: Span, indent: string): readonly Replacement[] {
    const { text } = this.file;
    const from = indentAt(this.file, start);
    const edits: Replacement[] = [];
    for (let line = text.indexOf("\n", start) + 1; line > 0 && line < end; line = text.indexOf("\n", line) + 1) {
      const isEmpty = /^[ \t]*\r?\n/.test(text.slice(line, text.indexOf("\n", line) + 1));
      if (!isEmpty && !this.#fixedLines.has(line) && text.startsWith(from, line))
        edits.push({ span: { start: line, end: line + from.length }, newText: indent });
    }
    return edits;
  }
}

/** Text that is put in the place of a piece of the file. */
export interface Replacement {
  readonly span: Span;
  readonly newText: string;
}

/** How many comments a piece of code has. What is moved must take all of them along. */
export function commentCount(text: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let count = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan())
    if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia) count++;
  return count;
}

/** Where a class member begins, with the comments before it. */
export function startWithComments(node: ts.Node): number {
  const { text } = node.getSourceFile();
  // What stands in the line of the member before belongs to that one.
  const own = (ts.getLeadingCommentRanges(text, node.pos) ?? []).find((one) =>
    text.slice(node.pos, one.pos).includes("\n"),
  );
  return Math.min(own?.pos ?? node.getStart(), node.getStart());
}

export function isIdentifierName(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "__proto__";
}
