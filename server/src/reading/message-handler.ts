/** Which method of an actor class is given its messages: `handleMessage`, or what a base class calls in its place. */
import { ts } from "ts-morph";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode } from "./symbols.ts";

export type MethodCode = ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

export interface MessageHandler {
  readonly name: string;
  readonly code: MethodCode;
  /** Which parameter is the message. */
  readonly messageAt: 0 | 1;
  /** Other code than this has the context, and may answer. */
  readonly isAnsweredElsewhere: boolean;
}

const known = new WeakMap<ts.ClassLikeDeclaration, MessageHandler | "none">();

/**
 * | the class | handler |
 * |---|---|
 * | has `handleMessage` | that |
 * | has a method that the `handleMessage` of a base class gives the whole message to: `this.onMessage(message, context)` | that method |
 * | anything else | none of its own |
 */
export function messageHandlerOf(unit: SourceUnit, node: ts.ClassLikeDeclaration): MessageHandler | undefined {
  const found = known.get(node) ?? readHandler(unit, node) ?? "none";
  known.set(node, found);
  return found === "none" ? undefined : found;
}

function readHandler(unit: SourceUnit, node: ts.ClassLikeDeclaration): MessageHandler | undefined {
  const own = methodOf(node, "handleMessage");
  if (own !== undefined) return { name: "handleMessage", code: own, messageAt: 0, isAnsweredElsewhere: false };
  if (!node.members.some((member) => ts.isMethodDeclaration(member) || ts.isPropertyDeclaration(member))) return;
  const inherited = unit.checker.getTypeAtLocation(node).getProperty("handleMessage")?.valueDeclaration;
  if (inherited === undefined || !ts.isMethodDeclaration(inherited) || inherited.body === undefined) return undefined;
  if (inherited.getSourceFile() !== unit.file) unit.reads.add(inherited.getSourceFile().fileName);
  return hookOf(node, inherited);
}

/** The method of the class that a handler of its base gives the message to. */
function hookOf(node: ts.ClassLikeDeclaration, { parameters, body }: ts.MethodDeclaration): MessageHandler | undefined {
  const message = parameters[0]?.name;
  if (message === undefined || !ts.isIdentifier(message) || body === undefined) return undefined;
  const context = parameters[1]?.name.getText();
  let found: MessageHandler | undefined;
  someNode(body, (call) => {
    if (!ts.isCallExpression(call) || !isOwnMember(call.expression)) return false;
    const at = call.arguments.findIndex((one) => {
      const given = skipOuter(one);
      return ts.isIdentifier(given) && given.text === message.text;
    });
    const { text: name } = call.expression.name;
    const code = at === 0 || at === 1 ? methodOf(node, name) : undefined;
    const isGivenContext = at + 1 < call.arguments.length && call.arguments[at + 1]?.getText() === context;
    const isAnsweredElsewhere = !isGivenContext || mentions(body, context) > 1;
    if (code !== undefined) found = { name, code, messageAt: at as 0 | 1, isAnsweredElsewhere };
    return found !== undefined;
  });
  return found;
}

function mentions(body: ts.Node, name: string | undefined): number {
  let count = 0;
  someNode(body, (node) => {
    if (ts.isIdentifier(node) && node.text === name) count++;
    return false;
  });
  return count;
}

/** A method, or the function that a field with its name holds. */
export function methodOf(node: ts.ClassLikeDeclaration, name: string): MethodCode | undefined {
  const member = node.members.find((one) => one.name?.getText() === name);
  if (member === undefined || ts.isMethodDeclaration(member)) return member;
  return ts.isPropertyDeclaration(member) ? functionOf(member.initializer) : undefined;
}

export function functionOf(value: ts.Expression | undefined): ts.ArrowFunction | ts.FunctionExpression | undefined {
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}
