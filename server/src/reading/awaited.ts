/** Whether a value is waited for where it is made, and whether it could be. */
import { ts } from "ts-morph";
import { enclosingFunction } from "./symbols.ts";

/** Whether the function waits for the value before it goes on or ends. */
export function isAwaited(call: ts.Expression): boolean {
  let node: ts.Node = call;
  for (;;) {
    const { parent } = node;
    if (ts.isAwaitExpression(parent)) return true;
    if (ts.isReturnStatement(parent)) return true;
    if (ts.isArrowFunction(parent)) return parent.body === node;
    const isPassedThrough =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isConditionalExpression(parent) ||
      (ts.isCallExpression(parent) &&
        parent.expression !== node &&
        /^Promise\.(?:all|race|any|allSettled)$/.test(parent.expression.getText())) ||
      (ts.isPropertyAccessExpression(parent) && ["then", "catch", "finally"].includes(parent.name.text)) ||
      (ts.isCallExpression(parent) && parent.expression === node);
    if (!isPassedThrough) return false;
    node = parent;
  }
}

/** In an asynchronous function, or at the top of a module. */
export function canWait(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  return around === undefined
    ? ts.isExternalModule(node.getSourceFile())
    : (ts.getCombinedModifierFlags(around) & ts.ModifierFlags.Async) !== 0;
}
