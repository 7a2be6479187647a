/** Reads where actors and systems are started, stopped and looked up by name. */
import { ts } from "ts-morph";
import type { Lookup, Spawn, SpawnFacts, SystemStart, SystemStop } from "../facts/spawn.ts";
import type { StaticValue } from "../facts/static-value.ts";
import type { Callback } from "./actor-code.ts";
import { actorClassOf, startableOf } from "./definitions.ts";
import { evaluate } from "./evaluate.ts";
import { expectsNobody, lookedUpArgument } from "./lookup-calls.ts";
import { readMessageType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { supervisorRewrite } from "./supervisor-rewrite.ts";
import { declarationId, forEachNode, runtimeCallee, skipOuter, spanOf, symbolOf } from "./symbols.ts";
import type { TurnCode } from "./turn-code.ts";

const CALLBACKS = new Set(["handleMessage", "preStart", "postStop", "handleSignal"]);

export function readSpawns(unit: SourceUnit, turns: TurnCode): SpawnFacts {
  const spawns: Spawn[] = [];
  const systems: SystemStart[] = [];
  const systemStops: SystemStop[] = [];
  const lookups: Lookup[] = [];
  const directCalls: { span: { start: number; end: number }; actor: string; method: string }[] = [];
  forEachNode(unit.file, (node) => {
    if (!ts.isCallExpression(node)) return;
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : "";
    const place = turns.around(node);
    const own = place !== undefined && turns.isOfActor(place.callback) ? place : undefined;
    if (name === "spawn") spawns.push(...readSpawn(unit, node, own?.callback));
    else if (isStartChild(unit, node)) spawns.push(readChildStart(unit, node));
    else if (name === "start") systems.push(...readSystem(unit, node));
    else if (name === "stop" && own?.depth === 0) systemStops.push(...readStop(unit, node, own.callback));
    else if (place !== undefined && isLookup(unit, node, name)) {
      lookups.push(...readLookup(unit, node, place.callback, place.depth, turns));
    } else if (CALLBACKS.has(name) && own === undefined) directCalls.push(...readDirectCall(unit, node, name));
  });
  return { spawns, systems, systemStops, lookups, directCalls };
}

function readSpawn(unit: SourceUnit, call: ts.CallExpression, callback: Callback | undefined): readonly Spawn[] {
  const callee = runtimeCallee(unit, call, "ActorSystem.spawn", "ActorContext.spawn");
  if (callee === undefined) return [];
  const [start, options] = call.arguments;
  const value = start === undefined ? undefined : (evaluate(unit, start).startable ?? startableOf(unit, start));
  const fields = options === undefined ? {} : evaluate(unit, options).fields;
  const name = fields?.["name"];
  const supervised = callee === "ActorSystem.spawn" ? supervisorRewrite(unit, call) : undefined;
  const nameSpan = name?.places.find((place) => place.path === unit.file.fileName)?.span;
  return [
    {
      span: spanOf(call),
      by: callee === "ActorSystem.spawn" ? "system" : "context",
      ...(value?.id === undefined ? {} : { starts: value.id }),
      ...(typeof name?.value === "string" ? { name: name.value } : {}),
      ...(nameSpan === undefined ? {} : { nameSpan }),
      ...placeOf(fields),
      ...(supervised === undefined ? {} : { supervised }),
      ...(callback === undefined ? {} : { actor: callback.actor }),
    },
  ];
}

function isStartChild(unit: SourceUnit, { expression }: ts.CallExpression): boolean {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const mayBe = ts.isIdentifier(expression) || (ts.isIdentifier(name) && name.text === "startChild");
  return mayBe && unit.runtime.nameOf(symbolOf(unit, name)) === "startChild";
}

function readChildStart(unit: SourceUnit, call: ts.CallExpression): Spawn {
  const [, spec] = call.arguments;
  const fields = spec === undefined ? undefined : evaluate(unit, spec).fields;
  const { start, name } = fields ?? {};
  const starts = start?.startable?.id;
  return {
    span: spanOf(call),
    by: "child",
    ...(starts === undefined ? {} : { starts }),
    ...(typeof name?.value === "string" ? { name: name.value } : {}),
    ...placeOf(fields),
  };
}

/** Where an actor is found: its id, and whether that or its name may be another than is known. */
function placeOf(fields: StaticValue["fields"]): Pick<Spawn, "id" | "isOpen"> {
  const { id, name } = fields ?? {};
  const isUnknown = (one: StaticValue | undefined): boolean =>
    one !== undefined && one.value !== undefined && typeof one.value !== "string";
  const isOpen = fields === undefined || isUnknown(id) || isUnknown(name);
  return { ...(typeof id?.value === "string" ? { id: id.value } : {}), ...(isOpen ? { isOpen } : {}) };
}

function readSystem(unit: SourceUnit, call: ts.CallExpression): readonly SystemStart[] {
  if (runtimeCallee(unit, call, "ActorSystem.start") === undefined) return [];
  const [options] = call.arguments;
  const root = options === undefined ? undefined : evaluate(unit, options).fields?.["root"]?.startable?.id;
  let holder: ts.Node = call.parent;
  while (ts.isAwaitExpression(holder) || ts.isParenthesizedExpression(holder)) holder = holder.parent;
  const variable = ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) ? declarationId(holder) : undefined;
  return [
    { span: spanOf(call), ...(root === undefined ? {} : { root }), ...(variable === undefined ? {} : { variable }) },
  ];
}

function readStop(unit: SourceUnit, call: ts.CallExpression, callback: Callback): readonly SystemStop[] {
  if (!ts.isAwaitExpression(call.parent) || runtimeCallee(unit, call, "ActorSystem.stop") === undefined) return [];
  const receiver = ts.isPropertyAccessExpression(call.expression) ? skipOuter(call.expression.expression) : undefined;
  const declaration =
    receiver !== undefined && ts.isIdentifier(receiver) ? symbolOf(unit, receiver)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return [];
  const awaitStart = call.parent.getStart();
  return [
    {
      span: spanOf(call.parent),
      awaitSpan: { start: awaitStart, end: call.getStart() },
      system: declarationId(declaration),
      actor: callback.actor,
    },
  ];
}

function isLookup(unit: SourceUnit, call: ts.CallExpression, name: string): boolean {
  return name === "whereis" || lookedUpArgument(unit, call) !== undefined;
}

function readLookup(
  unit: SourceUnit,
  call: ts.CallExpression,
  callback: Callback,
  depth: number,
  turns: TurnCode,
): readonly Lookup[] {
  const isOfRuntime = runtimeCallee(unit, call, "ActorContext.whereis", "ActorSystem.whereis") !== undefined;
  const argument = isOfRuntime ? call.arguments[0] : lookedUpArgument(unit, call);
  const name = argument === undefined ? undefined : evaluate(unit, argument).value;
  if (argument === undefined || typeof name !== "string") return [];
  const accepts = acceptedBy(unit, call);
  const inFunction = turns.functionAround(call);
  return [
    {
      name,
      span: spanOf(call),
      nameSpan: spanOf(argument),
      ...(accepts === undefined ? {} : { accepts }),
      ...(turns.isOfActor(callback) ? { actor: callback.actor } : {}),
      ...(inFunction === undefined ? {} : { inFunction }),
      isAtStart: depth === 0 && turns.isOfStart(callback),
      expectsNobody: expectsNobody(unit, call),
    },
  ];
}

/** The messages that a look-up says the actor takes: `whereis<StockMessage>("stock")`. */
function acceptedBy(unit: SourceUnit, call: ts.CallExpression): Lookup["accepts"] {
  const [written, ...others] = call.typeArguments ?? [];
  if (written === undefined || others.length > 0) return undefined;
  const message = readMessageType(unit, unit.checker.getTypeFromTypeNode(written))?.message;
  return message === undefined ? undefined : { message, span: spanOf(written) };
}

/** `new Cart().handleMessage(…)`, also through a constant. */
function readDirectCall(unit: SourceUnit, call: ts.CallExpression, method: string): SpawnFacts["directCalls"] {
  const receiver = ts.isPropertyAccessExpression(call.expression) ? skipOuter(call.expression.expression) : undefined;
  if (receiver === undefined) return [];
  const declaration = ts.isIdentifier(receiver) ? symbolOf(unit, receiver)?.valueDeclaration : undefined;
  const made =
    declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
      ? skipOuter(declaration.initializer)
      : receiver;
  if (!ts.isNewExpression(made)) return [];
  const actor = actorClassOf(unit, unit.checker.getTypeAtLocation(made));
  return actor === undefined ? [] : [{ span: spanOf(call.expression), actor: actor.name?.text ?? "the actor", method }];
}
