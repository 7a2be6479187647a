/** Promises that nothing but the clock of the machine settles. */
import { ts } from "ts-morph";
import { globalName } from "./global-name.ts";
import type { SourceUnit } from "./source-unit.ts";
import { isPlainFunction, skipOuter, symbolOf } from "./symbols.ts";

/**
 * | written | sleeps |
 * |---|---|
 * | `new Promise((resolve) => setTimeout(resolve, 5))`, also with a block, or a function that calls it | yes |
 * | `setTimeout(5)` of `node:timers/promises`, under any name | yes |
 * | a call of a function of the project that returns one of these | yes |
 * | any of them with a delay of 0: it lets others come first | no |
 */
export function isSleep(unit: SourceUnit, expression: ts.Expression, depth = 0): boolean {
  const node = skipOuter(expression);
  if (ts.isNewExpression(node)) return isTimerPromise(unit, node);
  if (!ts.isCallExpression(node) || isZero(node.arguments[0])) return false;
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const declaration = ts.isIdentifier(callee) ? symbolOf(unit, callee)?.valueDeclaration : undefined;
  if (declaration === undefined) return false;
  if (declaration.getSourceFile().isDeclarationFile) return isTimerOfPromises(declaration);
  if (declaration.getSourceFile() !== unit.file) unit.reads.add(declaration.getSourceFile().fileName);
  const returned = depth > 2 ? undefined : returnedBy(declaration);
  return returned !== undefined && isSleep(unit, returned, depth + 1);
}

function isZero(delay: ts.Expression | undefined): boolean {
  return delay !== undefined && ts.isNumericLiteral(delay) && Number(delay.text) === 0;
}

function isTimerOfPromises(declaration: ts.Declaration): boolean {
  if (!ts.isFunctionDeclaration(declaration) || declaration.name?.text !== "setTimeout") return false;
  for (let at: ts.Node = declaration; at !== undefined; at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return /^(?:node:)?timers\/promises$/.test(at.name.text);
  return false;
}

/** A promise whose function does nothing but start a timer that resolves it. */
function isTimerPromise(unit: SourceUnit, { expression, arguments: given }: ts.NewExpression): boolean {
  const made = given?.[0];
  if (expression.getText() !== "Promise" || made === undefined || !isPlainFunction(made)) return false;
  const resolve = made.parameters[0]?.name;
  const only = onlyExpression(made);
  if (resolve === undefined || only === undefined || !ts.isCallExpression(only) || isZero(only.arguments[1]))
    return false;
  const [action, delay] = only.arguments;
  if (action === undefined || delay === undefined || globalName(unit, only.expression) !== "setTimeout") return false;
  const calls = ts.isFunctionLike(action) && isPlainFunction(action) ? onlyExpression(action) : undefined;
  const resolved = calls !== undefined && ts.isCallExpression(calls) ? calls.expression : action;
  return resolved.getText() === resolve.getText();
}

function onlyExpression({ body }: ts.FunctionLikeDeclaration): ts.Expression | undefined {
  if (body === undefined || !ts.isBlock(body)) return body;
  const [statement] = body.statements;
  return body.statements.length === 1 && statement !== undefined && ts.isExpressionStatement(statement)
    ? statement.expression
    : undefined;
}

/** What a function with one statement returns or waits for. */
function returnedBy(declaration: ts.Declaration): ts.Expression | undefined {
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  if (value === undefined || !isPlainFunction(value) || value.body === undefined) return undefined;
  if (!ts.isBlock(value.body)) return value.body;
  const [statement] = value.body.statements;
  if (value.body.statements.length !== 1 || statement === undefined) return undefined;
  const said =
    ts.isReturnStatement(statement) || ts.isExpressionStatement(statement) ? statement.expression : undefined;
  return said !== undefined && ts.isAwaitExpression(said) ? said.expression : said;
}
