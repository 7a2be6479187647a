import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "../..");

/** The TypeScript in a README. */
async function exampleIn(readme: string): Promise<string> {
  const text = await readFile(path.join(root, readme), "utf8");
  const [, code] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  assert.ok(code, `${readme} has an example`);
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

for (const readme of ["README.md", "runtime/README.md"]) {
  test(`the example of ${readme} does what its comments say`, async (t) => {
    const code = await exampleIn(readme);
    const file = await place(t, code);

    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });

    const promised = [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, line]) => line);
    assert.ok(promised.length > 0);
    assert.deepEqual(stdout.trimEnd().split("\n"), promised);
    assert.equal(stderr, "");
  });

  test(`the example of ${readme} compiles under every strict flag`, async (t) => {
    const file = await place(t, await exampleIn(readme));
    const { config } = ts.readConfigFile(path.join(root, ".tsconfig.base.json"), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    const checkOnly = { composite: false, declarationMap: false, isolatedDeclarations: false, noEmit: true };
    const program = ts.createProgram([file], { ...options, ...checkOnly });

    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));

    assert.deepEqual(problems, []);
  });

  test(`the example of ${readme} is about twenty lines`, async () => {
    const lines = (await exampleIn(readme)).split("\n").filter((line) => line.trim() !== "");
    assert.ok(lines.length <= 25, `${lines.length} lines`);
  });
}

for (const page of [
  "README.md",
  "ARCHITECTURE.md",
  "runtime/README.md",
  "runtime/GUARANTEES.md",
  "runtime/examples/order-desk/README.md",
  "runtime/examples/media-desk/README.md",
  "runtime/examples/guarded-files/README.md",
  "server/README.md",
  "extension/README.md",
]) {
  test(`the links of ${page} lead somewhere`, async () => {
    const text = await readFile(path.join(root, page), "utf8");
    const links = [...text.matchAll(/(?:\]\(|src(?:set)?=")(?!https?:|#)([^)#"]+)/g)].map(([, link]) => link as string);
    const lost = links.filter((link) => !existsSync(path.join(root, page, "..", link)));
    assert.deepEqual(lost, []);
  });
}
