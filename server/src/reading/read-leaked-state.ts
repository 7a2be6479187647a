/** State of an actor that is sent by reference and changed in place: fields of its class, the state of a functional actor, and what is in them. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import { isHandedOver } from "./handed-over.ts";
import { isAssignment, isChangingMethod } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

/** Names of properties from the state to a part of it: `["#stats", "byDay"]`; none for the whole state of a functional actor. */
export type StatePath = readonly string[];

/**
 * @param value what is sent, or a property of it.
 * @param code of all actors of the file.
 * @returns nothing where the part of the state is not known, gets a new object for each change, or is handed over.
 */
export function readLeakedState(
  unit: SourceUnit,
  call: ts.CallExpression,
  value: ts.Expression,
  callback: Callback,
  code: readonly Callback[],
): readonly Incident[] {
  const state = new ActorState(unit, callback, code);
  const path = state.pathOf(value);
  if (path === undefined) return [];
  const change = state.changeOf(path);
  if (change === undefined || isGivenUp(state, call, path, callback)) return [];
  const other = { path: unit.file.fileName, span: spanOf(change) };
  return [{ kind: "leaked-state", span: spanOf(value), subject: value.getText(), other, actor: callback.actor }];
}

/** A place where the code of an actor changes a part of its state in place, or anything in it; the whole state by default. */
export function stateChange(
  unit: SourceUnit,
  callback: Callback,
  code: readonly Callback[],
  path: StatePath = [],
): ts.Node | undefined {
  return new ActorState(unit, callback, code).changeOf(path);
}

function isGivenUp(state: ActorState, call: ts.CallExpression, path: StatePath, callback: Callback): boolean {
  const [field] = path;
  const isField = ts.isClassLike(callback.owner) && path.length === 1 && field !== undefined;
  return isField ? isHandedOver(call, field, callback) : state.isReplacedIn(callback.node, path);
}

class ActorState {
  readonly #unit: SourceUnit;
  readonly #callback: Callback;
  readonly #code: readonly Callback[];

  constructor(unit: SourceUnit, callback: Callback, code: readonly Callback[]) {
    this.#unit = unit;
    this.#callback = callback;
    this.#code = code.filter(({ actor }) => actor === callback.actor);
  }

  /** The part of the state that an expression is; `undefined` for anything else. */
  pathOf(expression: ts.Expression): StatePath | undefined {
    const node = skipOuter(expression);
    if (node.kind === ts.SyntaxKind.ThisKeyword) return ts.isClassLike(this.#callback.owner) ? [] : undefined;
    if (ts.isIdentifier(node)) return this.#isState(node) ? [] : undefined;
    if (!ts.isPropertyAccessExpression(node)) return undefined;
    const before = this.pathOf(node.expression);
    return before === undefined ? undefined : [...before, node.name.text];
  }

  /** A place that changes the object at a path, or one in it, rather than put another in its place. */
  changeOf(path: StatePath): ts.Node | undefined {
    let found: ts.Node | undefined;
    for (const root of this.#roots())
      someNode(root, (node) => {
        const changed = isBeforeMessages(node) ? undefined : changedBy(node);
        const at = changed === undefined ? undefined : this.#prefixOf(changed);
        if (at !== undefined && path.every((name, index) => at[index] === name)) found = node;
        return found !== undefined;
      });
    return found;
  }

  /** Whether a function that sends the part gives the state another in its place. */
  isReplacedIn(root: ts.Node, path: StatePath): boolean {
    const last = path.at(-1);
    return someNode(root, (node) => {
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
        return isSame(this.pathOf(node.left), path) || isSame(this.pathOf(node.left), path.slice(0, -1));
      if (!ts.isObjectLiteralExpression(node) || ts.isClassLike(this.#callback.owner)) return false;
      return node.properties.some(
        (property) =>
          ts.isPropertyAssignment(property) &&
          propertyName(property.name) === last &&
          last !== undefined &&
          node.properties.some(ts.isSpreadAssignment) &&
          !isSame(this.pathOf(property.initializer), path),
      );
    });
  }

  /** The path of what is changed, elements of lists left out: `this.#rows[0].n` is a change of `#rows`. */
  #prefixOf(node: ts.Expression): StatePath | undefined {
    for (let at = skipOuter(node); ; at = skipOuter(at)) {
      const path = this.pathOf(at);
      if (path !== undefined) return path;
      if (!ts.isPropertyAccessExpression(at) && !ts.isElementAccessExpression(at)) return undefined;
      at = at.expression;
    }
  }

  /** The first parameter of the functions of a functional actor. */
  #isState(node: ts.Identifier): boolean {
    return this.#code.some(({ node: { parameters }, messageAt, kind, owner }) => {
      const name = parameters[0]?.name;
      const hasState = !ts.isClassLike(owner) && (messageAt === 1 || kind !== "init");
      return (
        hasState &&
        kind !== "init" &&
        kind !== "helper" &&
        name !== undefined &&
        ts.isIdentifier(name) &&
        name.text === node.text &&
        symbolOf(this.#unit, node) === symbolOf(this.#unit, name)
      );
    });
  }

  #roots(): readonly ts.Node[] {
    const { owner } = this.#callback;
    return ts.isClassLike(owner) ? [owner] : this.#code.map(({ node }) => node);
  }
}

/** The object that an expression changes in place: `x` in `x.push(…)`, `x[0] = …`, `x.n += 1`, `x.n++`, `delete x.n`. */
function changedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) return isAssignment(node.operatorToken.kind) ? holderOf(node.left) : undefined;
  if (ts.isDeleteExpression(node)) return holderOf(node.expression);
  if (ts.isPostfixUnaryExpression(node)) return holderOf(node.operand);
  if (ts.isPrefixUnaryExpression(node)) {
    const isStep = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return isStep ? holderOf(node.operand) : undefined;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name, expression } = node.expression;
  if (isChangingMethod(name.text)) return expression;
  return name.text === "assign" && expression.getText() === "Object" ? node.arguments[0] : undefined;
}

function holderOf(target: ts.Expression): ts.Expression | undefined {
  return ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? target.expression : undefined;
}

function isSame(a: StatePath | undefined, b: StatePath): boolean {
  return a !== undefined && a.length === b.length && a.every((name, index) => name === b[index]);
}

/** What is filled before the first message, and only read then, is nobody's danger. */
function isBeforeMessages(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return true;
    if (ts.isMethodDeclaration(at)) return at.name.getText() === "preStart";
  }
  return false;
}
