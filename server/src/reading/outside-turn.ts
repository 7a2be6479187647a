/** State of an actor that is changed by code which runs when no turn waits for it: after a promise, by a timer, by a listener. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { isAwaited } from "./awaited.ts";
import { laterCall } from "./later-calls.ts";
import { chainOf, isFailureTaken } from "./lost-value.ts";
import { isAssignment } from "./mutated-names.ts";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { ownMethod } from "./start-code.ts";
import { enclosingFunction, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

const FILLING = new Set(["push", "unshift", "set", "add"]);

/**
 * | changed in a function given to | outside of a turn |
 * |---|---|
 * | what runs it later: a promise, a timer, a listener, a function of Node that takes a callback | yes |
 * | the same inside `new Promise(…)` or under an `await`, in a constructor | no: somebody waits, or there is no turn yet |
 * | anything else (`forEach`, `map`) | no |
 *
 * A change is an assignment to a field, or to a part of the state of a functional actor, what fills a collection of it, and a call of a
 * method of the class that does so. What takes something out of one is left alone, and what counts down or switches off in a `finally`: it is how
 * such code tidies up.
 */
export function changeOutsideTurn(
  unit: SourceUnit,
  callback: Callback,
  node: ts.Node,
  code: readonly Callback[],
): Incident | undefined {
  if (callback.kind === "constructor") return undefined;
  const helper = ts.isCallExpression(node) ? ownHelper(callback, node, code) : undefined;
  if (helper !== undefined) return changeByHelper(unit, callback, node as ts.CallExpression, helper);
  const changed = changedField(unit, callback, node);
  if (changed === undefined) return undefined;
  const later = callBehind(unit, callback, node);
  if (later === undefined || !isUsedElsewhere(callback, changed, later)) return undefined;
  const other = { path: node.getSourceFile().fileName, span: spanOf(later.expression) };
  return { kind: "change-outside-turn", span: spanOf(node), subject: changed.getText(), other, actor: callback.actor };
}

/**
 * What an asynchronous method changes after its first `await`, where a turn calls it and leaves it alone: `void this.#load()`. A call that
 * is simply lost is told of as a promise that nobody waits for.
 */
export function changesLeftBehind(
  unit: SourceUnit,
  callback: Callback,
  call: ts.CallExpression,
  code: readonly Callback[],
): readonly Incident[] {
  const helper = callback.kind === "constructor" ? undefined : ownHelper(callback, call, code);
  if (helper === undefined || !isDetached(call)) return [];
  const { node } = helper;
  const changes: Change[] = [];
  let waits = false;
  visitCode(node.body, (one, depth) => {
    const changed = waits && depth === 0 ? changedField(unit, helper, one) : undefined;
    if (changed !== undefined && isUsedElsewhere(callback, changed, node)) changes.push({ node: one, changed });
    waits ||= depth === 0 && ts.isAwaitExpression(one);
  });
  const other = { path: call.getSourceFile().fileName, span: spanOf(call.expression) };
  return changes.map(({ node: one, changed }) => ({
    kind: "change-outside-turn",
    span: spanOf(one),
    subject: changed.getText(),
    other,
    actor: callback.actor,
  }));
}

interface Change {
  readonly node: ts.Node;
  readonly changed: ts.PropertyAccessExpression;
}

/** `void this.#load()`, `this.#load().catch(…)` as a statement: nobody waits, and that is meant. */
function isDetached(call: ts.CallExpression): boolean {
  const chain = chainOf(call);
  if (ts.isVoidExpression(chain.parent)) return ts.isExpressionStatement(chain.parent.parent);
  return ts.isExpressionStatement(chain.parent) && isFailureTaken(chain);
}

/** `loaded.then((text) => this.#keep(text))`: the first thing that the method changes. */
function changeByHelper(
  unit: SourceUnit,
  callback: Callback,
  call: ts.CallExpression,
  helper: Callback,
): Incident | undefined {
  const later = callBehind(unit, callback, call);
  if (later === undefined) return undefined;
  let found: ts.PropertyAccessExpression | undefined;
  visitCode(helper.node.body, (one, depth) => {
    const changed = depth === 0 && found === undefined ? changedField(unit, helper, one) : undefined;
    if (changed !== undefined && isUsedElsewhere(callback, changed, helper.node)) found = changed;
  });
  if (found === undefined) return undefined;
  const other = { path: call.getSourceFile().fileName, span: spanOf(later.expression) };
  return { kind: "change-outside-turn", span: spanOf(call), subject: found.getText(), other, actor: callback.actor };
}

/** The method of the same class that a call calls. */
function ownHelper({ owner }: Callback, call: ts.CallExpression, code: readonly Callback[]): Callback | undefined {
  return isOwnMember(call.expression)
    ? ownMethod(
        call,
        code.filter((one) => one.owner === owner),
      )
    : undefined;
}

/** The field, or part of the state, that an expression changes, but to tidy up. */
function changedField(unit: SourceUnit, callback: Callback, node: ts.Node): ts.PropertyAccessExpression | undefined {
  if (isTidying(node)) return undefined;
  if (ts.isBinaryExpression(node))
    return isAssignment(node.operatorToken.kind) ? fieldIn(unit, callback, node.left) : undefined;
  if (ts.isPostfixUnaryExpression(node)) return fieldIn(unit, callback, node.operand);
  if (ts.isPrefixUnaryExpression(node)) {
    const isStep = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return isStep ? fieldIn(unit, callback, node.operand) : undefined;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return FILLING.has(node.expression.name.text) ? fieldIn(unit, callback, node.expression.expression) : undefined;
}

/** In a `finally`: `this.#running--`, `this.#isLoading = false`. */
function isTidying(node: ts.Node): boolean {
  if (!isInFinally(node)) return false;
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken || isOff(node.right);
  const isStep = ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node);
  return isStep && node.operator === ts.SyntaxKind.MinusMinusToken;
}

function isOff(value: ts.Expression): boolean {
  return (
    value.kind === ts.SyntaxKind.FalseKeyword ||
    value.kind === ts.SyntaxKind.NullKeyword ||
    value.getText() === "undefined"
  );
}

/** In a `finally`, of a `try` or of a promise. */
function isInFinally(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.finallyBlock === at) return true;
    if (ts.isCallExpression(parent) && parent.arguments.some((one) => one === at))
      return ts.isPropertyAccessExpression(parent.expression) && parent.expression.name.text === "finally";
  }
  return false;
}

/** `this.x` in `this.x`, `this.x.y`, `this.x[0]`; `state.x` likewise. */
function fieldIn(unit: SourceUnit, callback: Callback, target: ts.Expression): ts.PropertyAccessExpression | undefined {
  let at = skipOuter(target);
  while (ts.isElementAccessExpression(at) || ts.isPropertyAccessExpression(at)) {
    if (ts.isPropertyAccessExpression(at) && isStateRoot(unit, callback, at)) return at;
    at = skipOuter(at.expression);
  }
  return undefined;
}

function isStateRoot(
  unit: SourceUnit,
  { node, owner, kind, messageAt }: Callback,
  at: ts.PropertyAccessExpression,
): boolean {
  if (ts.isClassLike(owner)) return isOwnMember(at);
  const state = kind === "message" || kind === "signal" || messageAt === 1 ? node.parameters[0]?.name : undefined;
  return (
    kind !== "init" &&
    state !== undefined &&
    ts.isIdentifier(state) &&
    ts.isIdentifier(at.expression) &&
    at.expression.text === state.text &&
    symbolOf(unit, at.expression) === symbolOf(unit, state)
  );
}

/** The call that runs the code around a place when no turn may wait for it. */
function callBehind(unit: SourceUnit, callback: Callback, node: ts.Node): ts.CallExpression | undefined {
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    if (around === callback.node) return undefined;
    const call = around.parent;
    if (!ts.isCallExpression(call) || !call.arguments.some((one) => one === around)) continue;
    if (isWaitedFor(call, callback)) return undefined;
    if (laterCall(unit, call, around) !== undefined) return call;
  }
  return undefined;
}

/** Inside the function given to `new Promise`, or a chain that the callback waits for. */
function isWaitedFor(call: ts.CallExpression, { node }: Callback): boolean {
  if (isAwaited(call) && enclosingFunction(call) === node) return true;
  for (let at: ts.Node = call; at !== node && at.parent !== undefined; at = at.parent) {
    if (ts.isAwaitExpression(at.parent)) return true;
    if (ts.isNewExpression(at.parent) && at.parent.expression.getText() === "Promise") return true;
  }
  return false;
}

/** Whether a turn can see the change: the field is used outside of the function that makes it. */
function isUsedElsewhere({ owner }: Callback, changed: ts.PropertyAccessExpression, later: ts.Node): boolean {
  const isLater = (node: ts.Node): boolean => later.pos <= node.pos && node.end <= later.end;
  return someNode(owner, (node) => {
    const isUse = ts.isPropertyAccessExpression(node) && node.name.text === changed.name.text;
    return isUse && !isLater(node);
  });
}
