/**
 * Follows the replies of a handler along its paths.
 *
 * | after a list of statements | meaning |
 * |---|---|
 * | `none` | no path has replied |
 * | `all` | every path has |
 * | `some` | a path has and a path has not, and nothing depends on anything else |
 * | `unknown` | conditions may exclude each other, or the context went elsewhere |
 */
import { ts } from "ts-morph";
import { enclosingFunction, someNode, spanOf } from "./symbols.ts";

type State = "none" | "all" | "some" | "unknown";
type Span = { readonly start: number; readonly end: number };

export interface ReplyFlow {
  /** Ends of paths on which nothing was replied. */
  readonly missing: readonly Span[];
  /** Replies on paths that had replied before. */
  readonly double: readonly Span[];
}

export interface ReplyCalls {
  /** Whether a node is `context.reply(…)`. */
  isReply(node: ts.Node): boolean;
  /** Whether a node settles the question in another way, or makes it impossible to say: a deferred reply, an end, a context given away. */
  isOther(node: ts.Node): boolean;
  /** Whether an expression that is a statement, or returned, never comes back. */
  isEnd(node: ts.Expression): boolean;
  /** The code of a function that is called and may reply, and how it does; `undefined` when that is not known. */
  follow?(call: ts.CallExpression): FollowedCode | undefined;
  /** Whether a condition holds for the message that is followed; absent, or `undefined`, when that is not known. */
  holds?(condition: ts.Expression): boolean | undefined;
}

export interface FollowedCode {
  readonly code: readonly ts.Statement[] | ts.Expression;
  readonly calls: ReplyCalls;
}

/**
 * @param code the statements, or the one expression of an arrow function.
 * @param fallback where to tell that the end is reached without a reply.
 * @param after what a `break` goes on to, and the end of the statements.
 */
export function followReplies(
  code: readonly ts.Statement[] | ts.Expression,
  calls: ReplyCalls,
  fallback: Span,
  after: readonly ts.Statement[] = [],
): ReplyFlow {
  const flow = new Flow(calls, after);
  const end = "kind" in code ? flow.plain(code, "none") : flow.whole(code);
  if (end === "none" || end === "some") flow.missing.push(fallback);
  return { missing: flow.missing, double: flow.double };
}

/** `ended` stands for a path that does not come out of the statements. */
type Result = State | "ended";

const MAX_DEPTH = 4;

class Flow {
  readonly missing: Span[] = [];
  readonly double: Span[] = [];
  readonly #calls: ReplyCalls;
  readonly #after: readonly ts.Statement[];
  /** How many calls are between; what is returned there goes on here. */
  readonly #depth: number;
  readonly #returned: State[] = [];

  constructor(calls: ReplyCalls, after: readonly ts.Statement[], depth = 0) {
    this.#calls = calls;
    this.#after = after;
    this.#depth = depth;
  }

  /** A function that was called, from its beginning to all its ends. */
  called(code: readonly ts.Statement[] | ts.Expression, before: State): Result {
    const end = "kind" in code ? this.plain(code, before) : this.list(code, before);
    const [first, ...others] = [...this.#returned, ...(end === "ended" ? [] : [end])];
    if (first === undefined) return "ended";
    if (others.every((one) => one === first)) return first;
    return [first, ...others].includes("unknown") || before !== "none" ? "unknown" : "some";
  }

  /** The statements and what comes after them. */
  whole(statements: readonly ts.Statement[]): Result {
    const end = this.list(statements, "none");
    return end === "ended" ? end : this.list(this.#after, end);
  }

  list(statements: readonly ts.Statement[], before: State): Result {
    let state: State = before;
    for (const statement of statements) {
      const after = this.#statement(statement, state);
      if (after === "ended") return "ended";
      state = after;
    }
    return state;
  }

  #statement(statement: ts.Statement, before: State): Result {
    if (ts.isBlock(statement)) return this.list(statement.statements, before);
    if (ts.isIfStatement(statement)) return this.#if(statement, before);
    if (ts.isThrowStatement(statement)) return "ended";
    if (ts.isBreakStatement(statement)) return this.#break(statement, before);
    const isOver =
      (ts.isExpressionStatement(statement) || ts.isReturnStatement(statement)) &&
      statement.expression !== undefined &&
      (before === "none" || before === "some") &&
      this.#calls.isEnd(statement.expression);
    if (isOver) return "ended";
    const followed = this.#followed(statement, before);
    if (ts.isReturnStatement(statement)) {
      const state = followed ?? this.#expression(statement, before);
      if (state === "ended") return "ended";
      if (this.#depth > 0) this.#returned.push(state);
      else if (state === "none" || state === "some") this.missing.push(spanOf(statement));
      return "ended";
    }
    if (followed !== undefined) return followed;
    const isPlain = ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
    if (isPlain) return this.plain(statement, before);
    return this.#mentions(statement) ? "unknown" : before;
  }

  /** What becomes of a call that is the whole of a statement, or all that is returned, where its code is known. */
  #followed(statement: ts.Statement, before: State): Result | undefined {
    const isWhole = ts.isExpressionStatement(statement) || ts.isReturnStatement(statement);
    const whole = isWhole ? statement.expression : undefined;
    if (whole === undefined || this.#depth >= MAX_DEPTH) return undefined;
    const isAwaited = ts.isAwaitExpression(whole);
    const call = isAwaited ? whole.expression : whole;
    const code = ts.isCallExpression(call) ? this.#calls.follow?.(call) : undefined;
    // Who is not waited for may reply later.
    if (code === undefined || (!isAwaited && !ts.isReturnStatement(statement) && isLater(code.code))) return undefined;
    const flow = new Flow(code.calls, [], this.#depth + 1);
    const end = flow.called(code.code, before);
    if (flow.double.length > 0) this.double.push(spanOf(call));
    return end;
  }

  /** Code that runs from its beginning to its end. */
  plain(node: ts.Node, before: State): State {
    if (!hasBranches(node)) return this.#expression(node, before);
    return this.#mentions(node) ? "unknown" : before;
  }

  /** The `break` of a `switch` clause goes on to what comes after it; inside a loop or a labelled block nothing is said. */
  #break(statement: ts.BreakStatement, before: State): Result {
    if (statement.label !== undefined) return "ended";
    const end = this.list(this.#after, before);
    if (end === "none" || end === "some") this.missing.push(spanOf(statement));
    return "ended";
  }

  #if(statement: ts.IfStatement, before: State): Result {
    const known = this.#calls.holds?.(statement.expression);
    if (known === true) return this.#statement(statement.thenStatement, before);
    if (known === false)
      return statement.elseStatement === undefined ? before : this.#statement(statement.elseStatement, before);
    // A second condition may exclude the first, or follow from it.
    if (before === "some") return this.#mentions(statement) || someNode(statement, isJump) ? "unknown" : "some";
    const first = this.#mentions(statement.expression) ? "unknown" : before;
    const then = this.#statement(statement.thenStatement, first);
    const otherwise = statement.elseStatement === undefined ? first : this.#statement(statement.elseStatement, first);
    if (then === "ended") return otherwise;
    if (otherwise === "ended") return then;
    if (then === otherwise) return then;
    return before === "none" && then !== "unknown" && otherwise !== "unknown" ? "some" : "unknown";
  }

  #expression(node: ts.Node, before: State): State {
    if (someNode(node, (one) => this.#calls.isOther(one))) return "unknown";
    const replies: ts.Node[] = [];
    someNode(node, (one) => {
      if (this.#calls.isReply(one)) replies.push(one);
      return false;
    });
    const [first, second] = replies;
    if (first === undefined) return before;
    const again = before === "all" || before === "some" ? first : second;
    if (again !== undefined) this.double.push(spanOf(again));
    return before === "unknown" ? "unknown" : "all";
  }

  #mentions(node: ts.Node): boolean {
    return someNode(node, (one) => this.#calls.isReply(one) || this.#calls.isOther(one));
  }
}

/** Whether it is the body of an asynchronous function. */
function isLater(code: readonly ts.Statement[] | ts.Expression): boolean {
  const first = "kind" in code ? code : code[0];
  const around = first === undefined ? undefined : enclosingFunction(first);
  return around !== undefined && (ts.getCombinedModifierFlags(around) & ts.ModifierFlags.Async) !== 0;
}

function isJump(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node);
}

/** Whether parts of an expression may not run. */
function hasBranches(node: ts.Node): boolean {
  return someNode(
    node,
    (one) =>
      ts.isConditionalExpression(one) ||
      ts.isFunctionLike(one) ||
      (ts.isBinaryExpression(one) &&
        [
          ts.SyntaxKind.AmpersandAmpersandToken,
          ts.SyntaxKind.BarBarToken,
          ts.SyntaxKind.QuestionQuestionToken,
        ].includes(one.operatorToken.kind)) ||
      (ts.isCallExpression(one) && one.questionDotToken !== undefined),
  );
}
