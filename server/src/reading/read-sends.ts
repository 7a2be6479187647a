/** Reads the sends of a file: to whom by protocol, which variants, and what becomes of the answer. */
import { ts } from "ts-morph";
import { type Send, unknownSend } from "../facts/send.ts";
import { UNKNOWN } from "../facts/static-value.ts";
import { type Callback, constantValue } from "./actor-code.ts";
import { canWait, isAwaited } from "./awaited.ts";
import { evaluate, propertyName } from "./evaluate.ts";
import { chainOf, isFailureTaken, isLost } from "./lost-value.ts";
import { readMessageType, type TypedMessage, tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";
import type { TurnCode } from "./turn-code.ts";
import { membersOf } from "./union-members.ts";

interface SendingMethod {
  readonly method: Send["method"];
  /** Which argument is the message. */
  readonly message: number;
  /** Which argument has the type of what is accepted; the object of the method when absent. */
  readonly topic?: number;
}

const METHODS: Readonly<Record<string, SendingMethod>> = {
  "ActorRef.tell": { method: "tell", message: 0 },
  "ActorRef.tellAsync": { method: "tellAsync", message: 0 },
  "ActorRef.ask": { method: "ask", message: 0 },
  "ActorPool.tell": { method: "tell", message: 0 },
  "ActorPool.ask": { method: "ask", message: 0 },
  "ActorTimers.startOnce": { method: "timer", message: 1 },
  "ActorTimers.startPeriodic": { method: "timer", message: 1 },
  "ActorContext.pipeToSelf": { method: "pipe", message: 1 },
  "Topics.publish": { method: "publish", message: 1, topic: 0 },
  "MessageRouter.publish": { method: "publish", message: 1, topic: 0 },
  // To whoever has that name: it may be any message.
  "MessageRouter.direct": { method: "publish", message: 1, topic: 1 },
  "MessageRouter.broadcast": { method: "publish", message: 1, topic: 1 },
  "BehaviorKit.run": { method: "publish", message: 0 },
  "BehaviorKit.runAsync": { method: "publish", message: 0 },
};
const NAMES = new Set(Object.keys(METHODS).map((name) => name.slice(name.indexOf(".") + 1)));

export function readSends(unit: SourceUnit, turns: TurnCode): readonly Send[] {
  const sends: Send[] = [];
  forEachNode(unit.file, (node) => {
    const name = memberName(node);
    if (name === undefined || !NAMES.has(name.text)) return;
    const found = METHODS[memberOf(unit, node, name) ?? ""];
    if (found === undefined) return;
    const isCalled = ts.isCallExpression(node.parent) && node.parent.expression === node;
    sends.push(
      isCalled && ts.isPropertyAccessExpression(node)
        ? readSend(unit, node.parent, node, found, turns)
        : givenAway(node, name, found),
    );
  });
  return sends;
}

/** The name of a member that is used: `ref.tell`, `ref["tell"]`, `const { tell } = ref`. */
function memberName(node: ts.Node): { readonly text: string; getStart(): number; readonly end: number } | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name;
  if (ts.isElementAccessExpression(node))
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression : undefined;
  const name = ts.isBindingElement(node) ? (node.propertyName ?? node.name) : undefined;
  return name !== undefined && ts.isIdentifier(name) && ts.isObjectBindingPattern(node.parent) ? name : undefined;
}

/** What the member is in the runtime's words. */
function memberOf(unit: SourceUnit, node: ts.Node, { text }: { readonly text: string }): string | undefined {
  if (ts.isPropertyAccessExpression(node))
    return unit.runtime.nameOf(symbolOf(unit, node.name)) ?? smuggledName(unit, node);
  const holder = ts.isElementAccessExpression(node) ? node.expression : node.parent;
  const type = unit.checker.getNonNullableType(unit.checker.getTypeAtLocation(holder));
  return unit.runtime.nameOf(type.getProperty(text));
}

/** `messages.forEach(ref.tell)`: it sends, and nobody knows what. */
function givenAway(node: ts.Node, name: { getStart(): number; readonly end: number }, { method }: SendingMethod): Send {
  return unknownSend(method, spanOf(node), { start: name.getStart(), end: name.end });
}

/** `(ref as any).tell`: the method by the type below the cast. */
function smuggledName(unit: SourceUnit, access: ts.PropertyAccessExpression): string | undefined {
  const receiver = skipOuter(access.expression);
  if (receiver === access.expression) return undefined;
  return unit.runtime.nameOf(unit.checker.getTypeAtLocation(receiver).getProperty(access.name.text));
}

function readSend(
  unit: SourceUnit,
  call: ts.CallExpression,
  access: ts.PropertyAccessExpression,
  { method, message: index, topic }: SendingMethod,
  turns: TurnCode,
): Send {
  const place = turns.around(call);
  const argument = call.arguments[index];
  const protocol = protocolOf(unit, topic === undefined ? access.expression : call.arguments[topic]);
  const smuggled =
    argument === undefined || protocol === undefined ? undefined : readSmuggled(unit, access, argument, protocol);
  const tag = argument === undefined ? undefined : tagNode(argument, protocol?.message.discriminant);
  const variants = argument === undefined ? undefined : variantsOf(unit, argument, method, protocol);
  const timeout = method === "ask" ? readTimeout(unit, call.arguments[1]) : undefined;
  const holdsTurn = place?.depth === 0 && isAwaited(call) && turns.isWaitedFor(place.callback);
  const inFunction = turns.functionAround(call);
  const during = place === undefined ? undefined : turns.servedAt(place.callback, call, holdsTurn);
  return {
    method,
    span: spanOf(call),
    nameSpan: spanOf(access.name),
    ...(protocol === undefined ? {} : { accepts: protocol.message }),
    ...(argument === undefined
      ? {}
      : { messageSpan: spanOf(argument), optionsSpan: { start: argument.end, end: call.end - 1 } }),
    ...(tag === undefined ? {} : { tagSpan: spanOf(tag) }),
    ...(variants === undefined ? {} : { variants }),
    ...(place === undefined || !turns.isOfActor(place.callback)
      ? {}
      : { actor: place.callback.actor, callback: calledIn(turns, place.callback, holdsTurn) }),
    ...(during === undefined ? {} : { during }),
    isOnlyDuring: place !== undefined && turns.isOnlyServed(place.callback, call),
    ...(inFunction === undefined ? {} : { inFunction }),
    holdsTurn,
    isStatement: ts.isExpressionStatement(call.parent),
    canWait: canWait(call),
    isFloating: isFloating(unit, call),
    toSelf: method === "timer" || method === "pipe" || isSelf(unit, access.expression),
    inTurn: place?.depth === 0,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(smuggled === undefined ? {} : { smuggled }),
  };
}

/** In which callback it happens: what a start waits for is of the start, in whichever method it stands. */
function calledIn(turns: TurnCode, callback: Callback, holdsTurn: boolean): string {
  return holdsTurn && turns.isOfStart(callback) ? "init" : callback.kind;
}

/** The message type of a ref, pool, topic or context; it may be missing (`ref?.tell(…)`). */
export function protocolOf(unit: SourceUnit, holder: ts.Expression | undefined): TypedMessage | undefined {
  if (holder === undefined) return undefined;
  const type = unit.checker.getNonNullableType(unit.checker.getTypeAtLocation(skipOuter(holder)));
  const [message] = unit.checker.getTypeArguments(type as ts.TypeReference) ?? [];
  return message === undefined ? undefined : readMessageType(unit, message);
}

function tagNode(argument: ts.Expression, discriminant: string | undefined): ts.Node | undefined {
  const node = skipOuter(argument);
  if (discriminant === undefined) return ts.isStringLiteralLike(node) ? node : undefined;
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const property = node.properties.find((one) => one.name !== undefined && propertyName(one.name) === discriminant);
  return property === undefined ? undefined : ts.isPropertyAssignment(property) ? property.initializer : property.name;
}

function variantsOf(
  unit: SourceUnit,
  argument: ts.Expression,
  method: Send["method"],
  protocol: TypedMessage | undefined,
): readonly string[] | undefined {
  if (protocol === undefined) return undefined;
  const written = method === "pipe" ? undefined : writtenKey(argument, protocol.message.discriminant);
  if (written !== undefined) return idsOf(protocol, new Set([written]));
  const type = unit.checker.getTypeAtLocation(argument);
  const sent = method === "pipe" ? type.getCallSignatures()[0]?.getReturnType() : type;
  const keys = sent === undefined ? undefined : keysOf(unit, sent, protocol);
  return keys === undefined ? undefined : idsOf(protocol, keys);
}

/** The key of an object literal that writes its discriminant as a text: no type has to be made for it. */
function writtenKey(argument: ts.Expression, discriminant: string | undefined): string | undefined {
  const literal = skipOuter(argument);
  if (!ts.isObjectLiteralExpression(literal) || literal.properties.some(ts.isSpreadAssignment)) return undefined;
  const node = tagNode(literal, discriminant);
  return node !== undefined && ts.isStringLiteralLike(node) ? `s:${node.text}` : undefined;
}

function idsOf(protocol: TypedMessage, keys: ReadonlySet<string>): readonly string[] {
  return protocol.message.variants.filter((variant) => keys.has(variant.tag.key)).map((variant) => variant.id);
}

/** The tags a value of a type can have; `undefined` when they are not all known. */
function keysOf(unit: SourceUnit, type: ts.Type, protocol: TypedMessage): ReadonlySet<string> | undefined {
  const { discriminant } = protocol.message;
  const keys = new Set<string>();
  for (const member of membersOf(type)) {
    const property = discriminant === undefined ? undefined : member.getProperty(discriminant);
    const value =
      discriminant === undefined ? member : property === undefined ? undefined : unit.checker.getTypeOfSymbol(property);
    if (value === undefined) return undefined;
    for (const one of membersOf(value)) {
      const tag = tagOfType(unit, one) ?? classTag(protocol, one);
      if (tag === undefined) return undefined;
      keys.add(tag.key);
    }
  }
  return keys;
}

function classTag(protocol: TypedMessage, type: ts.Type): { key: string } | undefined {
  return protocol.variants.find((variant) => variant.type === type)?.tag;
}

/** A message that is none of the protocol, made to pass by a cast of itself or of the ref. */
function readSmuggled(
  unit: SourceUnit,
  access: ts.PropertyAccessExpression,
  argument: ts.Expression,
  protocol: TypedMessage,
): Send["smuggled"] {
  const cast = castOf(access.expression) ?? castOf(argument);
  const literal = skipOuter(argument);
  if (cast === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  const node = tagNode(literal, protocol.message.discriminant);
  const value = node === undefined || !ts.isExpression(node) ? undefined : evaluate(unit, node).value;
  if (typeof value !== "string") return undefined;
  const known = protocol.message.variants.map((variant) => variant.tag.key.slice(2));
  if (node === undefined || known.includes(value)) return undefined;
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
  return { tag: value, known, castSpan: spanOf(cast), ...(isShorthand ? { shorthand: node.getText() } : {}) };
}

function castOf(node: ts.Expression): ts.Node | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return castOf(node.expression);
  return ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) ? node.type : undefined;
}

function readTimeout(unit: SourceUnit, options: ts.Expression | undefined): Send["timeoutMs"] {
  if (options === undefined) return undefined;
  const field = evaluate(unit, options).fields?.["timeoutMs"];
  if (field === undefined || field.value === undefined) return undefined;
  const span = field.places.find((place) => place.path === unit.file.fileName)?.span ?? spanOf(options);
  const isShorthand = someNode(
    options,
    (node) => ts.isShorthandPropertyAssignment(node) && node.getStart() === span.start,
  );
  return field.value === UNKNOWN
    ? { known: false, why: field.why ?? "it is computed", span, isShorthand }
    : { known: true, value: field.value, span, isShorthand };
}

/** Whether nobody looks at a promise, nor at what a `then` makes of it, and nobody takes its failure. */
function isFloating(unit: SourceUnit, call: ts.Expression): boolean {
  const chain = chainOf(call);
  return !isFailureTaken(chain) && isLost(unit, chain);
}

/** `context.self`, or a constant made of it: but that of the actor around, if one is made within another. */
export function isSelf(unit: SourceUnit, receiver: ts.Expression): boolean {
  const node = constantValue(unit, receiver);
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === "self" &&
    unit.runtime.nameOf(symbolOf(unit, node.name)) === "ActorContext.self" &&
    actorAround(unit, node) === actorAround(unit, receiver)
  );
}

/** The class, or the call of `defineActor`, that a piece of code stands in. */
function actorAround(unit: SourceUnit, node: ts.Node): ts.Node | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent)
    if (ts.isClassLike(at) || (ts.isCallExpression(at) && runtimeCallee(unit, at, "defineActor") !== undefined))
      return at;
  return undefined;
}
