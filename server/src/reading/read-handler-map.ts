/** Reads a map of handlers, one property for each message type. */
import { ts } from "ts-morph";
import type { Arm, Dispatch, Insertion } from "../facts/dispatch.ts";
import { propertyName } from "./evaluate.ts";
import { indentAt, indentStep } from "./indentation.ts";
import { MessageSubject } from "./message-subject.ts";
import { placedTags } from "./placed-tags.ts";
import type { TypedMessage } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
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
  const arms = armsOf(literal);
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
      typed.variants.filter((variant) => !names.has(variant.tag.key.slice(2))),
    ),
    dead: arms
      .filter((arm) => !typed.message.variants.some((variant) => arm.tags.includes(variant.tag.key)))
      .map((arm) => ({ arm, text: armText(unit, arm) })),
    insertion: insertionInto(unit, literal),
  };
}

/**
 * `this.#handlers[message.type]` in a class: the map that the handler is picked out of. Which variants it lacks is for the
 * compiler to say, and what becomes of them for the code around.
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
    if (dispatch !== undefined) found = { ...dispatch, kind: "table", missing: [], dead: [] };
    return found !== undefined;
  });
  return found;
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

function armsOf(literal: ts.ObjectLiteralExpression): readonly Arm[] {
  return literal.properties.flatMap((property) => {
    const key = property.name === undefined ? undefined : propertyName(property.name);
    if (key === undefined || property.name === undefined) return [];
    const prefix = ts.isNumericLiteral(property.name) ? "n:" : "s:";
    return [{ span: spanOf(property.name), full: spanOf(property), tags: [prefix + key], takes: [prefix + key] }];
  });
}

/** Names of all properties, spreads included; `undefined` when they are not all known. */
function keysOf(unit: SourceUnit, literal: ts.ObjectLiteralExpression): ReadonlySet<string> | undefined {
  const isOpen = literal.properties.some(
    (property) => property.name !== undefined && propertyName(property.name) === undefined,
  );
  const type = unit.checker.getTypeAtLocation(literal);
  if (isOpen || type.flags & ts.TypeFlags.Any || type.getStringIndexType() !== undefined) return undefined;
  return new Set([
    ...type.getProperties().map((property) => property.name),
    ...armsOf(literal).flatMap((arm) => arm.tags.map((tag) => tag.slice(2))),
  ]);
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
