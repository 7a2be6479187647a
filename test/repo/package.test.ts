import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "../..");
const runtime = path.join(root, "runtime");

/** Runs a command in the folder of the package. Rejects, with what it said, when it does not end with 0. */
function run(command: string, ...args: string[]): Promise<{ stdout: string }> {
  const bin = path.join(root, "node_modules", ".bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env["PATH"]}`, NO_COLOR: "1" };
  return promisify(execFile)(command, args, { cwd: runtime, env, maxBuffer: 16 * 1024 * 1024 });
}

test("publint finds nothing to say about the package", async () => {
  const { stdout } = await run("publint", "--strict", ".");
  assert.match(stdout, /All good!/);
});

test("the types of every door are right for ESM and for bundlers", async () => {
  await run("attw", "--pack", ".", "--profile", "esm-only", "--no-emoji");
});

test("the package holds what was compiled and what people read, and nothing else", async () => {
  const { stdout } = await run("npm", "pack", "--dry-run", "--json");
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];

  const strangers = files
    .map((file) => file.path)
    .filter(
      (file) =>
        !/^(package\.json|(README|TESTING|GUARANTEES|CONFORMANCE)\.md|LICENSE|dist\/.*\.(js|d\.ts)(\.map)?)$/.test(
          file,
        ),
    );

  assert.deepEqual(strangers, []);
  assert.ok(files.some((file) => file.path === "dist/index.js"));
});

test("the package depends on nothing", async () => {
  const manifest = JSON.parse(await readFile(path.join(runtime, "package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts?.postinstall, undefined);
});

/** Bytes, minified and compressed, of what a program takes with it. A budget is there to be raised on purpose, with a reason. */
const budgets: readonly (readonly [title: string, code: string, budget: number])[] = [
  // Refusing every misuse with all its faults takes words, and so does holding against values that cannot be read. Inspection, with what
  // a debugger can stop at, one actor closely, messages and recordings, is loaded with the system. Who sends what no turn waits for is known.
  ["everything", 'export * from "airssys-rt"', 83_500],
  ["a functional actor's definition", 'export { defineActor } from "airssys-rt"', 3_600],
  // With the meaning of grants: the language server judges security contexts by the very functions of the run time.
  ["the meaning of supervision and of grants", 'export * from "airssys-rt/spec"', 7_400],
  ["the circuit breaker alone", 'export * from "./runtime/dist/guards/circuit-breaker.js"', 4_800],
  // A test of a program takes the whole runtime with it, and the kit of one actor behaves as a system does.
  ["the testkit", 'export * from "airssys-rt/testing"', 115_000],
];

for (const [title, contents, budget] of budgets) {
  test(`size: ${title} is at most ${budget} bytes`, async () => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "node",
      write: false,
    });
    const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    assert.ok(bytes <= budget, `${title}: ${bytes} bytes, the budget is ${budget}`);
  });
}
