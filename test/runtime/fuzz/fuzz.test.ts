/** Whatever is handed to an entry point, it ends in an error with a code, or in an effect. `npm run fuzz` looks longer. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { CALLS, EXEMPT, exemptionOf } from "./calls.ts";
import { entryPoints } from "./entry-points.ts";
import { HOSTILE } from "./hostile.ts";

/** In a process of its own: it must not end, and nothing may be left behind in it. */
function fuzz(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const run = path.join(import.meta.dirname, "run.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [run, ...args], {
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, output: stdout + stderr };
}

/** `files: write` is one way to call `files`. */
const entryOf = (call: string): string => call.replace(/: .*/, "");

test("every entry point of every door is fuzzed, or it is said why not", () => {
  const known = entryPoints();
  const owners = new Set(known.map((entry) => (entry.includes("#") ? entry.slice(0, entry.indexOf("#") + 1) : entry)));

  assert.ok(known.length > 200);
  assert.deepEqual(
    known.filter((entry) => CALLS[entry] === undefined && exemptionOf(entry) === undefined),
    [],
    "give it a row in test/runtime/fuzz/calls.ts",
  );
  assert.deepEqual(
    [...Object.keys(CALLS).map(entryOf), ...Object.keys(EXEMPT)].filter(
      (entry) => !known.includes(entry) && !owners.has(entry),
    ),
    [],
    "no such entry point",
  );
});

test("there are at least 70 hostile values, each under its own name", () => {
  assert.ok(new Set(HOSTILE.map(([name]) => name)).size >= 70);
  assert.equal(new Set(HOSTILE.map(([name]) => name)).size, HOSTILE.length);
});

test("the fuzz finds what is planted: an error of the engine, and a promise that nobody holds", () => {
  const { status, output } = fuzz("--only", "planted", "--planted");

  assert.equal(status, 1);
  assert.match(output, /planted 0 ← undefined\n {4}threw: TypeError/);
  assert.match(output, /planted 0 ← a symbol\n {4}left a promise behind: Error: nobody holds it/);
});

test("Every public entry point answers a hostile value with an error that has a code, or with an effect", () => {
  const { status, output } = fuzz("10000");

  assert.equal(status, 0, output);
  assert.match(output, /^\d+ entry points, \d{5,} calls, 0 faults$/m);
});
