/** What code takes from the machine and gets otherwise the next time: its clock, its chance, its network. */
import { ts } from "ts-morph";
import { globalName } from "./global-name.ts";
import type { SourceUnit } from "./source-unit.ts";
import { symbolOf } from "./symbols.ts";

const GLOBALS = new Set([
  "Date.now",
  "performance.now",
  "Math.random",
  "crypto.randomUUID",
  "crypto.getRandomValues",
  "process.hrtime",
  "fetch",
  "setTimeout",
  "setInterval",
]);
const NAMES = new Set([...GLOBALS].map((name) => name.slice(name.indexOf(".") + 1)));
/** Exports of a module of Node. */
const OF_MODULES = new Set(["randomUUID", "randomBytes", "randomInt"]);

/** @returns what it is called, such as `Date.now`; `undefined` for anything else. */
export function machineInput(unit: SourceUnit, node: ts.Node): string | undefined {
  if (ts.isNewExpression(node)) return isNow(unit, node) ? "new Date" : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return undefined;
  if (OF_MODULES.has(name.text) && isOfCrypto(unit, name)) return name.text;
  if (!NAMES.has(name.text)) return undefined;
  const global = globalName(unit, expression);
  return global !== undefined && GLOBALS.has(global) ? global : undefined;
}

/** `new Date()`: with an argument it is the same each time. */
function isNow(unit: SourceUnit, { expression, arguments: given }: ts.NewExpression): boolean {
  if ((given?.length ?? 0) > 0 || !ts.isIdentifier(expression) || expression.text !== "Date") return false;
  return symbolOf(unit, expression)?.declarations?.every((one) => one.getSourceFile().isDeclarationFile) === true;
}

function isOfCrypto(unit: SourceUnit, name: ts.Identifier): boolean {
  for (let at: ts.Node | undefined = symbolOf(unit, name)?.valueDeclaration; at !== undefined; at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name)) return /^(?:node:)?crypto$/.test(at.name.text);
  return false;
}
