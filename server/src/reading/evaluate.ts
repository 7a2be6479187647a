/** Evaluates expressions as far as the source says their value: constants, spreads, enums, arithmetic, and calls of one-line helpers. */
import { ts } from "ts-morph";
import { type Startable, type StaticValue, UNKNOWN } from "../facts/static-value.ts";
import type { FileSpan } from "../source/span.ts";
import { startableOf } from "./definitions.ts";
import { mutatedNames } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, skipOuter, spanOf, symbolOf } from "./symbols.ts";

type Scope = ReadonlyMap<ts.Symbol, StaticValue>;
type Callback = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

const MAX_DEPTH = 24;
const MAX_ITEMS = 256;
const NO_SCOPE: Scope = new Map();

/** @returns a value whose unknown parts are `UNKNOWN`. Never throws, always ends. */
export function evaluate(unit: SourceUnit, expression: ts.Expression, scope: Scope = NO_SCOPE, depth = 0): StaticValue {
  return new Evaluator(unit, depth).value(expression, scope);
}

class Evaluator {
  readonly #unit: SourceUnit;
  #depth: number;

  constructor(unit: SourceUnit, depth: number) {
    this.#unit = unit;
    this.#depth = depth;
  }

  value(expression: ts.Expression, scope: Scope): StaticValue {
    const node = skipOuter(expression);
    if (this.#depth > MAX_DEPTH) return unknown(node, "it is nested too deeply");
    this.#depth++;
    this.#noteRead(node);
    const result = this.#evaluate(node, scope);
    this.#depth--;
    return result;
  }

  #evaluate(node: ts.Expression, scope: Scope): StaticValue {
    if (ts.isStringLiteralLike(node)) return known(node, node.text);
    if (ts.isNumericLiteral(node)) return known(node, Number(node.text.replaceAll("_", "")));
    if (node.kind === ts.SyntaxKind.TrueKeyword) return known(node, true);
    if (node.kind === ts.SyntaxKind.FalseKeyword) return known(node, false);
    if (node.kind === ts.SyntaxKind.NullKeyword) return known(node, null);
    if (ts.isPrefixUnaryExpression(node)) return this.#prefix(node, scope);
    if (ts.isBinaryExpression(node)) return this.#binary(node, scope);
    if (ts.isTemplateExpression(node)) return this.#template(node, scope);
    if (ts.isConditionalExpression(node)) return this.#conditional(node, scope);
    if (ts.isRegularExpressionLiteral(node)) return regularExpression(node);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, scope);
    if (ts.isArrayLiteralExpression(node)) return this.#array(node, scope);
    if (ts.isIdentifier(node)) return this.#identifier(node, scope);
    if (ts.isPropertyAccessExpression(node)) return this.#property(node, scope);
    if (ts.isCallExpression(node)) return this.#call(node, scope);
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node))
      return startableValue(node, startableOf(this.#unit, node));
    return unknown(node, "its value is computed");
  }

  #prefix(node: ts.PrefixUnaryExpression, scope: Scope): StaticValue {
    const { value } = this.value(node.operand, scope);
    if (node.operator === ts.SyntaxKind.ExclamationToken && typeof value === "boolean") return known(node, !value);
    if (typeof value !== "number") return unknown(node, "its value is computed");
    if (node.operator === ts.SyntaxKind.MinusToken) return known(node, -value);
    return node.operator === ts.SyntaxKind.PlusToken ? known(node, value) : unknown(node, "its value is computed");
  }

  #binary(node: ts.BinaryExpression, scope: Scope): StaticValue {
    const left = this.value(node.left, scope);
    const right = this.value(node.right, scope);
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken && left.value !== UNKNOWN) {
      return left.value === undefined || left.value === null ? right : left;
    }
    const result = calculate(node.operatorToken.kind, left.value, right.value);
    return result === UNKNOWN ? unknown(node, "its value is computed") : known(node, result);
  }

  #template(node: ts.TemplateExpression, scope: Scope): StaticValue {
    let text = node.head.text;
    for (const span of node.templateSpans) {
      const { value } = this.value(span.expression, scope);
      if (typeof value !== "string" && typeof value !== "number") return unknown(node, "its value is computed");
      text += `${value}${span.literal.text}`;
    }
    return known(node, text);
  }

  #conditional(node: ts.ConditionalExpression, scope: Scope): StaticValue {
    const condition = this.value(node.condition, scope);
    if (condition.value === true) return this.value(node.whenTrue, scope);
    if (condition.value === false) return this.value(node.whenFalse, scope);
    const whenTrue = this.value(node.whenTrue, scope);
    const whenFalse = this.value(node.whenFalse, scope);
    if (isPrimitive(whenTrue.value) && whenTrue.value === whenFalse.value) return known(node, whenTrue.value);
    return listOf(unknown(node, "it depends on a condition"), [whenTrue, whenFalse]);
  }

  #object(node: ts.ObjectLiteralExpression, scope: Scope): StaticValue {
    let fields: Record<string, StaticValue> = {};
    let isOpen = false;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.value(property.expression, scope);
        if (spread.fields === undefined) {
          // What an unknown spread may have written over is unknown too.
          fields = {};
          isOpen = true;
        } else {
          isOpen ||= spread.why !== undefined;
          fields = { ...fields, ...spread.fields };
        }
        continue;
      }
      const name = property.name === undefined ? undefined : propertyName(property.name);
      if (name === undefined) isOpen = true;
      else fields[name] = this.#propertyValue(property, scope);
    }
    return objectValue(node, fields, isOpen);
  }

  #propertyValue(property: ts.ObjectLiteralElementLike, scope: Scope): StaticValue {
    if (ts.isPropertyAssignment(property)) return this.value(property.initializer, scope);
    if (ts.isShorthandPropertyAssignment(property)) return this.#identifier(property.name, scope);
    if (ts.isMethodDeclaration(property)) return startableValue(property, startableOf(this.#unit, property));
    return unknown(property, "it is an accessor");
  }

  #array(node: ts.ArrayLiteralExpression, scope: Scope): StaticValue {
    const items: StaticValue[] = [];
    for (const element of node.elements) {
      if (!ts.isSpreadElement(element)) items.push(this.value(element, scope));
      else {
        const spread = this.value(element.expression, scope);
        items.push(...(spread.items ?? [listOf(unknown(element, spread.why ?? "its items are computed"), [spread])]));
      }
    }
    return arrayValue(node, items);
  }

  #identifier(node: ts.Identifier, scope: Scope): StaticValue {
    const symbol = symbolOf(this.#unit, node);
    if (symbol !== undefined) {
      const bound = scope.get(symbol);
      if (bound !== undefined) return usedAt(node, bound);
    }
    const declaration = symbol?.valueDeclaration;
    if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return globalConstant(node);
    if (ts.isFunctionDeclaration(declaration)) return startableValue(node, startableOf(this.#unit, node));
    if (!ts.isVariableDeclaration(declaration) || !(declaration.parent.flags & ts.NodeFlags.Const)) {
      return unknown(node, `"${node.text}" is not a constant`);
    }
    if (declaration.initializer === undefined) return unknown(node, `"${node.text}" has no value here`);
    const value = this.value(declaration.initializer, NO_SCOPE);
    const isChanged =
      (value.fields ?? value.items) !== undefined && mutatedNames(declaration.getSourceFile()).has(node.text);
    return isChanged ? unknown(node, `"${node.text}" is changed after it is made`) : usedAt(node, value);
  }

  #property(node: ts.PropertyAccessExpression, scope: Scope): StaticValue {
    const constant = this.#unit.checker.getConstantValue(node);
    if (constant !== undefined) return known(node, constant);
    if (ts.isIdentifier(node.expression) && node.expression.text === "Number") return globalConstant(node.name);
    const object = this.value(node.expression, scope);
    if (object.fields === undefined) return unknown(node, object.why ?? "its value is computed");
    const field = object.fields[node.name.text];
    if (field !== undefined) return usedAt(node, field);
    return object.why === undefined ? known(node, undefined) : unknown(node, object.why);
  }

  #call(node: ts.CallExpression, scope: Scope): StaticValue {
    const callee = runtimeCallee(this.#unit, node, "supervisor", "defineActor", "files", "processManager", "osProcess");
    if (callee === "supervisor" || callee === "defineActor") return startableValue(node, startableOf(this.#unit, node));
    if (callee === "files" || callee === "processManager") return startableValue(node, { kind: callee });
    if (callee === "osProcess") return startableValue(node, this.#process(node, scope));
    const list = this.#listCall(node, scope);
    if (list !== undefined) return list;
    if (isObjectFreeze(node.expression) && node.arguments[0] !== undefined) return this.value(node.arguments[0], scope);
    const target = this.#helper(node.expression);
    if (target === undefined) return unknown(node, "it is the result of a call");
    return this.#apply(
      target,
      node,
      node.arguments.map((argument) => this.value(argument, scope)),
      scope,
    );
  }

  #process({ arguments: [options] }: ts.CallExpression, scope: Scope): Startable {
    const command = options === undefined ? undefined : this.value(options, scope).fields?.["command"]?.value;
    return { kind: "process", ...(typeof command === "string" ? { command } : {}) };
  }

  /** `[…].map(f)`, `[…].filter(f)` and `Array.from({ length: n }, f)`. */
  #listCall(node: ts.CallExpression, scope: Scope): StaticValue | undefined {
    if (!ts.isPropertyAccessExpression(node.expression)) return undefined;
    const { expression, name } = node.expression;
    const [first, second] = node.arguments;
    if (name.text === "map") {
      const each = this.#callback(first);
      if (each === undefined) return undefined;
      const { items } = this.value(expression, scope);
      return items === undefined ? this.#eachOf(node, each, scope) : this.#mapped(node, each, items, scope);
    }
    if (name.text === "filter")
      return listOf(unknown(node, "its items are chosen while it runs"), [this.value(expression, scope)]);
    const each = this.#callback(second);
    if (name.text !== "from" || first === undefined || each === undefined) return undefined;
    const length = this.value(first, scope).fields?.["length"]?.value;
    if (typeof length !== "number" || !(length >= 0 && length <= MAX_ITEMS)) return this.#eachOf(node, each, scope);
    return this.#mapped(
      node,
      each,
      Array.from({ length }, () => known(first, undefined)),
      scope,
    );
  }

  /** As many as there are when it runs, made alike. */
  #eachOf(node: ts.CallExpression, callback: Callback, scope: Scope): StaticValue {
    const one = unknown(node, "it is one of a list that is not known");
    return { ...unknown(node, "it is the result of a call"), may: [this.#apply(callback, node, [one, one], scope)] };
  }

  #mapped(node: ts.CallExpression, callback: Callback, items: readonly StaticValue[], scope: Scope): StaticValue {
    return arrayValue(
      node,
      items.map((item, index) => this.#apply(callback, node, [item, known(node, index)], scope)),
    );
  }

  /** A function that is written there, or named. */
  #callback(node: ts.Expression | undefined): Callback | undefined {
    if (node === undefined) return undefined;
    return isCallback(node) ? node : this.#helper(node);
  }

  #helper(callee: ts.Expression): Callback | undefined {
    const name = ts.isIdentifier(callee) ? callee : undefined;
    const declaration = name === undefined ? undefined : symbolOf(this.#unit, name)?.valueDeclaration;
    if (declaration === undefined) return undefined;
    if (ts.isFunctionDeclaration(declaration)) return declaration;
    if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
    const value = skipOuter(declaration.initializer);
    return declaration.parent.flags & ts.NodeFlags.Const && isCallback(value) ? value : undefined;
  }

  #apply(target: Callback, call: ts.CallExpression, args: readonly StaticValue[], outer: Scope): StaticValue {
    const result = target.body === undefined ? undefined : resultOf(target.body);
    if (result === undefined || target.asteriskToken !== undefined) return unknown(call, "it is the result of a call");
    const scope = new Map(outer);
    for (const [index, parameter] of target.parameters.entries()) {
      const symbol = ts.isIdentifier(parameter.name) ? symbolOf(this.#unit, parameter.name) : undefined;
      if (symbol === undefined || parameter.dotDotDotToken !== undefined) continue;
      const value =
        args[index] ??
        (parameter.initializer === undefined ? known(call, undefined) : this.value(parameter.initializer, outer));
      scope.set(symbol, value);
    }
    return usedAt(call, this.value(result, scope));
  }

  #noteRead(node: ts.Node): void {
    const file = node.getSourceFile();
    if (file !== this.#unit.file) this.#unit.reads.add(file.fileName);
  }
}

/** A list that is not known, made of what these lists hold. */
function listOf(list: StaticValue, lists: readonly StaticValue[]): StaticValue {
  const held = lists.map(({ items, may }) => items ?? may);
  return held.some((one) => one === undefined) ? list : { ...list, may: held.flatMap((one) => one ?? []) };
}

/** The one expression a function returns, when that is all it does. */
function resultOf(body: ts.ConciseBody): ts.Expression | undefined {
  if (!ts.isBlock(body)) return body;
  const [only, ...others] = body.statements;
  return only !== undefined && others.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined;
}

function isCallback(node: ts.Expression): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isObjectFreeze(callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) && callee.name.text === "freeze" && callee.expression.getText() === "Object"
  );
}

const ARITHMETIC: ReadonlyMap<ts.SyntaxKind, (left: number, right: number) => number> = new Map([
  [ts.SyntaxKind.PlusToken, (left: number, right: number) => left + right],
  [ts.SyntaxKind.MinusToken, (left: number, right: number) => left - right],
  [ts.SyntaxKind.AsteriskToken, (left: number, right: number) => left * right],
  [ts.SyntaxKind.AsteriskAsteriskToken, (left: number, right: number) => left ** right],
  [ts.SyntaxKind.SlashToken, (left: number, right: number) => left / right],
  [ts.SyntaxKind.PercentToken, (left: number, right: number) => left % right],
]);

function calculate(operator: ts.SyntaxKind, left: unknown, right: unknown): unknown {
  const isText = typeof left === "string" || typeof right === "string";
  if (isText && operator === ts.SyntaxKind.PlusToken && isTextual(left) && isTextual(right)) return `${left}${right}`;
  if (typeof left !== "number" || typeof right !== "number") return UNKNOWN;
  const result = ARITHMETIC.get(operator)?.(left, right);
  return result === undefined ? UNKNOWN : result;
}

function isTextual(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function globalConstant(node: ts.MemberName): StaticValue {
  switch (node.text) {
    case "undefined":
      return known(node, undefined);
    case "NaN":
      return known(node, Number.NaN);
    case "Infinity":
    case "POSITIVE_INFINITY":
      return known(node, Number.POSITIVE_INFINITY);
    case "NEGATIVE_INFINITY":
      return known(node, Number.NEGATIVE_INFINITY);
    case "MAX_SAFE_INTEGER":
      return known(node, Number.MAX_SAFE_INTEGER);
    default:
      return unknown(node, `"${node.text}" is not a constant`);
  }
}

function isPrimitive(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

export function propertyName(name: ts.PropertyName): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
}

function regularExpression(node: ts.RegularExpressionLiteral): StaticValue {
  const end = node.text.lastIndexOf("/");
  try {
    return known(node, new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
  } catch {
    return unknown(node, "it is no regular expression that can be made");
  }
}

function placeOf(node: ts.Node): FileSpan {
  return { path: node.getSourceFile().fileName, span: spanOf(node) };
}

function known(node: ts.Node, value: unknown): StaticValue {
  return { value, places: [placeOf(node)] };
}

function unknown(node: ts.Node, why: string): StaticValue {
  return { value: UNKNOWN, places: [placeOf(node)], why };
}

function usedAt(node: ts.Node, value: StaticValue): StaticValue {
  return { ...value, places: [placeOf(node), ...value.places] };
}

function startableValue(node: ts.Node, startable: Startable): StaticValue {
  const value =
    startable.kind === "supervisor" || startable.isDefinition === true ? { create: () => undefined } : () => undefined;
  return { value, places: [placeOf(node)], startable };
}

/** @param isOpen whether there may be fields nobody knows: they are read as `UNKNOWN`. */
function objectValue(node: ts.Node, fields: Readonly<Record<string, StaticValue>>, isOpen: boolean): StaticValue {
  const plain = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.value]));
  const value = isOpen
    ? new Proxy(plain, { get: (target, key) => (key in target ? target[key as string] : UNKNOWN) })
    : plain;
  return { value, places: [placeOf(node)], fields, ...(isOpen ? { why: "it spreads a value that is not known" } : {}) };
}

function arrayValue(node: ts.Node, items: readonly StaticValue[]): StaticValue {
  return { value: items.map((item) => item.value), places: [placeOf(node)], items };
}
