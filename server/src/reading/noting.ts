/** Code that only writes something down: nothing else happens with what it is given. */
import { ts } from "ts-morph";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { classAround, isReplaced, isStored } from "./storing.ts";
import { isPlainFunction, runtimeCallee, skipOuter, someNode, symbolOf } from "./symbols.ts";

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

/** Whether statements do nothing but note and count; what ends them without a value counts as nothing. */
export function onlyNote(unit: SourceUnit, statements: readonly ts.Statement[], depth = 0): boolean {
  return statements.every((statement) => {
    if (ts.isExpressionStatement(statement))
      return (
        isNote(unit, statement.expression, depth) ||
        isCounted(unit, statement.expression) ||
        (depth > 0 && isStored(statement.expression))
      );
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

/** Whether anything but a note looks at what is given a value here: a field of the class, or of another object. */
export function isReadElsewhere(unit: SourceUnit, target: ts.Expression): boolean {
  const field = skipOuter(target);
  if (!ts.isPropertyAccessExpression(field)) return false;
  // Who looks at another object's field is not to be seen.
  return !isOwnMember(field) || isUsed(field, (node) => isReplaced(node.parent, node) || isTold(unit, node, isNote));
}

/**
 * `this.#failures++`, `this.#dropped += 1`: a number that nothing else counts, that is noted or looked at by nobody, and decides nothing.
 * @param isAnswered whether it may be told to who asks for it, too.
 */
export function isCounted(unit: SourceUnit, step: ts.Expression, isAnswered = false): boolean {
  const target = stepped(skipOuter(step));
  const isTelling = (_: SourceUnit, call: ts.Expression): boolean =>
    isNote(unit, call) ||
    (isAnswered &&
      ts.isCallExpression(call) &&
      runtimeCallee(unit, call, "ActorContext.reply", "ReplyPort.reply") !== undefined);
  return (
    target !== undefined &&
    isOwnMember(target) &&
    !isUsed(target, (node) => node === target || isReplaced(node.parent, node) || isTold(unit, node, isTelling))
  );
}

/** What a step counts up or down by a fixed number. */
function stepped(node: ts.Node): ts.Expression | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken
      ? node.operand
      : undefined;
  const isStep =
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken ||
      node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken);
  return isStep && ts.isNumericLiteral(node.right) ? node.left : undefined;
}

/** Whether a field of the class is used anywhere in it but where it does not count. */
function isUsed(
  field: ts.PropertyAccessExpression,
  doesNotCount: (node: ts.PropertyAccessExpression) => boolean,
): boolean {
  const { text } = field.name;
  return someNode(classAround(field), (node) => isOwnMember(node) && node.name.text === text && !doesNotCount(node));
}

/** Whether a value goes into a call of some kind and nowhere else. */
function isTold(
  unit: SourceUnit,
  value: ts.Node,
  isTelling: (unit: SourceUnit, call: ts.Expression) => boolean,
): boolean {
  for (let at = value; !ts.isStatement(at) && at.parent !== undefined; at = at.parent) {
    if (ts.isCallExpression(at) && isTelling(unit, at)) return true;
    if (ts.isConditionalExpression(at.parent) && at.parent.condition === at) return false;
  }
  return false;
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
