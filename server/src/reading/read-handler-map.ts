/** Reads a map of handlers, one property for each message type. */
import { ts } from "ts-morph";
import type { Arm, Dispatch, Insertion } from "../facts/dispatch.ts";
import { propertyName } from "./evaluate.ts";
import { indentAt, indentStep } from "./indentation.ts";
import { MessageSubject } from "./message-subject.ts";
import { isNote } from "./noting.ts";
import { placedTags } from "./placed-tags.ts";
import { type TypedMessage, tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { isStored } from "./storing.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

/**
 * @param name where to tell the user.
 * @returns `undefined` when the map is not an object literal, or not all its properties are known.
 */
export function readHandlerMap(
  unit: SourceUnit,
  expression: ts.Expression,
  name: ts.Node,
  typed: TypedMessage,
  actor: string | undefined,
): Dispatch | undefined {
  const literal = literalOf(unit, expression);
  if (literal === undefined || literal.getSourceFile() !== unit.file) return undefined;
  const arms = armsOf(unit, literal);
  const names = keysOf(unit, literal);
  if (names === undefined || typed.message.discriminant === undefined) return undefined;
  return {
    kind: "handlers",
    ...(actor === undefined ? {} : { actor }),
    span: spanOf(name),
    message: typed.message,
    arms,
    missing: placedTags(
      unit,
      literal,
      typed,
      typed.variants.filter((variant) => !names.has(plainKey(variant.tag.key))),
    ),
    dead: arms
      .filter((arm) => !typed.message.variants.some((variant) => arm.tags.includes(variant.tag.key)))
      .map((arm) => ({ arm, text: armText(unit, arm) })),
    insertion: insertionInto(unit, literal),
  };
}

/**
 * `this.#handlers[message.type]` in a class: the map that the handler is picked out of. Which variants it lacks is for the
 * compiler to say, and what becomes of them for the code around; but where a handler that is missing is passed over
 * (`this.#handlers[message.type]?.(message)`) and nothing else is done, nobody says it.
 */
export function readHandlerTable(
  unit: SourceUnit,
  parameter: ts.ParameterDeclaration,
  body: ts.Block,
  typed: TypedMessage,
  actor: string,
): Dispatch | undefined {
  const subject = new MessageSubject(unit, parameter, body, typed);
  let found: Dispatch | undefined;
  someNode(body, (node) => {
    if (!ts.isElementAccessExpression(node) || !subject.isTag(node.argumentExpression)) return false;
    const map = fieldValue(unit, node.expression) ?? node.expression;
    const dispatch = readHandlerMap(unit, map, node.expression, typed, actor);
    const missing = dispatch !== undefined && isPassedOver(unit, node, body) ? dispatch.missing : [];
    if (dispatch !== undefined) found = { ...dispatch, kind: "table", missing, dead: [] };
    return found !== undefined;
  });
  return found;
}

/** Whether the handler is called if there is one, and that is all the function does but for notes and constants. */
function isPassedOver(unit: SourceUnit, pick: ts.ElementAccessExpression, body: ts.Block): boolean {
  if (isChanged(pick.expression)) return false;
  const statement = optionalStatementOf(pick);
  return (
    statement !== undefined &&
    body.statements.every(
      (one) =>
        one === statement ||
        ts.isVariableStatement(one) ||
        (ts.isExpressionStatement(one) && (isNote(unit, one.expression) || isStored(one.expression))),
    )
  );
}

/** Whether anything else is done with the map than to pick out of it: a handler may be put into it. */
function isChanged(map: ts.Expression): boolean {
  const isPick = (node: ts.Node): boolean => ts.isElementAccessExpression(node.parent) && !isAssigned(node.parent);
  const isOwn = ts.isPropertyAccessExpression(map);
  const text = isOwn ? map.name.text : map.getText();
  return someNode(map.getSourceFile(), (node) => {
    if (isOwn) return ts.isPropertyAccessExpression(node) && node.name.text === text && !isPick(node);
    return ts.isIdentifier(node) && node.text === text && !ts.isVariableDeclaration(node.parent) && !isPick(node);
  });
}

function isAssigned(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node.parent) && node.parent.left === node;
}

/** The statement that calls what was picked if there is anything: `map[type]?.(…)`, `if (map[type]) map[type](…)`. */
function optionalStatementOf(pick: ts.Expression): ts.Statement | undefined {
  const { parent } = pick;
  const call = optionalCallOf(pick);
  if (call !== undefined) return statementOf(call);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const { name } = parent;
  const uses: ts.Identifier[] = [];
  someNode(parent.parent.parent.parent, (node) => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name) uses.push(node);
    return false;
  });
  const [first, second] = uses;
  if (first === undefined) return undefined;
  return second === undefined ? statementUnder(first) : guarded(first, uses.slice(1));
}

/** `run?.()`, where that is all. */
function statementUnder(use: ts.Identifier): ts.Statement | undefined {
  const call = optionalCallOf(use);
  return call === undefined ? undefined : statementOf(call);
}

/** `if (run) run();`, `if (run !== undefined) { await run.call(this); }`, `run && run()` */
function guarded(asked: ts.Identifier, called: readonly ts.Identifier[]): ts.Statement | undefined {
  const test = ts.isBinaryExpression(asked.parent) && isNothing(asked.parent.right) ? asked.parent : asked;
  const whole = test.parent;
  if (ts.isBinaryExpression(whole) && whole.left === test)
    return whole.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken && ts.isExpressionStatement(whole.parent)
      ? whole.parent
      : undefined;
  if (!ts.isIfStatement(whole) || whole.expression !== test || whole.elseStatement !== undefined) return undefined;
  const { thenStatement } = whole;
  const [only] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  const isCalled = called.every((use) => {
    const { parent } = use;
    const callee = ts.isPropertyAccessExpression(parent) && parent.name.text === "call" ? parent : use;
    return ts.isCallExpression(callee.parent) && callee.parent.expression === callee;
  });
  const isOnly = !ts.isBlock(thenStatement) || thenStatement.statements.length === 1;
  return isCalled && isOnly && only !== undefined && only.end >= (called.at(-1)?.end ?? 0) ? whole : undefined;
}

function isNothing(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || node.getText() === "undefined";
}

/** The statement that is nothing but a call, or what is returned of it. */
function statementOf(call: ts.CallExpression): ts.Statement | undefined {
  const at = ts.isAwaitExpression(call.parent) || ts.isVoidExpression(call.parent) ? call.parent : call;
  const statement = at.parent;
  return ts.isExpressionStatement(statement) || ts.isReturnStatement(statement) ? statement : undefined;
}

/** `map[type]?.(…)`, `map[type]?.call(…)` */
function optionalCallOf(pick: ts.Expression): ts.CallExpression | undefined {
  const { parent } = pick;
  if (ts.isCallExpression(parent) && parent.expression === pick)
    return parent.questionDotToken === undefined ? undefined : parent;
  if (ts.isPropertyAccessExpression(parent) && parent.questionDotToken !== undefined)
    return ts.isCallExpression(parent.parent) && parent.name.text === "call" ? parent.parent : undefined;
  return undefined;
}

/** What a field of the class is made with. */
function fieldValue(unit: SourceUnit, expression: ts.Expression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(expression) || expression.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  const declaration = symbolOf(unit, expression.name)?.valueDeclaration;
  return declaration !== undefined && ts.isPropertyDeclaration(declaration) ? declaration.initializer : undefined;
}

/** The literal itself, or the one a constant of this file was made from. */
function literalOf(unit: SourceUnit, expression: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const node = skipOuter(expression);
  if (ts.isObjectLiteralExpression(node)) return node;
  const declaration = ts.isIdentifier(node) ? constantOf(unit, node) : undefined;
  const value = declaration?.initializer === undefined ? undefined : skipOuter(declaration.initializer);
  return value !== undefined && ts.isObjectLiteralExpression(value) ? value : undefined;
}

function constantOf(unit: SourceUnit, node: ts.Identifier): ts.VariableDeclaration | undefined {
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
  const symbol = isShorthand ? unit.checker.getShorthandAssignmentValueSymbol(node.parent) : symbolOf(unit, node);
  const declaration = symbol?.valueDeclaration;
  const isConst =
    declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.parent.flags & ts.NodeFlags.Const;
  return isConst ? (declaration as ts.VariableDeclaration) : undefined;
}

function armsOf(unit: SourceUnit, literal: ts.ObjectLiteralExpression): readonly Arm[] {
  return literal.properties.flatMap((property) => {
    const key = property.name === undefined ? undefined : keyOfName(unit, property.name);
    if (key === undefined || property.name === undefined) return [];
    return [{ span: spanOf(property.name), full: spanOf(property), tags: [key], takes: [key] }];
  });
}

/** The key of the messages that a property is for: `s:stop`, `n:1`, `y:STOP` for `[STOP]`. */
function keyOfName(unit: SourceUnit, name: ts.PropertyName): string | undefined {
  const written = propertyName(name);
  if (written !== undefined) return `${ts.isNumericLiteral(name) ? "n" : "s"}:${written}`;
  return ts.isComputedPropertyName(name)
    ? tagOfType(unit, unit.checker.getTypeAtLocation(name.expression))?.key
    : undefined;
}

/** Keys of all properties, spreads included; `undefined` when they are not all known. */
function keysOf(unit: SourceUnit, literal: ts.ObjectLiteralExpression): ReadonlySet<string> | undefined {
  const isOpen = literal.properties.some(
    (property) => property.name !== undefined && keyOfName(unit, property.name) === undefined,
  );
  const type = unit.checker.getTypeAtLocation(literal);
  if (isOpen || type.flags & ts.TypeFlags.Any || type.getStringIndexType() !== undefined) return undefined;
  const own = armsOf(unit, literal).flatMap((arm) => arm.tags.map(plainKey));
  return new Set([...type.getProperties().map((property) => plainProperty(property)), ...own]);
}

/** A name is a name, whether a property is written as a text, a number or a boolean; a symbol is none. */
function plainKey(key: string): string {
  return key.startsWith("y:") ? key : key.slice(2);
}

/** The compiler calls the property of a symbol `__@STOP@12`. */
function plainProperty({ escapedName }: ts.Symbol): string {
  const symbol = /^__@(.+)@\d+$/.exec(String(escapedName))?.[1];
  return symbol === undefined ? ts.unescapeLeadingUnderscores(escapedName) : `y:${symbol}`;
}

function armText(unit: SourceUnit, arm: Arm): string {
  return unit.file.text.slice(arm.span.start, arm.span.end);
}

function insertionInto(unit: SourceUnit, literal: ts.ObjectLiteralExpression): Insertion {
  const step = indentStep(unit.file);
  const last = literal.properties.at(-1);
  const indent =
    last === undefined ? indentAt(unit.file, literal.getStart()) + step : indentAt(unit.file, last.getStart());
  const needsComma = last !== undefined && !literal.properties.hasTrailingComma;
  const at = last === undefined ? literal.getStart() + 1 : literal.properties.end;
  return { at, indent, step, needsEnding: false, ending: "return;", subject: "", needsComma };
}
