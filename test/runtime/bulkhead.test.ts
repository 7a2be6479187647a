import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Bulkhead } from "../../runtime/src/guards/bulkhead.ts";
import { BulkheadFullError } from "../../runtime/src/guards/fault-errors.ts";
import { microtasks } from "./microtasks.ts";

/** Calls whose ends are in the test's hand, in the order in which they began. */
function desk() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const call = (id: number) => () => {
    begun.push(id);
    return new Promise<void>((resolve, reject) => ends.set(id, { resolve, reject }));
  };
  return { begun, ends, call };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("calls up to the limit run at once, more wait in the order they came", async () => {
  const bulkhead = new Bulkhead({ limit: 2, maxQueued: 2 });
  const { begun, ends, call } = desk();
  const outcomes = [1, 2, 3, 4].map((id) => bulkhead.execute(call(id)));
  await settle();
  assert.deepEqual(begun, [1, 2]);
  assert.deepEqual([bulkhead.running, bulkhead.queued], [2, 2]);

  ends.get(2)?.resolve();
  await settle();

  assert.deepEqual(begun, [1, 2, 3]);
  for (const id of [1, 3]) ends.get(id)?.resolve();
  await settle();
  ends.get(4)?.resolve();
  await Promise.all(outcomes);
  assert.deepEqual([bulkhead.running, bulkhead.queued], [0, 0]);
});

test("a call beyond the queue is refused at once and never runs", async () => {
  const bulkhead = new Bulkhead({ name: "thumbnails", limit: 1 });
  const { ends, call } = desk();
  const running = bulkhead.execute(call(1));

  await assert.rejects(
    bulkhead.execute(() => assert.fail("ran")),
    (error) => {
      assert.ok(error instanceof BulkheadFullError);
      assert.equal(error.code, "ERR_BULKHEAD_FULL");
      assert.equal(error.message, "bulkhead thumbnails is full: 1 running, 0 waiting");
      assert.deepEqual([error.bulkhead, error.limit, error.maxQueued], ["thumbnails", 1, 0]);
      return true;
    },
  );

  ends.get(1)?.resolve();
  await running;
});

test("a call that fails makes room like one that succeeds", async () => {
  const bulkhead = new Bulkhead({ limit: 1 });
  const broken = new Error("broken");

  await assert.rejects(
    bulkhead.execute(() => {
      throw broken;
    }),
    broken,
  );

  assert.equal(await bulkhead.execute(() => "next"), "next");
});

test("one that gives up while it waits leaves its place to others and never runs", async () => {
  const bulkhead = new Bulkhead({ limit: 1, maxQueued: 1 });
  const { begun, ends, call } = desk();
  const giving = new AbortController();
  const first = bulkhead.execute(call(1));
  const second = bulkhead.execute(call(2), giving.signal);

  giving.abort();
  await assert.rejects(second, { name: "AbortError" });
  const third = bulkhead.execute(call(3));
  ends.get(1)?.resolve();
  await first;
  await settle();

  assert.deepEqual(begun, [1, 3]);
  ends.get(3)?.resolve();
  await third;
});

test("one that gives up when its turn has just come never runs, and leaves its place", async () => {
  const bulkhead = new Bulkhead({ limit: 1, maxQueued: 1 });
  const { ends, call } = desk();
  const giving = new AbortController();
  const first = bulkhead.execute(call(1));
  const second = bulkhead.execute(() => assert.fail("ran"), giving.signal);

  ends.get(1)?.resolve();
  while (bulkhead.queued > 0) await Promise.resolve();
  giving.abort();

  await assert.rejects(second, { name: "AbortError" });
  await first;
  assert.equal(bulkhead.running, 0);
});

test("a new call never overtakes one that waits", async () => {
  const bulkhead = new Bulkhead({ limit: 1, maxQueued: 5 });
  const { begun, ends, call } = desk();
  const outcomes = [bulkhead.execute(call(1)), bulkhead.execute(call(2))];
  ends.get(1)?.resolve();
  await outcomes[0];

  outcomes.push(bulkhead.execute(call(3)));
  await settle();

  assert.deepEqual(begun, [1, 2]);
  ends.get(2)?.resolve();
  await settle();
  ends.get(3)?.resolve();
  await Promise.all(outcomes);
});

test("laws over any history: the limits hold, turns are taken in order, nobody is forgotten", async () => {
  const step = fc.constantFrom("come", "end", "give_up");
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(4),
      async (history, limit, maxQueued) => {
        const bulkhead = new Bulkhead({ limit, maxQueued });
        const { begun, ends, call } = desk();
        const waiting: { id: number; giving: AbortController }[] = [];
        const expected: number[] = [];
        const outcomes: Promise<unknown>[] = [];
        let running = 0;
        for (const [id, each] of history.entries()) {
          if (each === "come") {
            const giving = new AbortController();
            outcomes.push(bulkhead.execute(call(id), giving.signal).catch(() => {}));
            if (running < limit) {
              running += 1;
              expected.push(id);
            } else if (waiting.length < maxQueued) waiting.push({ id, giving });
          } else if (each === "end") {
            const [oldest] = [...ends];
            if (oldest === undefined) continue;
            ends.delete(oldest[0]);
            oldest[1].resolve();
            const next = waiting.shift();
            if (next === undefined) running -= 1;
            else expected.push(next.id);
          } else {
            waiting.shift()?.giving.abort();
          }
          await microtasks(8);
          assert.deepEqual(begun, expected);
          assert.deepEqual([bulkhead.running, bulkhead.queued], [running, waiting.length]);
        }
        while (ends.size > 0) {
          for (const end of ends.values()) end.resolve();
          ends.clear();
          await microtasks(8);
        }
        await Promise.all(outcomes);
        assert.deepEqual([bulkhead.running, bulkhead.queued], [0, 0]);
      },
    ),
    { numRuns: 150 },
  );
});

test("all faults of the options are reported at once", () => {
  assert.throws(() => new Bulkhead({ limit: 0, maxQueued: -1 }), {
    faults: ["limit must be a whole number >= 1, got 0", "maxQueued must be a whole number >= 0 or Infinity, got -1"],
  });
});
