/** Handlers of questions that can end without an answer, or answer twice. */
import { ts } from "ts-morph";
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { Incident } from "../facts/incident.ts";
import type { Tag } from "../facts/message-type.ts";
import type { Callback } from "./actor-code.ts";
import { isContextType } from "./context-type.ts";
import { MessageSubject } from "./message-subject.ts";
import { MessageTest } from "./message-test.ts";
import { isOwnMember } from "./own-member.ts";
import { readMessageType, type TypedVariant } from "./read-message-type.ts";
import { type FollowedCode, followReplies, type ReplyCalls } from "./read-replies.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

interface QuestionCode {
  readonly tag: Tag;
  readonly code: readonly ts.Statement[] | ts.Expression;
  readonly label: ts.Node;
  readonly callback: Callback;
  /** What comes after the `switch` that the code is a clause of. */
  readonly after?: readonly ts.Statement[];
  /** Whether a condition on the message holds for this question, where the code is not for it alone. */
  readonly holds?: (condition: ts.Expression) => boolean | undefined;
}

export function readReplyIncidents(
  unit: SourceUnit,
  code: readonly Callback[],
  actors: readonly ActorFact[],
  dispatches: readonly Dispatch[],
): readonly Incident[] {
  return code
    .filter(({ kind, isAnsweredElsewhere }) => kind === "message" && isAnsweredElsewhere !== true)
    .flatMap((callback) => questionsOf(unit, callback, code, actors, dispatches))
    .flatMap((question) => judge(unit, question, code));
}

function questionsOf(
  unit: SourceUnit,
  callback: Callback,
  code: readonly Callback[],
  actors: readonly ActorFact[],
  dispatches: readonly Dispatch[],
): readonly QuestionCode[] {
  const variants = actors.find((actor) => actor.id === callback.actor)?.message?.variants ?? [];
  const asked = new Map(variants.filter((one) => one.reply !== undefined).map((one) => [one.tag.key, one.tag]));
  const { body } = callback.node;
  if (callback.tag !== undefined) {
    const tag = asked.get(callback.tag);
    const label =
      callback.node.name ?? (ts.isPropertyAssignment(callback.node.parent) ? callback.node.parent.name : callback.node);
    return tag === undefined ? [] : [{ tag, code: ts.isBlock(body) ? body.statements : body, label, callback }];
  }
  const own = dispatches.filter((one) => one.actor === callback.actor);
  const [only, ...others] = variants;
  if (
    own.length === 0 &&
    only?.reply !== undefined &&
    others.length === 0 &&
    ts.isBlock(body) &&
    replies(unit, body, code)
  )
    return [{ tag: only.tag, code: body.statements, label: callback.node.name ?? callback.node, callback }];
  if (own.length > 0 && own.every(({ kind }) => kind === "if-chain"))
    return chainedQuestions(unit, callback, code, asked);
  const found: QuestionCode[] = [];
  const sites = own.filter(({ kind }) => kind === "switch").map((one) => one.span.start);
  forEachNode(body, (node) => {
    if (ts.isSwitchStatement(node) && sites.includes(node.expression.getStart()))
      found.push(...clausesOf(unit, node, callback, asked));
  });
  return found;
}

/** On some path: an actor that never replies is meant so, in a test for instance. */
function replies(unit: SourceUnit, body: ts.Node, code: readonly Callback[]): boolean {
  return someNode(body, (node) => {
    if (!ts.isCallExpression(node)) return false;
    if (isReplyCall(unit, node)) return true;
    const helper = helperOf(unit, node, code);
    return helper !== undefined && someNode(helper.node.body, (one) => isReplyCall(unit, one));
  });
}

/** Each question on its way through a body that tells messages apart by conditions, if it is answered on some path of it. */
function chainedQuestions(
  unit: SourceUnit,
  callback: Callback,
  code: readonly Callback[],
  asked: ReadonlyMap<string, Tag>,
): readonly QuestionCode[] {
  const { body } = callback.node;
  const known = ts.isBlock(body) && replies(unit, body, code) ? messageTest(unit, callback) : undefined;
  if (known === undefined || !ts.isBlock(body)) return [];
  return known.variants.flatMap((variant) => {
    const tag = asked.get(variant.tag.key);
    const holds = (condition: ts.Expression): boolean | undefined => known.test.holds(condition, variant);
    if (tag === undefined || !isAnswered(unit, body.statements, code, holds)) return [];
    return [{ tag, code: body.statements, label: callback.node.name ?? callback.node, callback, holds }];
  });
}

interface KnownTest {
  readonly variants: readonly TypedVariant[];
  readonly test: MessageTest;
}

/** How the conditions of a handler ask which message it is. */
function messageTest(
  unit: SourceUnit,
  { node, messageAt }: { readonly node: Callback["node"]; readonly messageAt: number },
): KnownTest | undefined {
  const parameter = node.parameters[messageAt];
  const typed = parameter && readMessageType(unit, unit.checker.getTypeAtLocation(parameter));
  if (parameter === undefined || typed === undefined) return undefined;
  const subject = new MessageSubject(unit, parameter, node.body, typed);
  return { variants: typed.variants, test: new MessageTest(unit, subject, typed) };
}

function holdingFor(known: KnownTest | undefined, { key }: Tag): Pick<QuestionCode, "holds"> {
  const variant = known?.variants.find((one) => one.tag.key === key);
  return known === undefined || variant === undefined
    ? {}
    : { holds: (condition) => known.test.holds(condition, variant) };
}

/** Whether a reply stands where the question can come. */
function isAnswered(
  unit: SourceUnit,
  statements: readonly ts.Statement[],
  code: readonly Callback[],
  holds: (condition: ts.Expression) => boolean | undefined,
): boolean {
  return statements.some((statement) => {
    if (ts.isBlock(statement)) return isAnswered(unit, statement.statements, code, holds);
    if (!ts.isIfStatement(statement)) return replies(unit, statement, code);
    const { expression, thenStatement, elseStatement } = statement;
    const answer = holds(expression);
    return (
      (answer !== false && isAnswered(unit, [thenStatement], code, holds)) ||
      (answer !== true && elseStatement !== undefined && isAnswered(unit, [elseStatement], code, holds))
    );
  });
}

function isReplyCall(unit: SourceUnit, node: ts.Node): boolean {
  return ts.isCallExpression(node) && runtimeCallee(unit, node, "ActorContext.reply") !== undefined;
}

/** Clauses for one question each; those that fall through are left out. */
function clausesOf(
  unit: SourceUnit,
  node: ts.SwitchStatement,
  callback: Callback,
  asked: ReadonlyMap<string, Tag>,
): readonly QuestionCode[] {
  const { clauses } = node.caseBlock;
  if (!ts.isBlock(node.parent) || node.parent.parent !== callback.node || settlesBefore(unit, node, callback))
    return [];
  const after = node.parent.statements.slice(node.parent.statements.indexOf(node) + 1);
  const test = after.length === 0 ? undefined : messageTest(unit, callback);
  if (after.length > 0 && test === undefined) return [];
  return clauses.filter(ts.isCaseClause).flatMap((clause) => {
    const value = unit.checker.getTypeAtLocation(clause.expression);
    const tag = value.isStringLiteral() ? asked.get(`s:${value.value}`) : undefined;
    const falls = clause.statements.length === 0 || !endsItself(clause);
    const isEntered = clauses[clauses.indexOf(clause) - 1]?.statements.length === 0;
    return tag === undefined || (falls && clauses.at(-1) !== clause) || isEntered
      ? []
      : [{ tag, code: clause.statements, label: clause.expression, callback, after, ...holdingFor(test, tag) }];
  });
}

/** Whether what comes before the switch may reply to every message, or keep its port. */
function settlesBefore(unit: SourceUnit, node: ts.SwitchStatement, callback: Callback): boolean {
  const context = contextOf(unit, callback);
  if (context === undefined || !ts.isBlock(node.parent)) return false;
  const calls = replyCalls(unit, context, callback);
  const before = node.parent.statements.slice(0, node.parent.statements.indexOf(node));
  return before.some((statement) => someInTurn(statement, (one) => calls.isReply(one) || calls.isOther(one)));
}

function someInTurn(node: ts.Node, visit: (node: ts.Node) => boolean): boolean {
  if (ts.isFunctionLike(node)) return false;
  return visit(node) || (ts.forEachChild(node, (child) => someInTurn(child, visit) || undefined) ?? false);
}

function endsItself(clause: ts.CaseClause): boolean {
  const last = clause.statements.at(-1);
  const end = last !== undefined && ts.isBlock(last) ? last.statements.at(-1) : last;
  return end !== undefined && (ts.isReturnStatement(end) || ts.isBreakStatement(end) || ts.isThrowStatement(end));
}

function judge(
  unit: SourceUnit,
  { tag, code, label, callback, after, holds }: QuestionCode,
  all: readonly Callback[],
): readonly Incident[] {
  const context = contextOf(unit, callback);
  if (context === undefined && givesContextAway(unit, callback)) return [];
  const calls = replyCalls(unit, context, callback);
  const known: ReplyCalls = {
    ...calls,
    ...(holds === undefined ? {} : { holds }),
    ...(context === undefined ? {} : { follow: (call) => followed(unit, call, context, tag, all) }),
  };
  const { missing, double } = followReplies(code, known, spanOf(label), after);
  const { actor } = callback;
  return [
    ...missing.map((span): Incident => ({ kind: "missing-reply", span, subject: tag.text, actor })),
    ...double.map((span): Incident => ({ kind: "double-reply", span, subject: tag.text, actor })),
  ];
}

/** A method that only its class can call, or a function of the file, that is given the context, and the message perhaps. */
function followed(
  unit: SourceUnit,
  call: ts.CallExpression,
  context: ts.Symbol,
  tag: Tag,
  code: readonly Callback[],
): FollowedCode | undefined {
  const at = call.arguments.findIndex((one) => ts.isIdentifier(one) && symbolOf(unit, one) === context);
  const helper = at < 0 ? undefined : helperOf(unit, call, code);
  const own = helper?.node.parameters[at]?.name;
  const inner = own !== undefined && ts.isIdentifier(own) ? symbolOf(unit, own) : undefined;
  if (helper === undefined || inner === undefined) return undefined;
  const { body, parameters } = helper.node;
  const asked = parameters
    .map((_, messageAt) => messageTest(unit, { ...helper, messageAt }))
    .find((known) => known?.variants.some((one) => one.tag.key === tag.key && one.reply !== undefined));
  const calls: ReplyCalls = {
    ...makeReplyCalls(unit, inner, helper),
    ...holdingFor(asked, tag),
    follow: (one) => followed(unit, one, inner, tag, code),
  };
  return { code: ts.isBlock(body) ? body.statements : body, calls };
}

function helperOf(unit: SourceUnit, call: ts.CallExpression, code: readonly Callback[]): Callback | undefined {
  const { expression: callee } = call;
  const name = isOwnMember(callee) ? callee.name : ts.isIdentifier(callee) ? callee : undefined;
  const declaration = name === undefined ? undefined : symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || !isFixed(declaration)) return undefined;
  const isValue = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
  const node = isValue ? declaration.initializer : declaration;
  return code.find((one) => one.kind === "helper" && one.node === node);
}

/** Whether no class can put another in its place. */
function isFixed(declaration: ts.Declaration): boolean {
  if (!ts.isClassElement(declaration)) return true;
  const isPrivate = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
  return isPrivate || (declaration.name !== undefined && ts.isPrivateIdentifier(declaration.name));
}

function contextOf(unit: SourceUnit, callback: Callback): ts.Symbol | undefined {
  const parameter = callback.node.parameters[callback.messageAt + 1];
  return parameter !== undefined && ts.isIdentifier(parameter.name) ? symbolOf(unit, parameter.name) : undefined;
}

/** Without a name for the context, a class may still have it in a field. */
function givesContextAway(unit: SourceUnit, callback: Callback): boolean {
  if (callback.node.parameters.length > callback.messageAt + 1) return true;
  return keepsContext(unit, callback);
}

/** Whether the class stores a context, so that any of its methods may reply. */
function keepsContext(unit: SourceUnit, callback: Callback): boolean {
  return someNode(callback.owner, (node) => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      return isContextType(unit, unit.checker.getTypeAtLocation(node.right));
    if (ts.isPropertyDeclaration(node)) return isContextType(unit, unit.checker.getTypeAtLocation(node));
    return (
      ts.isParameter(node) &&
      ts.isParameterPropertyDeclaration(node, node.parent) &&
      isContextType(unit, unit.checker.getTypeAtLocation(node))
    );
  });
}

const SETTLING = new Set(["deferReply", "stash", "stop", "exit"]);

const known = new WeakMap<Callback, ReplyCalls>();

function replyCalls(unit: SourceUnit, context: ts.Symbol | undefined, callback: Callback): ReplyCalls {
  const calls = known.get(callback) ?? makeReplyCalls(unit, context, callback);
  known.set(callback, calls);
  return calls;
}

function makeReplyCalls(unit: SourceUnit, context: ts.Symbol | undefined, callback: Callback): ReplyCalls {
  const isContext = (node: ts.Node): node is ts.Identifier =>
    ts.isIdentifier(node) && node.text === context?.name && symbolOf(unit, node) === context;
  const memberOf = (node: ts.Node): string | undefined =>
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && isContext(node.expression.expression)
      ? node.expression.name.text
      : undefined;
  const carriers = context === undefined ? NO_CARRIERS : carriersOf(unit, isContext, callback);
  const stores = carriers.isKept || (context !== undefined && keepsContext(unit, callback));
  return {
    isEnd: (node) => isNever(unit, node),
    isReply: (node) => memberOf(node) === "reply",
    isOther: (node) => {
      const member = memberOf(node);
      if (member !== undefined) return SETTLING.has(member);
      if (ts.isIdentifier(node) && carriers.names.has(node.text) && carriers.symbols.has(symbolOf(unit, node)))
        return !isNameOfDeclaration(node);
      if (stores && ts.isCallExpression(node) && node.expression.getText().startsWith("this.")) return true;
      // Used in any other way than `context.member`: somebody else may reply.
      return (
        isContext(node) &&
        !(
          ts.isPropertyAccessExpression(node.parent) &&
          node.parent.expression === node &&
          (node.parent.name.text !== "reply" || ts.isCallExpression(node.parent.parent))
        )
      );
    },
  };
}

interface Carriers {
  readonly names: ReadonlySet<string>;
  readonly symbols: ReadonlySet<ts.Symbol | undefined>;
  /** One of them is put into a field. */
  readonly isKept: boolean;
}

const NO_CARRIERS: Carriers = { names: new Set(), symbols: new Set(), isKept: false };

/** The functions and variables of a handler that have its context in them, or another of these: whoever uses one may reply. */
function carriersOf(unit: SourceUnit, isContext: (node: ts.Node) => boolean, { node }: Callback): Carriers {
  const names = new Set<string>();
  const symbols = new Set<ts.Symbol | undefined>();
  let isKept = false;
  const carries = (value: ts.Node): boolean =>
    someNode(
      value,
      (one) => isContext(one) || (ts.isIdentifier(one) && names.has(one.text) && symbols.has(symbolOf(unit, one))),
    );
  const add = (name: ts.Node): void => {
    forEachNode(name, (one) => {
      if (!ts.isIdentifier(one)) return;
      names.add(one.text);
      symbols.add(symbolOf(unit, one));
    });
  };
  for (let size = -1; size !== symbols.size; ) {
    size = symbols.size;
    forEachNode(node.body, (one) => {
      if (ts.isFunctionDeclaration(one) && one.name !== undefined && one.body !== undefined) {
        if (carries(one.body)) add(one.name);
      } else if (ts.isVariableDeclaration(one) && one.initializer !== undefined) {
        if (isCarrying(one.initializer) && carries(one.initializer)) add(one.name);
      } else if (ts.isBinaryExpression(one) && one.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        if (!isCarrying(one.right) || !carries(one.right)) return;
        if (ts.isIdentifier(one.left)) add(one.left);
        else isKept = true;
      }
    });
  }
  return { names, symbols, isKept };
}

/** Whether a value can have the context in it: `context.self.path` and what an ordinary call returns have not. */
function isCarrying(value: ts.Expression): boolean {
  const node = skipOuter(value);
  if (ts.isConditionalExpression(node)) return isCarrying(node.whenTrue) || isCarrying(node.whenFalse);
  if (ts.isPropertyAccessExpression(node)) return node.name.text === "reply";
  if (ts.isCallExpression(node))
    return ts.isPropertyAccessExpression(node.expression) && /^(?:bind|deferReply)$/.test(node.expression.name.text);
  return !ts.isAwaitExpression(node) && !ts.isLiteralExpression(node);
}

function isNameOfDeclaration({ parent }: ts.Identifier): boolean {
  return ts.isFunctionDeclaration(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent);
}

/** A call that does not come back: `fail(…)`, `process.exit()`. */
function isNever(unit: SourceUnit, node: ts.Expression): boolean {
  const call = skipOuter(node);
  if (!ts.isCallExpression(call)) return false;
  return (unit.checker.getTypeAtLocation(call).flags & ts.TypeFlags.Never) !== 0;
}
