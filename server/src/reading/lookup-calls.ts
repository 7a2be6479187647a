/** Look-ups through functions of the project, and what is made of one that finds nobody. */
import { ts } from "ts-morph";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { enclosingFunction, isPlainFunction, runtimeCallee, skipOuter, someNode, symbolOf } from "./symbols.ts";

/** By function: which parameter is the name it looks up. */
const known = new WeakMap<ts.Node, number>();

/** The literal that a function of the project is given and looks up: `"orders"` in `lookup(context, "orders")`. */
export function lookedUpArgument(unit: SourceUnit, call: ts.CallExpression): ts.Expression | undefined {
  const callee = call.expression;
  const isOwn = ts.isIdentifier(callee) || isOwnMember(callee);
  if (!isOwn || !call.arguments.some((argument) => ts.isStringLiteralLike(argument))) return undefined;
  const target = functionOf(unit, ts.isPropertyAccessExpression(callee) ? callee.name : callee);
  if (target?.body === undefined) return undefined;
  const file = target.getSourceFile();
  if (file !== unit.file) unit.reads.add(file.fileName);
  const at = known.get(target) ?? nameParameter(unit, target, target.body);
  known.set(target, at);
  const argument = call.arguments[at];
  return argument !== undefined && ts.isStringLiteralLike(argument) ? argument : undefined;
}

function functionOf(unit: SourceUnit, name: ts.Node): ts.FunctionLikeDeclaration | undefined {
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return undefined;
  const value =
    ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
      ? declaration.initializer
      : declaration;
  return value !== undefined && isPlainFunction(value) ? value : undefined;
}

/** @returns -1 when it looks up none of its parameters. */
function nameParameter(unit: SourceUnit, { parameters }: ts.FunctionLikeDeclaration, body: ts.Node): number {
  let at = -1;
  someNode(body, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const [name] = node.arguments;
    if (node.expression.name.text !== "whereis" || name === undefined || !ts.isIdentifier(name)) return false;
    if (runtimeCallee(unit, node, "ActorContext.whereis", "ActorSystem.whereis") === undefined) return false;
    at = parameters.findIndex((one) => ts.isIdentifier(one.name) && one.name.text === name.text);
    return at >= 0;
  });
  return at;
}

/** Whether there is code for the case that a look-up finds nobody: a `??`, a `try`, or a test of the constant it is kept in. */
export function expectsNobody(unit: SourceUnit, call: ts.CallExpression): boolean {
  let value: ts.Expression = call;
  while (value.parent !== undefined && ts.isExpression(value.parent) && skipOuter(value.parent) === call)
    value = value.parent;
  const { parent } = value;
  if (ts.isBinaryExpression(parent) && parent.left === value) return true;
  if (isCondition(value) || isTried(call)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const around = enclosingFunction(call);
  const { text } = parent.name;
  const symbol = symbolOf(unit, parent.name);
  return (
    around !== undefined &&
    someNode(
      around,
      (node) => ts.isIdentifier(node) && node.text === text && isTested(node) && symbolOf(unit, node) === symbol,
    )
  );
}

function isTested(node: ts.Identifier): boolean {
  for (let at: ts.Node = node; ts.isExpression(at); at = at.parent) {
    if (isCondition(at)) return true;
    if (ts.isCallExpression(at.parent)) return false;
  }
  return false;
}

function isCondition(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && /^(?:&&|\|\||\?\?)$/.test(parent.operatorToken.getText())
  );
}

function isTried(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return false;
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause !== undefined) return true;
  }
  return false;
}
