/** Which expressions have a value that nobody looks at, and which promises a failure handler. */
import { ts } from "ts-morph";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, symbolOf } from "./symbols.ts";

const CHAINING = new Set(["then", "catch", "finally"]);
const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
const COLLECTIONS = new Set(["Array", "ReadonlyArray", "Map", "ReadonlyMap", "Set", "ReadonlySet"]);
/** Methods that call their argument at once, in the turn. */
const ITERATING = new Set(["forEach", "map", "flatMap", "filter", "find", "some", "every", "reduce"]);

type Callback = ts.ArrowFunction | ts.FunctionExpression;

/**
 * Whether the value of an expression goes nowhere.
 *
 * | it is | lost |
 * |---|---|
 * | a statement, or before a comma | yes |
 * | the right side of `&&`, `\|\|`, `??` or a comma, a branch of `? :`, an item of an array, in parentheses or a cast | when the whole is |
 * | what a function given to `forEach` returns | yes |
 * | what a function given to `map` returns, unless it is asynchronous | when what `map` makes is |
 * | anything else: kept, returned, given away, awaited, `void` | no |
 */
export function isLost(unit: SourceUnit, node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isExpressionStatement(parent)) return true;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    if (kind === ts.SyntaxKind.CommaToken) return parent.left === node || isLost(unit, parent);
    return LOGICAL.has(kind) && parent.right === node && isLost(unit, parent);
  }
  if (ts.isConditionalExpression(parent)) return parent.condition !== node && isLost(unit, parent);
  if (ts.isArrowFunction(parent)) return parent.body === node && isReturnLost(unit, parent);
  if (ts.isReturnStatement(parent)) {
    const around = functionAround(parent);
    return around !== undefined && isReturnLost(unit, around);
  }
  const isWrapped =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isArrayLiteralExpression(parent);
  return isWrapped && isLost(unit, parent);
}

/** The whole of a chain of `then`, `catch` and `finally` that begins with an expression. */
export function chainOf(node: ts.Expression): ts.Expression {
  const access = node.parent;
  const isChained =
    ts.isPropertyAccessExpression(access) &&
    access.expression === node &&
    CHAINING.has(access.name.text) &&
    ts.isCallExpression(access.parent) &&
    access.parent.expression === access;
  return isChained ? chainOf(access.parent) : node;
}

/** What such a chain begins with. */
export function chainStart(node: ts.Expression): ts.Expression {
  const isChained =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    CHAINING.has(node.expression.name.text);
  return isChained ? chainStart(skipOuter(node.expression.expression)) : node;
}

/** Whether a link of the chain takes the failure: what comes after it rarely fails. */
export function isFailureTaken(chain: ts.Expression): boolean {
  for (
    let at = chain;
    ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression);
    at = skipOuter(at.expression.expression)
  ) {
    const { text } = at.expression.name;
    const handler = text === "catch" ? at.arguments[0] : text === "then" ? at.arguments[1] : undefined;
    if (handler !== undefined && !isNothing(handler)) return true;
  }
  return false;
}

function isNothing(node: ts.Expression): boolean {
  return (
    node.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(node) ||
    (ts.isIdentifier(node) && node.text === "undefined")
  );
}

/** Whether a function is run at once by the method of a collection it is given to. */
export function isRunAtOnce(unit: SourceUnit, node: ts.Node): node is Callback {
  return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && iterationOf(unit, node) !== undefined;
}

/**
 * What is lost by a call of `forEach`, or by a `map` whose result is lost:
 *
 * | it is given | lost |
 * |---|---|
 * | an asynchronous function | `function`: what it promises |
 * | one whose whole body is a `try` with a `catch` | `nothing` |
 * | any other function written there | `nothing`: what it hands out is told of inside |
 * | the name of a function | `function` |
 *
 * @returns `undefined` for other calls.
 */
export function lostByIteration(
  unit: SourceUnit,
  call: ts.CallExpression,
): { readonly function: ts.Expression } | "nothing" | undefined {
  const [callback] = call.arguments;
  if (callback === undefined || iterationOf(unit, callback) === undefined || !isDropping(unit, call)) return undefined;
  const node = skipOuter(callback);
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return { function: node };
  return isAsync(node) && !isTriedWhole(node) ? { function: node } : "nothing";
}

/** Whether what the function returns goes nowhere. */
function isDropping(unit: SourceUnit, call: ts.CallExpression): boolean {
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
  return name === "forEach" || (/^(?:map|flatMap)$/.test(name) && isLost(unit, call));
}

/** Whether what a function promises cannot fail: all of it stands in a `try` with a `catch`. */
function isTriedWhole({ body }: Callback): boolean {
  if (!ts.isBlock(body)) return isFailureTaken(body);
  const [only, ...others] = body.statements;
  return only !== undefined && others.length === 0 && ts.isTryStatement(only) && only.catchClause !== undefined;
}

function isReturnLost(unit: SourceUnit, callback: Callback): boolean {
  if (isAsync(callback)) return false;
  const call = iterationOf(unit, callback);
  return call !== undefined && isDropping(unit, call);
}

/** The call of a collection's method that a function is the first argument of. */
function iterationOf(unit: SourceUnit, argument: ts.Expression): ts.CallExpression | undefined {
  const call = argument.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== argument) return undefined;
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || !ITERATING.has(callee.name.text)) return undefined;
  const declaration = symbolOf(unit, callee.name)?.declarations?.[0];
  const owner = declaration?.parent;
  const isOfLibrary = declaration?.getSourceFile().isDeclarationFile === true;
  return isOfLibrary && owner !== undefined && ts.isInterfaceDeclaration(owner) && COLLECTIONS.has(owner.name.text)
    ? call
    : undefined;
}

function functionAround(node: ts.Node): Callback | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return ts.isArrowFunction(at) || ts.isFunctionExpression(at) ? at : undefined;
  }
  return undefined;
}

function isAsync(node: Callback): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Async) !== 0;
}
