/** Puts actors that are spawned one after the other under a supervisor. */
import { ts } from "ts-morph";
import type { Rewrite } from "../facts/rewrite.ts";
import type { TextEdit } from "../source/text-edit.ts";
import { type ImportedName, runtimeValue, typeName } from "./imported-name.ts";
import { indentAt } from "./indentation.ts";
import { MovedCode, startWithComments } from "./moved-code.ts";
import type { SourceUnit } from "./source-unit.ts";
import { type SpawnedChild, type SpawnStatement, spawnedChildren, spawnStatement } from "./spawned-child.ts";
import { runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

const ROOT = "root";

/** @returns `undefined` where the code could not work afterwards. */
export function supervisorRewrite(unit: SourceUnit, call: ts.CallExpression): Rewrite | undefined {
  const spawn = spawnStatement(unit, call);
  const block = spawn?.statement.parent;
  if (spawn === undefined || block === undefined || !hasStatements(block)) return undefined;
  const edits = spawn.by === "system" ? underTheRoot(unit, spawn, block) : underTheActor(unit, spawn, block);
  return edits === undefined ? undefined : { title: "Put what is spawned here under a supervisor", edits };
}

type StatementHolder = ts.Node & { readonly statements: readonly ts.Statement[] };

function hasStatements(node: ts.Node): node is StatementHolder {
  return ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node);
}

/** The spawns by the same receiver that stand directly one after the other, the given one among them. */
function runOf(unit: SourceUnit, spawn: SpawnStatement, { statements }: StatementHolder): readonly SpawnStatement[] {
  const all = statements.map((statement) => {
    const found = spawnStatement(unit, callIn(statement));
    return found !== undefined && found.receiver.getText() === spawn.receiver.getText() ? found : undefined;
  });
  const at = statements.indexOf(spawn.statement);
  const first = all.findLastIndex((one, index) => one === undefined && index < at) + 1;
  const end = all.findIndex((one, index) => one === undefined && index > at);
  return all.slice(first, end < 0 ? undefined : end).filter((one) => one !== undefined);
}

function callIn(statement: ts.Statement): ts.CallExpression | undefined {
  const only = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.initializer : undefined;
  const value = ts.isExpressionStatement(statement) ? statement.expression : only;
  return value !== undefined && ts.isCallExpression(value) ? value : undefined;
}

/**
 * Directly after the start of a system without a root: they become children of its root, which are there as soon as the start is
 * over.
 */
function underTheRoot(
  unit: SourceUnit,
  spawn: SpawnStatement,
  block: StatementHolder,
): readonly TextEdit[] | undefined {
  const run = runOf(unit, spawn, block);
  const first = run[0]?.statement;
  const start = first === undefined ? undefined : block.statements[block.statements.indexOf(first) - 1];
  const options = start === undefined ? undefined : startOptions(unit, start, spawn.receiver);
  const children = spawnedChildren(unit, run);
  const imported = runtimeValue(unit, "supervisor");
  if (start === undefined || options === undefined || children === undefined || imported === undefined)
    return undefined;
  const isFree = unit.checker.resolveName(ROOT, start, ts.SymbolFlags.Value, false) === undefined;
  if (!isFree || children.some(({ spawn: { start: value } }) => isMadeAfter(unit, value, start))) return undefined;
  const kept = children.map((child) => keptRef(unit, child));
  if (kept.some((edit) => edit === undefined)) return undefined;
  const code = new MovedCode(unit.file);
  const indent = indentAt(unit.file, start.getStart());
  const made = `const ${ROOT} = ${supervisorText(code, imported.name, children, indent)}${code.semicolon}\n${indent}`;
  const at = startWithComments(start);
  return [
    ...imported.edits,
    { path: unit.file.fileName, span: { start: at, end: at }, newText: made },
    rootEdit(unit, options),
    ...distinct(kept.flatMap((one) => one ?? [])),
  ];
}

/** Two refs of one type need one import. */
function distinct(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.span.start}:${edit.newText}`, edit])).values()];
}

/** In an actor: nobody is told when they run, so only where nobody has their refs. */
function underTheActor(
  unit: SourceUnit,
  spawn: SpawnStatement,
  block: StatementHolder,
): readonly TextEdit[] | undefined {
  const run = runOf(unit, spawn, block);
  const children = run.some(({ variable }) => variable !== undefined) ? undefined : spawnedChildren(unit, run);
  const imported = runtimeValue(unit, "supervisor");
  const [first, last] = [run[0]?.statement, run.at(-1)?.statement];
  if (children === undefined || imported === undefined || first === undefined || last === undefined) return undefined;
  const span = { start: first.getStart(), end: last.end };
  if (run.slice(1).some(({ statement }) => hasComment(statement))) return undefined;
  const code = new MovedCode(unit.file);
  const text = supervisorText(code, imported.name, children, indentAt(unit.file, span.start));
  const newText = `${spawn.receiver.getText()}.spawn(${text})${code.semicolon}`;
  return [...imported.edits, { path: unit.file.fileName, span, newText }];
}

/** The options of `const system = await ActorSystem.start({ … })` that give no root. */
function startOptions(
  unit: SourceUnit,
  statement: ts.Statement,
  receiver: ts.Expression,
): ts.ObjectLiteralExpression | undefined {
  const [only, ...others] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  if (only?.initializer === undefined || others.length > 0 || !ts.isIdentifier(only.name)) return undefined;
  if (symbolOf(unit, receiver) !== symbolOf(unit, only.name)) return undefined;
  const awaited = skipOuter(only.initializer);
  const call = ts.isAwaitExpression(awaited) ? skipOuter(awaited.expression) : undefined;
  if (call === undefined || !ts.isCallExpression(call) || runtimeCallee(unit, call, "ActorSystem.start") === undefined)
    return undefined;
  const [options] = call.arguments;
  if (options === undefined || !ts.isObjectLiteralExpression(options) || options.properties.length === 0)
    return undefined;
  const isPlain = options.properties.every(
    ({ name }) => name !== undefined && ts.isIdentifier(name) && name.text !== "root",
  );
  return isPlain ? options : undefined;
}

/**
 * Whether a start needs, itself or through what it uses of this file, something that is made only after the system was started. What
 * is spawned starts later than a child of the root.
 */
function isMadeAfter(unit: SourceUnit, value: ts.Node, start: ts.Statement, seen: Set<ts.Node> = new Set()): boolean {
  seen.add(value);
  return someNode(value, (node) => {
    const home = ts.isIdentifier(node) ? symbolOf(unit, node)?.valueDeclaration : undefined;
    if (home === undefined || home.getSourceFile() !== unit.file || seen.has(home)) return false;
    if (value.pos <= home.pos && home.end <= value.end) return false;
    const isVariable = ts.isVariableDeclaration(home) || ts.isBindingElement(home);
    if (home.pos >= start.pos && (isVariable || ts.isClassDeclaration(home))) return true;
    const isLookedInto = isVariable || ts.isClassDeclaration(home) || ts.isFunctionDeclaration(home);
    return isLookedInto && isMadeAfter(unit, home, start, seen);
  });
}

/** The variable gets its ref from the tree; a spawn without one goes. */
function keptRef(unit: SourceUnit, { id, name, spawn }: SpawnedChild): readonly TextEdit[] | undefined {
  const path = unit.file.fileName;
  const { statement, call, variable, receiver } = spawn;
  if (variable === undefined)
    return hasComment(statement)
      ? undefined
      : [{ path, span: { start: statement.pos, end: statement.end }, newText: "" }];
  const type = messageType(unit, call);
  if (type === undefined) return undefined;
  const { quote } = new MovedCode(unit.file);
  const newText = `${receiver.getText()}.whereis<${type.name}>(${quote}${name ?? id}${quote})!`;
  return [...type.edits, { path, span: spanOf(call), newText }];
}

/** What the ref accepts, by its name: written out it would be another protocol. */
function messageType(unit: SourceUnit, call: ts.CallExpression): ImportedName | undefined {
  const [written] = call.typeArguments ?? [];
  if (written !== undefined) return { name: written.getText(), edits: [] };
  const [message] = unit.checker.getTypeArguments(unit.checker.getTypeAtLocation(call) as ts.TypeReference);
  return message === undefined ? undefined : typeName(unit, message);
}

function hasComment(statement: ts.Statement): boolean {
  const { text } = statement.getSourceFile();
  return (
    ts.getLeadingCommentRanges(text, statement.pos) !== undefined ||
    ts.getTrailingCommentRanges(text, statement.end) !== undefined
  );
}

function rootEdit(unit: SourceUnit, options: ts.ObjectLiteralExpression): TextEdit {
  const last = options.properties.at(-1);
  const at = last?.end ?? options.getStart() + 1;
  const isSpread = unit.file.text.slice(options.getStart(), last?.getStart()).includes("\n");
  const space = isSpread && last !== undefined ? `\n${indentAt(unit.file, last.getStart())}` : " ";
  return { path: unit.file.fileName, span: { start: at, end: at }, newText: `,${space}${ROOT}` };
}

function supervisorText(code: MovedCode, name: string, children: readonly SpawnedChild[], indent: string): string {
  const { step, quote } = code;
  const inner = indent + step + step;
  const specs = children.map(({ id, options, spawn }) => {
    const rest = options.map((property) => `, ${property.getText()}`).join("");
    const { start } = spawn;
    const written =
      ts.isIdentifier(start) && start.text === "start" ? "start" : `start: ${code.reindented(spanOf(start), inner)}`;
    return `${inner}{ id: ${quote}${id}${quote}${rest}, ${written} },\n`;
  });
  return `${name}({\n${indent}${step}children: [\n${specs.join("")}${indent}${step}],\n${indent}})`;
}
