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

/**
 * Whether the code of an actor uses a member of its context, or gives its context to code that may.
 * @param own all of its code.
 */
export function mayCall(unit: SourceUnit, own: readonly Callback[], member: "trapExit" | "unstashAll"): boolean {
  const nodes = new Set<ts.Node>(own.map(({ node }) => node));
  return own.some((one) => mayCallIn(unit, one, member, nodes));
}

function mayCallIn(
  unit: SourceUnit,
  { node }: Callback,
  member: "trapExit" | "unstashAll",
  own: ReadonlySet<ts.Node>,
): boolean {
  return node.parameters.some(({ name }) => {
    if (!ts.isIdentifier(name)) return name.getText().includes(member);
    return someNode(node, (one) => {
      if (ts.isPropertyAccessExpression(one) && one.name.text === member) return true;
      const isGiven = ts.isIdentifier(one) && one.text === name.text && one !== name && !isMemberAccess(one);
      return (
        isGiven && !isGivenTo(unit, one, own) && unit.checker.getTypeAtLocation(one).getProperty(member) !== undefined
      );
    });
  });
}

function isMemberAccess({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent);
}

/** Whether a value is an argument of a call of some function. */
function isGivenTo(unit: SourceUnit, value: ts.Identifier, functions: ReadonlySet<ts.Node>): boolean {
  const call = value.parent;
  if (!ts.isCallExpression(call) || !call.arguments.includes(value)) return false;
  const { expression: callee } = call;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  const made =
    declaration !== undefined && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration))
      ? declaration.initializer
      : declaration;
  return made !== undefined && functions.has(made);
}
