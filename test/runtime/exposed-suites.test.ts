import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const HERE = import.meta.dirname;
const suites = ["otp", "guarantees"].flatMap((folder) =>
  readdirSync(path.join(HERE, folder))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(HERE, folder, file)),
);

/** Runs all of them in processes that load this first. */
function faultsOf(preloaded: string): readonly string[] {
  const env: NodeJS.ProcessEnv = { ...process.env, AIRSSYS_ORDERS: "none" };
  delete env["NODE_TEST_CONTEXT"];
  const file = path.join(HERE, preloaded);
  const args = ["--import", file, "--test", "--test-reporter=tap", "--test-concurrency=2", ...suites];
  const { stdout } = spawnSync(process.execPath, args, { env, encoding: "utf8", maxBuffer: 2 ** 26 });
  assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 200, stdout.slice(-500));
  return stdout.match(/^ *not ok .*$/gm) ?? [];
}

test("a program under a debugger that stops at crashes keeps every guarantee, and does all that OTP does", () => {
  assert.deepEqual(faultsOf("all-exposed.ts"), []);
});

test("a program whose messages a viewer follows with their payloads keeps every guarantee, and does all that OTP does", () => {
  assert.deepEqual(faultsOf("all-followed.ts"), []);
});

test("whose fault a promise is that nobody awaits is the same whether a viewer follows messages or not", () => {
  const program = path.join(HERE, "guarantees/stray-promises.ts");
  const printed = (...preloaded: string[]): string =>
    spawnSync(process.execPath, [...preloaded, program], { encoding: "utf8" }).stdout;

  assert.equal(printed("--import", path.join(HERE, "all-followed.ts")), printed());
});
