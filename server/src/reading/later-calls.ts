/** Calls that run a function they are given when they have returned: timers, listeners, promises, and the callbacks of Node. */
import { ts } from "ts-morph";
import { globalName } from "./global-name.ts";
import type { SourceUnit } from "./source-unit.ts";
import { symbolOf } from "./symbols.ts";

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
/** As soon as the code that runs has ended. */
const SOON = new Set(["queueMicrotask", "process.nextTick"]);
const AFTER_PROMISE = new Set(["then", "catch", "finally"]);
const LISTENING = new Set(["on", "once", "addListener", "addEventListener", "prependListener"]);
const CALLBACK_MODULES = new Set(["fs", "child_process", "crypto", "zlib", "dns"]);

export type LaterCall = "timer" | "soon" | "promise" | "listener" | "callback";

/**
 * | a function given to | runs |
 * |---|---|
 * | `setTimeout`, `setInterval`, `setImmediate` | `timer` |
 * | `queueMicrotask`, `process.nextTick` | `soon` |
 * | `then`, `catch`, `finally` of a promise | `promise` |
 * | `on`, `once`, `addEventListener`, but of the actor's own end (`context.signal`) | `listener` |
 * | a function of Node's `fs`, `child_process`, `crypto`, `zlib`, `dns`, as its last argument | `callback` |
 * | anything else | not known |
 */
export function laterCall(unit: SourceUnit, call: ts.CallExpression, given: ts.Node): LaterCall | undefined {
  if (!call.arguments.some((one) => one === given)) return undefined;
  const global = globalName(unit, call.expression);
  if (global !== undefined) return TIMERS.has(global) ? "timer" : SOON.has(global) ? "soon" : undefined;
  const access = call.expression;
  if (ts.isPropertyAccessExpression(access)) {
    const { name, expression } = access;
    if (LISTENING.has(name.text)) return /\bsignal$/.test(expression.getText()) ? undefined : "listener";
    if (AFTER_PROMISE.has(name.text))
      return unit.checker.getTypeAtLocation(expression).getProperty("then") === undefined ? undefined : "promise";
  }
  return call.arguments.at(-1) === given && isOfNode(unit, access) ? "callback" : undefined;
}

/** Whether a function is declared by one of Node's modules that take callbacks. */
function isOfNode(unit: SourceUnit, callee: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declaration = ts.isIdentifier(name) ? symbolOf(unit, name)?.declarations?.[0] : undefined;
  if (declaration?.getSourceFile().isDeclarationFile !== true || !ts.isFunctionDeclaration(declaration)) return false;
  for (let at: ts.Node = declaration; at !== undefined; at = at.parent) {
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return CALLBACK_MODULES.has(at.name.text.replace(/^node:/, ""));
    if (ts.isSourceFile(at)) return false;
  }
  return false;
}
