import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import type { Hello, Session } from "../../extension/src/inspect/session.ts";
import type { Origin } from "../../extension/src/inspect/welcome.ts";
import { isHalted, stateIn } from "../../extension/src/programs/halted.ts";
import { Program } from "../../extension/src/programs/program.ts";

function program(pid: number, origin: Origin): Program {
  const hello = { pid, program: "/w/main.ts" } as unknown as Hello;
  return new Program({ id: "1", session: {} as Session, hello, origin, mayAct: () => true, pause: undefined });
}

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
    const asked = async (origin: Origin) => program(pid, origin).isHalted();
    assert.deepEqual(await Promise.all((["running", "debugging", "attached", "watched"] as const).map(asked)), [
      true,
      true,
      // These may be on another machine.
      false,
      false,
    ]);
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
