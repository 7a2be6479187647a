/** Which expressions of a function mean the message, its discriminant, or something made of it: the parameter, its parts, constants. */
import { ts } from "ts-morph";
import type { TypedMessage } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, someNode, symbolOf } from "./symbols.ts";

export class MessageSubject {
  readonly #unit: SourceUnit;
  readonly #typed: TypedMessage;
  /** Absent when the message itself is compared. */
  readonly #discriminant: string | undefined;
  readonly #messages = new Set<ts.Symbol>();
  readonly #tags = new Set<ts.Symbol>();
  /** Variables made of the message in any other way; `true` when only of what all variants have alike. */
  readonly #made = new Map<ts.Symbol, boolean>();
  readonly #parameter: ts.ParameterDeclaration;

  constructor(unit: SourceUnit, parameter: ts.ParameterDeclaration, body: ts.Node, typed: TypedMessage) {
    this.#unit = unit;
    this.#typed = typed;
    this.#discriminant = typed.message.discriminant;
    this.#parameter = parameter;
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
    if (!ts.isElementAccessExpression(inner)) return false;
    const { argumentExpression: name } = inner;
    if (!ts.isStringLiteralLike(name) && !ts.isNumericLiteral(name)) return false;
    return name.text === this.#discriminant && this.isMessage(inner.expression);
  }

  /** Whether the message, or anything made of it, is used in there. */
  isUsedIn(node: ts.Node): boolean {
    return someNode(
      node,
      (one) =>
        ts.isIdentifier(one) &&
        (this.#has(this.#messages, one) || this.#has(this.#tags, one) || this.#has(this.#made, one)),
    );
  }

  /** Whether what the message carries is used in there, and not only which it is. */
  isMoreThanTagIn(node: ts.Node): boolean {
    return someNode(node, (one) => {
      if (!ts.isIdentifier(one)) return false;
      if (this.#has(this.#made, one)) return true;
      return this.#has(this.#messages, one) && ts.isExpression(one.parent) && !this.isTag(one.parent);
    });
  }

  /** Whether an expression uses nothing of the message but what all variants have alike: it does not tell them apart. */
  isAlikeForAll(node: ts.Node): boolean {
    return !someNode(node, (one) => {
      if (!ts.isIdentifier(one)) return false;
      if (this.#has(this.#messages, one)) return !this.#isAlikeProperty(one.parent, one);
      const symbol = symbolOf(this.#unit, one);
      return symbol !== undefined && (this.#tags.has(symbol) || this.#made.get(symbol) === false);
    });
  }

  /** What a condition that was given a name says; `undefined` for a name that is no constant made of the message. */
  conditionNamed(name: ts.Identifier): ts.Expression | undefined {
    const symbol = symbolOf(this.#unit, name);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || !this.#made.has(symbol) || declaration === undefined) return undefined;
    // Only what stands before: no constant is made of itself then.
    const isConstant = ts.isVariableDeclaration(declaration) && declaration.parent.flags & ts.NodeFlags.Const;
    return isConstant && ts.isIdentifier(declaration.name) && declaration.end <= name.pos
      ? declaration.initializer
      : undefined;
  }

  /** How a condition writes what it compares, or how one would write it; `undefined` when it has no name. */
  textOfTag(condition: ts.Node): string | undefined {
    let found: string | undefined;
    someNode(condition, (one) => {
      if (ts.isExpression(one) && this.isTag(one)) found = one.getText();
      return found !== undefined;
    });
    if (found !== undefined || !ts.isIdentifier(this.#parameter.name)) return found;
    const { text } = this.#parameter.name;
    if (this.#discriminant === undefined) return text;
    return /^\d+$/.test(this.#discriminant) ? `${text}[${this.#discriminant}]` : `${text}.${this.#discriminant}`;
  }

  #learn(declaration: ts.VariableDeclaration): void {
    const value = declaration.initializer;
    if (value === undefined) return;
    const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
    if (isConstant && this.isMessage(value)) this.#bind(declaration.name);
    else if (isConstant && ts.isIdentifier(declaration.name) && this.isTag(value))
      this.#add(this.#tags, declaration.name);
    else if (this.isUsedIn(value)) this.#make(declaration.name, this.isAlikeForAll(value));
  }

  #bind(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) this.#add(this.#messages, name);
    if (ts.isArrayBindingPattern(name)) this.#bindList(name);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      const property = element.propertyName ?? element.name;
      const isProperty = ts.isIdentifier(property) && element.dotDotDotToken === undefined;
      if (isProperty && property.text === this.#discriminant && ts.isIdentifier(element.name))
        this.#add(this.#tags, element.name);
      else this.#make(element.name, isProperty && this.#areAlike(property.text));
    }
  }

  /** `const [tag, ...rest] = message` */
  #bindList({ elements }: ts.ArrayBindingPattern): void {
    for (const [index, element] of elements.entries()) {
      if (!ts.isBindingElement(element)) continue;
      const isTag = String(index) === this.#discriminant && element.dotDotDotToken === undefined;
      if (isTag && ts.isIdentifier(element.name)) this.#add(this.#tags, element.name);
      else this.#make(element.name, false);
    }
  }

  #make(name: ts.BindingName, isAlike: boolean): void {
    if (ts.isIdentifier(name)) {
      const symbol = symbolOf(this.#unit, name);
      if (symbol !== undefined) this.#made.set(symbol, isAlike);
      return;
    }
    for (const element of name.elements) if (ts.isBindingElement(element)) this.#make(element.name, isAlike);
  }

  #isAlikeProperty(parent: ts.Node, message: ts.Identifier): boolean {
    return ts.isPropertyAccessExpression(parent) && parent.expression === message && this.#areAlike(parent.name.text);
  }

  /** Whether all variants have a property as plain data, of one type: a class may fix it, and a function may look at the variant. */
  #areAlike(name: string): boolean {
    if (name === this.#discriminant) return false;
    const [first, ...others] = this.#typed.variants.map(({ type }) => this.#plainType(type.getProperty(name)));
    return first !== undefined && others.every((type) => type === first);
  }

  #plainType(property: ts.Symbol | undefined): ts.Type | undefined {
    if (property?.declarations?.every(ts.isPropertySignature) !== true) return undefined;
    const type = this.#unit.checker.getTypeOfSymbol(property);
    return type.getCallSignatures().length === 0 ? type : undefined;
  }

  #add(set: Set<ts.Symbol>, name: ts.Identifier): void {
    const symbol = symbolOf(this.#unit, name);
    if (symbol !== undefined) set.add(symbol);
  }

  #has(set: { has(symbol: ts.Symbol): boolean }, name: ts.Identifier): boolean {
    const symbol = symbolOf(this.#unit, name);
    return symbol !== undefined && set.has(symbol);
  }
}

function withoutParentheses(node: ts.Expression): ts.Expression {
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    node = node.expression;
  return node;
}
