/** Whether all the code of an actor is seen, and what that may do with its context. */
import { ts } from "ts-morph";
import { type Callback, constantValue } from "./actor-code.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode, symbolOf } from "./symbols.ts";

/** Whether all the code of the actor is seen: it extends nothing but `Actor`, or is an object with its functions in it. */
export function isWholeActor(unit: SourceUnit, owner: Callback["owner"]): boolean {
  if (ts.isClassLike(owner)) {
    const base = owner.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    return base !== undefined && unit.runtime.nameOf(symbolOf(unit, base.expression)) === "Actor";
  }
  if (!ts.isObjectLiteralExpression(owner) || owner.properties.some(ts.isSpreadAssignment)) return false;
  return owner.properties.every((property) => {
    const isCode = ["init", "handlers"].includes(property.name?.getText() ?? "");
    if (!isCode || !ts.isPropertyAssignment(property)) return true;
    const value = constantValue(unit, property.initializer);
    return ts.isObjectLiteralExpression(value)
      ? value.properties.every((one) => ts.isMethodDeclaration(one) || isFunction(one))
      : ts.isArrowFunction(value) || ts.isFunctionExpression(value);
  });
}

function isFunction(property: ts.ObjectLiteralElementLike): boolean {
  if (!ts.isPropertyAssignment(property)) return false;
  const value = skipOuter(property.initializer);
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value);
}

/** Whether a piece of code uses a member of its context, or gives its context to code that may. */
export function mayCall(unit: SourceUnit, { node }: Callback, member: "trapExit" | "unstashAll"): boolean {
  return node.parameters.some(({ name }) => {
    if (!ts.isIdentifier(name)) return name.getText().includes(member);
    return someNode(node, (one) => {
      if (ts.isPropertyAccessExpression(one) && one.name.text === member) return true;
      const isGiven = ts.isIdentifier(one) && one.text === name.text && one !== name && !isMemberAccess(one);
      return isGiven && unit.checker.getTypeAtLocation(one).getProperty(member) !== undefined;
    });
  });
}

function isMemberAccess({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent);
}
