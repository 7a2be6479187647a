/** Refs of children that end by themselves, kept in a field by an actor that goes on sending to them. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { actorClassOf } from "./definitions.ts";
import { isAssignment } from "./mutated-names.ts";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, runtimeCallee, skipOuter, someNode, spanOf } from "./symbols.ts";
import { isWholeActor } from "./whole-actor.ts";

/** With any of these the actor has thought of the end of its children. */
const WATCHING = /^(?:monitor|trapExit|isAlive|handleSignal|link)$/;

/**
 * | a class | told |
 * |---|---|
 * | spawns a child once into a field and sends to it, and the child stops for a message of a timer of its own, or after any message | at each send |
 * | the same, and gives the field another value, or watches its children | nothing |
 * | the child stops for a message that others send | nothing: they may know |
 */
export function readKeptChildren(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  return [...new Set(code.map(({ owner }) => owner))].flatMap((owner): readonly Incident[] => {
    if (!ts.isClassLike(owner) || !isWholeActor(unit, owner)) return [];
    const own = code.filter((one) => one.owner === owner);
    const kept = own.flatMap(({ node }) => spawnedInto(unit, node));
    if (kept.length === 0 || someNode(owner, (node) => ts.isMemberName(node) && WATCHING.test(node.text))) return [];
    return kept.flatMap(({ field, child }): readonly Incident[] => {
      const stop = ownStop(unit, child);
      if (stop === undefined || isReplaced(owner, field)) return [];
      const other = { path: child.getSourceFile().fileName, span: spanOf(stop) };
      const subject = declarationId(child).split("#").at(-1) ?? field;
      return own.flatMap(({ node, actor }) =>
        sendsTo(unit, node, field).map((send) => ({
          kind: "send-to-stopped" as const,
          span: spanOf(send.expression),
          subject,
          other,
          actor,
        })),
      );
    });
  });
}

interface KeptChild {
  readonly field: string;
  readonly child: ts.ClassLikeDeclaration;
}

/** `this.#child ??= context.spawn(() => new Child())`, and `=` in any other place. */
function spawnedInto(unit: SourceUnit, root: ts.FunctionLikeDeclaration): readonly KeptChild[] {
  const found: KeptChild[] = [];
  visitCode(root, (node) => {
    if (!ts.isBinaryExpression(node) || !isOwnMember(node.left)) return;
    const call = skipOuter(node.right);
    const isSpawn = ts.isCallExpression(call) && runtimeCallee(unit, call, "ActorContext.spawn") !== undefined;
    const [start] = isSpawn ? call.arguments : [];
    const made = start && unit.checker.getTypeAtLocation(start).getCallSignatures()[0]?.getReturnType();
    const child = made === undefined ? undefined : actorClassOf(unit, made);
    if (child !== undefined) found.push({ field: node.left.name.text, child });
  });
  return found;
}

/** Whether a field gets a value in a second place, or a new child each time a message comes. */
function isReplaced(owner: ts.Node, field: string): boolean {
  const targets: ts.PropertyAccessExpression[] = [];
  someNode(owner, (node) => {
    if (isOwnMember(node) && node.name.text === field && isAssigned(node)) targets.push(node);
    return false;
  });
  const [only, ...others] = targets;
  return only === undefined || others.length > 0 || !isOnce(only);
}

function isAssigned(node: ts.Expression): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind);
}

/** `??=`, in the start, or under `if (this.#child === undefined)`. */
function isOnce(field: ts.PropertyAccessExpression): boolean {
  const { parent } = field;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken)
    return true;
  const absent = new Set([`!${field.getText()}`, `${field.getText()} === undefined`]);
  for (let at: ts.Node = field; at.parent !== undefined; at = at.parent) {
    if (ts.isClassElement(at)) return at.name?.getText() === "preStart";
    const { parent: around } = at;
    if (ts.isIfStatement(around) && around.thenStatement === at) return absent.has(around.expression.getText());
  }
  return false;
}

function sendsTo(unit: SourceUnit, root: ts.FunctionLikeDeclaration, field: string): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  visitCode(root, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const holder = skipOuter(node.expression.expression);
    if (!isOwnMember(holder) || holder.name.text !== field) return;
    if (runtimeCallee(unit, node, "ActorRef.tell", "ActorRef.tellAsync", "ActorRef.ask") !== undefined)
      found.push(node);
  });
  return found;
}

/** Where a class stops itself for a message of a timer of its own, or at the end of every message. */
function ownStop(unit: SourceUnit, child: ts.ClassLikeDeclaration): ts.Node | undefined {
  const file = child.getSourceFile();
  if (file.isDeclarationFile) return undefined;
  if (file !== unit.file) unit.reads.add(file.fileName);
  const handler = child.members.find((one) => one.name?.getText() === "handleMessage");
  if (handler === undefined || !ts.isMethodDeclaration(handler) || handler.body === undefined) return undefined;
  const { body } = handler;
  const timed = timedTags(unit, child);
  let found: ts.Node | undefined;
  visitCode(body, (node, depth) => {
    const isStop =
      depth === 0 && ts.isCallExpression(node) && runtimeCallee(unit, node, "ActorContext.stop") !== undefined;
    if (found !== undefined || !isStop) return;
    const asked = conditionAround(node, body);
    const isOwn = asked === "none" ? !someNode(body, ts.isReturnStatement) : asked !== undefined && timed.has(asked);
    if (isOwn) found = node;
  });
  return found;
}

/** The one text that the nearest condition compares with; `none` where there is no condition. */
function conditionAround(node: ts.Node, body: ts.Node): string | undefined {
  for (let at = node; at !== body; at = at.parent) {
    const { parent } = at;
    if (ts.isCaseClause(parent) && at !== parent.expression)
      return ts.isStringLiteralLike(parent.expression) ? parent.expression.text : undefined;
    if (ts.isIfStatement(parent) && at === parent.thenStatement) {
      const { expression: test } = parent;
      const isEqual = ts.isBinaryExpression(test) && test.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
      return isEqual && ts.isStringLiteralLike(test.right) ? test.right.text : undefined;
    }
    const isPlain = ts.isBlock(at) || ts.isExpressionStatement(at) || ts.isReturnStatement(at) || at === node;
    if (!isPlain) return undefined;
  }
  return "none";
}

/** Texts in the messages of timers that the class starts. */
function timedTags(unit: SourceUnit, child: ts.ClassLikeDeclaration): ReadonlySet<string> {
  const tags = new Set<string>();
  someNode(child, (node) => {
    const isTimer =
      ts.isCallExpression(node) &&
      runtimeCallee(unit, node, "ActorTimers.startOnce", "ActorTimers.startPeriodic") !== undefined;
    const message = isTimer ? node.arguments[1] : undefined;
    const literal = message === undefined ? undefined : skipOuter(message);
    if (literal !== undefined && ts.isObjectLiteralExpression(literal))
      for (const property of literal.properties)
        if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer))
          tags.add(property.initializer.text);
    return false;
  });
  return tags;
}
