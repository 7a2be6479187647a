/** Reads how a function tells messages apart: `switch` and `if` chains, followed for each variant through the statements. */
import { ts } from "ts-morph";
import type { Arm, CatchAll, DeadArm, Dispatch, Insertion } from "../facts/dispatch.ts";
import type { Span } from "../source/span.ts";
import { clauseRemoval } from "./clause-removal.ts";
import { indentAt, indentStep } from "./indentation.ts";
import { MessageSubject } from "./message-subject.ts";
import { MessageTest } from "./message-test.ts";
import { isNote, isReadElsewhere, onlyNote } from "./noting.ts";
import { placedTags } from "./placed-tags.ts";
import type { TypedMessage, TypedVariant } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { endsItself } from "./statement-ends.ts";
import { isStored } from "./storing.ts";
import { someNode, spanOf } from "./symbols.ts";

/**
 * What becomes of a variant in a list of statements.
 * `handled`: some code is meant for it, or it cannot be told. `next`: nothing yet. `ended`: nothing comes any more.
 */
type Outcome = "handled" | "next" | "ended";

/** Reads the dispatch of a function whose parameter is a message. @returns `undefined` when it does not tell messages apart. */
export function readDispatch(
  unit: SourceUnit,
  parameter: ts.ParameterDeclaration,
  body: ts.Block,
  typed: TypedMessage,
  actor: string | undefined,
): Dispatch | undefined {
  const reader = new DispatchReader(unit, parameter, body, typed);
  const missing = typed.variants.filter((variant) => !reader.isHandled(variant));
  const site = reader.site;
  if (site === undefined) return undefined;
  return {
    kind: ts.isSwitchStatement(site) ? "switch" : "if-chain",
    ...(actor === undefined ? {} : { actor }),
    span: spanOf(site.expression),
    message: typed.message,
    arms: reader.arms(),
    missing: placedTags(unit, scopeOf(site), typed, missing),
    dead: reader.deadArms(),
    ...reader.catchAll(site),
    insertion: insertionAt(unit, site, reader.textOfTag(site)),
  };
}

class DispatchReader {
  readonly #unit: SourceUnit;
  readonly #body: ts.Block;
  readonly #typed: TypedMessage;
  readonly #subject: MessageSubject;
  readonly #test: MessageTest;
  /** The statements that tell messages apart, in the order of the source. */
  readonly #sites = new Set<ts.SwitchStatement | ts.IfStatement>();
  /** What goes into which default that does nothing, and into nothing else. */
  readonly #dropped = new Map<ts.SwitchStatement, TypedVariant[]>();
  #testSeen = false;
  /** The last switch whose default took the variant and did nothing. */
  #passed: ts.SwitchStatement | undefined;
  /** Something was done with what the message carries, whichever it is, before it was asked which. */
  #isWorkedOn = false;
  /** The tag became state, or a function inside asks for it: any variant may be handled there. */
  #isTakenElsewhere = false;

  constructor(unit: SourceUnit, parameter: ts.ParameterDeclaration, body: ts.Block, typed: TypedMessage) {
    this.#unit = unit;
    this.#body = body;
    this.#typed = typed;
    this.#subject = new MessageSubject(unit, parameter, body, typed);
    this.#test = new MessageTest(unit, this.#subject, typed);
  }

  /** The first `switch` that drops messages, or else the first, or else the first `if` that tells messages apart. */
  get site(): ts.SwitchStatement | ts.IfStatement | undefined {
    const sites = [...this.#sites];
    const switches = sites.filter(ts.isSwitchStatement);
    return switches.find((one) => this.#dropped.has(one)) ?? switches[0] ?? sites[0];
  }

  textOfTag(site: ts.SwitchStatement | ts.IfStatement): string {
    return this.#subject.textOfTag(site.expression) ?? site.expression.getText();
  }

  isHandled(variant: TypedVariant): boolean {
    this.#testSeen = false;
    this.#passed = undefined;
    this.#isWorkedOn = false;
    this.#isTakenElsewhere = false;
    const outcome = this.#walk(this.#body.statements, variant);
    if (outcome === "handled" || this.#isTakenElsewhere || this.#isMoreForOne()) return true;
    if (this.#passed === undefined) return false;
    this.#dropped.set(this.#passed, [...(this.#dropped.get(this.#passed) ?? []), variant]);
    return true;
  }

  arms(): readonly Arm[] {
    return [...this.#sites].flatMap((site) =>
      ts.isSwitchStatement(site) ? this.#clauseArms(site) : [this.#ifArm(site)],
    );
  }

  deadArms(): readonly DeadArm[] {
    return [...this.#sites].flatMap((site) => {
      if (!ts.isSwitchStatement(site)) return this.#deadIn(this.#chainArms(site));
      const clauses = site.caseBlock.clauses.filter(ts.isCaseClause);
      const arms = this.#clauseArms(site);
      return this.#deadIn(arms).map((dead) => {
        const clause = clauses[arms.indexOf(dead.arm)];
        return clause === undefined ? dead : { ...dead, removal: clauseRemoval(clause) };
      });
    });
  }

  catchAll(site: ts.SwitchStatement | ts.IfStatement): { catchAll?: CatchAll } {
    if (!ts.isSwitchStatement(site)) return {};
    const clause = site.caseBlock.clauses.find(ts.isDefaultClause);
    if (clause === undefined) return {};
    const arms = this.#clauseArms(site);
    const isSilent = this.#doesNothing(clause);
    const isNoted = isSilent && clause.statements.some((one) => someNode(one, ts.isCallExpression));
    const takes = isSilent
      ? (this.#dropped.get(site) ?? [])
      : this.#typed.variants.filter((variant) => !arms.some((arm) => arm.tags.includes(variant.tag.key)));
    const placed = placedTags(this.#unit, scopeOf(site), this.#typed, takes);
    return { catchAll: { span: keywordSpan(clause), full: spanOf(clause), takes: placed, isSilent, isNoted } };
  }

  #walk(statements: readonly ts.Statement[], variant: TypedVariant): Outcome {
    for (const statement of statements) {
      const outcome = this.#step(statement, variant);
      if (outcome !== "next") return outcome;
    }
    return "next";
  }

  #step(statement: ts.Statement, variant: TypedVariant): Outcome {
    if (ts.isIfStatement(statement)) return this.#if(statement, variant);
    if (ts.isSwitchStatement(statement)) return this.#switch(statement, variant);
    if (ts.isBlock(statement)) return this.#walk(statement.statements, variant);
    if (ts.isLabeledStatement(statement)) return this.#step(statement.statement, variant);
    if (ts.isTryStatement(statement)) return this.#walk(statement.tryBlock.statements, variant);
    if (ts.isReturnStatement(statement)) return this.#return(statement);
    if (ts.isThrowStatement(statement)) return "handled";
    this.#isTakenElsewhere ||= !this.#testSeen && this.#isAskedInside(statement);
    // What is taken out of the message after a test is meant for the variants that are left.
    if (ts.isVariableStatement(statement))
      return this.#testSeen && this.#subject.isUsedIn(statement) ? "handled" : "next";
    if (ts.isFunctionDeclaration(statement) || ts.isEmptyStatement(statement)) return "next";
    if (ts.isExpressionStatement(statement) && this.#isForAll(statement)) return "next";
    if (this.#testSeen) return "handled";
    if (!this.#subject.isUsedIn(statement)) return "next";
    if (!ts.isExpressionStatement(statement) || this.#passesMessageOn(statement)) return "handled";
    this.#isTakenElsewhere ||= this.#isKept(statement);
    this.#isWorkedOn ||= this.#subject.isMoreThanTagIn(statement);
    return "next";
  }

  /** A single `if` after work that is done for all messages: it is what is done besides for some. */
  #isMoreForOne(): boolean {
    const [first, second] = [...this.#sites];
    return (
      this.#isWorkedOn &&
      second === undefined &&
      first !== undefined &&
      ts.isIfStatement(first) &&
      first.elseStatement === undefined
    );
  }

  /** Whether a function inside asks which message it is: it may be what handles it. */
  #isAskedInside(statement: ts.Statement): boolean {
    return someNode(statement, (node) => {
      const asked =
        ts.isIfStatement(node) || ts.isSwitchStatement(node)
          ? node.expression
          : ts.isConditionalExpression(node)
            ? node.condition
            : undefined;
      return asked !== undefined && isInFunction(node, statement) && this.#subject.isUsedIn(asked);
    });
  }

  /** `this.#state = message.state`: what the message says becomes state, where anything but a note looks at the field. */
  #isKept({ expression }: ts.ExpressionStatement): boolean {
    return (
      ts.isBinaryExpression(expression) &&
      expression.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      this.#subject.isTag(expression.right) &&
      isReadElsewhere(this.#unit, expression.left)
    );
  }

  /**
   * Whether a statement is for every variant, and handles none: before the tests one that only notes or stores; after them also one that has
   * nothing to do with the message, where each test is a `switch` that goes on to it and is never left by a `return`.
   */
  #isForAll({ expression }: ts.ExpressionStatement): boolean {
    const isNoted = isNote(this.#unit, expression) || isStored(expression);
    if (!this.#testSeen) return isNoted;
    const sites = [...this.#sites];
    if (isNoted) return sites.every(isNeverLeft);
    return !this.#subject.isUsedIn(expression) && sites.every((one) => ts.isSwitchStatement(one) && isNeverLeft(one));
  }

  #return(statement: ts.ReturnStatement): Outcome {
    return statement.expression !== undefined && (this.#testSeen || this.#subject.isUsedIn(statement.expression))
      ? "handled"
      : "ended";
  }

  #if(statement: ts.IfStatement, variant: TypedVariant): Outcome {
    if (!this.#testSeen && this.#isFilter(statement)) return "next";
    if (!this.#subject.isUsedIn(statement.expression))
      return this.#testSeen || this.#subject.isUsedIn(statement) ? "handled" : "next";
    const answer = this.#test.holds(statement.expression, variant);
    if (answer === undefined) return "handled";
    // A variant that is refused is not handled, and the others are not told apart by that.
    if (statement.elseStatement === undefined && alwaysThrows(statement.thenStatement))
      return answer ? "handled" : "next";
    this.#sites.add(statement);
    this.#testSeen = true;
    if (answer || this.#test.names(statement.expression, variant)) return "handled";
    const other = statement.elseStatement;
    if (other === undefined) return "next";
    return ts.isIfStatement(other) || containsSwitch(other) ? this.#step(other, variant) : "handled";
  }

  /** An `if` whose condition is the same for all variants, and in which none is told from the others: what follows is for all. */
  #isFilter({ expression, thenStatement, elseStatement }: ts.IfStatement): boolean {
    return (
      elseStatement === undefined &&
      this.#subject.isAlikeForAll(expression) &&
      !this.#passesMessageOn(thenStatement) &&
      !someNode(thenStatement, (node) => {
        const asked =
          ts.isIfStatement(node) || ts.isSwitchStatement(node)
            ? node.expression
            : ts.isConditionalExpression(node)
              ? node.condition
              : undefined;
        return asked !== undefined && this.#subject.isUsedIn(asked);
      })
    );
  }

  #switch(statement: ts.SwitchStatement, variant: TypedVariant): Outcome {
    const isOverTag = this.#subject.isTag(statement.expression);
    const isOverTrue = statement.expression.kind === ts.SyntaxKind.TrueKeyword;
    if (!isOverTag && !isOverTrue) return this.#subject.isUsedIn(statement) || this.#testSeen ? "handled" : "next";
    for (const clause of statement.caseBlock.clauses) {
      if (ts.isDefaultClause(clause)) continue;
      const answer = isOverTag
        ? this.#test.equals(clause.expression, variant)
        : this.#test.holds(clause.expression, variant);
      if (answer !== false) return this.#found(statement);
    }
    this.#found(statement);
    const fallback = statement.caseBlock.clauses.find(ts.isDefaultClause);
    if (fallback === undefined) return "next";
    if (!this.#doesNothing(fallback)) return "handled";
    this.#passed = statement;
    return someNode(fallback, ts.isReturnStatement) || !this.#isUsedAfter(statement) ? "ended" : "next";
  }

  #isUsedAfter({ end }: ts.Node): boolean {
    return someNode(this.#body, (node) => node.pos >= end && ts.isIdentifier(node) && this.#subject.isUsedIn(node));
  }

  #found(site: ts.SwitchStatement): "handled" {
    this.#sites.add(site);
    this.#testSeen = true;
    return "handled";
  }

  /** Nothing in the clause but a note, nor in one it goes on into. */
  #doesNothing(clause: ts.DefaultClause): boolean {
    const isLast = clause === clause.parent.clauses.at(-1) || endsItself(clause.statements);
    return isLast && onlyNote(this.#unit, clause.statements);
  }

  /** Whether the whole message is given to somebody else, who may handle it. */
  #passesMessageOn(statement: ts.Statement): boolean {
    return someNode(
      statement,
      (node) =>
        ts.isCallExpression(node) &&
        !isNote(this.#unit, node) &&
        !isStored(node) &&
        node.arguments.some((argument) => this.#subject.isMessage(argument)),
    );
  }

  #clauseArms(site: ts.SwitchStatement): readonly Arm[] {
    const isOverTag = this.#subject.isTag(site.expression);
    return site.caseBlock.clauses.filter(ts.isCaseClause).map((clause) => ({
      ...this.#arm(clause.expression, clause, (variant) =>
        isOverTag ? this.#test.equals(clause.expression, variant) : this.#test.holds(clause.expression, variant),
      ),
      full: spanOf(clause),
    }));
  }

  #ifArm(site: ts.IfStatement): Arm {
    return this.#arm(site.expression, site.thenStatement, (variant) => this.#test.holds(site.expression, variant));
  }

  #arm(label: ts.Node, body: ts.Node, answer: (variant: TypedVariant) => boolean | undefined): Arm {
    const answers = this.#typed.variants.map((variant) => ({ key: variant.tag.key, is: answer(variant) }));
    return {
      span: spanOf(label),
      full: { start: label.getStart(), end: body.end },
      tags: answers.filter(({ is }) => is !== false).map(({ key }) => key),
      takes: answers.filter(({ is }) => is === true).map(({ key }) => key),
    };
  }

  /** The arms of an `if … else if …` chain, given its first `if`; nothing for a later one. */
  #chainArms(site: ts.IfStatement): readonly Arm[] {
    if (ts.isIfStatement(site.parent) && site.parent.elseStatement === site) return [];
    const arms: Arm[] = [];
    for (let at: ts.Statement | undefined = site; at !== undefined && ts.isIfStatement(at); at = at.elseStatement)
      arms.push(this.#ifArm(at));
    return arms;
  }

  #deadIn(arms: readonly Arm[]): readonly DeadArm[] {
    const taken = new Map<string, Span>();
    const dead: DeadArm[] = [];
    for (const arm of arms) {
      const text = this.#body.getSourceFile().text.slice(arm.span.start, arm.span.end);
      const before = arm.tags.map((tag) => taken.get(tag));
      const [first] = before;
      if (arm.tags.length === 0) dead.push({ arm, text });
      else if (first !== undefined && before.every((span) => span !== undefined))
        dead.push({ arm, text, takenBy: first });
      for (const tag of arm.takes) taken.set(tag, taken.get(tag) ?? arm.span);
    }
    return dead;
  }
}

/** Whether what comes after a `switch` or an `if` comes after each of its arms. */
function isNeverLeft(site: ts.SwitchStatement | ts.IfStatement): boolean {
  const leaves = (node: ts.Node): boolean =>
    !ts.isFunctionLike(node) &&
    (ts.isReturnStatement(node) ||
      ts.isThrowStatement(node) ||
      ts.isContinueStatement(node) ||
      (ts.isBreakStatement(node) && (node.label !== undefined || ts.isIfStatement(site))) ||
      (ts.forEachChild(node, (child) => leaves(child) || undefined) ?? false));
  return !leaves(ts.isSwitchStatement(site) ? site.caseBlock : site);
}

function isInFunction(node: ts.Node, outer: ts.Node): boolean {
  for (let at = node; at !== outer; at = at.parent) if (ts.isFunctionLike(at)) return true;
  return false;
}

/** Where the names of a new clause are looked up. */
function scopeOf(site: ts.SwitchStatement | ts.IfStatement): ts.Node {
  return ts.isSwitchStatement(site) ? site.caseBlock : site;
}

function keywordSpan(clause: ts.DefaultClause): Span {
  const start = clause.getStart();
  return { start, end: start + "default".length };
}

function containsSwitch(statement: ts.Statement): boolean {
  return (
    ts.isBlock(statement) &&
    statement.statements.length === 1 &&
    statement.statements.every((one) => ts.isSwitchStatement(one) || ts.isIfStatement(one))
  );
}

function alwaysThrows(statement: ts.Statement): boolean {
  return ts.isThrowStatement(statement) || (ts.isBlock(statement) && statement.statements.some(ts.isThrowStatement));
}

function insertionAt(unit: SourceUnit, site: ts.SwitchStatement | ts.IfStatement, subject: string): Insertion {
  const step = indentStep(unit.file);
  const base = { step, needsComma: false, needsEnding: false, subject };
  if (ts.isSwitchStatement(site)) {
    const { clauses } = site.caseBlock;
    const last = clauses.findLast(ts.isCaseClause);
    const tail = beforeFallback(clauses);
    const indent =
      last === undefined ? indentAt(unit.file, site.getStart()) + step : indentAt(unit.file, last.getStart());
    return {
      ...base,
      subject: site.expression.kind === ts.SyntaxKind.TrueKeyword ? subject : "",
      at: tail?.getFullStart() ?? last?.end ?? site.caseBlock.getStart() + 1,
      indent,
      needsEnding: tail === undefined && last !== undefined && !endsItself(last.statements),
      ending: usesReturn(clauses) ? "return;" : "break;",
    };
  }
  let last = site;
  while (last.elseStatement !== undefined && ts.isIfStatement(last.elseStatement)) last = last.elseStatement;
  const { thenStatement } = last;
  return {
    ...base,
    // Before the `else` that takes the rest.
    at: last.elseStatement === undefined ? last.end : thenStatement.end,
    needsEnding: !ts.isBlock(thenStatement) && !thenStatement.getText().endsWith(";"),
    indent: indentAt(unit.file, site.getStart()),
    ending: "break;",
  };
}

/** The `default`, or the first of the clauses that go on into it. */
function beforeFallback(clauses: readonly ts.CaseOrDefaultClause[]): ts.CaseOrDefaultClause | undefined {
  let at = clauses.findIndex(ts.isDefaultClause);
  while (at > 0 && !endsItself(clauses[at - 1]?.statements ?? [])) at--;
  return clauses[at];
}

function usesReturn(clauses: readonly ts.CaseOrDefaultClause[]): boolean {
  const endings = clauses
    .flatMap((clause) => clause.statements.slice(-1))
    .map((last) => (ts.isBlock(last) ? last.statements.at(-1) : last));
  return endings.length > 0 && endings.every((last) => last !== undefined && ts.isReturnStatement(last));
}
