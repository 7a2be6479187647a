import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimitError } from "../../runtime/src/guards/fault-errors.ts";
import { RateLimit } from "../../runtime/src/guards/rate-limit.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import { abortingClock } from "./aborting-clock.ts";

test("a burst begins at once, then calls begin at the rate", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ limit: 10, periodMs: 1_000, burst: 2, maxQueued: Number.POSITIVE_INFINITY, clock });
  const begunAtMs: number[] = [];
  const outcomes = [1, 2, 3, 4].map(() => limiter.execute(() => begunAtMs.push(clock.monotonicMs())));

  await clock.advance(1_000);

  await Promise.all(outcomes);
  assert.deepEqual(begunAtMs, [0, 0, 100, 200]);
  assert.equal(clock.pendingCount, 0);
});

test("without a queue a call beyond the rate is refused, with the time after which it could be made", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ name: "mail", limit: 2, periodMs: 1_000, burst: 1, clock });
  assert.equal(await limiter.execute(() => "sent"), "sent");
  await clock.advance(100);

  const refusal = limiter.execute(() => assert.fail("ran"));

  await assert.rejects(refusal, (error) => {
    assert.ok(error instanceof RateLimitError);
    assert.equal(error.code, "ERR_RATE_LIMIT");
    assert.equal(error.message, "rate limit mail is reached for another 400 ms");
    assert.deepEqual([error.limiter, error.retryAfterMs], ["mail", 400]);
    return true;
  });
});

test("the time told to one refused counts those that wait", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ limit: 1, periodMs: 1_000, maxQueued: 1, clock });
  assert.equal(limiter.tryTake(), true);
  const waiting = limiter.execute(() => {});

  await assert.rejects(
    limiter.execute(() => {}),
    { retryAfterMs: 2_000 },
  );

  await clock.advance(1_000);
  await waiting;
});

test("one that gives up while it waits never runs, and the last leaves no timer", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ limit: 1, maxQueued: 1, clock });
  limiter.tryTake();
  const giving = new AbortController();
  const outcome = limiter.execute(() => assert.fail("ran"), giving.signal);

  giving.abort();

  await assert.rejects(outcome, { name: "AbortError" });
  assert.deepEqual([limiter.queued, clock.pendingCount], [0, 0]);
});

test("one that gives up when its turn has just come never runs", async () => {
  const giving = new AbortController();
  const clock = abortingClock(giving);
  const limiter = new RateLimit({ limit: 1, periodMs: 1_000, maxQueued: 1, clock });
  limiter.tryTake();

  const outcome = assert.rejects(
    limiter.execute(() => assert.fail("ran"), giving.signal),
    { name: "AbortError" },
  );
  await clock.advance(1_000);

  await outcome;
});

test("tryTake does not overtake one that waits", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ limit: 1, periodMs: 1_000, maxQueued: 1, clock });
  limiter.tryTake();
  const waiting = limiter.execute(() => {});
  // The token is there, but the timer that hands it over has not fired yet.
  clock.setTimer(() => {}, 999);
  await clock.advance(999);

  assert.equal(limiter.tryTake(), false);

  await clock.advance(1);
  await waiting;
});

test("a fraction of a call per period is a rate too", async () => {
  const clock = new VirtualClock();
  const limiter = new RateLimit({ limit: 0.5, periodMs: 1_000, clock });
  assert.equal(limiter.tryTake(), true);
  await clock.advance(1_999);
  assert.equal(limiter.tryTake(), false);
  await clock.advance(1);
  assert.equal(limiter.tryTake(), true);
});

test("in any stretch of time no more calls begin than the burst and the rate allow, and all that wait begin", async () => {
  const arrival = fc.record({ gapMs: fc.nat(300), queued: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { maxLength: 50 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 10 }),
      async (arrivals, limit, burst) => {
        const clock = new VirtualClock({ settle: async () => {} });
        const limiter = new RateLimit({ limit, periodMs: 1_000, burst, maxQueued: 1_000, clock });
        const begunAtMs: number[] = [];
        const order: number[] = [];
        const outcomes: Promise<unknown>[] = [];
        for (const [id, { gapMs, queued }] of arrivals.entries()) {
          await clock.advance(gapMs);
          const begin = (): void => {
            begunAtMs.push(clock.monotonicMs());
          };
          if (!queued && limiter.tryTake()) begin();
          if (!queued) continue;
          const begun = limiter.execute(() => {
            begin();
            order.push(id);
          });
          outcomes.push(begun);
        }
        while (limiter.queued > 0) await clock.advanceToNextTimer();
        await Promise.all(outcomes);

        assert.deepEqual(
          order,
          [...order].sort((a, b) => a - b),
        );
        for (let first = 0; first < begunAtMs.length; first += 1) {
          for (let last = first; last < begunAtMs.length; last += 1) {
            const spanMs = (begunAtMs[last] ?? 0) - (begunAtMs[first] ?? 0);
            const allowed = burst + (limit * spanMs) / 1_000;
            assert.ok(
              last - first + 1 <= allowed + 1e-6,
              `${last - first + 1} calls in ${spanMs} ms, ${allowed} allowed`,
            );
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("all faults of the options are reported at once", () => {
  assert.throws(() => new RateLimit({ limit: 0, periodMs: -1, burst: 0.5, maxQueued: 1.5 }), {
    faults: [
      "limit must be a number > 0, got 0",
      "periodMs must be a number > 0, got -1",
      "burst must be a number >= 1, got 0.5",
      "maxQueued must be a whole number >= 0 or Infinity, got 1.5",
    ],
  });
});
