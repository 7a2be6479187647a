/** Reads how a function tells messages apart with `match` of the package ts-pattern. */
import { ts } from "ts-morph";
import type { Arm, CatchAll, DeadArm, Dispatch, Insertion } from "../facts/dispatch.ts";
import type { PlacedTag } from "../facts/message-type.ts";
import type { Span } from "../source/span.ts";
import { propertyName } from "./evaluate.ts";
import { indentAt, indentStep } from "./indentation.ts";
import { MessageSubject } from "./message-subject.ts";
import { type Answer, MessageTest } from "./message-test.ts";
import { isNote, onlyNote } from "./noting.ts";
import { placedTags } from "./placed-tags.ts";
import { readMessageType, type TypedMessage, type TypedVariant, tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, skipOuter, spanOf, symbolOf } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

const PACKAGE = "ts-pattern";
/** What ends a chain; without one of them nothing is run. */
const ENDS: ReadonlySet<string> = new Set(["run", "exhaustive", "otherwise"]);

/** @param isOnly whether nothing else in the function tells the messages apart: what is left out is left out by a match then. */
export function readMatches(
  unit: SourceUnit,
  parameter: ts.ParameterDeclaration,
  body: ts.Block,
  typed: TypedMessage,
  { actor, isOnly }: { readonly actor: string; readonly isOnly: boolean },
): readonly Dispatch[] {
  const subject = new MessageSubject(unit, parameter, body, typed);
  const found: Dispatch[] = [];
  forEachNode(body, (node) => {
    const chain = chainAt(unit, node, subject);
    const variants = chain === undefined ? [] : variantsAt(unit, chain, typed);
    if (chain !== undefined && variants.length > 0)
      found.push(new MatchReader(unit, chain, typed, variants).read(actor, subject));
  });
  // Each of several may be for a part of the messages.
  return isOnly && found.length <= 1 ? found : found.map(({ catchAll: _, ...one }) => one);
}

interface Chain {
  readonly subject: ts.Expression;
  readonly isOverTag: boolean;
  /** `with` and `when`, in their order; others change nothing about who handles what. */
  readonly steps: readonly Step[];
  readonly end: Step;
}

interface Step {
  readonly call: ts.CallExpression;
  readonly name: ts.Identifier;
}

/** The chain that begins with a `match` of the message, or of what tells messages apart. */
function chainAt(unit: SourceUnit, node: ts.Node, subject: MessageSubject): Chain | undefined {
  const value = ts.isCallExpression(node) ? node.arguments[0] : undefined;
  if (!ts.isCallExpression(node) || value === undefined) return undefined;
  const isOverTag = subject.isTag(value);
  // What is called costs more to find out than what it is given.
  if (!(isOverTag || subject.isMessage(value)) || !isMatch(unit, node.expression)) return undefined;
  const steps: Step[] = [];
  for (let at: ts.CallExpression = node; ; ) {
    const access: ts.Node = at.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== at || !ts.isIdentifier(access.name)) break;
    if (!ts.isCallExpression(access.parent) || access.parent.expression !== access) break;
    at = access.parent;
    steps.push({ call: at, name: access.name });
  }
  const end = steps.at(-1);
  return end !== undefined && ENDS.has(end.name.text)
    ? { subject: value, isOverTag, steps: steps.slice(0, -1), end }
    : undefined;
}

function isMatch(unit: SourceUnit, callee: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  return ts.isIdentifier(name) && unit.runtime.nameIn(PACKAGE, symbolOf(unit, name)) === "match";
}

/** The variants that can still come there, as the compiler narrowed them. */
function variantsAt(unit: SourceUnit, { subject, isOverTag }: Chain, typed: TypedMessage): readonly TypedVariant[] {
  const type = unit.checker.getTypeAtLocation(subject);
  const tags = isOverTag
    ? membersOf(type).map((member) => tagOfType(unit, member))
    : (readMessageType(unit, type)?.message.variants.map(({ tag }) => tag) ?? []);
  const keys = new Set(tags.map((tag) => tag?.key));
  return keys.has(undefined) ? [] : typed.variants.filter(({ tag }) => keys.has(tag.key));
}

class MatchReader {
  readonly #unit: SourceUnit;
  readonly #chain: Chain;
  readonly #typed: TypedMessage;
  readonly #variants: readonly TypedVariant[];

  constructor(unit: SourceUnit, chain: Chain, typed: TypedMessage, variants: readonly TypedVariant[]) {
    this.#unit = unit;
    this.#chain = chain;
    this.#typed = typed;
    this.#variants = variants;
  }

  read(actor: string, subject: MessageSubject): Dispatch {
    const test = new MessageTest(this.#unit, subject, this.#typed);
    const arms = this.#chain.steps.flatMap((step) => this.#arms(step, test));
    const left = this.#variants.filter(({ tag }) => !arms.some(({ tags }) => tags.includes(tag.key)));
    const { name } = this.#chain.end;
    return {
      kind: "match",
      actor,
      span: spanOf(this.#chain.subject),
      message: { ...this.#typed.message, variants: this.#variants.map(({ type: _, ...variant }) => variant) },
      arms,
      // What `exhaustive` lacks is for the compiler to say.
      missing: name.text === "run" ? this.#placed(left) : [],
      dead: this.#deadIn(arms),
      ...(name.text === "otherwise" ? { catchAll: this.#catchAll(left) } : {}),
      insertion: this.#insertion(),
    };
  }

  #arms({ call, name }: Step, test: MessageTest): readonly Arm[] {
    const full = { start: name.getStart(), end: call.end };
    if (name.text === "when") return [this.#arm(call.arguments[0] ?? call, full, () => undefined)];
    if (name.text !== "with") return [];
    const [first, second, third, ...others] = call.arguments;
    const isGuarded = third !== undefined && others.length === 0 && this.#isFunction(second);
    const patterns = isGuarded && first !== undefined ? [first] : call.arguments.slice(0, -1);
    return patterns.map((pattern) =>
      this.#arm(this.#label(pattern), full, (variant) => {
        const answer = this.#fits(pattern, variant, test);
        return isGuarded && answer === true ? undefined : answer;
      }),
    );
  }

  #arm(label: ts.Node, full: Span, answer: (variant: TypedVariant) => Answer): Arm {
    const answers = this.#variants.map((variant) => ({ key: variant.tag.key, is: answer(variant) }));
    return {
      span: spanOf(label),
      full,
      tags: answers.filter(({ is }) => is !== false).map(({ key }) => key),
      takes: answers.filter(({ is }) => is === true).map(({ key }) => key),
    };
  }

  /** Three-valued, as {@link MessageTest}: a pattern that asks more than the discriminant may fit. */
  #fits(pattern: ts.Expression, variant: TypedVariant, test: MessageTest): Answer {
    const node = skipOuter(pattern);
    const { discriminant } = this.#typed.message;
    if (this.#chain.isOverTag || discriminant === undefined) return test.equals(node, variant);
    if (!ts.isObjectLiteralExpression(node)) return undefined;
    const value = this.#tagIn(node);
    const answer = value === undefined ? undefined : test.equals(value, variant);
    return answer === true && node.properties.length > 1 ? undefined : answer;
  }

  #label(pattern: ts.Expression): ts.Node {
    const node = skipOuter(pattern);
    return ts.isObjectLiteralExpression(node) ? (this.#tagIn(node) ?? pattern) : pattern;
  }

  #tagIn(literal: ts.ObjectLiteralExpression): ts.Expression | undefined {
    const { discriminant } = this.#typed.message;
    const isPlain = literal.properties.every((one) => one.name !== undefined && propertyName(one.name) !== undefined);
    const property = literal.properties.find(
      (one) => one.name !== undefined && propertyName(one.name) === discriminant,
    );
    return isPlain && property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
  }

  #isFunction(node: ts.Expression | undefined): boolean {
    return node !== undefined && this.#unit.checker.getTypeAtLocation(node).getCallSignatures().length > 0;
  }

  #deadIn(arms: readonly Arm[]): readonly DeadArm[] {
    const taken = new Map<string, Span>();
    return arms.flatMap((arm): readonly DeadArm[] => {
      const text = this.#unit.file.text.slice(arm.span.start, arm.span.end);
      const before = arm.tags.map((tag) => taken.get(tag));
      for (const tag of arm.takes) taken.set(tag, taken.get(tag) ?? arm.span);
      const [first] = before;
      if (arm.tags.length === 0) return [{ arm, text }];
      return first !== undefined && before.every((span) => span !== undefined) ? [{ arm, text, takenBy: first }] : [];
    });
  }

  #catchAll(left: readonly TypedVariant[]): CatchAll {
    const { call, name } = this.#chain.end;
    const handler = call.arguments[0] === undefined ? undefined : skipOuter(call.arguments[0]);
    const isFunction = handler !== undefined && (ts.isArrowFunction(handler) || ts.isFunctionExpression(handler));
    const isNoted = isFunction && notes(this.#unit, handler.body);
    return {
      span: spanOf(name),
      full: { start: name.getStart(), end: call.end },
      takes: this.#placed(left),
      isSilent: isNoted || (handler !== undefined && doesNothing(handler)),
      isNoted,
    };
  }

  #placed(variants: readonly TypedVariant[]): readonly PlacedTag[] {
    return placedTags(this.#unit, this.#chain.end.call, this.#typed, variants);
  }

  #insertion(): Insertion {
    const { call, name } = this.#chain.end;
    const at = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression.end : call.getStart();
    const isOnOwnLine = this.#unit.file.text.slice(at, name.getStart()).includes("\n");
    return {
      at,
      indent: isOnOwnLine ? indentAt(this.#unit.file, name.getStart()) : "",
      step: indentStep(this.#unit.file),
      ending: "return;",
      subject: this.#chain.isOverTag ? "" : (this.#typed.message.discriminant ?? ""),
      needsComma: false,
      needsEnding: false,
    };
  }
}

function notes(unit: SourceUnit, body: ts.ConciseBody): boolean {
  return ts.isBlock(body) ? body.statements.length > 0 && onlyNote(unit, body.statements) : isNote(unit, body);
}

/** `() => {}`, `() => undefined`. */
function doesNothing(handler: ts.Expression): boolean {
  const node = skipOuter(handler);
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const { body } = node;
  if (!ts.isBlock(body)) return body.getText() === "undefined";
  return body.statements.every(
    (one) => ts.isReturnStatement(one) && (one.expression?.getText() ?? "undefined") === "undefined",
  );
}
