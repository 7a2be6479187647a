/** State of an actor that is changed by code which runs when no turn waits for it: after a promise, by a timer, by a listener. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { isAwaited } from "./awaited.ts";
import { globalName } from "./global-name.ts";
import { isAssignment } from "./mutated-names.ts";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { enclosingFunction, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

const AFTER_PROMISE = new Set(["then", "catch", "finally"]);
const LISTENING = new Set(["on", "once", "addListener", "addEventListener", "prependListener"]);
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask"]);
const FILLING = new Set(["push", "unshift", "set", "add"]);

/**
 * | changed in a function given to | outside of a turn |
 * |---|---|
 * | `then`, `catch`, `finally` of a promise that the callback does not wait for | yes |
 * | a timer of Node, `queueMicrotask` | yes |
 * | `on`, `once`, `addEventListener`, but of the actor's own end (`context.signal`) | yes |
 * | the same inside `new Promise(…)` or under an `await`, in a constructor | no: somebody waits, or there is no turn yet |
 * | anything else (`forEach`, `map`) | no |
 *
 * A change is an assignment to a field, or to a part of the state of a functional actor, and what fills a collection of it. What takes
 * something out of one is left alone: it is how such code tidies up.
 */
export function changeOutsideTurn(unit: SourceUnit, callback: Callback, node: ts.Node): Incident | undefined {
  const changed = changedField(unit, callback, node);
  if (changed === undefined || callback.kind === "constructor") return undefined;
  const later = laterCall(unit, callback, node);
  if (later === undefined || !isUsedElsewhere(callback, changed, later)) return undefined;
  const other = { path: node.getSourceFile().fileName, span: spanOf(later.expression) };
  return { kind: "change-outside-turn", span: spanOf(node), subject: changed.getText(), other, actor: callback.actor };
}

/** The field, or part of the state, that an expression changes. */
function changedField(unit: SourceUnit, callback: Callback, node: ts.Node): ts.PropertyAccessExpression | undefined {
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

/** The call that runs the code around a place later. */
function laterCall(unit: SourceUnit, callback: Callback, node: ts.Node): ts.CallExpression | undefined {
  for (let around = enclosingFunction(node); around !== undefined; around = enclosingFunction(around)) {
    if (around === callback.node) return undefined;
    const call = around.parent;
    if (!ts.isCallExpression(call) || !call.arguments.some((one) => one === around)) continue;
    if (isWaitedFor(call, callback)) return undefined;
    if (runsLater(unit, call)) return call;
  }
  return undefined;
}

function runsLater(unit: SourceUnit, call: ts.CallExpression): boolean {
  const global = globalName(unit, call.expression);
  if (global !== undefined) return TIMERS.has(global);
  if (!ts.isPropertyAccessExpression(call.expression)) return false;
  const { name, expression } = call.expression;
  if (LISTENING.has(name.text)) return !/\bsignal$/.test(expression.getText());
  if (!AFTER_PROMISE.has(name.text)) return false;
  return unit.checker.getTypeAtLocation(expression).getProperty("then") !== undefined;
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
function isUsedElsewhere({ owner }: Callback, changed: ts.PropertyAccessExpression, later: ts.CallExpression): boolean {
  const isLater = (node: ts.Node): boolean => later.pos <= node.pos && node.end <= later.end;
  return someNode(owner, (node) => {
    const isUse = ts.isPropertyAccessExpression(node) && node.name.text === changed.name.text;
    return isUse && !isLater(node);
  });
}
