/** Makes a map of handlers, checked by the compiler, of the `switch` that a class tells its messages apart with. */
import { ts } from "ts-morph";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import { isActorClass } from "../reading/definitions.ts";
import { indentAt } from "../reading/indentation.ts";
import { commentCount, isIdentifierName, MovedCode, startWithComments } from "../reading/moved-code.ts";
import type { SourceUnit } from "../reading/source-unit.ts";
import { endsItself, isAwaiting, ownBreaks } from "../reading/statement-ends.ts";
import { someNode, spanOf, symbolOf } from "../reading/symbols.ts";
import { membersOf } from "../reading/union-members.ts";
import { type HandlerParameters, handlerParameters } from "./handler-parameters.ts";

/** The field that is made. */
const TABLE = "#handlers";
/** The constant that the picked handler is put into. */
const PICKED = "handle";

/** @returns `undefined` where the code could mean something else afterwards. */
export function tableRewrite(unit: SourceUnit, facts: FileFacts, handler: ts.MethodDeclaration): Rewrite | undefined {
  const plan = planOf(unit, facts, handler);
  if (plan === undefined || handler.body === undefined) return undefined;
  const text = new TableText(unit, plan);
  const newText = text.field();
  if (commentCount(handler.body.getText()) !== commentCount(newText)) return undefined;
  const path = unit.file.fileName;
  const start = startWithComments(handler);
  return {
    title: "Convert the switch to a map of handlers",
    edits: [
      { path, span: { start, end: start }, newText },
      { path, span: spanOf(handler.body), newText: text.body() },
    ],
  };
}

interface Plan {
  readonly handler: ts.MethodDeclaration;
  readonly parameters: HandlerParameters;
  readonly discriminant: string;
  readonly isAsync: boolean;
  readonly clauses: readonly ts.CaseClause[];
}

function planOf(unit: SourceUnit, facts: FileFacts, handler: ts.MethodDeclaration): Plan | undefined {
  const owner = handler.parent;
  const parameters = handlerParameters(handler);
  const [site, ...others] = handler.body?.statements ?? [];
  const isOffered =
    ts.isClassLike(owner) &&
    isActorClass(unit, owner) &&
    handler.asteriskToken === undefined &&
    !owner.members.some((member) => member.name?.getText() === TABLE);
  if (!isOffered || parameters === undefined || site === undefined || others.length > 0 || !ts.isSwitchStatement(site))
    return undefined;
  const dispatch = facts.dispatches.find(({ span }) => span.start === site.expression.getStart());
  const discriminant = dispatch?.message.discriminant ?? "";
  const clauses = site.caseBlock.clauses.filter(ts.isCaseClause);
  const isAsync = handler.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  const isWhole =
    dispatch?.missing.length === 0 &&
    isIdentifierName(discriminant) &&
    ![parameters.message.name, parameters.context?.name].includes(PICKED) &&
    site.expression.getText() === `${parameters.message.name}.${discriminant}` &&
    isOneToOne(unit, handler, discriminant, clauses) &&
    (isAsync || handler.type !== undefined || !clauses.some(givesBack)) &&
    site.caseBlock.clauses.every((clause) => standsAlone(unit, site, clause, parameters));
  return isWhole ? { handler, parameters, discriminant, isAsync, clauses } : undefined;
}

/** One clause for each member of the message type, named by a text. */
function isOneToOne(
  unit: SourceUnit,
  handler: ts.MethodDeclaration,
  discriminant: string,
  clauses: readonly ts.CaseClause[],
): boolean {
  const [parameter] = handler.parameters;
  const members = parameter === undefined ? [] : membersOf(unit.checker.getTypeAtLocation(parameter));
  const tags = members.map((member) => {
    const property = member.getProperty(discriminant);
    const type = property === undefined ? undefined : unit.checker.getTypeOfSymbol(property);
    return type?.isStringLiteral() === true ? type.value : undefined;
  });
  const labels = new Set(
    clauses.map(({ expression }) => (ts.isStringLiteralLike(expression) ? expression.text : undefined)),
  );
  return labels.size === clauses.length && labels.size === tags.length && tags.every((tag) => labels.has(tag));
}

function givesBack(clause: ts.CaseClause): boolean {
  return someNode(clause, (node) => ts.isReturnStatement(node) && node.expression !== undefined);
}

/** Whether a clause can be a function: it ends itself, shares nothing with the others, and needs nothing of the method. */
function standsAlone(
  unit: SourceUnit,
  site: ts.SwitchStatement,
  clause: ts.CaseOrDefaultClause,
  { message, context }: HandlerParameters,
): boolean {
  if (ts.isDefaultClause(clause)) return isNeverCheck(unit, clause);
  const { clauses } = site.caseBlock;
  if (clause !== clauses.at(-1) && !endsItself(clause.statements)) return false;
  const declared = new Set<ts.Symbol>();
  const needsMethod = someNode(clause, (node) => {
    const name =
      (ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node)) && node.name;
    const symbol = name ? unit.checker.getSymbolAtLocation(name) : undefined;
    if (symbol !== undefined) declared.add(symbol);
    return (
      (ts.isIdentifier(node) && node.text === "arguments") ||
      (ts.isBreakOrContinueStatement(node) && node.label !== undefined) ||
      (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
    );
  });
  const isShared = clauses.some(
    (other) =>
      other !== clause && someNode(other, (node) => ts.isIdentifier(node) && has(declared, symbolOf(unit, node))),
  );
  const shadows = [...declared].some(({ name }) => name === message.name || name === context?.name);
  return !needsMethod && !isShared && !shadows;
}

function has(symbols: ReadonlySet<ts.Symbol>, symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && symbols.has(symbol);
}

/** A `default` for messages that the type does not have: `satisfies never`, `assertNever(…)`, a `throw`. */
function isNeverCheck(unit: SourceUnit, { statements }: ts.DefaultClause): boolean {
  return (
    statements.length > 0 &&
    statements.every((statement) => {
      if (ts.isThrowStatement(statement)) return true;
      if (!ts.isExpressionStatement(statement)) return false;
      const { expression } = statement;
      return (
        (ts.isSatisfiesExpression(expression) && expression.type.kind === ts.SyntaxKind.NeverKeyword) ||
        (unit.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Never) !== 0
      );
    })
  );
}

class TableText {
  readonly #unit: SourceUnit;
  readonly #plan: Plan;
  readonly #code: MovedCode;
  readonly #indent: string;

  constructor(unit: SourceUnit, plan: Plan) {
    this.#unit = unit;
    this.#plan = plan;
    this.#code = new MovedCode(unit.file);
    this.#indent = indentAt(unit.file, plan.handler.getStart());
  }

  /** The field with the map, to stand before the method. */
  field(): string {
    const { step, quote, semicolon } = this.#code;
    const { discriminant, clauses, parameters } = this.#plan;
    const { message, context } = parameters;
    const indent = this.#indent + step;
    const type = [
      `readonly ${TABLE}: {`,
      `${indent}readonly [K in ${message.type}[${quote}${discriminant}${quote}]]: (`,
      `${indent}${step}${message.name}: Extract<${message.type}, { readonly ${discriminant}: K }>,`,
      ...(context === undefined ? [] : [`${indent}${step}${context.name}: ${context.type},`]),
      `${indent}) => ${this.#returns()}${semicolon}`,
      `${this.#indent}} = {`,
    ];
    const handlers = clauses.map((clause) => this.#handler(clause, indent));
    return `${type.join("\n")}\n${handlers.join("")}${this.#indent}}${semicolon}\n\n${this.#indent}`;
  }

  /** The new body of the method. */
  body(): string {
    const { step, semicolon } = this.#code;
    const { discriminant, isAsync, parameters } = this.#plan;
    const given = [parameters.message, ...(parameters.context === undefined ? [] : [parameters.context])];
    const typed = given.map(({ name, type }) => `${name}: ${type}`).join(", ");
    const answer = isAsync ? "await " : this.#returns() === "void" ? "" : "return ";
    const indent = this.#indent + step;
    const picked = `this.${TABLE}[${parameters.message.name}.${discriminant}]`;
    return [
      "{",
      `${indent}const ${PICKED} = ${picked} as (${typed}) => ${this.#returns()}${semicolon}`,
      `${indent}${answer}${PICKED}(${given.map(({ name }) => name).join(", ")})${semicolon}`,
      `${this.#indent}}`,
    ].join("\n");
  }

  #returns(): string {
    return this.#plan.isAsync ? "void | Promise<void>" : (this.#plan.handler.type?.getText() ?? "void");
  }

  #handler(clause: ts.CaseClause, indent: string): string {
    const { step } = this.#code;
    const label = clause.expression as ts.StringLiteralLike;
    const name = isIdentifierName(label.text) ? label.text : label.getText();
    const statements = statementsOf(clause);
    const last = statements.at(-1);
    const kept = last !== undefined && ts.isBreakStatement(last) ? statements.slice(0, -1) : statements;
    // Nothing comes after the switch: a break that stands deeper ends the handler.
    const ends = kept.flatMap(ownBreaks).map((node) => ({
      span: { start: node.getStart(), end: node.getStart() + "break".length },
      newText: "return",
    }));
    const body = kept.length === 0 ? "{}" : `{\n${this.#code.statements(kept, indent + step, ends)}${indent}}`;
    const head = `${kept.some(isAwaiting) ? "async " : ""}(${this.#parametersUsed(clause).join(", ")})`;
    return `${this.#code.commentsBefore(clause, indent)}${indent}${name}: ${head} => ${body},\n`;
  }

  #parametersUsed(clause: ts.CaseClause): readonly string[] {
    const { handler, parameters } = this.#plan;
    const isUsed = handler.parameters.map((parameter) => {
      const symbol = symbolOf(this.#unit, parameter.name);
      return clause.statements.some((one) =>
        someNode(one, (node) => ts.isIdentifier(node) && symbolOf(this.#unit, node) === symbol),
      );
    });
    const { message, context } = parameters;
    if (context !== undefined && isUsed[1] === true)
      return [isUsed[0] === true ? message.name : `_${message.name}`, context.name];
    return isUsed[0] === true ? [message.name] : [];
  }
}

/** What a clause does, out of the block it may stand in. */
function statementsOf({ statements }: ts.CaseClause): readonly ts.Statement[] {
  const [first, second, ...others] = statements;
  const isBlock = first !== undefined && ts.isBlock(first) && others.length === 0;
  return isBlock && (second === undefined || ts.isBreakStatement(second)) ? first.statements : statements;
}
