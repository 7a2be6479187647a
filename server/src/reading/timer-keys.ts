/** Timers of an actor that replace each other before they fire: two messages under one key. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { evaluate } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, skipOuter, spanOf } from "./symbols.ts";

const STARTING = ["ActorTimers.startOnce", "ActorTimers.startPeriodic"];

/** The timer that is started before with the same key and another message, in a statement of the same list or one around it. */
export function reusedTimerKey(unit: SourceUnit, callback: Callback, call: ts.CallExpression): Incident | undefined {
  const timer = timerOf(unit, call);
  if (timer === undefined || !ts.isExpressionStatement(call.parent)) return undefined;
  for (let at: ts.Node = call.parent; at !== callback.node && at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const before = parent.statements.slice(0, parent.statements.indexOf(at as ts.Statement)).reverse();
    for (const statement of before) {
      if (!ts.isExpressionStatement(statement)) {
        if (!ts.isVariableStatement(statement)) return undefined;
        continue;
      }
      const other = ts.isCallExpression(statement.expression) ? timerOf(unit, statement.expression) : undefined;
      if (/\.cancel\(|\bawait\b/.test(statement.getText())) return undefined;
      if (other === undefined || other.key !== timer.key) continue;
      if (other.tag === timer.tag) return undefined;
      const place = { path: call.getSourceFile().fileName, span: spanOf(statement.expression) };
      return {
        kind: "reused-timer-key",
        span: spanOf(timer.keyNode),
        subject: `"${timer.key}"`,
        other: place,
        actor: callback.actor,
      };
    }
  }
  return undefined;
}

interface Timer {
  readonly key: string;
  readonly keyNode: ts.Node;
  /** The message, as it is written. */
  readonly tag: string;
}

function timerOf(unit: SourceUnit, call: ts.CallExpression): Timer | undefined {
  const access = call.expression;
  if (!ts.isPropertyAccessExpression(access) || !/^start(?:Once|Periodic)$/.test(access.name.text)) return undefined;
  const [key, message] = call.arguments;
  if (key === undefined || message === undefined) return undefined;
  const literal = skipOuter(message);
  if (!ts.isObjectLiteralExpression(literal) || runtimeCallee(unit, call, ...STARTING) === undefined) return undefined;
  const { value } = evaluate(unit, key);
  if (typeof value !== "string") return undefined;
  const holder = access.expression.getText();
  return { key: value, keyNode: key, tag: `${holder} ${literal.getText().replace(/\s+/g, "")}` };
}
