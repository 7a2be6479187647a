import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { wishes } from "../../../runtime/src/inspect/wishes.ts";

interface Ran {
  readonly out: string;
  readonly err: string;
}

/** Runs a program with one actor in an environment of its own. */
function run(env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ran> {
  const file = path.join(import.meta.dirname, "careless-program.ts");
  return new Promise((resolve, reject) =>
    execFile(process.execPath, [file, ...args], { env: { PATH: process.env["PATH"], ...env } }, (error, out, err) =>
      error && error.code !== 0 && typeof error.code !== "number" ? reject(error) : resolve({ out, err }),
    ),
  );
}

test("what the environment wishes is read, and what it cannot mean is said once and left", (t: TestContext) => {
  const said = t.mock.method(console, "error", () => {});
  assert.deepEqual(wishes({}), { freezeMessages: false, watchdog: undefined });
  assert.deepEqual(wishes({ AIRSSYS_FREEZE_MESSAGES: "0", AIRSSYS_WATCHDOG: "" }).watchdog, undefined);
  assert.deepEqual(wishes({ AIRSSYS_FREEZE_MESSAGES: "1", AIRSSYS_WATCHDOG: "1" }), {
    freezeMessages: true,
    watchdog: {},
  });
  assert.deepEqual(wishes({ AIRSSYS_WATCHDOG: "200" }).watchdog, { blockedMs: 200 });
  assert.equal(said.mock.callCount(), 0);
  for (let time = 0; time < 2; time++)
    assert.deepEqual(wishes({ AIRSSYS_FREEZE_MESSAGES: "yes", AIRSSYS_WATCHDOG: "-5" }), {
      freezeMessages: false,
      watchdog: undefined,
    });
  assert.deepEqual(
    said.mock.calls.map(({ arguments: [line] }) => line),
    [
      '[airssys] inspection: AIRSSYS_FREEZE_MESSAGES must be 0 or 1, got "yes"',
      '[airssys] inspection: AIRSSYS_WATCHDOG must be 0, 1 or milliseconds above 0, got "-5"',
    ],
  );
});

test("with AIRSSYS_FREEZE_MESSAGES=1 a handler that changes a message crashes at its line, and the error says why", async () => {
  const { out, err } = await run({ AIRSSYS_FREEZE_MESSAGES: "1" });
  assert.match(
    err,
    /Cannot assign to read only property 'cents' of object '#<Object>' \(messages are frozen once they are sent: change a copy\)/,
  );
  const [frame] = err.split("\n").filter((line) => /^\s*at /.test(line));
  assert.match(frame ?? "", /Careless\.handleMessage .*careless-program\.ts:\d+:/);
  assert.equal(out.trim(), "1");
});

test("without it, and where the options say no, nothing is frozen", async () => {
  assert.equal((await run({})).out.trim(), "2");
  assert.equal((await run({ AIRSSYS_FREEZE_MESSAGES: "1" }, ["never"])).out.trim(), "2");
});

test("with AIRSSYS_WATCHDOG whoever blocks the event loop is named, unless a debugger held him", async () => {
  const blocked = /desk\/careless blocked the event loop for \d+ ms \(on "spin"\)/;
  assert.match((await run({ AIRSSYS_WATCHDOG: "20" }, ["spin"])).err, blocked);
  assert.doesNotMatch((await run({}, ["spin"])).err, blocked);
  assert.doesNotMatch((await run({ AIRSSYS_WATCHDOG: "20" }, ["spin", "held"])).err, blocked);
});
