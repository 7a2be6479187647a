/** Next states of a functional actor that its handler makes and does not give back. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { isAssignment } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, skipOuter, spanOf, symbolOf } from "./symbols.ts";

/** Methods of lists that return a new one. */
const COPYING = new Set(["concat", "toSorted", "toReversed", "toSpliced", "with"]);

/**
 * | in a handler | lost |
 * |---|---|
 * | a statement that is a `become(…)`, an object, or a sum | yes |
 * | a statement that makes a copy: `rows.concat(row)`, `Object.assign({}, state)`, `rows.toSorted()` | yes |
 * | `{ count: state.count + 1 }` after an arrow: a block with a label | yes |
 * | the parameter for the state gets another value, and nothing is returned | yes |
 */
export function readLostStates(unit: SourceUnit, callback: Callback): readonly Incident[] {
  const { kind, node, owner, actor } = callback;
  if ((kind !== "message" && kind !== "signal") || ts.isClassLike(owner) || !ts.isBlock(node.body)) return [];
  const lost: ts.Node[] = [];
  const assigned: ts.Node[] = [];
  let returns = false;
  visitCode(node.body, (one, depth) => {
    if (depth > 0) return;
    if (ts.isReturnStatement(one) && one.expression !== undefined) returns = true;
    if (ts.isLabeledStatement(one) && ts.isExpressionStatement(one.statement)) lost.push(one);
    if (!ts.isExpressionStatement(one)) return;
    if (isState(unit, one.expression) && !ts.isLabeledStatement(one.parent)) lost.push(one.expression);
    if (isStateAssigned(unit, callback, one.expression)) assigned.push(one.expression);
  });
  const found = returns ? lost : [...lost, ...assigned];
  return found.map((one) => ({ kind: "lost-state", span: spanOf(one), subject: one.getText(), actor }));
}

function isState(unit: SourceUnit, expression: ts.Expression): boolean {
  const node = skipOuter(expression);
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return true;
  if (ts.isCallExpression(node)) return runtimeCallee(unit, node, "become") !== undefined || isCopy(unit, node);
  return ts.isBinaryExpression(node) && /^[-+*/%]$/.test(node.operatorToken.getText());
}

/** What makes something new and leaves what it is made of as it is. */
function isCopy(unit: SourceUnit, { expression: callee, arguments: [first] }: ts.CallExpression): boolean {
  if (callee.getText() === "structuredClone") return true;
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (callee.getText() === "Object.assign") return first !== undefined && ts.isObjectLiteralExpression(first);
  return COPYING.has(callee.name.text) && isOfList(symbolOf(unit, callee.name));
}

function isOfList(method: ts.Symbol | undefined): boolean {
  const owner = method?.declarations?.[0]?.parent;
  return owner !== undefined && ts.isInterfaceDeclaration(owner) && /^(?:Readonly)?Array$/.test(owner.name.text);
}

function isStateAssigned(unit: SourceUnit, { node: { parameters } }: Callback, expression: ts.Expression): boolean {
  const target =
    ts.isBinaryExpression(expression) && isAssignment(expression.operatorToken.kind)
      ? expression.left
      : ts.isPostfixUnaryExpression(expression) || ts.isPrefixUnaryExpression(expression)
        ? expression.operand
        : undefined;
  const state = parameters[0]?.name;
  return (
    target !== undefined &&
    state !== undefined &&
    ts.isIdentifier(target) &&
    ts.isIdentifier(state) &&
    target.text === state.text &&
    symbolOf(unit, target) === symbolOf(unit, state)
  );
}
