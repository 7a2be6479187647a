import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CircuitBreaker } from "../../runtime/src/guards/circuit-breaker.ts";
import { ConsecutiveBreaker } from "../../runtime/src/guards/consecutive-breaker.ts";
import { type FailedAttempt, Retry, type RetryOptions } from "../../runtime/src/guards/retry.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import { InvalidArgumentError } from "../../runtime/src/values/errors.ts";
import { abortingClock } from "./aborting-clock.ts";
import { microtasks } from "./microtasks.ts";

const broken = new Error("broken");

function fixture(options: RetryOptions = {}) {
  const clock = new VirtualClock();
  const failed: FailedAttempt[] = [];
  const retry = new Retry({
    backoff: { minMs: 100, maxMs: 1_000, jitter: 0 },
    onRetry: (attempt) => failed.push(attempt),
    clock,
    ...options,
  });
  return { clock, retry, failed };
}

/** A call that fails so many times, then succeeds, and remembers when it was made. */
function failing(times: number, clock: VirtualClock, error: unknown = broken) {
  const madeAtMs: number[] = [];
  const call = async (): Promise<string> => {
    madeAtMs.push(clock.monotonicMs());
    if (madeAtMs.length <= times) throw error;
    return "done";
  };
  return { call, madeAtMs };
}

test("a call that succeeds is made once", async () => {
  const { clock, retry } = fixture();
  const { call, madeAtMs } = failing(0, clock);

  assert.equal(await retry.execute(call), "done");
  assert.deepEqual(madeAtMs, [0]);
});

test("a call that fails is made again after growing delays", async () => {
  const { clock, retry, failed } = fixture({ maxAttempts: 5 });
  const { call, madeAtMs } = failing(3, clock);

  const outcome = retry.execute(call);
  await clock.advance(10_000);

  assert.equal(await outcome, "done");
  assert.deepEqual(madeAtMs, [0, 100, 300, 700]);
  assert.deepEqual(failed, [
    { error: broken, attempt: 1, delayMs: 100 },
    { error: broken, attempt: 2, delayMs: 200 },
    { error: broken, attempt: 3, delayMs: 400 },
  ]);
});

test("after the last attempt it rejects with the last error, unchanged, and without another delay", async () => {
  const { clock, retry } = fixture({ maxAttempts: 2 });
  const { call, madeAtMs } = failing(9, clock);

  const outcome = assert.rejects(retry.execute(call), broken);
  await clock.advance(100);
  await outcome;

  assert.deepEqual(madeAtMs, [0, 100]);
  assert.equal(clock.pendingCount, 0);
});

test("an error that retryIf declines is thrown at once", async () => {
  const { clock, retry } = fixture({ retryIf: (error) => error !== broken });
  const { call, madeAtMs } = failing(1, clock);

  await assert.rejects(retry.execute(call), broken);

  assert.equal(madeAtMs.length, 1);
});

test("misuse is not retried when nothing else is said", async () => {
  const { clock, retry } = fixture();
  const misuse = new InvalidArgumentError("call", ["wrong"]);

  await assert.rejects(retry.execute(failing(1, clock, misuse).call), misuse);
});

test("a signal that fires during a delay ends it at once and leaves no timer", async () => {
  const { clock, retry } = fixture();
  const giving = new AbortController();
  const { call, madeAtMs } = failing(9, clock);
  const outcome = retry.execute(call, giving.signal);
  await clock.advance(50);

  giving.abort(new Error("enough"));

  await assert.rejects(outcome, { message: "enough" });
  assert.equal(clock.pendingCount, 0);
  assert.equal(madeAtMs.length, 1);
});

test("a signal that fires when a delay has just ended lets no attempt begin", async () => {
  const giving = new AbortController();
  const clock = abortingClock(giving);
  const { retry } = fixture({ clock });
  const { call, madeAtMs } = failing(9, clock);

  const outcome = assert.rejects(retry.execute(call, giving.signal), { name: "AbortError" });
  await clock.advance(100);
  await outcome;

  assert.equal(madeAtMs.length, 1);
});

test("a signal that fires during an attempt lets it end and is followed by no other", async () => {
  const { retry } = fixture();
  const giving = new AbortController();
  let made = 0;

  const outcome = retry.execute(async () => {
    made += 1;
    giving.abort();
    throw broken;
  }, giving.signal);

  await assert.rejects(outcome, broken);
  assert.equal(made, 1);
});

test("a signal that has fired lets no attempt begin", async () => {
  const { retry } = fixture();
  await assert.rejects(
    retry.execute(() => assert.fail("ran"), AbortSignal.abort(broken)),
    broken,
  );
});

test("it waits as long as an open circuit asks for", async () => {
  const { clock, retry, failed } = fixture({ maxAttempts: 3 });
  const circuit = new CircuitBreaker({ breaker: new ConsecutiveBreaker({ failures: 1 }), openMs: 5_000, clock });
  const { call, madeAtMs } = failing(1, clock);

  const outcome = retry.execute((signal) => circuit.execute(call, signal));
  await clock.advance(6_000);

  assert.equal(await outcome, "done");
  assert.deepEqual(madeAtMs, [0, 5_000]);
  assert.deepEqual(
    failed.map(({ delayMs }) => delayMs),
    [100, 4_900],
  );
});

test("never more attempts than allowed, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(12), async (maxAttempts, failures) => {
      const clock = new VirtualClock({ settle: async () => {} });
      const { retry } = fixture({ maxAttempts, clock, backoff: { minMs: 1, maxMs: 1 } });
      const { call, madeAtMs } = failing(failures, clock);
      const settled = retry.execute(call).then(
        () => "fulfilled",
        () => "rejected",
      );
      for (let turn = 0; turn < 20; turn += 1) {
        await clock.advance(1);
        await microtasks(5);
      }

      assert.equal(await settled, failures < maxAttempts ? "fulfilled" : "rejected");
      assert.equal(madeAtMs.length, Math.min(maxAttempts, failures + 1));
    }),
    { numRuns: 50 },
  );
});

test("all faults of the options are reported at once", () => {
  assert.throws(() => new Retry({ maxAttempts: 0, backoff: { minMs: -1, maxMs: 10 } }), {
    code: "ERR_INVALID_ARGUMENT",
    faults: [
      "maxAttempts must be a whole number >= 1 or Infinity, got 0",
      "backoff.minMs: minMs must be milliseconds > 0, not -1",
    ],
  });
});
