/**
 * Reads which tests of a file use the testkit. No test is run for that.
 *
 * | a test                                                             | is                                             |
 * | ------------------------------------------------------------------ | ---------------------------------------------- |
 * | whose title is written out, in the file or in a suite like that    | listed, if it or a hook of its suite uses it   |
 * | `t.test("…")` in another one                                       | listed with it                                 |
 * | of a table, of a title that is put together, in any other function | known to be there: a run of the file tells it  |
 */
import { ts } from "ts-morph";
import type { TestCase, TestFile } from "../facts/test-file.ts";
import type { TestRunner } from "../protocol.ts";
import type { SourceUnit } from "./source-unit.ts";
import { spanOf } from "./symbols.ts";
import { type TestCallee, testCallee } from "./test-callee.ts";
import { bothUses, type TestkitUse, TestkitUses } from "./testkit-use.ts";

const MAY_BE_TEST = /\b(?:test|it|describe|suite|specify|context)\b/;

/** @returns `undefined` for a file without such a test. */
export function readTests(unit: SourceUnit): TestFile | undefined {
  return MAY_BE_TEST.test(unit.file.text) ? new TestReading(unit).read() : undefined;
}

class TestReading {
  readonly #unit: SourceUnit;
  readonly #uses: TestkitUses;
  readonly #callees = new Map<ts.Node, TestCallee | undefined>();
  /** First parameters of tests: what a test of theirs is made with. */
  readonly #contexts = new Set<ts.Node>();
  #runner: TestRunner | undefined;
  #hasComputed = false;

  constructor(unit: SourceUnit) {
    this.#unit = unit;
    this.#uses = new TestkitUses(unit);
  }

  read(): TestFile | undefined {
    const cases = this.#within(this.#unit.file, { isUsed: false, explores: false });
    if (this.#runner === undefined || (cases.length === 0 && !this.#hasComputed)) return undefined;
    return { runner: this.#runner, cases, hasComputed: this.#hasComputed };
  }

  /** @param around what the suites around it use, for each of their tests. */
  #within(body: ts.Node, around: TestkitUse): readonly TestCase[] {
    const isApart = (node: ts.Node): boolean => this.#isTest(node) || isOnlyDeclared(node);
    const use = bothUses(around, this.#uses.in(body, isApart));
    const cases: TestCase[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && this.#isTest(node)) this.#add(node, use, cases);
      else if (ts.isFunctionLike(node)) this.#lookForComputed(node, use);
      else ts.forEachChild(node, visit);
    };
    ts.forEachChild(body, visit);
    return cases;
  }

  #add(call: ts.CallExpression, around: TestkitUse, cases: TestCase[]): void {
    const callee = this.#callee(call) as TestCallee;
    const [first] = call.arguments;
    const title = first !== undefined && ts.isStringLiteralLike(first) && !callee.isTable ? first.text : undefined;
    const own = callee.isSuite ? around : bothUses(around, this.#uses.in(call));
    if (title === undefined) {
      const whole = bothUses(own, this.#uses.in(call));
      if (whole.isUsed) this.#find(callee, true);
      return;
    }
    const body = call.arguments.find((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one));
    const [context] = body?.parameters ?? [];
    if (context !== undefined && !callee.isSuite) this.#contexts.add(context);
    const children = body === undefined ? [] : this.#within(body, around);
    if (callee.isSuite ? children.length === 0 : !own.isUsed) return;
    this.#find(callee, false);
    const explores = own.explores || children.some((child) => child.explores);
    addCase(cases, { title, span: spanOf(call), isSuite: callee.isSuite, explores, children });
  }

  #find({ runner }: TestCallee, isComputed: boolean): void {
    this.#runner ??= runner;
    this.#hasComputed ||= isComputed;
  }

  /** Tests that a function makes: whoever calls it may do so several times. */
  #lookForComputed(node: ts.Node, around: TestkitUse): void {
    const visit = (at: ts.Node): void => {
      if (this.#hasComputed) return;
      if (ts.isCallExpression(at) && this.#isTest(at)) {
        if (bothUses(around, this.#uses.in(at)).isUsed) this.#find(this.#callee(at) as TestCallee, true);
      } else ts.forEachChild(at, visit);
    };
    ts.forEachChild(node, visit);
  }

  #isTest(node: ts.Node): boolean {
    return ts.isCallExpression(node) && this.#callee(node) !== undefined;
  }

  #callee(call: ts.CallExpression): TestCallee | undefined {
    if (!this.#callees.has(call)) this.#callees.set(call, this.#ofContext(call) ?? testCallee(this.#unit, call));
    return this.#callees.get(call);
  }

  /** `t.test("…")`, where `t` is what a test was given. */
  #ofContext({ expression }: ts.CallExpression): TestCallee | undefined {
    if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return undefined;
    if (expression.name.text !== "test") return undefined;
    const declaration = this.#unit.checker.getSymbolAtLocation(expression.expression)?.valueDeclaration;
    const isContext = declaration !== undefined && this.#contexts.has(declaration);
    return isContext ? { runner: this.#runner ?? "node", isSuite: false, isTable: false } : undefined;
  }
}

/** Nobody can tell two tests of one title apart; suites of one title are one. */
function addCase(cases: TestCase[], added: TestCase): void {
  const at = cases.findIndex(({ title }) => title === added.title);
  const twin = cases[at];
  if (twin === undefined) cases.push(added);
  else if (twin.isSuite && added.isSuite) {
    const children = [...twin.children];
    for (const child of added.children) addCase(children, child);
    cases[at] = { ...twin, explores: twin.explores || added.explores, children };
  }
}

/** It does nothing until it is called; then it is looked into. */
function isOnlyDeclared(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isClassLike(node)) return true;
  return ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isFunctionLike(node.initializer);
}
