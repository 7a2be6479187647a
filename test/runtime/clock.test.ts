import assert from "node:assert/strict";
import { test } from "node:test";
import { realClock } from "../../runtime/src/values/clock.ts";

test("the real clock fires a timer once and never within setTimer", async () => {
  let isSet = false;
  await new Promise<void>((resolve) => {
    realClock.setTimer(() => {
      assert.ok(isSet);
      resolve();
    }, 0);
    isSet = true;
  });
});

test("a delay longer than setTimeout can take does not fire at once", async () => {
  const timers = [2 ** 31, Number.POSITIVE_INFINITY].map((delayMs) =>
    realClock.setTimer(() => assert.fail("fired at once"), delayMs),
  );

  await new Promise<void>((resolve) => realClock.setTimer(resolve, 5));

  for (const timer of timers) realClock.clearTimer(timer);
});

test("a timer that setTimeout ends before its time waits for the rest", (t) => {
  const ended: (() => void)[] = [];
  t.mock.method(globalThis, "setTimeout", (callback: () => void) => {
    ended.push(callback);
    return {};
  });
  let fired = 0;

  realClock.setTimer(() => fired++, 0);
  realClock.setTimer(() => assert.fail("fired too early"), 60_000);
  for (const end of [...ended]) end();

  assert.deepEqual([fired, ended.length], [1, 3]);
});

test("a timer keeps the process alive until the next turn of the event loop, and is not touched if it is needed again by then", async (t) => {
  let unrefs = 0;
  t.mock.method(globalThis, "setTimeout", () => ({ ref: () => {}, unref: () => unrefs++ }));
  const timer = realClock.setTimer(() => {}, 10);
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  for (let i = 0; i < 3; i++) {
    realClock.keepAlive(timer, false);
    realClock.keepAlive(timer, true);
  }
  await nextTurn();
  assert.equal(unrefs, 0);

  realClock.keepAlive(timer, false);
  realClock.keepAlive(timer, false);
  await nextTurn();
  assert.equal(unrefs, 1);
});
