/** Reads ports of deferred replies that go nowhere: nobody can answer any more. */
import { ts } from "ts-morph";
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Incident } from "../facts/incident.ts";
import type { Send } from "../facts/send.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { isLost } from "./lost-value.ts";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, someNode, spanOf, symbolOf } from "./symbols.ts";
import type { TurnCode } from "./turn-code.ts";

/** What takes a port away, and what says nothing of it. */
const TAKING = new Set(["delete", "clear"]);
const BLIND = new Set([...TAKING, "set", "has", "size"]);

interface Deferral {
  readonly call: ts.CallExpression;
  readonly callback: Callback;
  /** The private map it is put into. */
  readonly map?: string;
}

/**
 * | what becomes of a port | told |
 * |---|---|
 * | nothing: the call is a statement, or its constant is not used | there |
 * | it is put into a private map that nobody takes anything out of | there |
 * | it is deleted from its map by code that has not looked at it, where all code that looks at it deletes it | at the deletion |
 * | the same in the handler of a message that a timer sends: the question may be as old as the timer | nothing |
 * | anything else | nothing |
 */
export function readDroppedReplies(
  unit: SourceUnit,
  code: readonly Callback[],
  turns: TurnCode,
  actors: readonly ActorFact[],
  sends: readonly Send[],
): readonly Incident[] {
  const found = code.flatMap((callback) =>
    deferralsIn(unit, callback).flatMap((deferral): readonly Incident[] => {
      const of = { subject: questionOf(deferral, turns, actors), actor: callback.actor };
      const at = (node: ts.Node): Incident => ({ kind: "dropped-reply", span: spanOf(node), ...of });
      if (deferral.map === undefined) return isUnused(unit, deferral.call) ? [at(deferral.call)] : [];
      const uses = usesOf(callback.owner, deferral.map);
      if (uses === undefined) return [];
      if (uses.every(({ name }) => BLIND.has(name))) return [at(deferral.call)];
      const other = { path: unit.file.fileName, span: spanOf(deferral.call) };
      return takenUnseen(uses)
        .filter((use) => !isByTimer(use, turns, actors, sends))
        .map((use) => ({ ...at(use), other }));
    }),
  );
  // Two questions may have one map.
  return found.filter(({ span }, index) => found.findIndex((one) => one.span.start === span.start) === index);
}

function deferralsIn(unit: SourceUnit, callback: Callback): readonly Deferral[] {
  const found: Deferral[] = [];
  visitCode(callback.node.body, (node) => {
    const isDeferral =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === "deferReply" &&
      runtimeCallee(unit, node) === "ActorContext.deferReply";
    if (!isDeferral) return;
    const map = mapOf(unit, node);
    if (map !== "unknown") found.push({ call: node, callback, ...(map === undefined ? {} : { map }) });
  });
  return found;
}

/** The private map that a port is put into, itself or as the constant that holds it. */
function mapOf(unit: SourceUnit, call: ts.CallExpression): string | undefined | "unknown" {
  const direct = setTarget(call);
  if (direct !== undefined) return direct;
  const { parent } = call;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name))
    return isLost(unit, call) ? undefined : "unknown";
  const uses = mentionsOf(unit, parent.name);
  const [only, ...others] = uses;
  if (only === undefined) return undefined;
  return others.length > 0 ? "unknown" : (setTarget(only) ?? "unknown");
}

/** `#open` in `this.#open.set(key, port)`. */
function setTarget(port: ts.Expression): string | undefined {
  const call = port.parent;
  if (!ts.isCallExpression(call) || call.arguments[1] !== port) return undefined;
  if (!ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== "set") return undefined;
  const map = call.expression.expression;
  const isPrivate =
    ts.isPropertyAccessExpression(map) &&
    map.expression.kind === ts.SyntaxKind.ThisKeyword &&
    ts.isPrivateIdentifier(map.name);
  return isPrivate ? map.name.text : undefined;
}

function isUnused(unit: SourceUnit, call: ts.CallExpression): boolean {
  const { parent } = call;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
    ? mentionsOf(unit, parent.name).length === 0
    : isLost(unit, call);
}

function mentionsOf(unit: SourceUnit, name: ts.Identifier): readonly ts.Identifier[] {
  const symbol = symbolOf(unit, name);
  const found: ts.Identifier[] = [];
  someNode(name.getSourceFile(), (node) => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolOf(unit, node) === symbol)
      found.push(node);
    return false;
  });
  return found;
}

interface Use {
  /** The member of the map. */
  readonly name: string;
  readonly node: ts.Node;
  /** The clause, branch or function it stands in. */
  readonly region: ts.Node;
}

/** All uses of a private map; `undefined` when it is given away, or taken as a whole. */
function usesOf(owner: ts.Node, map: string): readonly Use[] | undefined {
  const uses: Use[] = [];
  const isGivenAway = someNode(owner, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== map) return false;
    const access = node.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== node) return true;
    uses.push({ name: access.name.text, node: access.parent, region: regionOf(access) });
    return false;
  });
  return isGivenAway ? undefined : uses;
}

function regionOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isCaseOrDefaultClause(at) && !ts.isClassElement(at) && at.parent !== undefined) at = at.parent;
  return at;
}

/** Deletions in code that does not look at the port, and calls nothing of its own that might. */
function takenUnseen(uses: readonly Use[]): readonly ts.Node[] {
  const looking = uses.filter(({ name }) => !BLIND.has(name));
  const isSettled = looking.every(({ region }) => uses.some((use) => use.region === region && TAKING.has(use.name)));
  if (!isSettled) return [];
  return uses
    .filter(({ name }) => name === "delete")
    .filter(({ region }) => !looking.some((one) => one.region === region) && !someNode(region, isOwnCall))
    .map(({ node }) => node)
    .filter((node) => ts.isCallExpression(node) && ts.isExpressionStatement(node.parent));
}

function isOwnCall(node: ts.Node): boolean {
  return ts.isCallExpression(node) && isOwnMember(node.expression);
}

/** Whether it may be done for a message that a timer sends. */
function isByTimer(node: ts.Node, turns: TurnCode, actors: readonly ActorFact[], sends: readonly Send[]): boolean {
  const place = turns.around(node);
  const tags = place === undefined ? undefined : turns.servedAt(place.callback, node);
  if (place === undefined || tags === undefined) return true;
  const variants = actors.find(({ id }) => id === place.callback.actor)?.message?.variants ?? [];
  const ids = variants.filter(({ tag }) => tags.includes(tag.key)).map(({ id }) => id);
  return sends.some(
    (send) =>
      send.method === "timer" &&
      send.actor === place.callback.actor &&
      (send.variants === undefined || send.variants.some((one) => ids.includes(one))),
  );
}

function questionOf({ call, callback }: Deferral, turns: TurnCode, actors: readonly ActorFact[]): string {
  const [tag, ...others] = turns.servedAt(callback, call) ?? [];
  const variants = actors.find(({ id }) => id === callback.actor)?.message?.variants ?? [];
  const variant = others.length > 0 ? undefined : variants.find((one) => one.tag.key === tag);
  return variant?.tag.text ?? "the question";
}
