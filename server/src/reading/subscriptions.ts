/** Listeners of an actor on something that lives longer than it, which nobody takes away again. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { isContextType } from "./context-type.ts";
import { rootOf } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { someNode, spanOf, symbolOf } from "./symbols.ts";

const SUBSCRIBING = new Set(["on", "addListener", "addEventListener", "prependListener"]);
/** What ends a subscription is a function, or has one of these. */
const ENDING = ["unsubscribe", "dispose", "remove", "cancel"];
const RELEASING = /^(?:off|removeListener|removeAllListeners|removeEventListener)$/;

/**
 * | listener | unreleased |
 * |---|---|
 * | on a variable or import of the module, or on `process`; touches the actor; nothing in the actor takes a listener off | yes |
 * | the same given to `subscribe`, which returns how to end it | yes |
 * | on what the actor has made itself, was given, or found | no: it may end with the actor |
 * | with options, such as `{ signal: context.signal }`; whose result is kept; `once` | no |
 */
export function unreleasedSubscription(
  unit: SourceUnit,
  callback: Callback,
  call: ts.CallExpression,
): Incident | undefined {
  const access = call.expression;
  if (!ts.isPropertyAccessExpression(access)) return undefined;
  const listener = SUBSCRIBING.has(access.name.text) ? listenerOf(call) : droppedListener(unit, call, access);
  if (listener === undefined) return undefined;
  if (!ts.isExpressionStatement(call.parent) || !isOfModule(unit, access.expression)) return undefined;
  if (!touchesActor(unit, listener) || isReleased(callback)) return undefined;
  return {
    kind: "unreleased-subscription",
    span: spanOf(access),
    subject: access.expression.getText(),
    actor: callback.actor,
  };
}

/** `bus.on("event", listener)`, without options. */
function listenerOf({ arguments: [, listener, ...options] }: ts.CallExpression): ts.Expression | undefined {
  return options.length > 0 ? undefined : listener;
}

/** `store.subscribe(listener)`, which returns what ends the subscription. */
function droppedListener(
  unit: SourceUnit,
  call: ts.CallExpression,
  { name }: ts.PropertyAccessExpression,
): ts.Expression | undefined {
  if (name.text !== "subscribe" || unit.runtime.nameOf(symbolOf(unit, name)) !== undefined) return undefined;
  const end = unit.checker.getTypeAtLocation(call);
  const isEnd = end.getCallSignatures().length > 0 || ENDING.some((member) => end.getProperty(member) !== undefined);
  return isEnd ? call.arguments.at(-1) : undefined;
}

function isOfModule(unit: SourceUnit, receiver: ts.Expression): boolean {
  const root = rootOf(receiver);
  if (root === undefined) return false;
  const declaration = symbolOf(unit, root)?.valueDeclaration;
  if (declaration === undefined) return false;
  const isVariable = ts.isVariableDeclaration(declaration) && isAtTop(declaration);
  if (!isVariable) return false;
  // What is made anew at each use of a property is not known.
  return ts.isIdentifier(receiver) || ts.isPropertyAccessExpression(receiver);
}

function isAtTop(declaration: ts.VariableDeclaration): boolean {
  const around = declaration.parent.parent.parent;
  return around !== undefined && (ts.isSourceFile(around) || ts.isModuleBlock(around));
}

function touchesActor(unit: SourceUnit, listener: ts.Expression): boolean {
  return someNode(listener, (node) => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
    if (!ts.isIdentifier(node)) return false;
    const type = unit.checker.getTypeAtLocation(node);
    return isContextType(unit, type) || unit.runtime.nameOf(type.symbol) === "ActorRef";
  });
}

/** Whether the actor takes any listener off, or ties one to its own end. */
function isReleased({ owner }: Callback): boolean {
  return someNode(
    owner,
    (node) =>
      (ts.isPropertyAccessExpression(node) && RELEASING.test(node.name.text)) ||
      (ts.isIdentifier(node) && /^(?:abort|dispose|unsubscribe)$/i.test(node.text)),
  );
}
