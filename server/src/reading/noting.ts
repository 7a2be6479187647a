/** Code that only writes something down: nothing else happens with what it is given. */
import { ts } from "ts-morph";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { isStored } from "./storing.ts";
import { isPlainFunction, skipOuter, symbolOf } from "./symbols.ts";

const LEVELS = new Set(["trace", "debug", "verbose", "silly", "log", "info", "warn", "warning", "error", "fatal"]);
const LOGGER = /^#?_?(?:log|logger|console)$|(?:Log|Logger)$/;
/** A function that is called so notes, where its body is not to be seen. */
const NOTING = /^(?:trace|debug|log|audit)(?:[A-Z_].*)?$/;
const MAX_DEPTH = 3;

/**
 * Whether a call only notes its arguments.
 *
 * | called | notes |
 * |---|---|
 * | `console.log` and the like, `process.stdout.write` | yes |
 * | `debug`, `info`, … of what is called a logger | yes |
 * | a function or method of the project whose body only notes, or only stores, also under conditions | yes |
 * | a function whose body is not to be seen, called `trace`, `debug`, `log`, `audit`, or these with more words | yes |
 * | `JSON.stringify`, whose result goes nowhere or is noted | yes |
 * | anything else | no |
 */
export function isNote(unit: SourceUnit, call: ts.Expression, depth = 0): boolean {
  const node = skipOuter(ts.isVoidExpression(call) || ts.isAwaitExpression(call) ? call.expression : call);
  if (!ts.isCallExpression(node)) return false;
  const callee = skipOuter(node.expression);
  if (/^console\.\w+$|^process\.(?:stdout|stderr)\.write$|^JSON\.stringify$/.test(callee.getText())) return true;
  if (ts.isPropertyAccessExpression(callee) && LEVELS.has(callee.name.text) && isLogger(callee.expression)) return true;
  return depth < MAX_DEPTH && isNotingFunction(unit, callee, depth);
}

/** Whether statements do nothing but note; what ends them without a value counts as nothing. */
export function onlyNote(unit: SourceUnit, statements: readonly ts.Statement[], depth = 0): boolean {
  return statements.every((statement) => {
    if (ts.isExpressionStatement(statement))
      return isNote(unit, statement.expression, depth) || (depth > 0 && isStored(statement.expression));
    if (ts.isBlock(statement)) return onlyNote(unit, statement.statements, depth);
    if (ts.isReturnStatement(statement))
      return statement.expression === undefined || isNote(unit, statement.expression, depth);
    if (ts.isIfStatement(statement))
      return (
        onlyNote(unit, [statement.thenStatement], depth) &&
        (statement.elseStatement === undefined || onlyNote(unit, [statement.elseStatement], depth))
      );
    return ts.isEmptyStatement(statement) || (ts.isBreakStatement(statement) && statement.label === undefined);
  });
}

function isLogger(receiver: ts.Expression): boolean {
  const node = skipOuter(receiver);
  if (ts.isIdentifier(node)) return LOGGER.test(node.text);
  return ts.isPropertyAccessExpression(node) && LOGGER.test(node.name.text);
}

function isNotingFunction(unit: SourceUnit, callee: ts.Expression, depth: number): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const isOwn = ts.isIdentifier(callee) || isOwnMember(callee);
  const declaration = isOwn ? symbolOf(unit, name)?.valueDeclaration : undefined;
  if (declaration === undefined) return false;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  if (value === undefined || !isPlainFunction(value) || value.body === undefined)
    return ts.isIdentifier(callee) && isDeclaredOnly(declaration) && NOTING.test(callee.text);
  const file = value.getSourceFile();
  if (file !== unit.file) unit.reads.add(file.fileName);
  return ts.isBlock(value.body)
    ? onlyNote(unit, value.body.statements, depth + 1)
    : isNote(unit, value.body, depth + 1) || isStored(value.body);
}

function isDeclaredOnly(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().isDeclarationFile || ts.isFunctionDeclaration(declaration);
}
