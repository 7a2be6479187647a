/** The object literals that a value may be, as far as the file says: through constants, parameters of its own functions, and what these return. */
import { ts } from "ts-morph";
import { mutatedNames } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, isPlainFunction, skipOuter, symbolOf } from "./symbols.ts";

const MAX_DEPTH = 4;

/**
 * | value | literals |
 * |---|---|
 * | a literal | itself |
 * | a constant that is changed nowhere | those of what it was made from |
 * | `a ? b : c`, `a ?? b` | those of both |
 * | a call of a function or private method of the file | those of what it returns |
 * | a parameter of a function or private method of the file that is not exported | those that calls in the file give for it |
 * | anything else | none |
 */
export function tracedLiterals(
  unit: SourceUnit,
  value: ts.Expression,
  depth = 0,
): readonly ts.ObjectLiteralExpression[] {
  if (depth > MAX_DEPTH) return [];
  const further = (one: ts.Expression): readonly ts.ObjectLiteralExpression[] => tracedLiterals(unit, one, depth + 1);
  const node = skipOuter(ts.isAwaitExpression(value) ? value.expression : value);
  if (ts.isObjectLiteralExpression(node)) return [node];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(further);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return [node.left, node.right].flatMap(further);
  if (ts.isCallExpression(node)) return returnsOf(calledIn(unit, node)).flatMap(further);
  if (!ts.isIdentifier(node) || mutatedNames(unit.file).has(node.text)) return [];
  const declaration = symbolOf(unit, node)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== unit.file) return [];
  if (ts.isParameter(declaration)) return argumentsFor(unit, declaration).flatMap(further);
  const isConstant = ts.isVariableDeclaration(declaration) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConstant && declaration.initializer !== undefined ? further(declaration.initializer) : [];
}

/** The function of this file that a call calls: what a method of a class is can be another in a class that extends it, unless it is private. */
function calledIn(unit: SourceUnit, { expression }: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
  const isOwn = ts.isPropertyAccessExpression(expression) && ts.isPrivateIdentifier(expression.name);
  const name = isOwn ? expression.name : expression;
  if (!isOwn && !ts.isIdentifier(name)) return undefined;
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== unit.file) return undefined;
  const code = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  return code !== undefined && isPlainFunction(code) ? code : undefined;
}

function returnsOf(code: ts.FunctionLikeDeclaration | undefined): readonly ts.Expression[] {
  if (code?.body === undefined) return [];
  if (!ts.isBlock(code.body)) return [code.body as ts.Expression];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(code.body, visit);
  return found;
}

function argumentsFor(unit: SourceUnit, parameter: ts.ParameterDeclaration): readonly ts.Expression[] {
  const code = parameter.parent;
  const at = code.parameters.indexOf(parameter);
  const isOpen =
    (ts.getCombinedModifierFlags(ts.isVariableDeclaration(code.parent) ? code.parent : (code as ts.Declaration)) &
      ts.ModifierFlags.Export) !==
    0;
  if (isOpen || parameter.dotDotDotToken !== undefined) return [];
  const found: ts.Expression[] = [];
  forEachNode(unit.file, (node) => {
    if (!ts.isCallExpression(node) || calledIn(unit, node) !== code) return;
    const argument = node.arguments[at];
    if (argument !== undefined && !node.arguments.slice(0, at).some(ts.isSpreadElement)) found.push(argument);
  });
  return found;
}
