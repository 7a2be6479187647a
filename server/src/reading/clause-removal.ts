/** What can be cut out of a `switch` to be rid of one clause, with its line, so that the others mean what they did. */
import { ts } from "ts-morph";
import type { Span } from "../source/span.ts";

/** The whole clause; only its label when the clause before runs on into it. */
export function clauseRemoval(clause: ts.CaseClause): Span {
  const { clauses } = clause.parent;
  const before = clauses[clauses.indexOf(clause) - 1];
  const file = clause.getSourceFile();
  const [colon] = clause.getChildren(file).filter((child) => child.kind === ts.SyntaxKind.ColonToken);
  const isEntered = before !== undefined && !isLeft(before.statements.at(-1));
  const end = isEntered && colon !== undefined ? colon.end : clause.end;
  return { start: lineStartBefore(file.text, clause.getStart(file)), end };
}

/** Whether control never comes past the statement. */
function isLeft(statement: ts.Statement | undefined): boolean {
  if (statement === undefined) return false;
  if (ts.isBlock(statement)) return isLeft(statement.statements.at(-1));
  return (
    ts.isBreakStatement(statement) ||
    ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement) ||
    ts.isContinueStatement(statement)
  );
}

/** Before the white space and the line break in front, when nothing else stands there. */
function lineStartBefore(text: string, at: number): number {
  const [space = ""] = /(?:\r?\n)?[ \t]*$/.exec(text.slice(0, at)) ?? [];
  return at - space.length;
}
