/** Whether a condition on a message holds for one of its variants: yes, no, or not known. */
import { ts } from "ts-morph";
import type { MessageSubject } from "./message-subject.ts";
import { type TypedMessage, type TypedVariant, tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, someNode } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

export type Answer = boolean | undefined;

const EQUAL = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
]) as ReadonlySet<ts.SyntaxKind>;
const UNEQUAL = new Set([
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]) as ReadonlySet<ts.SyntaxKind>;

export class MessageTest {
  readonly #unit: SourceUnit;
  readonly #subject: MessageSubject;
  readonly #typed: TypedMessage;
  readonly #keys = new Map<ts.Expression, string | undefined>();

  constructor(unit: SourceUnit, subject: MessageSubject, typed: TypedMessage) {
    this.#unit = unit;
    this.#subject = subject;
    this.#typed = typed;
  }

  /** Three-valued: `undefined` when the variant alone does not decide. */
  holds(condition: ts.Expression, variant: TypedVariant): Answer {
    const node = skipOuter(condition);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      return not(this.holds(node.operand, variant));
    if (ts.isBinaryExpression(node)) return this.#binary(node, variant);
    if (ts.isCallExpression(node)) return this.#call(node, variant);
    if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
    if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
    // `if (message.ok)`, where that is what tells the variants apart.
    if (variant.tag.key.startsWith("b:") && this.#subject.isTag(node)) return variant.tag.key === "b:true";
    const named = ts.isIdentifier(node) ? this.#subject.conditionNamed(node) : undefined;
    return named === undefined ? undefined : this.holds(named, variant);
  }

  /** Whether a condition compares with the tag of the variant, whatever comes of it: its author has thought of it. */
  names(condition: ts.Expression, variant: TypedVariant): boolean {
    return someNode(condition, (node) => {
      if (ts.isIdentifier(node)) {
        const named = this.#subject.conditionNamed(node);
        return named !== undefined && this.names(named, variant);
      }
      if (ts.isCallExpression(node)) return this.#listCall(node, variant) === true;
      if (!ts.isBinaryExpression(node)) return false;
      const { kind } = node.operatorToken;
      const isComparison = EQUAL.has(kind) || UNEQUAL.has(kind) || kind === ts.SyntaxKind.InstanceOfKeyword;
      return (
        isComparison &&
        (UNEQUAL.has(kind) ? this.#binary(node, variant) === false : this.#binary(node, variant) === true)
      );
    });
  }

  /** Whether the value of an expression is the variant's tag: what a `case` asks. */
  equals(expression: ts.Expression, variant: TypedVariant): Answer {
    const key = this.#keyOf(expression);
    return key === undefined ? undefined : key === variant.tag.key;
  }

  /** A literal says its key itself; anything else costs a look at its type. */
  #keyOf(expression: ts.Expression): string | undefined {
    if (ts.isStringLiteralLike(expression)) return `s:${expression.text}`;
    if (!this.#keys.has(expression))
      this.#keys.set(expression, tagOfType(this.#unit, this.#unit.checker.getTypeAtLocation(expression))?.key);
    return this.#keys.get(expression);
  }

  #binary(node: ts.BinaryExpression, variant: TypedVariant): Answer {
    const { left, right } = node;
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken)
      return and(this.holds(left, variant), this.holds(right, variant));
    if (operator === ts.SyntaxKind.BarBarToken) return or(this.holds(left, variant), this.holds(right, variant));
    if (EQUAL.has(operator)) return this.#comparison(left, right, variant);
    if (UNEQUAL.has(operator)) return not(this.#comparison(left, right, variant));
    if (operator === ts.SyntaxKind.InstanceOfKeyword)
      return this.#subject.isMessage(left) ? this.#isInstance(right, variant) : undefined;
    if (operator !== ts.SyntaxKind.InKeyword || !this.#subject.isMessage(right)) return undefined;
    return ts.isStringLiteralLike(left) ? this.#hasProperty(variant, left.text) : undefined;
  }

  /**
   * An object may have more properties than its type says: one that its variant does not have tells it apart only where another variant
   * is sure to have it, as the compiler has it too.
   */
  #hasProperty({ type }: TypedVariant, name: string): Answer {
    const isSure = (one: ts.Type): boolean => {
      const property = one.getProperty(name);
      return property !== undefined && !(property.flags & ts.SymbolFlags.Optional);
    };
    if (isSure(type)) return true;
    const isOther = type.getProperty(name) === undefined && type.getStringIndexType() === undefined;
    return isOther && this.#typed.variants.some((one) => isSure(one.type)) ? false : undefined;
  }

  #comparison(left: ts.Expression, right: ts.Expression, variant: TypedVariant): Answer {
    if (this.#subject.isTag(left)) return this.equals(right, variant);
    return this.#subject.isTag(right) ? this.equals(left, variant) : undefined;
  }

  #isInstance(classExpression: ts.Expression, variant: TypedVariant): Answer {
    const constructorType = this.#unit.checker.getTypeAtLocation(classExpression);
    const instance = constructorType.getConstructSignatures()[0]?.getReturnType();
    if (instance?.symbol === undefined || !(variant.type.symbol?.flags & ts.SymbolFlags.Class)) return undefined;
    if (this.#inherits(variant.type, instance.symbol)) return true;
    if (!this.#inherits(instance, variant.type.symbol)) return false;
    // A part of the variant. When that is a variant itself, it is asked for by its own name.
    return this.#typed.variants.some(({ type }) => type.symbol === instance.symbol) ? false : undefined;
  }

  #inherits(type: ts.Type, from: ts.Symbol): boolean {
    if (type.symbol === from) return true;
    return (type.isClassOrInterface() ? this.#unit.checker.getBaseTypes(type) : []).some((base) =>
      this.#inherits(base, from),
    );
  }

  #call(node: ts.CallExpression, variant: TypedVariant): Answer {
    const listed = this.#listCall(node, variant);
    if (listed !== undefined) return listed;
    const signature = this.#unit.checker.getResolvedSignature(node);
    const predicate = signature && this.#unit.checker.getTypePredicateOfSignature(signature);
    if (predicate?.type === undefined || predicate.kind !== ts.TypePredicateKind.Identifier) return undefined;
    const narrowed = node.arguments[predicate.parameterIndex];
    if (narrowed === undefined || !this.#subject.isMessage(narrowed)) return undefined;
    if (this.#unit.checker.isTypeAssignableTo(variant.type, predicate.type)) return true;
    return membersOf(predicate.type).every((one) => this.#excludes(one, variant)) ? false : undefined;
  }

  /** `["a", "b"].includes(message.type)` */
  #listCall(node: ts.CallExpression, variant: TypedVariant): Answer {
    const [argument] = node.arguments;
    const isAsked =
      argument !== undefined &&
      this.#subject.isTag(skipOuter(argument)) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === "includes";
    return isAsked ? this.#isListed(node.expression.expression, variant) : undefined;
  }

  /** Whether no value is both: they differ in their tags, or are classes of which neither inherits from the other. */
  #excludes(type: ts.Type, variant: TypedVariant): boolean {
    const { discriminant } = this.#typed.message;
    if (discriminant !== undefined) {
      const property = type.getProperty(discriminant);
      const tags = property === undefined ? [] : membersOf(this.#unit.checker.getTypeOfSymbol(property));
      const keys = tags.map((tag) => tagOfType(this.#unit, tag)?.key);
      return keys.length > 0 && keys.every((key) => key !== undefined && key !== variant.tag.key);
    }
    const [own, other] = [variant.type.symbol, type.symbol];
    if (own === undefined || other === undefined || !(own.flags & other.flags & ts.SymbolFlags.Class)) return false;
    return !this.#inherits(type, own) && !this.#inherits(variant.type, other);
  }

  #isListed(list: ts.Expression, variant: TypedVariant): Answer {
    const literal = skipOuter(list);
    if (!ts.isArrayLiteralExpression(literal)) return undefined;
    return literal.elements.map((element) => this.equals(element, variant)).reduce<Answer>(or, false);
  }
}

function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}

function and(a: Answer, b: Answer): Answer {
  if (a === false || b === false) return false;
  return a === true && b === true ? true : undefined;
}

function or(a: Answer, b: Answer): Answer {
  return not(and(not(a), not(b)));
}
