import assert from "node:assert/strict";
import { test } from "node:test";
import { IncarnationTimers } from "../../runtime/src/actor/actor-timers.ts";
import type { Clock } from "../../runtime/src/values/clock.ts";

test("a periodic timer that is behind its schedule is due at once, and never before that", () => {
  let nowMs = 0;
  const delays: number[] = [];
  let fire = (): void => {};
  // Each look at it takes a while, so that every schedule is missed.
  const slow: Clock = {
    now: () => nowMs,
    monotonicMs: () => (nowMs += 3),
    setTimer: (callback, delayMs) => {
      delays.push(delayMs);
      fire = callback;
      return { dueMs: nowMs + delayMs };
    },
    clearTimer: () => {},
    keepAlive: () => {},
  };
  let sent = 0;
  const send = (): void => void sent++;
  new IncarnationTimers(slow, send, () => {}).startPeriodic("key", { type: "tick" }, 1);

  for (let i = 0; i < 5; i++) fire();

  assert.equal(sent, 5);
  assert.deepEqual(delays, [1, 0, 0, 0, 0, 0]);
});
