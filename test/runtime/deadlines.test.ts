import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Undated } from "../../runtime/src/clock.ts";
import { type Calendar, type Deadline, Deadlines } from "../../runtime/src/deadlines.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

/** Reads the clock at once. */
const calendar = (clock: VirtualClock): Calendar => ({ date: (undated) => undated.date(clock.monotonicMs()) });

class Noted implements Deadline {
  after: Deadline | undefined = undefined;
  batch: Deadline["batch"] = undefined;
  readonly #log: string[];
  readonly #clock: VirtualClock;
  readonly name: string;
  constructor(name: string, clock: VirtualClock, log: string[]) {
    this.name = name;
    this.#clock = clock;
    this.#log = log;
  }
  expire(): void {
    this.#log.push(`${this.name} at ${this.#clock.monotonicMs()}`);
  }
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
        const deadline = new Noted(`d${i}`, clock, log);
        deadlines.set(deadline, delay);
        if (clearAfter !== null) clock.setTimer(() => deadline.batch?.clear(deadline), clearAfter);
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
  const all = Array.from({ length: 100 }, (_, i) => new Noted(`d${i}`, clock, []));

  for (const deadline of all) deadlines.set(deadline, 5_000);
  assert.deepEqual(
    clock.pendingTimers().map(({ keepsAlive }) => keepsAlive),
    [true],
  );
  for (const deadline of all) deadline.batch?.clear(deadline);

  assert.deepEqual(
    clock.pendingTimers().map(({ keepsAlive }) => keepsAlive),
    [false],
  );
});

test("one that waits long does not keep what was set with it and cleared", () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, calendar(clock));
  const all = Array.from({ length: 10_000 }, (_, i) => new Noted(`d${i}`, clock, []));
  for (const deadline of all) deadlines.set(deadline, 5_000);
  const [first, last] = [all[0] as Noted, all.at(-1) as Noted];

  for (const deadline of all) if (deadline !== first && deadline !== last) deadline.batch?.clear(deadline);

  let kept = 0;
  for (let next: Deadline | undefined = first; next !== undefined; next = next.after) kept++;
  assert.ok(kept < 200, `${kept} kept`);
  assert.deepEqual([...deadlines], [first, last]);
});

test("clearing twice, or after the time, does nothing", async () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, calendar(clock));
  const log: string[] = [];
  const [cleared, expired] = [new Noted("a", clock, log), new Noted("b", clock, log)];
  for (const deadline of [cleared, expired]) deadlines.set(deadline, 10);

  for (let i = 0; i < 2; i++) cleared.batch?.clear(cleared);
  await clock.advance(10);
  expired.batch?.clear(expired);

  assert.deepEqual(log, ["b at 10"]);
});

test("a deadline set between two readings of the clock runs from the second: never early", async () => {
  const clock = new VirtualClock();
  const undated: Undated[] = [];
  const deadlines = new Deadlines(clock, { date: (one) => undated.push(one) });
  const log: string[] = [];
  deadlines.set(new Noted("read", clock, log), 10);
  await clock.advance(3);
  for (const one of undated) one.date(clock.monotonicMs());
  deadlines.set(new Noted("unread", clock, log), 20);

  await clock.advance(60);

  // The timer of the second asks what time it is for want of anybody else.
  assert.deepEqual(log, ["read at 13", "unread at 43"]);
});

test("deadlines of ever new lengths leave few timers behind, once they are cleared", async () => {
  const clock = new VirtualClock({ settle: async () => {} });
  const deadlines = new Deadlines(clock, calendar(clock));
  const log: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    const deadline = new Noted("cleared", clock, log);
    deadlines.set(deadline, 1_000 + i / 10);
    deadline.batch?.clear(deadline);
  }
  assert.ok(clock.pendingCount <= 65, `${clock.pendingCount} timers`);

  for (let i = 0; i < 100; i++) deadlines.set(new Noted(`d${i}`, clock, log), 10 + i);
  await clock.advance(2_000);

  assert.deepEqual(
    log,
    Array.from({ length: 100 }, (_, i) => `d${i} at ${10 + i}`),
  );
  assert.deepEqual([[...deadlines], clock.pendingCount], [[], 0]);
});
