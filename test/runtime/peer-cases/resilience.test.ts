/** What the suites of cockatiel, opossum, Polly and Pekko ask of circuit breakers, bulkheads, rate limits and retries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Bulkhead,
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitEvent,
  type Clock,
  ConsecutiveBreaker,
  CountBreaker,
  RateLimit,
  Retry,
  SamplingBreaker,
  supervisor,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import { gate } from "../guarantees/actors.ts";
import { settle } from "../otp/fixtures.ts";
import { outcome } from "./puppet.ts";

const boom = (): never => {
  throw new Error("boom");
};

/** Runs until its signal fires. */
const hang = (signal?: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

/** A circuit that has just opened, for a second unless told otherwise. */
async function openCircuit(options: Partial<CircuitBreakerOptions> = {}) {
  const clock = new VirtualClock({ settle });
  const breaker = new ConsecutiveBreaker({ failures: 1 });
  const circuit = new CircuitBreaker({ breaker, openMs: 1_000, clock, ...options });
  await outcome(circuit.execute(boom));
  assert.equal(circuit.state.kind, "open");
  return { clock, circuit };
}

/** The same, when its time is over. */
async function halfOpenCircuit(options: Partial<CircuitBreakerOptions> = {}) {
  const opened = await openCircuit(options);
  await opened.clock.advance(1_000);
  return opened;
}

// --- Circuits ---

test("circuit: opens after as many failures as it was told, says so once, and calls nothing while it is open", async () => {
  const breaker = new ConsecutiveBreaker({ failures: 2 });
  const circuit = new CircuitBreaker({ breaker, clock: new VirtualClock({ settle }) });
  const events: string[] = [];
  circuit.subscribe(({ type }) => void events.push(type));
  let calls = 0;
  for (let n = 0; n < 5; n++)
    await outcome(
      circuit.execute(() => {
        calls++;
        boom();
      }),
    );

  const { state } = circuit;
  assert.deepEqual([calls, events, state.kind], [2, ["opened"], "open"]);
  assert.equal(state.kind === "open" && (state.cause as Error).message, "boom");
});

test("circuit: a trial that fails opens it again, which is counted, and one that succeeds closes it", async () => {
  const { clock, circuit } = await halfOpenCircuit();
  await outcome(circuit.execute(boom));
  const { state } = circuit;
  assert.deepEqual([state.kind, state.kind === "open" && state.openings], ["open", 2]);
  await clock.advance(1_000);

  assert.deepEqual([await circuit.execute(() => 42), circuit.state.kind], [42, "closed"]);
});

test("circuit: a call beside the trial is refused, and may try again at once", async () => {
  const { circuit } = await halfOpenCircuit();
  const { opened, open } = gate();
  const trial = circuit.execute(() => opened);
  await assert.rejects(
    circuit.execute(() => 2),
    { code: "ERR_CIRCUIT_OPEN", retryAfterMs: 0 },
  );
  open();
  await trial;

  assert.equal(circuit.state.kind, "closed");
});

for (const trialCalls of [1, 3, 10]) {
  test(`circuit: of a hundred calls at once when its time is over, ${trialCalls} run`, async () => {
    const { circuit } = await halfOpenCircuit({ trialCalls });
    const { opened, open } = gate();
    let running = 0;
    const call = (): Promise<void> => {
      running++;
      return opened;
    };
    const calls = Array.from({ length: 100 }, () => outcome(circuit.execute(call)));
    await settle();
    assert.equal(running, trialCalls);
    open();
    await Promise.all(calls);

    assert.deepEqual([running, circuit.state.kind], [trialCalls, "closed"]);
  });
}

test("circuit: a trial whose error is none to it closes it", async () => {
  const { circuit } = await halfOpenCircuit({ isFailure: (error) => (error as { status?: number }).status !== 400 });
  // It opened by an error without a status.
  await outcome(circuit.execute(() => Promise.reject(Object.assign(new Error("bad request"), { status: 400 }))));

  assert.equal(circuit.state.kind, "closed");
});

test("circuit: a trial that lost its place and then gives up frees no other's", async () => {
  const { clock, circuit } = await halfOpenCircuit();
  const [first, second] = [new AbortController(), new AbortController()];
  const lost = outcome(circuit.execute(hang, first.signal));
  await clock.advance(1_000);
  const trial = outcome(circuit.execute(hang, second.signal));
  first.abort();
  await lost;

  assert.equal(await outcome(circuit.execute(() => "admitted")), "ERR_CIRCUIT_OPEN");
  second.abort();
  await trial;
  assert.equal(await circuit.execute(() => "admitted"), "admitted");
  assert.equal(circuit.state.kind, "closed");
});

test("circuit: a trial that hangs keeps its place for the open time, no longer", async () => {
  const { clock, circuit } = await halfOpenCircuit();
  void outcome(circuit.execute(hang));
  await clock.advance(999);
  assert.equal(await outcome(circuit.execute(() => 1)), "ERR_CIRCUIT_OPEN");
  await clock.advance(1);

  assert.equal(await circuit.execute(() => 1), 1);
});

test("circuit: a slow failure from before the opening neither opens it nor keeps it open", async () => {
  const clock = new VirtualClock({ settle });
  const circuit = new CircuitBreaker({ breaker: new ConsecutiveBreaker({ failures: 1 }), openMs: 10, clock });
  const { opened, open } = gate();
  const slow = outcome(circuit.execute(() => opened.then(boom)));
  await outcome(circuit.execute(boom));
  await clock.advance(10);
  assert.equal(await circuit.execute(() => 1), 1);
  open();
  await slow;

  assert.equal(circuit.state.kind, "closed");
});

test("circuit: one listener that throws and one that calls the circuit change nothing", async (t) => {
  const reported = t.mock.method(console, "error", () => {});
  const { clock, circuit } = await openCircuit({ trialCalls: 2 });
  let calls = 0;
  circuit.subscribe(() => boom());
  circuit.subscribe(({ type }: CircuitEvent) => {
    if (type === "half_opened") void circuit.execute(() => void calls++);
  });
  await clock.advance(1_000);
  await circuit.execute(() => 1);
  await settle();

  assert.deepEqual([calls, circuit.state.kind], [1, "closed"]);
  assert.ok(reported.mock.callCount() > 0, "whoever throws is reported");
});

test("circuit: the wall clock may be set back, the circuit is open no longer for it", async () => {
  let wallMs = 1e12;
  class SetBack extends VirtualClock {
    override now(): number {
      return wallMs;
    }
  }
  const clock = new SetBack({ settle });
  const { circuit } = await openCircuit({ clock: clock as Clock });
  wallMs -= 1e9;
  await clock.advance(1_000);

  assert.equal(await circuit.execute(() => 1), 1);
});

test("breakers: below the least number of calls nothing opens, at the ratio a failure does, and what is old is forgotten", () => {
  const count = new CountBreaker({ failureRatio: 0.5, calls: 4 });
  const heard = (["failure", "failure", "failure", "success", "failure"] as const).map((one) => count.record(one));
  assert.deepEqual(heard, [false, false, false, false, true]);

  const sampling = new SamplingBreaker({ failureRatio: 0.5, periodMs: 1_000, minimumCalls: 4 });
  for (let n = 0; n < 3; n++) assert.equal(sampling.record("failure", 0), false);
  assert.equal(sampling.record("failure", 5_000), false);
  for (let n = 0; n < 2; n++) assert.equal(sampling.record("failure", 5_000), false);
  assert.equal(sampling.record("failure", 5_000), true);
});

// --- Bulkheads ---

test("bulkhead: given up in the queue, when its turn comes or while it runs, a call never costs a place", async () => {
  const bulkhead = new Bulkhead({ limit: 1, maxQueued: 10 });
  for (let n = 0; n < 90; n++) {
    const { opened, open } = gate();
    const controller = new AbortController();
    const first = bulkhead.execute(() => opened);
    const second = outcome(bulkhead.execute(() => 2, controller.signal));
    const third = bulkhead.execute(() => 3);
    if (n % 3 === 0) controller.abort("given up");
    open();
    if (n % 3 === 1) controller.abort("given up");
    await first;
    if (n % 3 === 2) controller.abort("given up");
    assert.ok([2, "given up"].includes((await second) as number | string));
    assert.equal(await third, 3);
  }

  assert.deepEqual([bulkhead.running, bulkhead.queued], [0, 0]);
});

test("bulkhead: after ten thousand calls that throw, settle twice and return odd thenables, all places are there", async () => {
  const bulkhead = new Bulkhead({ limit: 3, maxQueued: Number.POSITIVE_INFINITY });
  /* biome-ignore-start lint/suspicious/noThenProperty: thenables are what is tried */
  const calls: readonly (() => unknown)[] = [
    boom,
    () => ({
      then(resolve: (value: number) => void) {
        resolve(1);
        resolve(2);
        boom();
      },
    }),
    async () => 1,
    () => Promise.reject(new Error("no")),
    () => 5,
    () => Object.defineProperty({}, "then", { get: boom }),
  ];
  /* biome-ignore-end lint/suspicious/noThenProperty: see above */
  const all = Array.from({ length: 10_000 }, (_, n) => bulkhead.execute(calls[n % calls.length] as () => unknown));
  const ended = await Promise.allSettled(all);

  assert.deepEqual([bulkhead.running, bulkhead.queued], [0, 0]);
  assert.deepEqual(
    ended.slice(0, calls.length).map(({ status }) => status),
    ["rejected", "fulfilled", "fulfilled", "rejected", "fulfilled", "rejected"],
  );
});

// --- Rate limits ---

test("rate limit: a thousand that wait begin at the rate, beyond the burst never faster in any stretch of time", async () => {
  const clock = new VirtualClock({ settle });
  const limit = new RateLimit({ limit: 7, periodMs: 100, burst: 3, maxQueued: Number.POSITIVE_INFINITY, clock });
  const begun: number[] = [];
  const all = Array.from({ length: 1_000 }, () => limit.execute(() => void begun.push(clock.monotonicMs())));
  await clock.advance(100_000);
  await Promise.all(all);

  assert.equal(begun.length, 1_000);
  for (const [at, ms] of begun.slice(10).entries())
    assert.ok(ms - (begun[at] as number) >= 98, `10 calls after call ${at} in ${ms - (begun[at] as number)} ms`);
});

test("rate limit: when all who wait give up, no timer is left", async () => {
  const clock = new VirtualClock({ settle });
  const limit = new RateLimit({ limit: 1, maxQueued: 100, clock });
  await limit.execute(() => 1);
  const controller = new AbortController();
  const all = Array.from({ length: 50 }, () => outcome(limit.execute(() => 1, controller.signal)));
  controller.abort("given up");

  assert.deepEqual(new Set(await Promise.all(all)), new Set(["given up"]));
  assert.deepEqual([limit.queued, clock.pendingCount], [0, 0]);
});

// --- Retries ---

test("retry: ends with the last error itself, makes as many attempts as it was told, and none once it is given up", async () => {
  const clock = new VirtualClock({ settle });
  const error = new Error("last");
  let attempts = 0;
  const fail = (): never => {
    attempts++;
    throw error;
  };
  const few = new Retry({ maxAttempts: 3, backoff: { minMs: 1, maxMs: 1 }, clock });
  const failed = outcome(few.execute(fail));
  await clock.advance(10);
  assert.deepEqual([await failed, attempts], [error, 3]);

  const controller = new AbortController();
  const many = new Retry({ maxAttempts: 99, backoff: { minMs: 1_000, maxMs: 1_000 }, clock });
  const givenUp = outcome(many.execute(fail, controller.signal));
  await settle();
  controller.abort("enough");
  assert.equal(await givenUp, "enough");
  await clock.advance(10_000);
  assert.deepEqual([attempts, clock.pendingCount], [4, 0]);
});

test("retry: around a circuit it waits as long as the circuit is open, and then succeeds", async () => {
  const clock = new VirtualClock({ settle });
  const circuit = new CircuitBreaker({ breaker: new ConsecutiveBreaker({ failures: 1 }), openMs: 500, clock });
  let calls = 0;
  const call = (): string => (calls++ === 0 ? boom() : "up");
  const retry = new Retry({ maxAttempts: 3, backoff: { minMs: 1, maxMs: 1 }, clock });
  const answer = retry.execute(() => circuit.execute(call));
  await settle();
  await clock.advance(499);
  assert.equal(calls, 1);
  await clock.advance(10);

  assert.deepEqual([await answer, calls], ["up", 2]);
});

// --- Misuse ---

const POLICIES: Readonly<Record<string, (name?: string) => { execute(call: never, signal?: never): unknown }>> = {
  circuit: (name = "circuit") => new CircuitBreaker({ name }),
  bulkhead: (name = "bulkhead") => new Bulkhead({ name, limit: 1 }),
  "rate limit": (name = "rate limit") => new RateLimit({ name, limit: 1 }),
  retry: () => new Retry(),
};

for (const [what, make] of Object.entries(POLICIES)) {
  test(`${what}: what is no function, and what is no signal, is misuse with a code`, async () => {
    for (const args of [[undefined], [5], [() => 1, {}], [() => 1, 5]] as never[])
      await assert.rejects(async () => make().execute(...(args as [never, never])), { code: "ERR_INVALID_ARGUMENT" });
  });
}

test("names: what is no text is refused at once with a code, by every policy and by supervisors", () => {
  const { retry: _, ...named } = POLICIES;
  const makers = [...Object.values(named), (name?: string) => supervisor({ name: name as string, children: [] })];
  for (const make of makers)
    for (const name of [Symbol("s"), { toString: 1, valueOf: 1 }, 5])
      assert.throws(() => make(name as never), { code: /^ERR_INVALID/ });
});
