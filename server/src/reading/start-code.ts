/** What an actor runs when it starts: its start, and the methods that this calls. */
import { ts } from "ts-morph";
import { type Callback, visitCode } from "./actor-code.ts";
import { someNode } from "./symbols.ts";

/** The method of the same class that a call calls: `this.#subscribe(…)`. */
export function ownMethod(call: ts.Node, code: readonly Callback[]): Callback | undefined {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const { expression, name } = call.expression;
  if (expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  return code.find((one) => one.kind === "helper" && nameOf(one) === name.text);
}

/** Starts, and every method they may come to. @param code of one actor. */
export function reachedFromStart(code: readonly Callback[]): ReadonlySet<Callback> {
  const reached = new Set(code.filter(({ kind }) => kind === "init"));
  for (const one of reached) {
    visitCode(one.node.body, (node) => {
      const method = ownMethod(node, code);
      if (method !== undefined) reached.add(method);
    });
  }
  return reached;
}

/** Starts, and the private methods that nothing but these calls. @param code of one actor. */
export function startOnly(code: readonly Callback[]): ReadonlySet<Callback> {
  const only = new Set(reachedFromStart(code));
  const isInStart = (node: ts.Node): boolean => [...only].some((one) => isWithin(node, one.node));
  for (let size = -1; size !== only.size; ) {
    size = only.size;
    for (const one of only)
      if (one.kind === "helper" && !(isPrivate(one) && isMentionedOnlyIn(one, isInStart))) only.delete(one);
  }
  return only;
}

function isMentionedOnlyIn(method: Callback, isIn: (node: ts.Node) => boolean): boolean {
  const name = nameOf(method);
  return !someNode(
    method.owner,
    (node) => ts.isPropertyAccessExpression(node) && node.name.text === name && !isIn(node),
  );
}

function isPrivate({ node }: Callback): boolean {
  if (!ts.isMethodDeclaration(node)) return false;
  const isMarked = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true;
  return isMarked || ts.isPrivateIdentifier(node.name);
}

function nameOf({ node }: Callback): string | undefined {
  const named = ts.isPropertyDeclaration(node.parent) ? node.parent : node;
  return ts.isMethodDeclaration(named) || ts.isPropertyDeclaration(named) ? named.name.getText() : undefined;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}
