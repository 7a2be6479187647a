/** The functions an actor consists of: which run in its turns, for which messages, and under which name they know the context. */
import { ts } from "ts-morph";
import { definitionId, isActorClass } from "./definitions.ts";
import { propertyName } from "./evaluate.ts";
import { messageHandlerOf } from "./message-handler.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, forEachNode, runtimeCallee, skipOuter, someNode, symbolOf } from "./symbols.ts";

/** `helper`: a method of the class, or a function of the file, called by the others. */
export type CallbackKind = "init" | "message" | "signal" | "stop" | "helper" | "constructor";

export type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

export interface Callback {
  readonly actor: string;
  readonly kind: CallbackKind;
  readonly node: FunctionWithBody;
  /** The class, or the argument of `defineActor`. */
  readonly owner: ts.ClassLikeDeclaration | ts.Expression;
  /** The message type a handler of a map is for. */
  readonly tag?: string;
  /** Which parameter a message handler is given the message in; the context comes after it. */
  readonly messageAt: 0 | 1;
  /** A base class calls it, and may answer in its place. */
  readonly isAnsweredElsewhere?: boolean;
}

/** By the name of the method. */
export const CALLBACK_KINDS: Readonly<Record<string, CallbackKind>> = {
  preStart: "init",
  handleMessage: "message",
  handleSignal: "signal",
  postStop: "stop",
};

export function readActorCode(unit: SourceUnit): readonly Callback[] {
  const found: Callback[] = [];
  forEachNode(unit.file, (node) => {
    if (ts.isClassLike(node) && isActorClass(unit, node)) found.push(...classCode(unit, node));
    if (!ts.isCallExpression(node)) return;
    const callee = runtimeCallee(unit, node, "defineActor", "become");
    const [first] = node.arguments;
    if (first === undefined) return;
    if (callee === "defineActor") found.push(...functionalCode(unit, definitionId(node), first));
    else if (callee === "become") found.push(...handlerCode(unit, actorAround(unit, node), first, first));
  });
  return found.length === 0 ? found : [...found, ...calledFunctions(unit, found)];
}

/** The functions at the top of the file that code of actors calls, directly or through others: each as code of the first that does. */
function calledFunctions(unit: SourceUnit, code: readonly Callback[]): readonly Callback[] {
  const left = functionsOf(unit.file);
  for (const [name, node] of left) if (code.some((one) => one.node === node)) left.delete(name);
  const found: Callback[] = [];
  for (const caller of left.size === 0 ? [] : joined(code, found)) {
    forEachNode(caller.node, (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
      const called = left.get(node.expression.text);
      if (called === undefined) return;
      const declaration = symbolOf(unit, node.expression)?.valueDeclaration;
      if (declaration !== called && declaration !== called.parent) return;
      left.delete(node.expression.text);
      const { actor, owner, messageAt } = caller;
      found.push({ actor, kind: "helper", node: called, owner, messageAt });
    });
  }
  return found;
}

/** First the one list, then the other, also what is put into it meanwhile. */
function* joined<T>(first: readonly T[], second: readonly T[]): Generator<T> {
  yield* first;
  yield* second;
}

/** By name: declared as functions, or constants that are functions. */
function functionsOf(file: ts.SourceFile): Map<string, FunctionWithBody> {
  const found = new Map<string, FunctionWithBody>();
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined && isCode(statement))
      found.set(statement.name.text, statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer !== undefined && ts.isFunctionLike(initializer) && isCode(initializer))
        found.set(name.text, initializer);
  }
  return found;
}

function classCode(unit: SourceUnit, node: ts.ClassLikeDeclaration): readonly Callback[] {
  const actor = declarationId(node);
  const handler = messageHandlerOf(unit, node);
  return node.members.flatMap((member): readonly Callback[] => {
    const name = member.name?.getText() ?? "";
    const isHandler = name === handler?.name;
    const kind = ts.isConstructorDeclaration(member)
      ? "constructor"
      : isHandler
        ? "message"
        : (CALLBACK_KINDS[name] ?? "helper");
    const code =
      ts.isPropertyDeclaration(member) && member.initializer !== undefined ? skipOuter(member.initializer) : member;
    if (ts.isObjectLiteralExpression(code) && isHandlerTable(node, name)) return handlersIn(unit, code, actor, node, 0);
    if (!isCode(code)) return [];
    const { messageAt = 0, isAnsweredElsewhere = false } = isHandler ? handler : {};
    return [{ actor, kind, node: code, owner: node, messageAt, isAnsweredElsewhere }];
  });
}

/** Whether `handleMessage` picks out of a field with that name: `this.#handlers[message.type]`. */
function isHandlerTable(owner: ts.ClassLikeDeclaration, field: string): boolean {
  const handler = owner.members.find((member) => member.name?.getText() === "handleMessage");
  return (
    handler !== undefined &&
    someNode(
      handler,
      (node) =>
        ts.isElementAccessExpression(node) &&
        ts.isPropertyAccessExpression(node.expression) &&
        node.expression.expression.kind === ts.SyntaxKind.ThisKeyword &&
        node.expression.name.text === field,
    )
  );
}

function functionalCode(unit: SourceUnit, actor: string, given: ts.Expression): readonly Callback[] {
  const config = constantValue(unit, given);
  if (!ts.isObjectLiteralExpression(config)) return [];
  return config.properties.flatMap((property): readonly Callback[] => {
    const name = property.name === undefined ? undefined : propertyName(property.name);
    const value = madeOf(property);
    if (name === "handlers" && value !== undefined && ts.isExpression(value))
      return handlerCode(unit, actor, value, config);
    const kind = name === "init" ? "init" : name === "onSignal" ? "signal" : name === "postStop" ? "stop" : undefined;
    const node = kind === undefined ? undefined : functionNamed(unit, value);
    return kind !== undefined && node !== undefined ? [{ actor, kind, node, owner: config, messageAt: 1 }] : [];
  });
}

/** What a property is made of; a method is its own. */
function madeOf(property: ts.ObjectLiteralElementLike): ts.Node | undefined {
  if (ts.isPropertyAssignment(property)) return skipOuter(property.initializer);
  return ts.isShorthandPropertyAssignment(property) ? property.name : property;
}

/** The function that stands there, or that is called so and is of this file. */
function functionNamed(unit: SourceUnit, node: ts.Node | undefined): FunctionWithBody | undefined {
  if (node === undefined || isCode(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = symbolOf(unit, node)?.valueDeclaration;
  const found =
    declaration !== undefined && ts.isFunctionDeclaration(declaration) ? declaration : constantValue(unit, node);
  return found.getSourceFile() === unit.file && isCode(found) ? found : undefined;
}

function handlerCode(
  unit: SourceUnit,
  actor: string,
  handlers: ts.Expression,
  owner: ts.Expression,
): readonly Callback[] {
  const literal = constantValue(unit, handlers);
  return ts.isObjectLiteralExpression(literal) ? handlersIn(unit, literal, actor, owner, 1) : [];
}

function handlersIn(
  unit: SourceUnit,
  literal: ts.ObjectLiteralExpression,
  actor: string,
  owner: Callback["owner"],
  messageAt: Callback["messageAt"],
): readonly Callback[] {
  return literal.properties.flatMap((property): readonly Callback[] => {
    const tag = property.name === undefined ? undefined : propertyName(property.name);
    const node = tag === undefined ? undefined : functionNamed(unit, madeOf(property));
    return node === undefined ? [] : [{ actor, kind: "message", node, owner, tag: `s:${tag}`, messageAt }];
  });
}

/** What a constant of this file was made from, or the expression itself. */
export function constantValue(unit: SourceUnit, expression: ts.Expression): ts.Expression {
  const node = skipOuter(expression);
  if (!ts.isIdentifier(node)) return node;
  const declaration = symbolOf(unit, node)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.getSourceFile() !== unit.file)
    return node;
  const isConst = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.initializer !== undefined ? skipOuter(declaration.initializer) : node;
}

/** The functional actor whose code a `become` stands in; the name of the file when it stands in none. */
function actorAround(unit: SourceUnit, node: ts.Node): string {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isCallExpression(at) && runtimeCallee(unit, at, "defineActor") !== undefined) return definitionId(at);
  }
  return `${unit.file.fileName}#become`;
}

function isCode(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/**
 * Visits the code of a callback. `depth` counts the functions between: 0 is what runs in the turn itself. Classes inside and
 * other actors are left out.
 */
export function visitCode(root: ts.Node, visit: (node: ts.Node, depth: number) => void, depth = 0): void {
  ts.forEachChild(root, (child) => {
    if (ts.isClassLike(child)) return;
    visit(child, depth);
    visitCode(child, visit, ts.isFunctionLike(child) ? depth + 1 : depth);
  });
}

/** By the function that a piece of code is; the first where several are one function. */
export function codeByNode(code: readonly Callback[]): ReadonlyMap<ts.Node, Callback> {
  return new Map(code.toReversed().map((one) => [one.node, one]));
}

/** The code around a node, innermost first. */
export function callbackAround(
  code: ReadonlyMap<ts.Node, Callback>,
  node: ts.Node,
): { readonly callback: Callback; readonly depth: number } | undefined {
  let depth = 0;
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    const callback = code.get(at);
    if (callback !== undefined) return { callback, depth };
    if (ts.isFunctionLike(at)) depth++;
    if (ts.isClassLike(at)) return undefined;
  }
  return undefined;
}
