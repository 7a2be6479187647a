/** Names whose objects are changed after they were made: their initial value says nothing for sure. */
import { ts } from "ts-morph";
import { forEachNode } from "./symbols.ts";

const CHANGING_METHODS = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "set",
  "add",
  "delete",
  "clear",
  "copyWithin",
]);
const known = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** By name, not by symbol: too many names cost silence only. */
export function mutatedNames(file: ts.SourceFile): ReadonlySet<string> {
  const found = known.get(file);
  if (found !== undefined) return found;
  const names = new Set<string>();
  const add = (node: ts.Expression): void => {
    const root = rootOf(node);
    if (root !== undefined && root !== node) names.add(root.text);
  };
  forEachNode(file, (node) => {
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) add(node.left);
    else if (ts.isDeleteExpression(node)) add(node.expression);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) add(node.operand);
    else if (ts.isCallExpression(node)) addCall(node, names);
  });
  known.set(file, names);
  return names;
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether a method of that name changes arrays, maps or sets. */
export function isChangingMethod(name: string): boolean {
  return CHANGING_METHODS.has(name);
}

/** The identifier at the start of `a.b[0].c`; `undefined` for anything else. */
export function rootOf(node: ts.Expression): ts.Identifier | undefined {
  let at: ts.Expression = node;
  while (
    ts.isPropertyAccessExpression(at) ||
    ts.isElementAccessExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isParenthesizedExpression(at)
  ) {
    at = at.expression;
  }
  return ts.isIdentifier(at) ? at : undefined;
}

function addCall(call: ts.CallExpression, names: Set<string>): void {
  if (!ts.isPropertyAccessExpression(call.expression)) return;
  const { expression, name } = call.expression;
  if (isChangingMethod(name.text)) {
    const root = rootOf(expression);
    if (root !== undefined) names.add(root.text);
  }
  const [target] = call.arguments;
  if (ts.isIdentifier(expression) && expression.text === "Object" && name.text === "assign" && target !== undefined) {
    const root = rootOf(target);
    if (root !== undefined) names.add(root.text);
  }
}
