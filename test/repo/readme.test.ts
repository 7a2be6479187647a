import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../..");

/** The TypeScript in the README of the runtime. */
async function example(): Promise<string> {
  const text = await readFile(path.join(root, "runtime/README.md"), "utf8");
  const [, code] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  assert.ok(code, "runtime/README.md has an example");
  return code;
}

/** A file with that content inside the repository, where `airssys-rt` is found. */
async function place(t: TestContext, code: string): Promise<string> {
  const cache = path.join(root, ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, "readme-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, "package.json"), '{ "type": "module" }');
  const file = path.join(folder, "example.ts");
  await writeFile(file, code);
  return file;
}

test("the example of the runtime's README does what its comments say", async (t) => {
  const code = await example();
  const file = await place(t, code);

  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });

  const promised = [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, line]) => line);
  assert.ok(promised.length > 0);
  assert.deepEqual(stdout.trimEnd().split("\n"), promised);
  assert.equal(stderr, "");
});

test("the example of the runtime's README compiles under every strict flag", async (t) => {
  const file = await place(t, await example());
  const { config } = ts.readConfigFile(path.join(root, ".tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const checkOnly = { composite: false, declarationMap: false, isolatedDeclarations: false, noEmit: true };
  const program = ts.createProgram([file], { ...options, ...checkOnly });

  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));

  assert.deepEqual(problems, []);
});

test("the example of the runtime's README is about twenty lines", async () => {
  const lines = (await example()).split("\n").filter((line) => line.trim() !== "");
  assert.ok(lines.length <= 24, `${lines.length} lines`);
});
