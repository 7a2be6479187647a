import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { isHalted, stateIn } from "../../extension/src/programs/halted.ts";

test("a process that was stopped is known as that until it goes on", {
  skip: process.platform === "win32",
}, async () => {
  const child = spawn(process.execPath, ["-e", "process.stdout.write('.'); setInterval(() => {}, 1000)"]);
  try {
    await once(child.stdout, "data");
    const pid = child.pid ?? assert.fail();
    assert.equal(await isHalted(pid), false);
    child.kill("SIGSTOP");
    // Signals arrive in order, and the second look comes after the first.
    let looks = 0;
    while (!(await isHalted(pid))) assert.ok(++looks < 10_000, "it never stops");
    child.kill("SIGCONT");
    for (looks = 0; await isHalted(pid); ) assert.ok(++looks < 10_000, "it never goes on");
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "close");
  assert.equal(await isHalted(child.pid ?? 0), false);
});

test("the name of a process says nothing of its state", () => {
  assert.equal(stateIn("71 (a) T (node) S 1 71").charAt(0), "S");
  assert.equal(stateIn("71 (node) T 1 71").charAt(0), "T");
});
