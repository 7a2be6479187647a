/** Functions every program has, by name: `setTimeout`, `process.exit`, wherever the typings declare them. */
import { ts } from "ts-morph";
import type { SourceUnit } from "./source-unit.ts";
import { symbolOf } from "./symbols.ts";

const TIME_AND_CHANCE = ["now", "random", "randomUUID", "getRandomValues", "hrtime", "fetch"];
const MEMBERS = new Set(["setTimeout", "setInterval", "setImmediate", "exit", "abort", "nextTick", ...TIME_AND_CHANCE]);

/**
 * The name of a global function; `undefined` for any other, also for one of the project or of a module with the same name.
 *
 * | written | name |
 * |---|---|
 * | `setTimeout`, also imported from `node:timers` under another name | `setTimeout` |
 * | `globalThis.setTimeout`, `timers.setTimeout` with `import * as timers` | `setTimeout` |
 * | `process.exit`, `process.nextTick`, also of the module `node:process` | `process.exit`, `process.nextTick` |
 */
export function globalName(unit: SourceUnit, callee: ts.Expression): string | undefined {
  // By the last name first: to ask what a name means costs most. An imported name may be another.
  const last = ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
  if (last !== undefined && !MEMBERS.has(last)) return undefined;
  if (ts.isIdentifier(callee)) return globalSymbol(unit, callee)?.name;
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return undefined;
  const { expression, name } = callee;
  if (expression.text === "process" && isDeclared(symbolOf(unit, expression))) return `process.${name.text}`;
  const member = globalSymbol(unit, name);
  if (member?.declarations?.some(ts.isFunctionDeclaration) === true) return member.name;
  const root = globalSymbol(unit, expression)?.name;
  return root === undefined ? undefined : `${root}.${name.text}`;
}

function globalSymbol(unit: SourceUnit, name: ts.MemberName): ts.Symbol | undefined {
  const symbol = symbolOf(unit, name);
  return symbol?.declarations?.some(isGlobal) === true ? symbol : undefined;
}

function isDeclared(symbol: ts.Symbol | undefined): boolean {
  return symbol?.declarations?.[0]?.getSourceFile().isDeclarationFile === true;
}

/** Declared for all files: at the top of a script, or in a `global` block of a module, as Node's typings have it. */
function isGlobal(declaration: ts.Declaration): boolean {
  if (!declaration.getSourceFile().isDeclarationFile) return false;
  for (let at: ts.Node = declaration; at !== undefined; at = at.parent) {
    if (ts.isModuleDeclaration(at) && at.flags & ts.NodeFlags.GlobalAugmentation) return true;
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name)) return false;
    if (ts.isSourceFile(at)) return !ts.isExternalModule(at);
  }
  return false;
}
