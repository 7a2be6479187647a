/** How statements end: whether what comes after them is reached, and which of their breaks leave the `switch` around. */
import { ts } from "ts-morph";

/** Whether a run of statements ends with a `return`, a `throw` or a `break`. */
export function endsItself(statements: readonly ts.Statement[]): boolean {
  const last = statements.at(-1);
  if (last === undefined) return false;
  if (ts.isBlock(last)) return endsItself(last.statements);
  return ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakStatement(last);
}

/** The breaks in a statement of a clause that belong to the `switch`, not to a loop or a `switch` inside. */
export function ownBreaks(statement: ts.Node): readonly ts.BreakStatement[] {
  if (ts.isBreakStatement(statement)) return [statement];
  const isOther = ts.isIterationStatement(statement, false) || ts.isSwitchStatement(statement);
  if (isOther || ts.isFunctionLike(statement) || ts.isClassLike(statement)) return [];
  const found: ts.BreakStatement[] = [];
  ts.forEachChild(statement, (child) => {
    found.push(...ownBreaks(child));
  });
  return found;
}

/** Whether a statement waits itself, not only in functions inside. */
export function isAwaiting(statement: ts.Node): boolean {
  if (ts.isFunctionLike(statement) || ts.isClassLike(statement)) return false;
  if (ts.isAwaitExpression(statement)) return true;
  if (ts.isForOfStatement(statement) && statement.awaitModifier !== undefined) return true;
  if (
    ts.isVariableDeclarationList(statement) &&
    (statement.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  )
    return true;
  return ts.forEachChild(statement, (child) => isAwaiting(child) || undefined) ?? false;
}
