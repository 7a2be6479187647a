import assert from "node:assert/strict";
import { test } from "node:test";
import { Reporter } from "../../runtime/src/environment/reporter.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import type { RuntimeEvent } from "../../runtime/src/values/event.ts";
import { crashed, SHUTDOWN } from "../../runtime/src/values/exit-reason.ts";
import type { AnyActorRef } from "../../runtime/src/values/ref.ts";

const actor = { id: "bank/ledger" } as AnyActorRef;
const supervisor = { id: "bank" } as AnyActorRef;
const cause = new RangeError("amount must be positive");
const crash: RuntimeEvent = {
  type: "crashed",
  actor,
  incarnation: 1,
  reason: crashed(cause, "receive"),
  envelope: undefined,
};

function reporting(): { clock: VirtualClock; reporter: Reporter; lines: [string, unknown][] } {
  const clock = new VirtualClock();
  const lines: [string, unknown][] = [];
  const reporter = new Reporter(clock, (line, error) => lines.push([line, error]));
  return { clock, reporter, lines };
}

test("a crash is reported in words, with the error that has the stack", () => {
  const { reporter, lines } = reporting();

  reporter.report(crash);

  assert.deepEqual(lines, [["bank/ledger crashed in receive: RangeError: amount must be positive", cause]]);
});

test("what is no trouble is not reported", () => {
  const { reporter, lines } = reporting();

  reporter.report({ type: "started", actor, incarnation: 1 });
  reporter.report({ type: "ended", actor, incarnation: 1, reason: SHUTDOWN });
  reporter.report({ type: "restarted", actor, incarnation: 2, supervisor, reason: { kind: "killed" } });
  reporter.report({ type: "systemStopped", system: "bank", reason: SHUTDOWN });

  assert.deepEqual(lines, []);
});

test("an escalation names the supervisor, the child, the count and the period", () => {
  const { reporter, lines } = reporting();
  const reason = crashed(cause, "init");

  reporter.report({ type: "escalated", supervisor, actor, reason, restarts: 2, periodMs: 5_000 });

  const [[line]] = lines as [[string, unknown]];
  for (const fact of ["bank gave up", "2 within 5000 ms", "bank/ledger", "RangeError"])
    assert.ok(line.includes(fact), line);
});

test("at most ten lines a second are written, then how many were left out", async () => {
  const { clock, reporter, lines } = reporting();
  for (let i = 0; i < 25; i++) reporter.report(crash);
  assert.equal(lines.length, 10);

  await clock.advance(1_000);
  reporter.report(crash);

  assert.deepEqual(
    lines.slice(10).map(([line]) => line),
    ["… and 15 more reports like these", "bank/ledger crashed in receive: RangeError: amount must be positive"],
  );
});

test("the end of a system that gave up is always written, with its cause, after how many reports were left out", () => {
  const { reporter, lines } = reporting();
  for (let i = 0; i < 12; i++) reporter.report(crash);

  reporter.report({ type: "systemStopped", system: "bank", reason: crashed(cause) });

  assert.deepEqual(lines.slice(10), [
    ["… and 2 more reports like these", undefined],
    ["the system bank has ended: crashed in exit: RangeError: amount must be positive", cause],
  ]);
});

test("reports that were left out are counted at the latest when the system stops", () => {
  const { reporter, lines } = reporting();
  for (let i = 0; i < 11; i++) reporter.report(crash);

  for (let i = 0; i < 2; i++) reporter.report({ type: "systemStopped", system: "bank", reason: SHUTDOWN });

  assert.deepEqual(lines.slice(10), [["… and 1 more reports like these", undefined]]);
});

test("a logger that throws or rejects harms nobody, and no logger is none", () => {
  const clock = new VirtualClock();
  const rejecting = new Reporter(clock, (async () => {
    throw new Error("no network");
  }) as () => void);
  rejecting.report(crash);
  const throwing = new Reporter(clock, () => {
    throw new Error("disk full");
  });

  throwing.report(crash);
  throwing.listenerFailed(new Error("listener"));
  new Reporter(clock, undefined).report(crash);
});
