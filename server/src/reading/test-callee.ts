/** Calls that make a test or a suite, and whose they are: by what the name is imported or declared as, not by how it sounds. */
import { ts } from "ts-morph";
import type { TestRunner } from "../protocol.ts";
import type { SourceUnit } from "./source-unit.ts";
import { followAlias, skipOuter } from "./symbols.ts";

export interface TestCallee {
  readonly runner: TestRunner;
  readonly isSuite: boolean;
  /** One test for each row of a table: what it is called is told by a run. */
  readonly isTable: boolean;
}

const SUITES = new Set(["describe", "suite", "context"]);
const TESTS = new Set(["test", "it", "specify"]);
/** `test.only`, `describe.concurrent`: the same, done otherwise. */
const MANNERS = new Set(["only", "skip", "todo", "concurrent", "sequential", "shuffle", "fails"]);
/** `test.skipIf(condition)`: a function that makes the test. */
const CONDITIONS = new Set(["skipIf", "runIf"]);
const TABLES = new Set(["each", "for"]);

/** Packages by whose tests they are, and in which of them that is declared. */
const PACKAGES: readonly (readonly [module: RegExp, runner: TestRunner])[] = [
  [/^(?:node:)?test$/, "node"],
  [/^(?:vitest|@vitest\/runner|vite-plus\/test)$/, "vitest"],
  [/^mocha$/, "mocha"],
];

/** @returns `undefined` for a call of anything else. */
export function testCallee(unit: SourceUnit, call: ts.CallExpression): TestCallee | undefined {
  let callee = skipOuter(call.expression);
  let isTable = false;
  for (;;) {
    const made = ts.isCallExpression(callee) ? skipOuter(callee.expression) : undefined;
    if (made !== undefined && ts.isPropertyAccessExpression(made)) {
      isTable ||= TABLES.has(made.name.text);
      if (!TABLES.has(made.name.text) && !CONDITIONS.has(made.name.text)) return undefined;
      callee = skipOuter(made.expression);
    } else if (ts.isTaggedTemplateExpression(callee) && ts.isPropertyAccessExpression(callee.tag)) {
      isTable = TABLES.has(callee.tag.name.text);
      if (!isTable) return undefined;
      callee = skipOuter(callee.tag.expression);
    } else if (ts.isPropertyAccessExpression(callee) && MANNERS.has(callee.name.text))
      callee = skipOuter(callee.expression);
    else break;
  }
  const made = ownerOf(unit, callee);
  return made && { ...made, isTable };
}

/** `test`, `it` under any name; `t.test` of the whole module. */
function ownerOf(unit: SourceUnit, callee: ts.Expression): Omit<TestCallee, "isTable"> | undefined {
  if (ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression)) {
    const isSuite = kindOf(callee.name.text);
    const runner = isSuite === undefined ? undefined : runnerOf(unit, callee.expression);
    return runner && runner !== "global" && isSuite !== undefined ? { runner, isSuite } : undefined;
  }
  if (!ts.isIdentifier(callee)) return undefined;
  const isSuite = kindOf(nameOf(unit, callee));
  const runner = isSuite === undefined ? undefined : runnerOf(unit, callee);
  return runner && isSuite !== undefined ? { runner, isSuite } : undefined;
}

/** Whether a word is that of suites; `undefined` for one that is neither of suites nor of tests. */
function kindOf(word: string): boolean | undefined {
  return SUITES.has(word) ? true : TESTS.has(word) ? false : undefined;
}

/** What it is called where it is declared. A default export of a runner is `test`. */
function nameOf(unit: SourceUnit, name: ts.Identifier): string {
  const symbol = unit.checker.getSymbolAtLocation(name);
  const declaration = symbol?.declarations?.[0];
  if (declaration !== undefined && ts.isImportClause(declaration)) return "test";
  if (declaration !== undefined && ts.isImportSpecifier(declaration)) {
    const imported = (declaration.propertyName ?? declaration.name).text;
    return imported === "default" ? "test" : kindOf(imported) === undefined ? textBehind(unit, symbol) : imported;
  }
  return name.text;
}

/** The name that a file of the project has handed it on from. */
function textBehind(unit: SourceUnit, symbol: ts.Symbol | undefined): string {
  return symbol === undefined ? "" : followAlias(unit, symbol).name;
}

/** `global`: declared by nobody here, so by the runner. `undefined`: by somebody else. */
function runnerOf(unit: SourceUnit, name: ts.Identifier): TestRunner | undefined {
  const symbol = unit.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return "global";
  const [imported] = symbol.declarations ?? [];
  const said = imported === undefined ? undefined : runnerNamed(specifierOf(imported));
  if (said !== undefined) return said;
  const behind = followAlias(unit, symbol);
  for (const declaration of behind.declarations ?? []) {
    const module = moduleAround(declaration);
    const runner = module === undefined ? undefined : runnerNamed(module);
    if (runner !== undefined) return runner;
  }
  if (unit.runtime.nameIn("@types/mocha", behind) !== undefined) return "mocha";
  const isVitest = ["vitest", "@vitest/runner"].some((one) => unit.runtime.nameIn(one, behind) !== undefined);
  return isVitest ? "vitest" : undefined;
}

function runnerNamed(module: string): TestRunner | undefined {
  return PACKAGES.find(([name]) => name.test(module))?.[1];
}

/** What a name in a file is imported from; nothing where it is not. */
function specifierOf(declaration: ts.Declaration): string {
  for (let at: ts.Node = declaration; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isImportDeclaration(at) && ts.isStringLiteral(at.moduleSpecifier)) return at.moduleSpecifier.text;
    if (ts.isVariableDeclaration(at)) return requiredBy(at);
  }
  return "";
}

/** `const { test } = require("node:test")` */
function requiredBy({ initializer }: ts.VariableDeclaration): string {
  if (initializer === undefined || !ts.isCallExpression(initializer)) return "";
  const [specifier] = initializer.arguments;
  const isRequire = ts.isIdentifier(initializer.expression) && initializer.expression.text === "require";
  return isRequire && specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : "";
}

/** `declare module "node:test" { … }` around a declaration. */
function moduleAround(declaration: ts.Declaration): string | undefined {
  for (let at: ts.Node = declaration; at !== undefined && !ts.isSourceFile(at); at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name)) return at.name.text;
  return undefined;
}
