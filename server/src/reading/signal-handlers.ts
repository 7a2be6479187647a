/** What an actor does with signals: whether it hears them, and whether those it waits for can come. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, constantValue } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

/**
 * | handler | hears |
 * |---|---|
 * | none, in the class and above it | `nothing` |
 * | one without a statement, or that only gives the state back | where it stands: it does nothing |
 * | any other, one that is not seen, and that of an abstract class, which others extend | `yes` |
 */
export function hearingOf(unit: SourceUnit, owner: Callback["owner"]): "nothing" | "yes" | ts.Node {
  if (ts.isClassLike(owner)) {
    if (owner.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword)) return "yes";
    const handler = unit.checker.getTypeAtLocation(owner).getProperty("handleSignal");
    if (handler === undefined || unit.runtime.nameOf(handler) !== undefined) return "nothing";
    const declaration = handler.valueDeclaration;
    const code =
      declaration !== undefined && ts.isPropertyDeclaration(declaration) ? declaration.initializer : declaration;
    return code !== undefined && doesNothing(code) ? code : "yes";
  }
  if (!ts.isObjectLiteralExpression(owner)) return "yes";
  const handler = owner.properties.find((one) => one.name === undefined || propertyName(one.name) === "onSignal");
  if (handler === undefined) return "nothing";
  const code = ts.isPropertyAssignment(handler) ? constantValue(unit, handler.initializer) : handler;
  return doesNothing(code) ? code : "yes";
}

function doesNothing(code: ts.Node): boolean {
  if (!ts.isMethodDeclaration(code) && !ts.isArrowFunction(code) && !ts.isFunctionExpression(code)) return false;
  const state = code.parameters[0]?.name.getText();
  const isKept = (value: ts.Expression | undefined): boolean =>
    value === undefined || value.getText() === "undefined" || (ts.isIdentifier(value) && value.text === state);
  if (code.body === undefined) return false;
  if (!ts.isBlock(code.body)) return isKept(skipOuter(code.body));
  return code.body.statements.every((one) => ts.isReturnStatement(one) && isKept(one.expression));
}

/** Code for exit signals in an actor that traps none: they end it instead. */
export function readUndeliveredExits(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  return code
    .filter(({ kind }) => kind === "signal")
    .flatMap((callback): readonly Incident[] => {
      const asked = exitAskedFor(callback);
      const own = code.filter(({ actor }) => actor === callback.actor);
      if (asked === undefined || !isWhole(unit, callback) || own.some((one) => mayTrap(unit, one))) return [];
      return [{ kind: "undelivered-exit", span: spanOf(asked), subject: "exit", actor: callback.actor }];
    });
}

/** `"exit"`, where a signal handler compares with it. */
function exitAskedFor({ node }: Callback): ts.Node | undefined {
  let found: ts.Node | undefined;
  someNode(node.body, (one) => {
    const isCompared =
      ts.isStringLiteralLike(one) &&
      one.text === "exit" &&
      (ts.isCaseClause(one.parent) ||
        (ts.isBinaryExpression(one.parent) && /^={2,3}$/.test(one.parent.operatorToken.getText())));
    if (isCompared && comparedOf(one.parent).endsWith("type")) found = one;
    return found !== undefined;
  });
  return found;
}

function comparedOf(parent: ts.Node): string {
  if (ts.isCaseClause(parent)) return parent.parent.parent.expression.getText();
  return ts.isBinaryExpression(parent) ? parent.left.getText() : "";
}

/** Whether all the code of the actor is seen: it extends nothing but `Actor`, or is an object with its functions in it. */
function isWhole(unit: SourceUnit, { owner }: Callback): boolean {
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

/** Whether a piece of code traps exits, or gives its context to code that may. */
function mayTrap(unit: SourceUnit, { node }: Callback): boolean {
  return node.parameters.some(({ name }) => {
    if (!ts.isIdentifier(name)) return /\btrapExit\b/.test(name.getText());
    return someNode(node, (one) => {
      if (ts.isPropertyAccessExpression(one) && one.name.text === "trapExit") return true;
      const isGiven = ts.isIdentifier(one) && one.text === name.text && one !== name && !isMemberAccess(one);
      return isGiven && unit.checker.getTypeAtLocation(one).getProperty("trapExit") !== undefined;
    });
  });
}

function isMemberAccess({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent);
}
