/** Starts that give every incarnation the same object: an actor made once, or a first state that is changed in place. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { actorClassOf } from "./definitions.ts";
import { propertyName } from "./evaluate.ts";
import { stateChange } from "./read-leaked-state.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, skipOuter, spanOf, symbolOf } from "./symbols.ts";

/** `init: () => initial`, where handlers change what is in it. */
export function sharedState(unit: SourceUnit, callback: Callback, code: readonly Callback[]): readonly Incident[] {
  const { kind, node, owner, actor } = callback;
  const given = kind === "init" && !ts.isClassLike(owner) ? givenBy(node) : undefined;
  if (given === undefined || !isMadeOutside(unit, given, node)) return [];
  const handler = code.find((one) => one.actor === actor && one.kind === "message");
  const change = handler === undefined ? undefined : stateChange(unit, handler, code);
  if (change === undefined) return [];
  const other = { path: change.getSourceFile().fileName, span: spanOf(change) };
  return [{ kind: "shared-state", span: spanOf(given), subject: given.text, other, actor }];
}

/** `start: () => cart`, where the actor is made once. */
export function sharedActor(unit: SourceUnit, node: ts.PropertyAssignment): readonly Incident[] {
  const start = startOf(node);
  const given = start === undefined ? undefined : givenBy(start);
  if (start === undefined || given === undefined || !isMadeOutside(unit, given, start)) return [];
  const actor = actorClassOf(unit, unit.checker.getTypeAtLocation(given));
  if (actor === undefined) return [];
  return [{ kind: "shared-actor", span: spanOf(given), subject: given.text, actor: declarationId(actor) }];
}

/** The function that a child spec is given to start with; what is started once, a `temporary` child, may be made before. */
function startOf(node: ts.PropertyAssignment): ts.ArrowFunction | ts.FunctionExpression | undefined {
  if (propertyName(node.name) !== "start") return undefined;
  const isOnce = node.parent.properties.some(
    (one) => one.name?.getText() === "restart" && /"temporary"/.test(one.getText()),
  );
  const code = skipOuter(node.initializer);
  return !isOnce && (ts.isArrowFunction(code) || ts.isFunctionExpression(code)) ? code : undefined;
}

/** The variable that is all a function gives back. */
function givenBy({ body }: ts.FunctionLikeDeclaration): ts.Identifier | undefined {
  if (body === undefined) return undefined;
  const [only, ...others] = ts.isBlock(body) ? body.statements : [];
  const value = ts.isBlock(body)
    ? only !== undefined && others.length === 0 && ts.isReturnStatement(only)
      ? only.expression
      : undefined
    : (body as ts.Expression);
  const node = value === undefined ? undefined : skipOuter(value);
  return node !== undefined && ts.isIdentifier(node) ? node : undefined;
}

/** Whether a variable is a constant that stands outside of a function, and holds an object made there. */
function isMadeOutside(unit: SourceUnit, name: ts.Identifier, code: ts.Node): boolean {
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  const isInside =
    code.pos <= declaration.pos && declaration.end <= code.end && code.getSourceFile() === declaration.getSourceFile();
  if (!isConstant || isInside || declaration.initializer === undefined) return false;
  const made = skipOuter(declaration.initializer);
  return ts.isNewExpression(made) || ts.isObjectLiteralExpression(made) || ts.isArrayLiteralExpression(made);
}
