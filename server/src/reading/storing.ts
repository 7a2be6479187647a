/** Whether a call only puts something into a collection that nobody takes it out of again: nothing else happens with it. */
import { ts } from "ts-morph";
import { isOwnMember } from "./own-member.ts";
import { skipOuter, someNode } from "./symbols.ts";

const STORING = new Set(["push", "unshift", "add", "set"]);
/** What is done with a collection that leaves what is in it where it is, or only shows it. */
const SHOWING = new Set([
  ...STORING,
  "length",
  "size",
  "at",
  "slice",
  "has",
  "includes",
  "join",
  "toString",
  "delete",
  "clear",
]);

/**
 * | collection | stored |
 * |---|---|
 * | a field of the class, or a variable, whose other uses only count, copy or empty it | yes |
 * | one of which something is taken or visited (`shift`, `for … of`, `forEach`), or that is given to other code | no: a queue |
 */
export function isStored(call: ts.Expression): boolean {
  const node = skipOuter(ts.isVoidExpression(call) ? call.expression : call);
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { name, expression: collection } = node.expression;
  if (!STORING.has(name.text)) return false;
  const isOwn = isOwnMember(collection);
  if (!isOwn && !ts.isIdentifier(collection)) return false;
  const text = isOwn ? collection.name.text : collection.getText();
  return !someNode(isOwn ? classAround(node) : node.getSourceFile(), (one) =>
    isOwn ? isTaken(one, text) : isTakenVariable(one, text),
  );
}

function isTaken(node: ts.Node, field: string): boolean {
  return isOwnMember(node) && node.name.text === field && !isShown(node);
}

function isTakenVariable(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) || node.text !== name) return false;
  const { parent } = node;
  const isName =
    (ts.isVariableDeclaration(parent) && parent.name === node) ||
    (ts.isPropertyAccessExpression(parent) && parent.name === node);
  return !isName && !isShown(node);
}

function isShown(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return SHOWING.has(parent.name.text);
  // `[...this.#history]`, `this.#history = []`
  return ts.isSpreadElement(parent) ? ts.isArrayLiteralExpression(parent.parent) : isReplaced(parent, node);
}

/** Whether a field, or a variable, is given another value there. */
export function isReplaced(parent: ts.Node, node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

/** The class around a node, or the file. */
export function classAround(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isClassLike(at) && at.parent !== undefined) at = at.parent;
  return at;
}
