/** Reads actor classes and functional actors, and how each tells its messages apart. */
import { ts } from "ts-morph";
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { Tag } from "../facts/message-type.ts";
import type { Unread } from "../facts/unread.ts";
import type { Span } from "../source/span.ts";
import { CALLBACK_KINDS, constantValue } from "./actor-code.ts";
import { definitionId, isActorClass, namedBy } from "./definitions.ts";
import { propertyName } from "./evaluate.ts";
import { functionOf, type MessageHandler, messageHandlerOf, methodOf } from "./message-handler.ts";
import { readDispatch } from "./read-dispatch.ts";
import { readHandlerMap, readHandlerTable } from "./read-handler-map.ts";
import { readMatches } from "./read-match.ts";
import { readMessageType, type TypedMessage } from "./read-message-type.ts";
import { readProtocolShape } from "./read-protocol-shape.ts";
import { readUnreadMessages } from "./read-unread.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, forEachNode, runtimeCallee, someNode, spanOf, symbolOf } from "./symbols.ts";

export interface ActorFacts {
  readonly actors: readonly ActorFact[];
  readonly dispatches: readonly Dispatch[];
  readonly unread: readonly Unread[];
}

export function readActors(unit: SourceUnit): ActorFacts {
  const actors: ActorFact[] = [];
  const dispatches: Dispatch[] = [];
  const unread: Unread[] = [];
  forEachNode(unit.file, (node) => {
    if (ts.isClassLike(node) && isActorClass(unit, node)) readClass(unit, node, { actors, dispatches, unread });
    if (!ts.isCallExpression(node)) return;
    const callee = runtimeCallee(unit, node, "defineActor", "become");
    if (callee === "defineActor") readFunctional(unit, node, { actors, dispatches, unread });
    else if (callee === "become") dispatches.push(...readBecome(unit, node));
  });
  return { actors, dispatches, unread };
}

/** What has been read so far. */
interface Found {
  readonly actors: ActorFact[];
  readonly dispatches: Dispatch[];
  readonly unread: Unread[];
}

/** The messages of one actor with their types; `undefined` when it is not in the file, or not all its messages are known. */
export function typedMessageOf(unit: SourceUnit, actor: string): TypedMessage | undefined {
  let found: ts.Type | undefined;
  forEachNode(unit.file, (node) => {
    if (found !== undefined) return;
    if (ts.isClassLike(node) && declarationId(node) === actor && isActorClass(unit, node))
      found = messageTypeOf(unit, node, messageHandlerOf(unit, node));
    else if (
      ts.isCallExpression(node) &&
      runtimeCallee(unit, node, "defineActor") !== undefined &&
      definitionId(node) === actor
    )
      found = definedMessage(unit, node);
  });
  return found === undefined ? undefined : readMessageType(unit, found);
}

function readClass(unit: SourceUnit, node: ts.ClassLikeDeclaration, { actors, dispatches, unread }: Found): void {
  const id = declarationId(node);
  const handler = messageHandlerOf(unit, node);
  const message = messageTypeOf(unit, node, handler);
  const typed = readMessageType(unit, message);
  if (typed === undefined) {
    const places = [...(node.heritageClauses ?? []), parameterOf(handler)?.type];
    unread.push(...readUnreadMessages(unit, node.name ?? node, message, places));
  }
  const stop = unit.checker.getTypeAtLocation(node).getProperty("postStop");
  actors.push({
    id,
    name: node.name?.text ?? "(class)",
    kind: "class",
    ...(node.name && { runtimeName: node.name.text }),
    nameSpan: spanOf(node.name ?? node.getFirstToken(unit.file) ?? node),
    span: spanOf(node),
    message: typed?.message,
    ...baseOf(unit, node),
    isAbstract: node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AbstractKeyword) ?? false,
    ...readProtocolShape(unit, message),
    hasPostStop: stop !== undefined && unit.runtime.nameOf(stop) === undefined,
    ...stopAtStart(unit, methodOf(node, "preStart")),
  });
  const parameter = parameterOf(handler);
  const body = handler?.code.body;
  if (typed === undefined || body === undefined || !ts.isBlock(body) || parameter === undefined) return;
  dispatches.push(...dispatchesFrom(unit, { parameter, body, typed }, id));
}

/** The actor class of the project that a class extends. */
function baseOf(unit: SourceUnit, node: ts.ClassLikeDeclaration): Pick<ActorFact, "base"> {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const extended = clause?.types[0]?.expression;
  const base = extended === undefined ? undefined : symbolOf(unit, extended)?.valueDeclaration;
  if (base === undefined || !ts.isClassLike(base) || !isActorClass(unit, base)) return {};
  const replaces = node.members.flatMap((member) => {
    const name = member.name?.getText() ?? "";
    const kind = CALLBACK_KINDS[name];
    const goesOn = someNode(
      member,
      (one) =>
        ts.isPropertyAccessExpression(one) &&
        one.expression.kind === ts.SyntaxKind.SuperKeyword &&
        one.name.text === name,
    );
    return kind === undefined || goesOn ? [] : [kind];
  });
  return { base: { id: declarationId(base), replaces } };
}

/** The parameter that is the message. */
function parameterOf(handler: MessageHandler | undefined): ts.ParameterDeclaration | undefined {
  return handler?.code.parameters[handler.messageAt];
}

/** The `context.stop()` that a start always comes to. */
function stopAtStart(unit: SourceUnit, start: ts.FunctionLikeDeclaration | undefined): { stopsAtStart?: Span } {
  if (start?.body === undefined || !ts.isBlock(start.body)) return {};
  const last = start.body.statements.at(-1);
  const call = last !== undefined && ts.isExpressionStatement(last) ? last.expression : undefined;
  const isStop =
    call !== undefined &&
    ts.isCallExpression(call) &&
    call.arguments.length === 0 &&
    runtimeCallee(unit, call, "ActorContext.stop") !== undefined;
  const canReturn = someNode(start.body, (node) => ts.isReturnStatement(node));
  return isStop && !canReturn ? { stopsAtStart: spanOf(call) } : {};
}

/** What `handleMessage` says it takes; without a type there, what the base class says. */
function messageTypeOf(unit: SourceUnit, node: ts.ClassLikeDeclaration, handler: MessageHandler | undefined): ts.Type {
  const parameter = parameterOf(handler);
  const declared = parameter === undefined ? undefined : unit.checker.getTypeAtLocation(parameter);
  if (declared !== undefined && !(declared.flags & ts.TypeFlags.Any)) return declared;
  const instance = unit.checker.getTypeAtLocation(node) as ts.InterfaceType;
  const base = instance.isClass() ? unit.checker.getBaseTypes(instance)[0] : undefined;
  const method = base?.getProperty("handleMessage");
  const signature =
    method === undefined ? undefined : unit.checker.getTypeOfSymbolAtLocation(method, node).getCallSignatures()[0];
  const inherited = signature?.getParameters()[0];
  const type = inherited === undefined ? undefined : unit.checker.getTypeOfSymbolAtLocation(inherited, node);
  // It is declared for each message of the protocol: the protocol is what bounds it.
  const bound = type?.isTypeParameter() === true ? (type.getConstraint() ?? type) : type;
  return openMessage(unit, base, bound) ?? bound ?? unit.checker.getAnyType();
}

/** The type parameter of a generic class that its messages are of: what bounds it is not what the class is used with. */
function openMessage(unit: SourceUnit, base: ts.BaseType | undefined, bound: ts.Type | undefined): ts.Type | undefined {
  if (base === undefined || bound === undefined) return undefined;
  const given = unit.checker.getTypeArguments(base as ts.TypeReference);
  return given.find((one) => one.isTypeParameter() && one.getConstraint() === bound);
}

/** A function that is given messages. */
interface Receiver {
  readonly parameter: ts.ParameterDeclaration;
  readonly body: ts.Block;
  readonly typed: TypedMessage;
}

/** What a receiver does with which messages. */
interface Received extends Receiver {
  readonly dispatches: readonly Dispatch[];
  /** Keys of the tags that come there. */
  readonly keys: Set<string>;
}

/**
 * The dispatch of a function, and of the functions of this file that it gives the whole message to: for these only of the messages that they
 * are given, by the type of the argument and by the arm that the call stands in.
 */
function dispatchesFrom(unit: SourceUnit, receiver: Receiver, actor: string): readonly Dispatch[] {
  const all = new Map<ts.Node, Received>();
  const receive = (one: Receiver, keys: Iterable<string>): void => {
    const known = all.get(one.body) ?? { ...one, dispatches: dispatchesOf(unit, one, actor), keys: new Set() };
    all.set(one.body, known);
    const before = known.keys.size;
    for (const key of keys) known.keys.add(key);
    if (known.keys.size > before) for (const given of givenOn(unit, known)) receive(given.to, given.keys);
  };
  receive(receiver, keysOf(receiver.typed));
  return [...all.values()].flatMap(({ dispatches, keys }) => dispatches.map((one) => onlyFor(one, keys)));
}

/** A dispatch as if the messages with other tags could not come. */
function onlyFor(dispatch: Dispatch, keys: ReadonlySet<string>): Dispatch {
  const { missing, catchAll } = dispatch;
  const comes = ({ key }: Tag): boolean => keys.has(key);
  return {
    ...dispatch,
    missing: missing.filter(comes),
    ...(catchAll === undefined ? {} : { catchAll: { ...catchAll, takes: catchAll.takes.filter(comes) } }),
  };
}

function dispatchesOf(unit: SourceUnit, { parameter, body, typed }: Receiver, actor: string): readonly Dispatch[] {
  const own =
    readDispatch(unit, parameter, body, typed, actor) ?? readHandlerTable(unit, parameter, body, typed, actor);
  const matches = readMatches(unit, parameter, body, typed, { actor, isOnly: own === undefined });
  return own === undefined ? matches : [own, ...matches];
}

function givenOn(
  unit: SourceUnit,
  { parameter, body, dispatches, keys }: Received,
): readonly { readonly to: Receiver; readonly keys: readonly string[] }[] {
  const found: { to: Receiver; keys: readonly string[] }[] = [];
  const arms = dispatches.flatMap((one) => one.arms);
  forEachNode(body, (node) => {
    if (!ts.isCallExpression(node)) return;
    const index = node.arguments.findIndex((argument) => isParameter(unit, argument, parameter));
    const target = index < 0 ? undefined : localFunction(unit, node);
    const received = target?.parameters[index];
    if (target?.body === undefined || !ts.isBlock(target.body) || received === undefined) return;
    const typed = readMessageType(unit, unit.checker.getTypeAtLocation(received));
    if (typed === undefined) return;
    const given = readMessageType(unit, unit.checker.getTypeAtLocation(node.arguments[index] as ts.Expression));
    const start = node.getStart();
    const arm = arms.find(({ full }) => full.start <= start && start < full.end)?.tags;
    const some = (given === undefined ? [...keys] : keysOf(given)).filter(
      (key) => keys.has(key) && (arm === undefined || arm.includes(key)),
    );
    found.push({ to: { parameter: received, body: target.body, typed }, keys: some });
  });
  return found;
}

function keysOf({ message }: TypedMessage): readonly string[] {
  return message.variants.map(({ tag }) => tag.key);
}

function isParameter(unit: SourceUnit, argument: ts.Expression, parameter: ts.ParameterDeclaration): boolean {
  return (
    ts.isIdentifier(argument) &&
    ts.isIdentifier(parameter.name) &&
    symbolOf(unit, argument) === symbolOf(unit, parameter.name)
  );
}

function localFunction(unit: SourceUnit, call: ts.CallExpression): ts.FunctionLikeDeclaration | undefined {
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  const declaration = symbolOf(unit, callee)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== unit.file) return undefined;
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration;
  const value =
    ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
      ? declaration.initializer
      : undefined;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function readFunctional(unit: SourceUnit, call: ts.CallExpression, { actors, dispatches, unread }: Found): void {
  const id = definitionId(call);
  const [given] = call.arguments;
  const config = given === undefined ? undefined : constantValue(unit, given);
  const variable = namedBy(call);
  const message = definedMessage(unit, call);
  const typed = readMessageType(unit, message);
  const nameNode = variable?.name ?? call.expression;
  if (typed === undefined) unread.push(...readUnreadMessages(unit, nameNode, message, [call]));
  actors.push({
    id,
    name: variable?.name.getText() ?? literalProperty(config, "name") ?? "(actor)",
    kind: "function",
    ...nameAtRuntime(config),
    nameSpan: spanOf(nameNode),
    span: spanOf(variable?.parent.parent ?? call),
    message: typed?.message,
    isAbstract: false,
    ...readProtocolShape(unit, message),
    hasPostStop: config !== undefined && propertyOf(config, "postStop") !== undefined,
    ...stopAtStart(unit, config === undefined ? undefined : functionOf(propertyOf(config, "init")?.value)),
  });
  const handlers = config === undefined ? undefined : propertyOf(config, "handlers");
  if (typed === undefined || handlers === undefined) return;
  const dispatch = readHandlerMap(unit, handlers.value, handlers.name, typed, id);
  if (dispatch !== undefined) dispatches.push(dispatch);
}

/** The name it was given, or that of all without one; nothing where it is not written as text. */
function nameAtRuntime(config: ts.Expression | undefined): { readonly runtimeName?: string } {
  if (config === undefined || !ts.isObjectLiteralExpression(config)) return {};
  if (config.properties.some(ts.isSpreadAssignment)) return {};
  if (propertyOf(config, "name") === undefined) return { runtimeName: "actor" };
  const given = literalProperty(config, "name");
  return given === undefined ? {} : { runtimeName: given };
}

/** The message type of a functional actor: `M` of the `Definition<M>` the call returns. */
function definedMessage(unit: SourceUnit, call: ts.CallExpression): ts.Type {
  const [written] = call.typeArguments ?? [];
  if (written !== undefined) return unit.checker.getTypeFromTypeNode(written);
  const definition = unit.checker.getTypeAtLocation(call);
  const args = definition.aliasTypeArguments ?? unit.checker.getTypeArguments(definition as ts.TypeReference);
  return args[0] ?? unit.checker.getAnyType();
}

function readBecome(unit: SourceUnit, call: ts.CallExpression): readonly Dispatch[] {
  const [handlers] = call.arguments;
  const returned = unit.checker.getTypeAtLocation(call);
  const message =
    call.typeArguments?.[0] === undefined
      ? unit.checker.getTypeArguments(returned as ts.TypeReference)[0]
      : unit.checker.getTypeFromTypeNode(call.typeArguments[0]);
  const typed = message === undefined ? undefined : readMessageType(unit, message);
  if (handlers === undefined || typed === undefined) return [];
  const dispatch = readHandlerMap(unit, handlers, call.expression, typed, undefined);
  return dispatch === undefined ? [] : [dispatch];
}

function propertyOf(config: ts.Expression, name: string): { name: ts.Node; value: ts.Expression } | undefined {
  if (!ts.isObjectLiteralExpression(config)) return undefined;
  for (const property of config.properties) {
    if (property.name === undefined || propertyName(property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return { name: property.name, value: property.initializer };
    if (ts.isShorthandPropertyAssignment(property)) return { name: property.name, value: property.name };
  }
  return undefined;
}

function literalProperty(config: ts.Expression | undefined, name: string): string | undefined {
  const value = config === undefined ? undefined : propertyOf(config, name)?.value;
  return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined;
}
