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

/** What takes ports away without a look at them. */
const DROPPING = new Set(["delete", "clear"]);
/** What hands ports out and takes them away. */
const TAKING = new Set([...DROPPING, "shift", "pop", "splice"]);
const KEEPING = new Set(["set", "push", "unshift", "add"]);
const BLIND = new Set([...DROPPING, ...KEEPING, "has", "size", "length"]);

interface Deferral {
  readonly call: ts.CallExpression;
  readonly callback: Callback;
  /** The private field that it, or the collection it is put into, is in. */
  readonly field?: string;
}

/**
 * | what becomes of a port | told |
 * |---|---|
 * | nothing: the call is a statement, or its constant is not used | there |
 * | it is put into a private field, or a map, set, list or object in one, that nobody takes anything out of | there |
 * | it is taken out of there (`delete`, `clear`, another list in its place) by code that has not looked at it, where all code that looks at it takes it away, too | there |
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
      if (deferral.field === undefined) return isUnused(unit, deferral.call) ? [at(deferral.call)] : [];
      const uses = usesOf(callback.owner, deferral.field);
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
      runtimeCallee(unit, node, "ActorContext.deferReply") !== undefined;
    if (!isDeferral) return;
    const field = fieldOf(unit, node);
    if (field !== "unknown") found.push({ call: node, callback, ...(field === undefined ? {} : { field }) });
  });
  return found;
}

/** The private field that a port is put into, itself or as the constant that holds it. */
function fieldOf(unit: SourceUnit, call: ts.CallExpression): string | undefined | "unknown" {
  const direct = keptIn(call);
  if (direct !== undefined) return direct;
  const { parent } = call;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name))
    return isLost(unit, call) ? undefined : "unknown";
  const uses = mentionsOf(unit, parent.name);
  const [only, ...others] = uses;
  if (only === undefined) return undefined;
  return others.length > 0 ? "unknown" : (keptIn(only) ?? "unknown");
}

/** `#open` in `this.#open.set(key, port)`, `this.#open.push(port)`, `this.#open = port`. */
function keptIn(port: ts.Expression): string | undefined {
  const { parent } = port;
  const isAssigned =
    ts.isBinaryExpression(parent) &&
    parent.right === port &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isExpressionStatement(parent.parent);
  const target = isAssigned ? parent.left : ts.isCallExpression(parent) ? collectionOf(parent, port) : undefined;
  const field = target !== undefined && ts.isElementAccessExpression(target) ? target.expression : target;
  return field !== undefined && isOwnMember(field) && isPrivate(field) ? field.name.text : undefined;
}

/** `#name`, and what the class declares as private. */
function isPrivate(field: ts.PropertyAccessExpression): boolean {
  if (ts.isPrivateIdentifier(field.name)) return true;
  let around: ts.Node = field;
  while (!ts.isClassLike(around) && around.parent !== undefined) around = around.parent;
  const member = ts.isClassLike(around) && around.members.find((one) => one.name?.getText() === field.name.text);
  return (
    member !== false &&
    member !== undefined &&
    ts.isPropertyDeclaration(member) &&
    member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) === true
  );
}

function collectionOf(call: ts.CallExpression, port: ts.Expression): ts.Expression | undefined {
  const access = call.expression;
  const isKept =
    ts.isPropertyAccessExpression(access) && KEEPING.has(access.name.text) && call.arguments.at(-1) === port;
  return isKept ? access.expression : undefined;
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
  /** The member of the collection, or of the port. */
  readonly name: string;
  readonly node: ts.Node;
  /** The clause, branch or function it stands in. */
  readonly region: ts.Node;
}

/** All uses of a private field; `undefined` when what it holds is given away, or taken as a whole. */
function usesOf(owner: ts.Node, field: string): readonly Use[] | undefined {
  const uses: Use[] = [];
  const isGivenAway = someNode(owner, (node) => {
    // Of a field that is private to the compiler alone, whoever takes it in another way may do anything with it.
    if (!field.startsWith("#") && isTakenOtherwise(node, field)) return true;
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== field) return false;
    const use = useOf(node);
    if (use === undefined) return true;
    uses.push({ ...use, region: regionOf(node) });
    return false;
  });
  return isGivenAway ? undefined : uses;
}

/** `other.name`, `this["name"]`, `{ name } = this` */
function isTakenOtherwise(node: ts.Node, field: string): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === field && !isOwnMember(node);
  if (ts.isElementAccessExpression(node)) return node.expression.kind === ts.SyntaxKind.ThisKeyword;
  return (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer?.kind === ts.SyntaxKind.ThisKeyword
  );
}

function useOf(field: ts.Expression): Pick<Use, "name" | "node"> | undefined {
  const { parent } = field;
  if (ts.isElementAccessExpression(parent) && parent.expression === field) return useOfPart(parent);
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InKeyword)
    return parent.right === field ? { name: "has", node: parent } : undefined;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === field) {
    const isEmptied = parent.name.text === "length" && isAssigned(parent);
    return { name: isEmptied ? "clear" : parent.name.text, node: parent.parent };
  }
  if (ts.isBinaryExpression(parent) && isAssigned(field))
    return { name: isEmpty(parent.right) ? "clear" : "set", node: parent };
  if (ts.isForOfStatement(parent) && parent.expression === field) return { name: "values", node: parent };
  return ts.isIfStatement(parent) ? { name: "has", node: parent } : undefined;
}

/** `delete this.#ports[id]`, `this.#ports[id] = port`, anything else with `this.#ports[id]`. */
function useOfPart(part: ts.ElementAccessExpression): Pick<Use, "name" | "node"> {
  if (ts.isDeleteExpression(part.parent)) return { name: "delete", node: part.parent };
  if (isAssigned(part) && ts.isBinaryExpression(part.parent))
    return { name: isEmpty(part.parent.right) ? "delete" : "set", node: part.parent };
  return { name: "get", node: part };
}

function isAssigned({ parent, pos }: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(parent) &&
    parent.left.pos === pos &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isExpressionStatement(parent.parent)
  );
}

/** `undefined`, `null`, `[]`, `{}`, `new Map()` */
function isEmpty(value: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isNewExpression(value)) return (value.arguments ?? []).length === 0;
  return value.kind === ts.SyntaxKind.NullKeyword || value.getText() === "undefined";
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
    .filter(({ name }) => DROPPING.has(name))
    .filter(({ region }) => !looking.some((one) => one.region === region) && !someNode(region, isOwnCall))
    .map(({ node }) => node)
    .filter((node) => ts.isExpressionStatement(node.parent));
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
