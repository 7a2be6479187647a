import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import { InvalidArgumentError } from "../../runtime/src/values/errors.ts";
import { microtasks } from "./microtasks.ts";

test("time passes only in advance", async () => {
  const clock = new VirtualClock({ startMs: 1_000_000 });

  await clock.advance(250);

  assert.equal(clock.now(), 1_000_250);
  assert.equal(clock.monotonicMs(), 250);
});

test("timers fire in time order, those of one time in the order of their creation", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 40 }), async (delays) => {
      const clock = new VirtualClock({ settle: async () => {} });
      const fired: { delay: number; index: number; atMs: number }[] = [];
      delays.forEach((delay, index) => {
        clock.setTimer(() => fired.push({ delay, index, atMs: clock.monotonicMs() }), delay);
      });

      await clock.advance(20);

      const expected = delays.map((delay, index) => ({ delay, index, atMs: delay }));
      expected.sort((a, b) => a.delay - b.delay || a.index - b.index);
      assert.deepEqual(fired, expected);
      assert.equal(clock.pendingCount, 0);
    }),
  );
});

test("what follows from a timer is done before the next one fires", async () => {
  const clock = new VirtualClock();
  const log: string[] = [];
  clock.setTimer(() => {
    void microtasks(50).then(() => log.push("reaction to the first"));
  }, 10);
  clock.setTimer(() => log.push("second"), 10);

  await clock.advance(10);

  assert.deepEqual(log, ["reaction to the first", "second"]);
});

test("a timer set by a timer fires in the same advance when it is due in it", async () => {
  const clock = new VirtualClock();
  const firedAt: number[] = [];
  const repeat = (): void => {
    firedAt.push(clock.monotonicMs());
    clock.setTimer(repeat, 10);
  };
  clock.setTimer(repeat, 10);

  await clock.advance(35);

  assert.deepEqual(firedAt, [10, 20, 30]);
  assert.equal(clock.monotonicMs(), 35);
  assert.deepEqual(clock.pendingTimers(), [{ dueMs: 40, setAtMs: 30, keepsAlive: true }]);
});

test("a cleared timer never fires and is not pending", async () => {
  const clock = new VirtualClock();
  const timer = clock.setTimer(() => assert.fail("cleared"), 10);
  clock.clearTimer(timer);
  clock.clearTimer(timer);

  await clock.advance(10);

  assert.equal(clock.pendingCount, 0);
});

test("advances made at once take their turns", async () => {
  const clock = new VirtualClock();

  await Promise.all([clock.advance(10), clock.advance(5)]);

  assert.equal(clock.monotonicMs(), 15);
});

test("a timer that never fires is none to advance to", async () => {
  const clock = new VirtualClock();
  clock.setTimer(() => assert.fail("fired"), Number.POSITIVE_INFINITY);

  assert.equal(await clock.advanceToNextTimer(), false);
  assert.equal(clock.monotonicMs(), 0);
});

test("advanceToNextTimer goes to the next timer and no further", async () => {
  const clock = new VirtualClock();
  clock.setTimer(() => {}, 30);
  clock.setTimer(() => {}, 40);

  assert.equal(await clock.advanceToNextTimer(), true);
  assert.equal(clock.monotonicMs(), 30);
  assert.equal(await clock.advanceToNextTimer(), true);
  assert.equal(await clock.advanceToNextTimer(), false);
  assert.equal(clock.monotonicMs(), 40);
});

test("a timer that throws makes advance reject and leaves the others waiting", async () => {
  const clock = new VirtualClock();
  clock.setTimer(() => {
    throw new Error("in a timer");
  }, 10);
  clock.setTimer(() => {}, 20);

  await assert.rejects(clock.advance(20), { message: "in a timer" });

  assert.equal(clock.monotonicMs(), 10);
  assert.equal(clock.pendingCount, 1);
  await clock.advance(10);
  assert.equal(clock.pendingCount, 0);
});

test("advance refuses a time that is negative, infinite or no number", async () => {
  const clock = new VirtualClock();
  for (const ms of [-1, Number.POSITIVE_INFINITY, Number.NaN])
    await assert.rejects(clock.advance(ms), InvalidArgumentError);
});

test("whether a timer keeps the process alive can be seen", () => {
  const clock = new VirtualClock();
  const timer = clock.setTimer(() => {}, 10);
  clock.keepAlive(timer, false);
  assert.deepEqual(clock.pendingTimers(), [{ dueMs: 10, setAtMs: 0, keepsAlive: false }]);
});

test("a delay that is no number is none, as on a real clock, and holds up no other timer", async () => {
  const clock = new VirtualClock();
  const fired: string[] = [];
  for (const [name, delayMs] of [
    ["nonsense", Number.NaN],
    ["late", 7],
    ["early", 3],
  ] as const)
    clock.setTimer(() => fired.push(name), delayMs);

  await clock.advance(10);

  assert.deepEqual([fired, clock.pendingCount], [["nonsense", "early", "late"], 0]);
});
