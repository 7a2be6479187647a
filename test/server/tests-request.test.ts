// Which tests use the testkit, as the source says it: for an editor that lists them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestCase, TestFile } from "../../server/src/facts/test-file.ts";
import { analysisOf } from "./fixture.ts";

const KIT = 'import { BehaviorKit, TestSystem, explore } from "airssys-rt/testing";\n';
const NODE = 'import { describe, it, suite, test } from "node:test";\n';
const RUN = "async () => { await TestSystem.start(); }";
const EXPLORE = "() => explore({}, async (world) => { await world.start(); })";

function read(text: string, others: Readonly<Record<string, string>> = {}): TestFile | undefined {
  const analysis = analysisOf(new Map(Object.entries({ ...others, "/a.test.ts": text })));
  return analysis.index.files.find(({ path }) => path === "/a.test.ts")?.tests;
}

/** `title*` explores; suites with what is in them. */
function outline(cases: readonly TestCase[]): readonly unknown[] {
  return cases.map(({ title, explores, isSuite, children }) => {
    const name = `${title}${explores ? "*" : ""}`;
    return isSuite || children.length > 0 ? [name, outline(children)] : name;
  });
}

function titles(text: string, others: Readonly<Record<string, string>> = {}): unknown {
  const found = read(text, others);
  return found && [found.runner, ...outline(found.cases), ...(found.hasComputed ? ["…"] : [])];
}

for (const [title, text, expected, others] of [
  ["starts a test system", `${KIT}${NODE}test("one", ${RUN});`, ["node", "one"]],
  ["explores", `${KIT}${NODE}it("one", ${EXPLORE});`, ["node", "one*"]],
  [
    "stands in suites",
    `${KIT}${NODE}describe("a", () => { suite("b", () => { it("c", ${RUN}); }); test("d", ${EXPLORE}); });`,
    ["node", ["a*", [["b", ["c"]], "d*"]]],
  ],
  [
    "stands in a test",
    `${KIT}${NODE}test("a", async (t) => { await TestSystem.start(); await t.test("b", ${EXPLORE}); });`,
    ["node", ["a*", ["b*"]]],
  ],
  ["is only, to be skipped or to do", `${KIT}${NODE}test.only("a", ${RUN}); it.skip("b", ${RUN});`, ["node", "a", "b"]],
  ["is called by another name", `${KIT}import { test as check } from "node:test";\ncheck("a", ${RUN});`, ["node", "a"]],
  ["is of the default export", `${KIT}import prove from "node:test";\nprove("a", ${RUN});`, ["node", "a"]],
  ["is of the whole module", `${KIT}import * as t from "node:test";\nt.it("a", ${RUN});`, ["node", "a"]],
  ["is of vitest", `${KIT}import { test } from "vitest";\ntest.concurrent("a", ${EXPLORE});`, ["vitest", "a*"]],
  [
    "is under a condition of vitest",
    `${KIT}import { test } from "vitest";\ntest.skipIf(true)("a", ${RUN});`,
    ["vitest", "a"],
  ],
  ["is of mocha", `${KIT}import { specify } from "mocha";\nspecify("a", ${RUN});`, ["mocha", "a"]],
  ["is of whoever runs it", `${KIT}describe("a", () => { it("b", ${RUN}); });`, ["global", ["a", ["b"]]]],
  [
    "comes through a file of the project",
    `${KIT}import { test } from "./base.ts";\ntest("a", ${RUN});`,
    ["node", "a"],
    {
      "/base.ts": '/// <reference path="./types.d.ts" />\nexport { test } from "node:test";',
      "/types.d.ts": 'declare module "node:test" { export function test(title: string, run: unknown): void; }',
    },
  ],
  [
    "calls a function that starts one",
    `import "airssys-rt";\nimport { open } from "./support.ts";\n${NODE}test("a", async () => { await open(); });\ntest("b", () => {});`,
    ["node", "a"],
    { "/support.ts": `${KIT}export async function open() { await TestSystem.start(); }` },
  ],
  [
    "hands itself over to such a function",
    `${KIT}${NODE}const every = ${EXPLORE};\ntest("a", every);\ntest("b", { timeout: 5 }, () => every());`,
    ["node", "a*", "b*"],
  ],
  [
    "has a hook that does",
    `${KIT}${NODE}import { beforeEach } from "node:test";\ndescribe("a", () => { beforeEach(${RUN}); it("b", () => {}); });\nit("c", () => {});`,
    ["node", ["a", ["b"]]],
  ],
  [
    "has quotes and signs in its title",
    `${KIT}${NODE}test('it\\'s "1 + 1" (a|b)', ${RUN});`,
    ["node", `it's "1 + 1" (a|b)`],
  ],
  [
    "has a title only a run tells",
    `${KIT}${NODE}for (const n of [1, 2]) test(\`a \${n}\`, ${RUN});\ntest("b", ${RUN});`,
    ["node", "b", "…"],
  ],
  ["is of a table", `${KIT}import { test } from "vitest";\ntest.each([1, 2])("a %i", ${RUN});`, ["vitest", "…"]],
  [
    "is made by a function",
    `${KIT}${NODE}function both(name: string) { test("a", ${RUN}); }\nboth("x");`,
    ["node", "…"],
  ],
  [
    "stands in a suite with the title of another one",
    `${KIT}${NODE}describe("a", () => { it("b", ${RUN}); }); describe("a", () => { it("b", ${RUN}); it("c", ${EXPLORE}); });`,
    ["node", ["a*", ["b", "c*"]]],
  ],
  ["has the title of another one", `${KIT}${NODE}test("a", ${RUN}); test("a", ${RUN});`, ["node", "a"]],
] as const)
  test(`a test is found that ${title}`, () => assert.deepEqual(titles(text, others), expected));

for (const [title, text] of [
  ["does not use the testkit", `import "airssys-rt";\n${NODE}test("a", () => {});`],
  ["imports it and does not use it", `${KIT}${NODE}test("a", () => {});`],
  [
    "uses only types of it",
    `import type { TestSystem } from "airssys-rt/testing";\n${NODE}test("a", (t: TestSystem) => {});`,
  ],
  [
    "is a function of the file that is called test",
    `${KIT}function test(a: string, b: unknown) {}\ntest("a", ${RUN});`,
  ],
  ["is of another package", `${KIT}import { test } from "other";\ntest("a", ${RUN});`],
  ["is a method", `${KIT}const page = { test(a: string, b: unknown) {} };\npage.test("a", ${RUN});`],
  ["stands in a comment", `${KIT}// import { test } from "node:test"; test("a", ${RUN})\nexport {};`],
  [
    "uses a kit of somebody else",
    `import "airssys-rt";\n${NODE}import { explore } from "other";\ntest("a", () => explore({}, 1));`,
  ],
] as const)
  test(`nothing is found of what ${title}`, () => assert.equal(titles(text), undefined));

test("the place of a test is the whole call", () => {
  const text = `${KIT}${NODE}test("a", ${RUN});`;
  const span = read(text)?.cases[0]?.span;
  assert.equal(text.slice(span?.start, span?.end), `test("a", ${RUN})`);
});
