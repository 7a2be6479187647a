import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Calendar, type Deadline, Deadlines } from "../../runtime/src/environment/deadlines.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import type { Undated } from "../../runtime/src/values/clock.ts";

/** Reads the clock at once. */
const calendar = (clock: VirtualClock): Calendar => ({
  date(undated) {
    undated.date(clock.monotonicMs());
    return clock.monotonicMs();
  },
});

/** Reads the clock when it is told to. */
function lateCalendar(): Calendar & { read(nowMs: number): void } {
  const undated: Undated[] = [];
  return {
    date: (one) => undated.push(one),
    read(nowMs) {
      for (const one of undated.splice(0)) one.date(nowMs);
    },
  };
}

class Noted implements Deadline {
  readonly batch: Deadline["batch"];
  before: Deadline | undefined;
  isPending = true;
  readonly #log: string[];
  readonly #clock: VirtualClock;
  readonly name: string;

  constructor(name: string, clock: VirtualClock, log: string[], deadlines: Deadlines, delayMs: number) {
    this.name = name;
    this.#clock = clock;
    this.#log = log;
    this.batch = deadlines.batchOf(delayMs);
    this.before = this.batch.newest;
    this.batch.add(this);
  }

  clear(): void {
    if (!this.isPending) return;
    this.isPending = false;
    this.batch.clear();
  }

  expire(): void {
    this.clear();
    this.#log.push(`${this.name} at ${this.#clock.monotonicMs()}`);
  }
}

/** How many are in the list that begins with it. */
function lengthFrom(newest: Deadline): number {
  let length = 0;
  for (let next: Deadline | undefined = newest; next !== undefined; next = next.before) length++;
  return length;
}

test("every deadline expires at its time, unless it was cleared before", async () => {
  const steps = fc.array(
    fc.record({ pause: fc.nat(30), delay: fc.constantFrom(10, 20, 50), clearAfter: fc.option(fc.nat(60)) }),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const clock = new VirtualClock({ settle: async () => {} });
      const deadlines = new Deadlines(clock, calendar(clock));
      const log: string[] = [];
      const expected: string[] = [];
      for (const [i, { pause, delay, clearAfter }] of plan.entries()) {
        await clock.advance(pause);
        const now = clock.monotonicMs();
        const deadline = new Noted(`d${i}`, clock, log, deadlines, delay);
        if (clearAfter !== null) clock.setTimer(() => deadline.clear(), clearAfter);
        // At the same moment the clearing comes second: the timer of the queue was set no later.
        if (clearAfter === null || clearAfter > delay) expected.push(`d${i} at ${now + delay}`);
        else if (clearAfter === delay) expected.push(`d${i} perhaps`);
      }
      await clock.advance(1_000);
      const certain = expected.filter((line) => !line.endsWith("perhaps"));
      const doubtful = expected.filter((line) => line.endsWith("perhaps")).map((line) => line.split(" ")[0]);
      assert.deepEqual(log.filter((line) => !doubtful.includes(line.split(" ")[0])).toSorted(), certain.toSorted());
      assert.deepEqual([...deadlines], []);
      assert.equal(clock.pendingCount, 0);
    }),
  );
});

test("deadlines of one length share one timer, and one that waits for nothing keeps no process alive", () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, calendar(clock));
  const all = Array.from({ length: 100 }, (_, i) => new Noted(`d${i}`, clock, [], deadlines, 5_000));

  assert.deepEqual(
    clock.pendingTimers().map(({ keepsAlive }) => keepsAlive),
    [true],
  );
  for (const deadline of all) deadline.clear();

  assert.deepEqual(
    clock.pendingTimers().map(({ keepsAlive }) => keepsAlive),
    [false],
  );
});

test("one that waits long does not keep what was set with it and cleared", () => {
  const clock = new VirtualClock();
  const days = lateCalendar();
  const deadlines = new Deadlines(clock, days);
  const all = Array.from({ length: 10_000 }, (_, i) => new Noted(`d${i}`, clock, [], deadlines, 5_000));
  const [first, last] = [all[0] as Noted, all.at(-1) as Noted];
  days.read(clock.monotonicMs());
  assert.equal(first.batch, last.batch);

  for (const deadline of all) if (deadline !== first && deadline !== last) deadline.clear();

  const kept = lengthFrom(last);
  assert.ok(kept < 200, `${kept} kept`);
  assert.deepEqual([...deadlines], [first, last]);
});

test("a timer that fires early does not let more of the cleared ones stay", () => {
  const clock = new VirtualClock();
  const days = lateCalendar();
  const deadlines = new Deadlines(clock, days);
  const all = Array.from({ length: 1_000 }, (_, i) => new Noted(`d${i}`, clock, [], deadlines, 5_000));
  const last = all.at(-1) as Noted;
  days.read(clock.monotonicMs());

  for (const deadline of all.slice(0, 500)) deadline.clear();
  last.batch.dueMs(clock.monotonicMs());
  for (const deadline of all.slice(500, 600)) deadline.clear();

  const kept = lengthFrom(last);
  assert.ok(kept <= 2 * 400 + 128, `${kept} kept`);
});

test("whoever keeps one that was cleared keeps none that are set later", () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, calendar(clock));
  const [earlier, kept, later] = [0, 1, 2].map((i) => new Noted(`d${i}`, clock, [], deadlines, 10));

  kept?.clear();

  assert.deepEqual([...deadlines], [earlier, later]);
  assert.deepEqual([kept?.batch.earlier, kept?.batch.later], [undefined, undefined]);
});

test("those of one batch expire in the order in which they were set, without those that were cleared", async () => {
  const clock = new VirtualClock({ settle: async () => {} });
  const days = lateCalendar();
  const deadlines = new Deadlines(clock, days);
  const log: string[] = [];
  const all = Array.from({ length: 5 }, (_, i) => new Noted(`d${i}`, clock, log, deadlines, 10));
  days.read(clock.monotonicMs());
  for (const i of [0, 3]) all[i]?.clear();

  await clock.advance(10);

  assert.deepEqual(log, ["d1 at 10", "d2 at 10", "d4 at 10"]);
});

test("a deadline set between two readings of the clock runs from the second: never early", async () => {
  const clock = new VirtualClock();
  const days = lateCalendar();
  const deadlines = new Deadlines(clock, days);
  const log: string[] = [];
  new Noted("read", clock, log, deadlines, 10);
  await clock.advance(3);
  days.read(clock.monotonicMs());
  new Noted("unread", clock, log, deadlines, 20);

  await clock.advance(60);

  // The timer of the second asks what time it is for want of anybody else.
  assert.deepEqual(log, ["read at 13", "unread at 43"]);
});

test("deadlines of ever new lengths leave few timers behind, once they are cleared", async () => {
  const clock = new VirtualClock({ settle: async () => {} });
  const deadlines = new Deadlines(clock, calendar(clock));
  const log: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    new Noted("cleared", clock, log, deadlines, 1_000 + i / 10).clear();
  }
  assert.ok(clock.pendingCount <= 65, `${clock.pendingCount} timers`);

  for (let i = 0; i < 100; i++) new Noted(`d${i}`, clock, log, deadlines, 10 + i);
  await clock.advance(2_000);

  assert.deepEqual(
    log,
    Array.from({ length: 100 }, (_, i) => `d${i} at ${10 + i}`),
  );
  assert.deepEqual([[...deadlines], clock.pendingCount], [[], 0]);
});
