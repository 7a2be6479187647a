/** Names to what they stand for: aliases followed, the runtime's exports recognised, definitions named alike in all files. */
import { ts } from "ts-morph";
import { mayBeRuntime } from "./runtime-words.ts";
import type { SourceUnit } from "./source-unit.ts";

/** The symbol an expression or name stands for, through imports and re-exports. */
export function symbolOf(unit: SourceUnit, node: ts.Node): ts.Symbol | undefined {
  const symbol =
    ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
      ? unit.checker.getShorthandAssignmentValueSymbol(node.parent)
      : unit.checker.getSymbolAtLocation(node);
  return symbol === undefined ? undefined : followAlias(unit, symbol);
}

export function followAlias(unit: SourceUnit, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? unit.checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * What a call calls, in the runtime's words: `supervisor`, `ActorRef.ask`; `undefined` when it is not the runtime's.
 *
 * @param among the words that are waited for, and answered with: a call that cannot be one of them is not looked at. Default: all.
 */
export function runtimeCallee<Word extends string>(
  unit: SourceUnit,
  call: ts.CallExpression | ts.NewExpression,
  ...among: readonly Word[]
): Word | undefined {
  const callee = skipOuter(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) || !mayBeRuntime(name, unit.runtimeWords, among)) return undefined;
  const word = unit.runtime.nameOf(symbolOf(unit, name)) as Word | undefined;
  return word === undefined || among.length === 0 || among.includes(word) ? word : undefined;
}

/** Strips parentheses, `as`, `satisfies` and `!`. */
export function skipOuter(node: ts.Expression): ts.Expression {
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  ) {
    node = node.expression;
  }
  return node;
}

/** The declaration with a name that a node stands in: `path#Name`. Stable while the name stays, wherever it moves in the file. */
export function declarationId(node: ts.Node): string {
  const names: string[] = [];
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const name = declaredName(at);
    if (name !== undefined) names.unshift(name);
  }
  return `${node.getSourceFile().fileName}#${names.join(".")}`;
}

function declaredName(node: ts.Node): string | undefined {
  if (
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isClassLike(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node)
  ) {
    return node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : undefined;
  }
  return undefined;
}

/** A function or method that is written out; constructors and accessors are none. */
export type PlainFunction = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

export function isPlainFunction(node: ts.Node): node is PlainFunction {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node)
  );
}

/** The function, method or accessor around a node; `undefined` at the top of the file. */
export function enclosingFunction(node: ts.Node): ts.FunctionLikeDeclaration | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at) && "body" in at) return at as ts.FunctionLikeDeclaration;
    if (ts.isClassStaticBlockDeclaration(at)) return undefined;
  }
  return undefined;
}

/** Visits a node and all nodes below it, until `visit` returns true. @returns whether it did. */
export function someNode(node: ts.Node, visit: (node: ts.Node) => boolean): boolean {
  return visit(node) || (ts.forEachChild(node, (child) => someNode(child, visit) || undefined) ?? false);
}

export function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => forEachNode(child, visit));
}

export function spanOf(node: ts.Node): { start: number; end: number } {
  return { start: node.getStart(), end: node.end };
}
