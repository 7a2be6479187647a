/** What an actor does with signals: whether it hears them, and whether those it waits for can come. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, constantValue } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode, spanOf } from "./symbols.ts";
import { isWholeActor, mayCall } from "./whole-actor.ts";

/**
 * | handler | hears |
 * |---|---|
 * | none, in the class and above it | `nothing` |
 * | one without a statement or a comment, or that only gives the state back | where it stands: it does nothing |
 * | any other, one that is not seen, and that of an abstract class, which others extend | `yes` |
 */
export function hearingOf(unit: SourceUnit, owner: Callback["owner"]): "nothing" | "yes" | ts.Node {
  if (ts.isClassLike(owner)) {
    if (owner.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword)) return "yes";
    const handler = unit.checker.getTypeAtLocation(owner).getProperty("handleSignal");
    if (handler === undefined || unit.runtime.nameOf(handler) === "Actor.handleSignal") return "nothing";
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
  // Who says why nothing is to be done has thought of it.
  if (code.body === undefined || /\/[/*]/.test(code.body.getText())) return false;
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
      if (asked === undefined || !isWholeActor(unit, callback.owner) || mayCall(unit, own, "trapExit")) return [];
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
