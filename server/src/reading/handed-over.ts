/** Whether an actor that sends what a field holds gives the field something else afterwards: then it has handed the object over. */
import { ts } from "ts-morph";
import type { Callback } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import { someNode } from "./symbols.ts";

/**
 * | after the send, in the function it stands in or in one that calls that | handed over |
 * |---|---|
 * | `this.x = …`, also with `["x"]`, in a list or an object that is taken apart, through a constant that is `this` | yes |
 * | `delete this.x`, `Object.assign(this, { x: … })` | yes |
 * | a call of a method of the class that does one of these | yes |
 * | `this.x.length = 0`, `this.x.clear()` | no: the receiver loses it too |
 */
export function isHandedOver(send: ts.Node, field: string, { node, owner }: Callback): boolean {
  if (isReplacedAfter(send, node, field, owner)) return true;
  const name = node.name?.getText() ?? (ts.isPropertyDeclaration(node.parent) ? node.parent.name.getText() : undefined);
  return (
    name !== undefined &&
    someNode(owner, (call) => {
      const isOfIt = ts.isCallExpression(call) && memberOfThis(call.expression) === name && !isWithin(call, node);
      if (!isOfIt) return false;
      let caller: ts.Node = call;
      while (caller.parent !== owner && caller.parent !== undefined && !ts.isClassElement(caller))
        caller = caller.parent;
      return isReplacedAfter(call, caller, field, owner);
    })
  );
}

/** In what runs after a place of a function: not in the other branches, nor in other clauses of a `switch`. */
function isReplacedAfter(place: ts.Node, root: ts.Node, field: string, owner: ts.Node): boolean {
  const isIn = (node: ts.Node): boolean => someNode(node, (one) => replaces(one, field, owner));
  for (let at = place; at !== root && at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    // `this.x = this.swap(this.x)`: the assignment is around the place, and comes after it.
    if (at !== place && replaces(at, field, owner)) return true;
    if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent)) {
      const later = parent.statements.slice(parent.statements.indexOf(at as ts.Statement) + 1);
      if (later.some(isIn)) return true;
      if (later.some((one) => ts.isReturnStatement(one) || ts.isThrowStatement(one))) return false;
    } else if (!ts.isIfStatement(parent) && !ts.isConditionalExpression(parent) && !ts.isCaseBlock(parent)) {
      const isLater = ts.forEachChild(parent, (child) => (child.pos >= at.end && isIn(child)) || undefined);
      if (isLater === true) return true;
    }
  }
  return false;
}

function replaces(node: ts.Node, field: string, owner: ts.Node, depth = 0): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return isTarget(node.left, field);
  if (ts.isDeleteExpression(node)) return memberOfThis(node.expression) === field;
  if (!ts.isCallExpression(node)) return false;
  if (node.expression.getText() === "Object.assign") return isAssigned(node, field);
  const name = memberOfThis(node.expression);
  return (
    name !== undefined &&
    depth < 3 &&
    ts.isClassLike(owner) &&
    owner.members.some(
      (member) => member.name?.getText() === name && someNode(member, (one) => replaces(one, field, owner, depth + 1)),
    )
  );
}

/** Whether an assignment to it gives the field a value: it is the field, or takes a list or an object apart into it. */
function isTarget(left: ts.Expression, field: string): boolean {
  if (memberOfThis(left) === field) return true;
  const isPattern = ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left);
  return isPattern && someNode(left, (one) => ts.isExpression(one) && memberOfThis(one) === field);
}

function isAssigned({ arguments: [target, ...sources] }: ts.CallExpression, field: string): boolean {
  return (
    target?.kind === ts.SyntaxKind.ThisKeyword &&
    sources.some(
      (source) =>
        ts.isObjectLiteralExpression(source) &&
        source.properties.some((one) => one.name !== undefined && propertyName(one.name) === field),
    )
  );
}

/** `x` in `this.x`, `this["x"]`, and `self.x` where `const self = this`. */
function memberOfThis(node: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return isThis(node.expression) ? node.name.text : undefined;
  const isNamed = ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression);
  return isNamed && isThis(node.expression) ? (node.argumentExpression as ts.StringLiteral).text : undefined;
}

function isThis(node: ts.Expression): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (!ts.isIdentifier(node)) return false;
  for (let at: ts.Node = node; at.parent !== undefined && !ts.isClassLike(at); at = at.parent) {
    const isMade =
      ts.isBlock(at) &&
      at.statements.some(
        (one) =>
          ts.isVariableStatement(one) &&
          one.declarationList.declarations.some(
            ({ name, initializer }) =>
              ts.isIdentifier(name) && name.text === node.text && initializer?.kind === ts.SyntaxKind.ThisKeyword,
          ),
      );
    if (isMade) return true;
  }
  return false;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}
