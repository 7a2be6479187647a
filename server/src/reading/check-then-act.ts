/** An actor that asks another whether it may, and then tells it to: in between, others can come. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import { protocolOf } from "./read-sends.ts";
import type { SourceUnit } from "./source-unit.ts";
import { enclosingFunction, forEachNode, runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

/** A send whose receiver is a variable or a field, and whose message is written there. */
interface WrittenSend {
  readonly call: ts.CallExpression;
  readonly method: string;
  readonly receiver: string;
  readonly tag: string;
}

/**
 * | after `const isFree = await hall.ask({ type: "isFree", … })` | told |
 * |---|---|
 * | `if (isFree) hall.tell({ type: "book", … })` | yes |
 * | `if (!isFree) return; …; hall.tell(…)` | yes |
 * | the same with an `ask`, where the first answer is a `boolean` | yes |
 * | the second goes to another, is under another condition, or is the same question | no |
 */
export function checkThenAct(unit: SourceUnit, callback: Callback, call: ts.CallExpression): Incident | undefined {
  if (callback.kind !== "message" || enclosingFunction(call) !== callback.node) return undefined;
  const question = writtenSend(unit, call);
  if (question?.method !== "ask" || !ts.isAwaitExpression(call.parent)) return undefined;
  const guarded = guardedBy(unit, call.parent);
  const isYesOrNo = (unit.checker.getTypeAtLocation(call.parent).flags & ts.TypeFlags.BooleanLike) !== 0;
  const act = guarded.map((node) => actIn(unit, node, question, isYesOrNo)).find((one) => one !== undefined);
  if (act === undefined) return undefined;
  const other = { path: call.getSourceFile().fileName, span: spanOf(call) };
  const subject = `${question.receiver} between ${question.tag} and ${act.tag}`;
  return { kind: "check-then-act", span: spanOf(act.call.expression), subject, other, actor: callback.actor };
}

/** What is done only for some answers: a branch, or what comes after a way out. */
function guardedBy(unit: SourceUnit, answer: ts.AwaitExpression): readonly ts.Node[] {
  let asked: ts.Node = answer;
  while (ts.isParenthesizedExpression(asked.parent)) asked = asked.parent;
  const { parent } = asked;
  if (ts.isIfStatement(parent) && parent.expression === asked) return [parent.thenStatement];
  const isNegated = ts.isPrefixUnaryExpression(parent) && ts.isIfStatement(parent.parent);
  if (isNegated && leaves(parent.parent.thenStatement)) return after(parent.parent);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return [];
  const symbol = symbolOf(unit, parent.name);
  const { text } = parent.name;
  const isAsked = (node: ts.Node): boolean =>
    someNode(node, (one) => ts.isIdentifier(one) && one.text === text && symbolOf(unit, one) === symbol);
  return after(parent.parent.parent).flatMap((statement): readonly ts.Node[] => {
    if (!ts.isIfStatement(statement) || !isAsked(statement.expression)) return [];
    const own = [statement.thenStatement, ...(statement.elseStatement === undefined ? [] : [statement.elseStatement])];
    return leaves(statement.thenStatement) ? [...own, ...after(statement)] : own;
  });
}

function after(statement: ts.Node): readonly ts.Statement[] {
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) return [];
  return parent.statements.slice(parent.statements.indexOf(statement as ts.Statement) + 1);
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last));
}

function actIn(unit: SourceUnit, root: ts.Node, question: WrittenSend, isYesOrNo: boolean): WrittenSend | undefined {
  let found: WrittenSend | undefined;
  forEachNode(root, (node) => {
    const send = found === undefined && ts.isCallExpression(node) ? writtenSend(unit, node) : undefined;
    const isAct = send !== undefined && (send.method !== "ask" || isYesOrNo);
    if (isAct && send.receiver === question.receiver && send.tag !== question.tag) found = send;
  });
  return found;
}

function writtenSend(unit: SourceUnit, call: ts.CallExpression): WrittenSend | undefined {
  const access = call.expression;
  if (!ts.isPropertyAccessExpression(access) || !/^(?:tell|tellAsync|ask)$/.test(access.name.text)) return undefined;
  const receiver = skipOuter(access.expression);
  const isNamed = ts.isIdentifier(receiver) || ts.isPropertyAccessExpression(receiver);
  if (!isNamed || !/^ActorRef\./.test(runtimeCallee(unit, call) ?? "")) return undefined;
  const tag = tagOf(call.arguments[0], protocolOf(unit, receiver)?.message.discriminant);
  if (tag === undefined) return undefined;
  return { call, method: access.name.text, receiver: receiver.getText(), tag };
}

function tagOf(message: ts.Expression | undefined, discriminant: string | undefined): string | undefined {
  const literal = message === undefined ? undefined : skipOuter(message);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  const type = literal.properties.find((one) => one.name !== undefined && propertyName(one.name) === discriminant);
  const value = type !== undefined && ts.isPropertyAssignment(type) ? type.initializer : undefined;
  return value !== undefined && ts.isStringLiteralLike(value) ? `"${value.text}"` : undefined;
}
