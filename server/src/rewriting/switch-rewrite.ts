/** Makes a `switch` of the map that a class picks its handlers out of. */
import { ts } from "ts-morph";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import { isActorClass } from "../reading/definitions.ts";
import { propertyName } from "../reading/evaluate.ts";
import { indentAt } from "../reading/indentation.ts";
import { commentCount, MovedCode, startWithComments } from "../reading/moved-code.ts";
import type { SourceUnit } from "../reading/source-unit.ts";
import { endsItself } from "../reading/statement-ends.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "../reading/symbols.ts";
import { type HandlerParameters, handlerParameters } from "./handler-parameters.ts";

/** @returns `undefined` where the code could mean something else afterwards. */
export function switchRewrite(unit: SourceUnit, facts: FileFacts, handler: ts.MethodDeclaration): Rewrite | undefined {
  const plan = planOf(unit, facts, handler);
  if (plan === undefined || handler.body === undefined) return undefined;
  const newText = switchText(unit, plan);
  const before = unit.file.text.slice(startWithComments(plan.field), plan.field.end) + handler.body.getText();
  if (commentCount(before) !== commentCount(newText)) return undefined;
  const path = unit.file.fileName;
  return {
    title: "Convert the map of handlers to a switch",
    edits: [
      { path, span: spanWithSpace(plan.field), newText: "" },
      { path, span: spanOf(handler.body), newText },
    ],
  };
}

interface Handler {
  readonly label: string;
  readonly property: ts.ObjectLiteralElementLike;
  readonly code: ts.ArrowFunction;
}

interface Plan {
  readonly handler: ts.MethodDeclaration;
  readonly field: ts.PropertyDeclaration;
  /** `message.type`, as it is written. */
  readonly subject: string;
  /** What the handlers give back goes to the caller. */
  readonly passesOn: boolean;
  readonly handlers: readonly Handler[];
}

function planOf(unit: SourceUnit, facts: FileFacts, handler: ts.MethodDeclaration): Plan | undefined {
  const owner = handler.parent;
  const parameters = handlerParameters(handler);
  const picking = pickingIn(handler);
  if (!ts.isClassLike(owner) || !isActorClass(unit, owner) || parameters === undefined || picking === undefined)
    return undefined;
  const field = fieldOf(unit, owner, picking.access);
  const dispatch = facts.dispatches.find(
    ({ kind, span }) => kind === "table" && span.start === picking.access.expression.getStart(),
  );
  const handlers = field === undefined ? undefined : handlersIn(unit, field, parameters);
  if (field === undefined || dispatch === undefined || handlers === undefined) return undefined;
  const tags = dispatch.message.variants.map(({ tag }) => tag.key);
  const isAsync = handler.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  const isComplete =
    new Set(tags).size === handlers.length && handlers.every(({ property }) => tags.includes(`s:${keyOf(property)}`));
  const isSame = handlers.every(
    ({ code }) => (!isAsyncCode(code) || (isAsync && picking.passesOn)) && (picking.passesOn || !givesBack(unit, code)),
  );
  const subject = picking.access.argumentExpression.getText();
  return isComplete && isSame && picking.isGiven(parameters)
    ? { handler, field, subject, passesOn: picking.passesOn, handlers }
    : undefined;
}

interface Picking {
  readonly access: ts.ElementAccessExpression;
  readonly passesOn: boolean;
  /** Whether the handler is given the parameters of the method, in their order. */
  isGiven(parameters: HandlerParameters): boolean;
}

/** `this.#handlers[message.type](message, context)`, also through a constant, returned or awaited or neither. */
function pickingIn({ body }: ts.MethodDeclaration): Picking | undefined {
  const statements = body?.statements ?? [];
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined || statements.length > 2) return undefined;
  const given = ts.isReturnStatement(last) || ts.isExpressionStatement(last) ? last.expression : undefined;
  const isAwaited = given !== undefined && ts.isAwaitExpression(given);
  const call = isAwaited ? given.expression : given;
  if (call === undefined || !ts.isCallExpression(call) || call.questionDotToken !== undefined) return undefined;
  const callee = skipOuter(call.expression);
  const access = statements.length === 1 ? callee : constantIn(first, callee);
  if (access === undefined || !ts.isElementAccessExpression(access)) return undefined;
  return {
    access,
    passesOn: isAwaited || ts.isReturnStatement(last),
    isGiven: ({ message, context }) => {
      const names = [message.name, ...(context === undefined ? [] : [context.name])];
      return call.arguments.length <= 2 && call.arguments.every((one, at) => skipOuter(one).getText() === names[at]);
    },
  };
}

function constantIn(statement: ts.Statement, name: ts.Expression): ts.Expression | undefined {
  if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) return undefined;
  const [only, ...others] = statement.declarationList.declarations;
  const isIt = only !== undefined && others.length === 0 && only.name.getText() === name.getText();
  return isIt && only.initializer !== undefined ? skipOuter(only.initializer) : undefined;
}

/** The private field of the class that nothing else uses. */
function fieldOf(
  unit: SourceUnit,
  owner: ts.ClassLikeDeclaration,
  { expression }: ts.ElementAccessExpression,
): ts.PropertyDeclaration | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  const field = owner.members.find((member) => member.name?.getText() === expression.name.text);
  if (field === undefined || !ts.isPropertyDeclaration(field)) return undefined;
  const isPrivate =
    ts.isPrivateIdentifier(field.name) || field.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  const symbol = symbolOf(unit, field.name);
  let uses = 0;
  someNode(owner, (node) => {
    if (ts.isMemberName(node) && node.text === expression.name.text && symbolOf(unit, node) === symbol) uses++;
    return false;
  });
  // Its declaration, and the place where the handler is picked.
  return isPrivate === true && uses === 2 ? field : undefined;
}

function handlersIn(
  unit: SourceUnit,
  field: ts.PropertyDeclaration,
  parameters: HandlerParameters,
): readonly Handler[] | undefined {
  const literal = field.initializer === undefined ? undefined : skipOuter(field.initializer);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  const { quote } = new MovedCode(unit.file);
  const handlers = literal.properties.flatMap((property): readonly Handler[] => {
    const key = keyOf(property);
    const code = ts.isPropertyAssignment(property) ? skipOuter(property.initializer) : undefined;
    if (key === undefined || code === undefined || !ts.isArrowFunction(code) || !isMovable(unit, code, parameters))
      return [];
    const isQuoted = property.name !== undefined && ts.isStringLiteralLike(property.name);
    return [{ property, code, label: isQuoted ? property.name.getText() : `${quote}${key}${quote}` }];
  });
  return handlers.length === literal.properties.length ? handlers : undefined;
}

function keyOf(property: ts.ObjectLiteralElementLike): string | undefined {
  return property.name === undefined ? undefined : propertyName(property.name);
}

/** Whether a function means the same inside of the method: its parameters are the method's, and it has no `var`. */
function isMovable(unit: SourceUnit, code: ts.ArrowFunction, { message, context }: HandlerParameters): boolean {
  const names = [message.name, context?.name];
  const isSame = code.parameters.every((parameter, at) => {
    if (
      !ts.isIdentifier(parameter.name) ||
      parameter.initializer !== undefined ||
      parameter.dotDotDotToken !== undefined
    )
      return false;
    const symbol = symbolOf(unit, parameter.name);
    const isUsed = someNode(code.body, (node) => ts.isIdentifier(node) && symbolOf(unit, node) === symbol);
    return !isUsed || parameter.name.text === names[at];
  });
  const hasVar = someNode(
    code.body,
    (node) => ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped),
  );
  return isSame && !hasVar && !someNode(code.body, (node) => isCaught(unit, node, code, names));
}

/** A name from outside that would mean a parameter of the method. */
function isCaught(
  unit: SourceUnit,
  node: ts.Node,
  code: ts.ArrowFunction,
  names: readonly (string | undefined)[],
): boolean {
  if (!ts.isIdentifier(node) || !names.includes(node.text)) return false;
  const { parent } = node;
  const isMemberName =
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
  const home = symbolOf(unit, node)?.valueDeclaration;
  return !isMemberName && (home === undefined || home.pos < code.pos || code.end < home.end);
}

function isAsyncCode(code: ts.ArrowFunction): boolean {
  return code.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

function givesBack(unit: SourceUnit, code: ts.ArrowFunction): boolean {
  const type = unit.checker.getSignatureFromDeclaration(code)?.getReturnType();
  return type === undefined || !(type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never));
}

/** The field, with the space up to what comes after it. */
function spanWithSpace(field: ts.PropertyDeclaration): { start: number; end: number } {
  const members: readonly ts.Node[] = ts.isClassLike(field.parent) ? field.parent.members : [];
  const next = members[members.indexOf(field) + 1];
  return next === undefined
    ? { start: field.getFullStart(), end: field.end }
    : { start: startWithComments(field), end: startWithComments(next) };
}

function switchText(unit: SourceUnit, { handler, subject, handlers, passesOn }: Plan): string {
  const code = new MovedCode(unit.file);
  const { step } = code;
  const indent = indentAt(unit.file, handler.getStart()) + step;
  const cases = handlers.map((one) => caseText(unit, code, one, { indent: indent + step, passesOn }));
  return `{\n${indent}switch (${subject}) {\n${cases.join("")}${indent}}\n${indent.slice(step.length)}}`;
}

function caseText(
  unit: SourceUnit,
  code: MovedCode,
  handler: Handler,
  { indent, passesOn }: { readonly indent: string; readonly passesOn: boolean },
): string {
  const { step, semicolon } = code;
  const { body } = handler.code;
  const inner = indent + step;
  const statements = ts.isBlock(body) ? body.statements : [];
  const returns = passesOn && givesBack(unit, handler.code);
  const text = ts.isBlock(body)
    ? code.statements(statements, inner)
    : `${inner}${returns ? "return " : ""}${code.reindented(spanOf(body), inner)}${semicolon}\n`;
  const isOver = ts.isBlock(body) ? endsItself(statements) : returns;
  const ending = isOver ? "" : `${inner}break${semicolon}\n`;
  const [open, close] = statements.some(isLexical) ? [" {", `${indent}}\n`] : ["", ""];
  const comments = code.commentsBefore(handler.property, indent);
  return `${comments}${indent}case ${handler.label}:${open}\n${text}${ending}${close}`;
}

function isLexical(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
}
