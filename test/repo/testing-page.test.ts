// runtime/TESTING.md: every block of it is a file that compiles under every strict flag, and a test that passes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "runtime/TESTING.md"), "utf8");

/** By name, the files of the page. */
const files = new Map(
  [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = "", code = ""]) => [name, code] as const),
);

/** Where `airssys-rt` is found. */
mkdirSync(path.join(root, ".cache"), { recursive: true });
const folder = mkdtempSync(path.join(root, ".cache/testing-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
for (const [name, code] of files) writeFileSync(path.join(folder, name), code);

test("every block of TypeScript on the testkit's page is a file, and there are ten recipes", () => {
  assert.equal(page.match(/^```ts$/gm)?.length, files.size);
  assert.equal(page.match(/^## \d+\. /gm)?.length, 10);
  assert.equal([...files.keys()].filter((name) => name.endsWith(".test.ts")).length, 10);
});

test("every recipe of the testkit's page passes", () => {
  const env: NodeJS.ProcessEnv = { ...process.env };
  delete env["NODE_TEST_CONTEXT"];
  const recipes = [...files.keys()].filter((name) => name.endsWith(".test.ts"));
  const args = ["--test", "--test-reporter=tap", ...recipes];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });

  assert.equal(status, 0, stdout.slice(-4_000));
  // One file has the test of another within it.
  assert.equal(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]), recipes.length + 1);
});

test("every block of the testkit's page compiles under every strict flag", () => {
  const { config } = ts.readConfigFile(path.join(root, ".tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const checkOnly = { composite: false, declarationMap: false, isolatedDeclarations: false, noEmit: true };
  const names = [...files.keys()].map((name) => path.join(folder, name));
  const program = ts.createProgram(names, { ...options, ...checkOnly });

  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);

  assert.deepEqual(problems, []);
});
