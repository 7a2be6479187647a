import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Moment } from "../../runtime/src/clock.ts";
import { type Deadline, Deadlines } from "../../runtime/src/deadlines.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

function at(nowMs: number): Moment {
  const moment = new Moment();
  moment.settle(nowMs);
  return moment;
}

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
      const deadlines = new Deadlines(clock);
      const log: string[] = [];
      const expected: string[] = [];
      for (const [i, { pause, delay, clearAfter }] of plan.entries()) {
        await clock.advance(pause);
        const now = clock.monotonicMs();
        const deadline = new Noted(`d${i}`, clock, log);
        deadlines.set(deadline, delay, at(now));
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
  const deadlines = new Deadlines(clock);
  const all = Array.from({ length: 100 }, (_, i) => new Noted(`d${i}`, clock, []));

  for (const deadline of all) deadlines.set(deadline, 5_000, at(0));
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
  const deadlines = new Deadlines(clock);
  const all = Array.from({ length: 10_000 }, (_, i) => new Noted(`d${i}`, clock, []));
  const moment = at(0);
  for (const deadline of all) deadlines.set(deadline, 5_000, moment);
  const [first, last] = [all[0] as Noted, all.at(-1) as Noted];

  for (const deadline of all) if (deadline !== first && deadline !== last) deadline.batch?.clear(deadline);

  let kept = 0;
  for (let next: Deadline | undefined = first; next !== undefined; next = next.after) kept++;
  assert.ok(kept < 200, `${kept} kept`);
  assert.deepEqual([...deadlines], [first, last]);
});

test("clearing twice, or after the time, does nothing", async () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock);
  const log: string[] = [];
  const [cleared, expired] = [new Noted("a", clock, log), new Noted("b", clock, log)];
  for (const deadline of [cleared, expired]) deadlines.set(deadline, 10, at(0));

  for (let i = 0; i < 2; i++) cleared.batch?.clear(cleared);
  await clock.advance(10);
  expired.batch?.clear(expired);

  assert.deepEqual(log, ["b at 10"]);
});

test("a deadline set between two readings of the clock runs from the second: never early", async () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock);
  const log: string[] = [];
  const [read, unread] = [new Moment(), new Moment()];
  deadlines.set(new Noted("read", clock, log), 10, read);
  await clock.advance(3);
  read.settle(clock.monotonicMs());
  deadlines.set(new Noted("unread", clock, log), 20, unread);

  await clock.advance(60);

  // The timer of the second asks what time it is for want of anybody else.
  assert.deepEqual(log, ["read at 13", "unread at 43"]);
});

test("deadlines of ever new lengths leave few timers behind, once they are cleared", async () => {
  const clock = new VirtualClock({ settle: async () => {} });
  const deadlines = new Deadlines(clock);
  const log: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    const deadline = new Noted("cleared", clock, log);
    deadlines.set(deadline, 1_000 + i / 10, at(0));
    deadline.batch?.clear(deadline);
  }
  assert.ok(clock.pendingCount <= 65, `${clock.pendingCount} timers`);

  for (let i = 0; i < 100; i++) deadlines.set(new Noted(`d${i}`, clock, log), 10 + i, at(0));
  await clock.advance(2_000);

  assert.deepEqual(
    log,
    Array.from({ length: 100 }, (_, i) => `d${i} at ${10 + i}`),
  );
  assert.deepEqual([[...deadlines], clock.pendingCount], [[], 0]);
});
