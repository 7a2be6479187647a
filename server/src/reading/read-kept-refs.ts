/** Reads which handlers keep a part of their message in state that is empty again in the next incarnation. */
import { ts } from "ts-morph";
import type { Dispatch } from "../facts/dispatch.ts";
import type { KeptRef } from "../facts/registration.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { ownMethod } from "./start-code.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";
import { armAt } from "./turn-code.ts";

const ADDING = new Set(["add", "push", "unshift", "set"]);
const READING = new Set(["has", "get", "size", "length", "values", "keys", "entries", "forEach", "map", "includes"]);
const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);
const NOTHING = ts.TypeFlags.Void | ts.TypeFlags.Undefined;

export function readKeptRefs(
  unit: SourceUnit,
  code: readonly Callback[],
  dispatches: readonly Dispatch[],
): readonly KeptRef[] {
  return code
    .filter(({ kind }) => kind === "message")
    .flatMap((callback) => {
      const found: KeptRef[] = [];
      const own = code.filter(({ actor }) => actor === callback.actor);
      visitCode(callback.node.body, (node) => {
        const parts = partsAt(unit, own, callback, node).filter((part) =>
          new Holder(unit, own, callback, part.value).keeps(),
        );
        if (parts.length === 0) return;
        const tags = armAt(callback, node, dispatches) ?? [];
        found.push(
          ...parts.flatMap(({ property, value }) =>
            tags.map((tag) => ({ actor: callback.actor, tag, property, span: spanOf(value) })),
          ),
        );
      });
      return found;
    });
}

interface Part {
  readonly property: string;
  readonly value: ts.Expression;
}

/** The parts of the message that an expression of its handler is, or that a method of the class takes out of what it is given there. */
function partsAt(unit: SourceUnit, code: readonly Callback[], handler: Callback, node: ts.Node): readonly Part[] {
  if (!ts.isPropertyAccessExpression(node) && !ts.isIdentifier(node)) return [];
  const message = handler.node.parameters[handler.messageAt];
  const property = partOfMessage(unit, message, node);
  if (property !== undefined)
    return [{ property, value: node }, ...usesWhereGiven(code, node, unit).map((value) => ({ property, value }))];
  if (message === undefined || !isName(unit, node, message.name)) return [];
  const parts: Part[] = [];
  const given = parameterFor(code, node);
  if (given === undefined) return [];
  visitCode(given.method.node.body, (inner) => {
    if (!ts.isPropertyAccessExpression(inner) && !ts.isIdentifier(inner)) return;
    const name = partOfMessage(unit, given.parameter, inner);
    if (name !== undefined) parts.push({ property: name, value: inner });
  });
  return parts;
}

/** The parameter of a method of the class that an argument is for. */
function parameterFor(
  code: readonly Callback[],
  argument: ts.Expression,
): { readonly method: Callback; readonly parameter: ts.ParameterDeclaration } | undefined {
  const call = argument.parent;
  const method = ownMethod(call, code);
  if (method === undefined || !ts.isCallExpression(call)) return undefined;
  const parameter = method.node.parameters[call.arguments.indexOf(argument)];
  return parameter === undefined ? undefined : { method, parameter };
}

/** Where a method of the class uses what it is given. */
function usesWhereGiven(
  code: readonly Callback[],
  argument: ts.Expression,
  unit: SourceUnit,
): readonly ts.Identifier[] {
  const given = parameterFor(code, argument);
  const uses: ts.Identifier[] = [];
  if (given === undefined) return uses;
  visitCode(given.method.node.body, (node) => {
    if (ts.isIdentifier(node) && !isMemberName(node) && isName(unit, node, given.parameter.name)) uses.push(node);
  });
  return uses;
}

/** `message.x`, or an `x` taken out of the message in the list of parameters. */
function partOfMessage(
  unit: SourceUnit,
  parameter: ts.ParameterDeclaration | undefined,
  node: ts.PropertyAccessExpression | ts.Identifier,
): string | undefined {
  if (parameter === undefined) return undefined;
  if (ts.isPropertyAccessExpression(node)) {
    const isMessage = ts.isIdentifier(parameter.name) && isName(unit, node.expression, parameter.name);
    return isMessage ? node.name.text : undefined;
  }
  if (!ts.isObjectBindingPattern(parameter.name) || isMemberName(node)) return undefined;
  const element = parameter.name.elements.find((one) => isName(unit, node, one.name));
  const name = element?.propertyName ?? element?.name;
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}

function isMemberName(node: ts.Identifier): boolean {
  return (
    (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
    (ts.isPropertyAssignment(node.parent) && node.parent.name === node)
  );
}

function isName(unit: SourceUnit, node: ts.Node, name: ts.Node): boolean {
  return (
    ts.isIdentifier(node) &&
    ts.isIdentifier(name) &&
    node.text === name.text &&
    symbolOf(unit, node) === symbolOf(unit, name)
  );
}

/** A field of the class or of the functional state which a value is put into. */
class Holder {
  readonly #unit: SourceUnit;
  readonly #code: readonly Callback[];
  readonly #callback: Callback;
  /** The statement, or the new state, that puts the value there. */
  readonly #keeping: ts.Node | undefined;
  readonly #field: string | undefined;

  /** @param code of the actor. */
  constructor(unit: SourceUnit, code: readonly Callback[], callback: Callback, value: ts.Expression) {
    this.#unit = unit;
    this.#code = code;
    this.#callback = callback;
    const place = this.#placeOf(value);
    this.#keeping = place?.keeping;
    this.#field = place?.field;
  }

  /** Whether the value stays there as long as the incarnation lives, and is gone with it. */
  keeps(): boolean {
    if (this.#field === undefined || !this.#beginsEmpty(this.#field)) return false;
    return this.#roots().every((root) => this.#leavesIn(root));
  }

  #placeOf(value: ts.Expression): { keeping: ts.Node; field: string } | undefined {
    let node: ts.Node = value;
    while (
      ts.isPropertyAssignment(node.parent) ||
      ts.isShorthandPropertyAssignment(node.parent) ||
      ts.isObjectLiteralExpression(node.parent) ||
      ts.isArrayLiteralExpression(node.parent) ||
      ts.isParenthesizedExpression(node.parent)
    ) {
      const field = ts.isObjectLiteralExpression(node.parent) ? this.#stateField(node.parent, node) : undefined;
      if (field !== undefined) return { keeping: node, field };
      node = node.parent;
    }
    const { parent } = node;
    const target = isAdding(parent, node) ?? assignedTo(parent, node);
    const field = target === undefined ? undefined : this.#fieldOf(target);
    return field === undefined ? undefined : { keeping: parent, field };
  }

  /** The property of a new state, `{ ...state, subscribers: … }`, that a value stands in. */
  #stateField(literal: ts.ObjectLiteralExpression, node: ts.Node): string | undefined {
    if (ts.isClassLike(this.#callback.owner) || !isResult(literal)) return undefined;
    return ts.isObjectLiteralElementLike(node) && node.name !== undefined && ts.isPropertyName(node.name)
      ? propertyName(node.name)
      : undefined;
  }

  /** `this.#x` of a class, `state.x` of a functional actor. */
  #fieldOf(expression: ts.Node): string | undefined {
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const isOwn = ts.isClassLike(this.#callback.owner)
      ? expression.expression.kind === ts.SyntaxKind.ThisKeyword
      : this.#code.some(({ node: { parameters } }) =>
          isName(this.#unit, expression.expression, parameters[0]?.name ?? expression),
        );
    return isOwn ? expression.name.text : undefined;
  }

  #beginsEmpty(field: string): boolean {
    const { owner } = this.#callback;
    if (ts.isClassLike(owner)) {
      const declared = owner.members.find((member) => member.name?.getText() === field);
      return (
        declared !== undefined &&
        ts.isPropertyDeclaration(declared) &&
        !declared.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) &&
        (declared.initializer === undefined || isFresh(declared.initializer))
      );
    }
    const start = this.#code.find(({ kind }) => kind === "init")?.node.body;
    const made = start === undefined ? undefined : resultOf(start);
    if (made === undefined || !ts.isObjectLiteralExpression(made)) return false;
    return made.properties.some(
      (one) => ts.isPropertyAssignment(one) && one.name.getText() === field && isFresh(one.initializer),
    );
  }

  /** The code that could take the value away again; what is done on a signal, and at the end, does not count. */
  #roots(): readonly ts.ConciseBody[] {
    return this.#code.filter(({ kind }) => kind === "message" || kind === "helper").map(({ node }) => node.body);
  }

  #leavesIn(root: ts.ConciseBody): boolean {
    if (!ts.isClassLike(this.#callback.owner) && !this.#keepsState(root)) return false;
    return !someNode(root, (node) => {
      if (node === this.#keeping) return false;
      if (ts.isPropertyAccessExpression(node) && this.#fieldOf(node) === this.#field) return !this.#isHarmless(node);
      const isWritten = ts.isObjectLiteralElementLike(node) && node.name?.getText() === this.#field;
      return isWritten && !this.#isFilter(node);
    });
  }

  /** A functional handler that gives back the state it got, with or without other values in it. */
  #keepsState(body: ts.ConciseBody): boolean {
    const results: ts.Expression[] = ts.isBlock(body) ? [] : [body];
    visitCode(body, (node, depth) => {
      if (depth === 0 && ts.isReturnStatement(node) && node.expression !== undefined) results.push(node.expression);
    });
    const isState = (node: ts.Node): boolean =>
      this.#code.some(({ node: { parameters } }) => isName(this.#unit, node, parameters[0]?.name ?? node));
    return results.map(skipOuter).every((result) => {
      if (isState(result) || this.#unit.checker.getTypeAtLocation(result).flags & NOTHING) return true;
      const [first] = ts.isObjectLiteralExpression(result) ? result.properties : [];
      return first !== undefined && ts.isSpreadAssignment(first) && isState(first.expression);
    });
  }

  #isHarmless(use: ts.PropertyAccessExpression): boolean {
    if (this.#keeping !== undefined && isWithin(use, this.#keeping)) return true;
    const { parent } = use;
    if (ts.isForOfStatement(parent) || ts.isSpreadElement(parent)) return true;
    if (ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent)) return true;
    if (ts.isElementAccessExpression(parent)) return ts.isPropertyAccessExpression(parent.parent);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === use) return this.#isHarmlessMember(parent);
    if (!ts.isBinaryExpression(parent)) return false;
    if (isComparison(parent.operatorToken.kind)) return true;
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left === use && this.#isFilter(parent);
  }

  /** Reading and adding; `delete` and `filter` as far as nobody is told there: the counterpart of the registration. */
  #isHarmlessMember(access: ts.PropertyAccessExpression): boolean {
    const { text } = access.name;
    if (ts.isBinaryExpression(access.parent) && access.parent.left === access)
      return isComparison(access.parent.operatorToken.kind);
    if (READING.has(text) || ADDING.has(text) || /^(?:tell|tellAsync|ask|isAlive)$/.test(text)) return true;
    return /^(?:delete|filter)$/.test(text) && !tellsSomebody(clauseAround(access));
  }

  #isFilter(node: ts.Node): boolean {
    return (
      someNode(node, (one) => ts.isPropertyAccessExpression(one) && one.name.text === "filter") &&
      !tellsSomebody(clauseAround(node))
    );
  }
}

function isComparison(kind: ts.SyntaxKind): boolean {
  return COMPARISONS.has(kind);
}

function isAdding(parent: ts.Node, argument: ts.Node): ts.Node | undefined {
  const isCall = ts.isCallExpression(parent) && parent.expression !== argument;
  if (!isCall || !ts.isPropertyAccessExpression(parent.expression)) return undefined;
  return ADDING.has(parent.expression.name.text) ? parent.expression.expression : undefined;
}

function assignedTo(parent: ts.Node, value: ts.Node): ts.Node | undefined {
  const isAssignment = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (!isAssignment || parent.right !== value) return undefined;
  return ts.isElementAccessExpression(parent.left) ? parent.left.expression : parent.left;
}

/** What a function gives back, as written: `return …`, or the body of an arrow function. */
function isResult(node: ts.Node): boolean {
  let at = node;
  while (ts.isParenthesizedExpression(at.parent)) at = at.parent;
  return ts.isReturnStatement(at.parent) || (ts.isArrowFunction(at.parent) && at.parent.body === at);
}

/** The one thing a function gives back; `undefined` when it does more. */
function resultOf(body: ts.ConciseBody): ts.Expression | undefined {
  if (!ts.isBlock(body)) return skipOuter(body);
  const [only, ...others] = body.statements;
  if (only === undefined || others.length > 0 || !ts.isReturnStatement(only)) return undefined;
  return only.expression === undefined ? undefined : skipOuter(only.expression);
}

/** Made of nothing that could have outlived an incarnation. */
function isFresh(expression: ts.Expression): boolean {
  const node = skipOuter(expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isFresh);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((one) => ts.isPropertyAssignment(one) && isFresh(one.initializer));
  if (ts.isNewExpression(node))
    return /^(?:Map|Set|Array)$/.test(node.expression.getText()) && (node.arguments ?? []).every(isFresh);
  if (ts.isIdentifier(node)) return node.text === "undefined";
  return ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.NullKeyword;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}

/** The code for one message that a node stands in. */
function clauseAround(node: ts.Node): ts.Node {
  let at = node;
  while (at.parent !== undefined && !ts.isCaseOrDefaultClause(at) && !ts.isFunctionLike(at.parent)) at = at.parent;
  return at;
}

function tellsSomebody(clause: ts.Node): boolean {
  return someNode(
    clause,
    (node) => ts.isPropertyAccessExpression(node) && /^(?:tell|tellAsync|ask|reply)$/.test(node.name.text),
  );
}
