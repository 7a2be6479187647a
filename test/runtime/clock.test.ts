import assert from "node:assert/strict";
import { test } from "node:test";
import { realClock } from "../../runtime/src/clock.ts";

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
