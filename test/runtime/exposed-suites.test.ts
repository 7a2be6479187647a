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

test("a program under a debugger that stops at crashes keeps every guarantee, and does all that OTP does", () => {
  const preloaded = path.join(HERE, "all-exposed.ts");
  const env = { ...process.env };
  delete env["NODE_TEST_CONTEXT"];

  const args = ["--import", preloaded, "--test", "--test-reporter=tap", "--test-concurrency=2", ...suites];
  const { stdout } = spawnSync(process.execPath, args, { env, encoding: "utf8", maxBuffer: 2 ** 26 });

  assert.deepEqual(stdout.match(/^ *not ok .*$/gm) ?? [], []);
  assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 200, stdout.slice(-500));
});
