/** Which expressions of a function mean the message, and which its discriminant: the parameter, its parts, and constants made of them. */
import { ts } from "ts-morph";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, symbolOf } from "./symbols.ts";

export class MessageSubject {
  readonly #unit: SourceUnit;
  readonly #discriminant: string | undefined;
  readonly #messages = new Set<ts.Symbol>();
  readonly #tags = new Set<ts.Symbol>();

  /** @param discriminant absent when the message itself is compared. */
  constructor(unit: SourceUnit, parameter: ts.ParameterDeclaration, body: ts.Node, discriminant: string | undefined) {
    this.#unit = unit;
    this.#discriminant = discriminant;
    this.#bind(parameter.name);
    forEachNode(body, (node) => {
      if (ts.isVariableDeclaration(node)) this.#learn(node);
    });
  }

  /** A cast makes something else of the message: what is asked of it then is not known. */
  isMessage(node: ts.Expression): boolean {
    const inner = withoutParentheses(node);
    return ts.isIdentifier(inner) && this.#has(this.#messages, inner);
  }

  isTag(node: ts.Expression): boolean {
    const inner = withoutParentheses(node);
    if (this.#discriminant === undefined) return this.isMessage(inner);
    if (ts.isIdentifier(inner)) return this.#has(this.#tags, inner);
    if (ts.isPropertyAccessExpression(inner))
      return inner.name.text === this.#discriminant && this.isMessage(inner.expression);
    if (!ts.isElementAccessExpression(inner) || !ts.isStringLiteralLike(inner.argumentExpression)) return false;
    return inner.argumentExpression.text === this.#discriminant && this.isMessage(inner.expression);
  }

  /** Whether the message, or anything taken out of it, is used in there. */
  isUsedIn(node: ts.Node): boolean {
    let used = false;
    forEachNode(node, (one) => {
      if (ts.isIdentifier(one) && (this.#has(this.#messages, one) || this.#has(this.#tags, one))) used = true;
    });
    return used;
  }

  #learn(declaration: ts.VariableDeclaration): void {
    const value = declaration.initializer;
    if (value === undefined || !(declaration.parent.flags & ts.NodeFlags.Const)) return;
    if (this.isMessage(value)) this.#bind(declaration.name);
    else if (ts.isIdentifier(declaration.name) && this.isTag(value)) this.#add(this.#tags, declaration.name);
  }

  #bind(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) this.#add(this.#messages, name);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      const property = element.propertyName ?? element.name;
      if (!ts.isIdentifier(element.name) || !ts.isIdentifier(property)) continue;
      if (property.text === this.#discriminant && element.dotDotDotToken === undefined)
        this.#add(this.#tags, element.name);
    }
  }

  #add(set: Set<ts.Symbol>, name: ts.Identifier): void {
    const symbol = symbolOf(this.#unit, name);
    if (symbol !== undefined) set.add(symbol);
  }

  #has(set: Set<ts.Symbol>, name: ts.Identifier): boolean {
    const symbol = symbolOf(this.#unit, name);
    return symbol !== undefined && set.has(symbol);
  }
}

function withoutParentheses(node: ts.Expression): ts.Expression {
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    node = node.expression;
  return node;
}
