/** Reads which actors register themselves at their start, and what else binds them to others. */
import { ts } from "ts-morph";
import type { Dispatch } from "../facts/dispatch.ts";
import type { Registration, RegistrationFacts, Ties } from "../facts/registration.ts";
import type { Send } from "../facts/send.ts";
import { type Callback, constantValue, visitCode } from "./actor-code.ts";
import { isContextType } from "./context-type.ts";
import { evaluate, propertyName } from "./evaluate.ts";
import { readKeptRefs } from "./read-kept-refs.ts";
import { isSelf } from "./read-sends.ts";
import type { SourceUnit } from "./source-unit.ts";
import { ownMethod, reachedFromStart, startOnly } from "./start-code.ts";
import { runtimeCallee, skipOuter, symbolOf } from "./symbols.ts";

const SENDING = /^(?:ActorRef\.(?:tell|tellAsync|ask)|ActorContext\.(?:whereis|spawn))$/;
const COLLECTIONS = new Set(["Array", "ReadonlyArray", "Map", "ReadonlyMap", "Set", "ReadonlySet"]);

export function readRegistrations(
  unit: SourceUnit,
  code: readonly Callback[],
  dispatches: readonly Dispatch[],
  sends: readonly Send[],
): RegistrationFacts {
  const started = [...new Set(code.filter(({ kind }) => kind === "init").map(({ actor }) => actor))];
  const made = started.flatMap((actor) =>
    [...startOnly(codeOf(code, actor))].flatMap((callback) => madeIn(unit, callback, sends)),
  );
  const kept = readKeptRefs(unit, code, dispatches);
  const actors = [...new Set([...made, ...kept].map(({ actor }) => actor))];
  return {
    made,
    kept,
    ties: actors.map((actor) => tiesOf(unit, actor, code)),
  };
}

function codeOf(code: readonly Callback[], actor: string): readonly Callback[] {
  return code.filter((one) => one.actor === actor);
}

function madeIn(unit: SourceUnit, callback: Callback, sends: readonly Send[]): readonly Registration[] {
  const found: Registration[] = [];
  visitCode(callback.node.body, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const send = sends.find((one) => one.span.start === node.getStart() && one.span.end === node.end);
    const [variant, ...others] = send?.variants ?? [];
    const [message] = node.arguments;
    if (send?.inTurn !== true || variant === undefined || others.length > 0 || message === undefined) return;
    const name = lookedUpName(unit, node.expression.expression);
    const property = propertyWithSelf(unit, message);
    if (name === undefined || property === undefined) return;
    found.push({ actor: callback.actor, name, variant, property, span: send.span, nameSpan: send.nameSpan });
  });
  return found;
}

/** The literal name in `context.whereis("name")`, or in the one a constant was made with. */
function lookedUpName(unit: SourceUnit, receiver: ts.Expression): string | undefined {
  const call = constantValue(unit, receiver);
  if (!ts.isCallExpression(call) || runtimeCallee(unit, call, "ActorContext.whereis") === undefined) return undefined;
  const value = call.arguments[0] === undefined ? undefined : evaluate(unit, call.arguments[0]).value;
  return typeof value === "string" ? value : undefined;
}

function propertyWithSelf(unit: SourceUnit, message: ts.Expression): string | undefined {
  const literal = skipOuter(message);
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  for (const property of literal.properties) {
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? property.name
        : undefined;
    if (value !== undefined && property.name !== undefined && isSelf(unit, value)) return propertyName(property.name);
  }
  return undefined;
}

function tiesOf(unit: SourceUnit, actor: string, code: readonly Callback[]): Ties {
  const callbacks = codeOf(code, actor);
  const atStart = reachedFromStart(callbacks);
  const ties = { isOpen: callbacks.some(({ owner }) => inherits(unit, owner)), links: false, monitors: false };
  let actsAtStart = false;
  for (const callback of callbacks) {
    visitCode(callback.node.body, (node) => {
      if (ts.isPropertyAccessExpression(node) && node.name.text === "preStart") ties.isOpen = true;
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const callee = runtimeCallee(unit, node) ?? "";
      ties.links ||= callee === "ActorContext.link";
      ties.monitors ||= callee === "ActorContext.monitor";
      actsAtStart ||= atStart.has(callback) && SENDING.test(callee);
      if (callee === "" && ownMethod(node, callbacks) === undefined && !isCollectionCall(unit, node))
        ties.isOpen ||= (node.arguments ?? []).some((argument) => isGivenAway(unit, argument));
    });
  }
  return { actor, ...ties, actsAtStart };
}

/** From a class other than the runtime's, or from what an object is spread from. */
function inherits(unit: SourceUnit, owner: Callback["owner"]): boolean {
  if (!ts.isClassLike(owner)) return !ts.isObjectLiteralExpression(owner) || owner.properties.some(isUnknownProperty);
  const base = owner.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  return base === undefined || unit.runtime.nameOf(symbolOf(unit, base.expression)) !== "Actor";
}

function isUnknownProperty(property: ts.ObjectLiteralElementLike): boolean {
  return property.name === undefined || propertyName(property.name) === undefined;
}

/** `set.add(ref)`, `new Map([[id, ref]])` and the like: a standard collection does nothing with a ref. */
function isCollectionCall(unit: SourceUnit, node: ts.CallExpression | ts.NewExpression): boolean {
  if (ts.isNewExpression(node)) return COLLECTIONS.has(node.expression.getText());
  if (!ts.isPropertyAccessExpression(node.expression)) return false;
  const { symbol } = unit.checker.getTypeAtLocation(node.expression.expression);
  return COLLECTIONS.has(symbol?.name ?? "") && symbol?.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
}

/** A context, a ref or the actor itself, also inside an object that is written there. */
function isGivenAway(unit: SourceUnit, argument: ts.Expression): boolean {
  const node = skipOuter(argument);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (ts.isSpreadElement(node)) return isGivenAway(unit, node.expression);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some(
      (property) =>
        (ts.isPropertyAssignment(property) && isGivenAway(unit, property.initializer)) ||
        (ts.isShorthandPropertyAssignment(property) && isGivenAway(unit, property.name)),
    );
  if (ts.isFunctionLike(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return false;
  const type = unit.checker.getTypeAtLocation(node);
  return isContextType(unit, type) || isRefType(unit, type);
}

function isRefType(unit: SourceUnit, type: ts.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some((one) => unit.runtime.nameOf(one.symbol) === "ActorRef");
}
