import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Breaker } from "../../runtime/src/guards/breaker.ts";
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitEvent,
  type CircuitState,
} from "../../runtime/src/guards/circuit-breaker.ts";
import { ConsecutiveBreaker } from "../../runtime/src/guards/consecutive-breaker.ts";
import { CountBreaker } from "../../runtime/src/guards/count-breaker.ts";
import { CircuitOpenError } from "../../runtime/src/guards/fault-errors.ts";
import { SamplingBreaker } from "../../runtime/src/guards/sampling-breaker.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";
import { InvalidArgumentError } from "../../runtime/src/values/errors.ts";
import { microtasks } from "./microtasks.ts";

const broken = new Error("broken");

function fixture(options: CircuitBreakerOptions = {}) {
  const clock = new VirtualClock({ startMs: 1_000_000 });
  const circuit = new CircuitBreaker({ name: "payments", openMs: 1_000, random: () => 0, clock, ...options });
  const events: CircuitEvent[] = [];
  circuit.subscribe((event) => events.push(event));
  const succeed = (): Promise<string> => circuit.execute(() => "done");
  const fail = (): Promise<unknown> =>
    assert.rejects(
      circuit.execute(() => Promise.reject(broken)),
      broken,
    );
  const open = async (): Promise<void> => {
    while (circuit.state.kind !== "open") await fail();
  };
  return { clock, circuit, events, succeed, fail, open };
}

/** A call whose end is in the test's hand. */
function held<T = string>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settlers) => {
    [resolve, reject] = settlers;
  });
  promise.catch(() => {}); // The circuit may refuse the call, and then nobody waits for it.
  return { call: () => promise, resolve, reject };
}

test("a closed circuit passes results and errors through unchanged", async () => {
  const { circuit, succeed, fail, events } = fixture();

  assert.equal(await succeed(), "done");
  await fail();

  assert.equal(circuit.state.kind, "closed");
  assert.deepEqual(events, []);
});

test("a call that throws before its first await counts like one that rejects", async () => {
  const { circuit } = fixture({ breaker: new ConsecutiveBreaker({ failures: 1 }) });

  const outcome = circuit.execute(() => {
    throw broken;
  });

  await assert.rejects(outcome, broken);
  assert.equal(circuit.state.kind, "open");
});

test("five failures in a row open it when nothing else is said", async () => {
  const { circuit, succeed, fail } = fixture();
  for (let n = 0; n < 4; n += 1) await fail();
  await succeed();
  for (let n = 0; n < 4; n += 1) await fail();
  assert.equal(circuit.state.kind, "closed");

  await fail();

  assert.deepEqual(circuit.state, { kind: "open", sinceMs: 1_000_000, openMs: 1_000, openings: 1, cause: broken });
});

test("an open circuit never runs the call, and says how long it stays open and why", async () => {
  const { clock, circuit, open } = fixture();
  await open();
  await clock.advance(400);

  const refusal = circuit.execute(() => assert.fail("ran"));

  await assert.rejects(refusal, (error) => {
    assert.ok(error instanceof CircuitOpenError);
    assert.equal(error.code, "ERR_CIRCUIT_OPEN");
    assert.equal(error.name, "CircuitOpenError [ERR_CIRCUIT_OPEN]");
    assert.equal(error.message, "circuit payments is open for another 600 ms");
    assert.equal(error.retryAfterMs, 600);
    assert.equal(error.circuit, "payments");
    assert.equal(error.cause, broken);
    return true;
  });
});

test("after the open time one trial call closes it, and every change of state is an event", async () => {
  const { clock, circuit, succeed, open, events } = fixture();
  await open();
  await clock.advance(1_000);

  await succeed();

  assert.equal(circuit.state.kind, "closed");
  assert.deepEqual(events, [
    { type: "opened", circuit: "payments", atMs: 1_000_000, from: "closed", openMs: 1_000, cause: broken },
    { type: "half_opened", circuit: "payments", atMs: 1_001_000, from: "open" },
    { type: "closed", circuit: "payments", atMs: 1_001_000, from: "half_open" },
  ]);
});

test("a trial call that fails opens it again", async () => {
  const { clock, circuit, fail, open, events } = fixture();
  await open();
  await clock.advance(1_000);

  await fail();

  assert.equal(circuit.state.kind, "open");
  assert.deepEqual(
    events.map((event) => `${event.from} -> ${event.type}`),
    ["closed -> opened", "open -> half_opened", "half_open -> opened"],
  );
});

test("with a back-off the open time grows while trials fail and begins again after a success", async () => {
  const { clock, circuit, succeed, fail, open } = fixture({ openMs: { minMs: 100, maxMs: 350, jitter: 0 } });
  const openTimes: number[] = [];
  await open();
  for (let n = 0; n < 4; n += 1) {
    assert.ok(circuit.state.kind === "open");
    openTimes.push(circuit.state.openMs);
    await clock.advance(circuit.state.openMs);
    await fail();
  }
  await clock.advance(350);
  await succeed();

  await open();

  assert.deepEqual(openTimes, [100, 200, 350, 350]);
  assert.equal(circuit.state.kind === "open" && circuit.state.openMs, 100);
});

test("while half open, calls beyond the trials are refused", async () => {
  const { clock, circuit, succeed, open } = fixture({ trialCalls: 2 });
  await open();
  await clock.advance(1_000);
  const first = held();
  const second = held();
  const trials = [circuit.execute(first.call), circuit.execute(second.call)];

  await assert.rejects(succeed(), { code: "ERR_CIRCUIT_OPEN", retryAfterMs: 0 });

  first.resolve("first");
  await trials[0];
  assert.deepEqual(circuit.state, {
    kind: "half_open",
    sinceMs: 1_001_000,
    openings: 1,
    running: 1,
    succeeded: 1,
    cause: broken,
  });
  second.resolve("second");
  await Promise.all(trials);
  assert.equal(circuit.state.kind, "closed");
});

test("a trial that never ends loses its place after the open time", async () => {
  const { clock, circuit, succeed, open } = fixture();
  await open();
  await clock.advance(1_000);
  void circuit.execute(held().call);
  await clock.advance(999);
  await assert.rejects(succeed(), { code: "ERR_CIRCUIT_OPEN" });

  await clock.advance(1);
  await succeed();

  assert.equal(circuit.state.kind, "closed");
});

test("a slow call from before the opening decides nothing when it ends", async () => {
  const { clock, circuit, succeed, open, events } = fixture();
  const slowSuccess = held();
  const slowFailure = held();
  const slow = [circuit.execute(slowSuccess.call), circuit.execute(slowFailure.call)];
  await open();
  slowSuccess.resolve("late");
  await slow[0];
  assert.equal(circuit.state.kind, "open");
  await clock.advance(1_000);
  const trial = held();
  const trialEnd = circuit.execute(trial.call);

  slowFailure.reject(broken);
  await assert.rejects(Promise.resolve(slow[1]), broken);

  assert.equal(circuit.state.kind, "half_open");
  trial.resolve("done");
  await trialEnd;
  await succeed();
  assert.deepEqual(
    events.map((event) => event.type),
    ["opened", "half_opened", "closed"],
  );
});

test("an error that isFailure clears counts as success and is still thrown", async () => {
  const notFound = new Error("not found");
  const { circuit, fail } = fixture({
    breaker: new ConsecutiveBreaker({ failures: 2 }),
    isFailure: (error) => error !== notFound,
  });
  await fail();

  await assert.rejects(
    circuit.execute(() => Promise.reject(notFound)),
    notFound,
  );
  await fail();

  assert.equal(circuit.state.kind, "closed");
});

test("an isFailure that throws counts the error as a failure and keeps it", async () => {
  const { circuit, open } = fixture({
    isFailure: () => {
      throw new Error("in isFailure");
    },
  });

  await open();

  assert.equal(circuit.state.kind === "open" && circuit.state.cause, broken);
});

test("a call whose signal has fired does not run", async () => {
  const { circuit } = fixture();

  const outcome = circuit.execute(() => assert.fail("ran"), AbortSignal.abort(broken));

  await assert.rejects(outcome, broken);
});

test("a trial given up by its caller frees its place and decides nothing", async () => {
  const { clock, circuit, succeed, open } = fixture();
  await open();
  await clock.advance(1_000);
  const giving = new AbortController();
  const trial = held();
  const trialEnd = circuit.execute(trial.call, giving.signal);

  giving.abort();
  trial.reject(giving.signal.reason);
  await assert.rejects(trialEnd, { name: "AbortError" });

  assert.equal(circuit.state.kind, "half_open");
  await succeed();
  assert.equal(circuit.state.kind, "closed");
});

test("the call gets the signal that execute was given", async () => {
  const { circuit } = fixture();
  const { signal } = new AbortController();
  assert.equal(await circuit.execute((given) => given, signal), signal);
  assert.equal(await circuit.execute((given) => given), undefined);
});

test("a listener that throws or rejects changes neither the outcome nor the state, and others still hear", async (t) => {
  const report = t.mock.method(console, "error", () => {});
  const { circuit, open, events } = fixture();
  circuit.subscribe(() => {
    throw new Error("in a listener");
  });
  circuit.subscribe((async () => {
    throw new Error("in an asynchronous listener");
  }) as () => void);
  const heardLast: string[] = [];
  circuit.subscribe((event) => heardLast.push(event.type));

  await open();

  assert.equal(circuit.state.kind, "open");
  assert.deepEqual(heardLast, ["opened"]);
  assert.equal(events.length, 1);
  assert.equal(report.mock.callCount(), 2);
});

test("a listener that was removed hears no more", async () => {
  const { circuit, open } = fixture();
  const remove = circuit.subscribe(() => assert.fail("heard"));
  remove();
  await open();
});

test("all faults of the options are reported at once", () => {
  const make = (): CircuitBreaker =>
    // @ts-expect-error: a string is no function
    new CircuitBreaker({ openMs: 0, trialCalls: 1.5, isFailure: "always", breaker: { record: () => false } });

  assert.throws(make, (error) => {
    assert.ok(error instanceof InvalidArgumentError);
    assert.deepEqual(error.faults, [
      "openMs must be a number > 0, got 0",
      "trialCalls must be a whole number >= 1, got 1.5",
      'isFailure must be a function, got "always"',
      "breaker must be a Breaker, with record and reset",
    ]);
    return true;
  });
  assert.throws(() => new CircuitBreaker({ openMs: { minMs: 2, maxMs: 1 } }), {
    faults: ["openMs.maxMs: maxMs must be milliseconds >= minMs, not 1"],
  });
  assert.throws(() => new ConsecutiveBreaker({ failures: 0 }), { code: "ERR_INVALID_ARGUMENT" });
  assert.throws(() => new CountBreaker({ failureRatio: 0, calls: 10, minimumCalls: 11 }), {
    faults: [
      "failureRatio must be a number > 0 and <= 1, got 0",
      "minimumCalls must be a whole number >= 1 and <= 10, got 11",
    ],
  });
  assert.throws(() => new SamplingBreaker({ failureRatio: 2, periodMs: Number.NaN, minimumCalls: 0 }), {
    faults: [
      "failureRatio must be a number > 0 and <= 1, got 2",
      "periodMs must be a number > 0, got NaN",
      "minimumCalls must be a whole number >= 1, got 0",
    ],
  });
});

type Step = "succeed" | "fail" | "hold" | "end_held_well" | "end_held_badly" | "wait_little" | "wait_long";
const steps: readonly Step[] = [
  "succeed",
  "fail",
  "hold",
  "end_held_well",
  "end_held_badly",
  "wait_little",
  "wait_long",
];
const algorithms: Readonly<Record<string, () => Breaker>> = {
  consecutive: () => new ConsecutiveBreaker({ failures: 2 }),
  count: () => new CountBreaker({ failureRatio: 0.5, calls: 4, minimumCalls: 2 }),
  sampling: () => new SamplingBreaker({ failureRatio: 0.5, periodMs: 500, minimumCalls: 2 }),
};

for (const [name, makeBreaker] of Object.entries(algorithms)) {
  test(`laws over any history (${name}): no way from closed to half open; open runs nothing; trials are limited`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...steps), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (history, trialCalls) => {
          const clock = new VirtualClock({ settle: async () => {} });
          const circuit = new CircuitBreaker({ breaker: makeBreaker(), openMs: 100, trialCalls, clock });
          const transitions: string[] = [];
          let known = circuit.state.kind as CircuitState["kind"];
          circuit.subscribe((event) => {
            const { kind } = circuit.state;
            assert.equal(event.from, known, "an event tells the state before it");
            transitions.push(`${known} -> ${kind}`);
            known = kind;
          });
          let openUntilMs = 0;
          circuit.subscribe((event) => {
            if (event.type === "opened") openUntilMs = clock.monotonicMs() + event.openMs;
          });
          const waiting: ReturnType<typeof held<string>>[] = [];
          const ends: Promise<unknown>[] = [];
          const run = (call: () => Promise<string>): void => {
            const isOpen = circuit.state.kind === "open" && clock.monotonicMs() < openUntilMs;
            let ran = false;
            const end = circuit.execute(() => {
              ran = true;
              return call();
            });
            assert.equal(ran && isOpen, false, "an open circuit ran a call");
            ends.push(end.catch(() => {}));
          };

          for (const step of history) {
            if (step === "succeed") run(() => Promise.resolve("done"));
            else if (step === "fail") run(() => Promise.reject(broken));
            else if (step === "hold") {
              const one = held();
              waiting.push(one);
              run(one.call);
            } else if (step === "end_held_well") waiting.shift()?.resolve("done");
            else if (step === "end_held_badly") waiting.shift()?.reject(broken);
            else await clock.advance(step === "wait_little" ? 30 : 100);
            await microtasks(5);
            const { state } = circuit;
            assert.equal(state.kind, known, "every change of state was an event");
            if (state.kind === "half_open") {
              assert.ok(state.running >= 0 && state.running + state.succeeded <= trialCalls);
            }
          }

          for (const one of waiting) one.resolve("done");
          await Promise.all(ends);
          const lawful = ["closed -> open", "open -> half_open", "half_open -> closed", "half_open -> open"];
          for (const transition of transitions) assert.ok(lawful.includes(transition), transition);
        },
      ),
      { numRuns: 150 },
    );
  });
}

test("the count breaker agrees with a naive list of the last outcomes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 100 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 10 }),
      (failures, calls, tenths) => {
        const breaker = new CountBreaker({ failureRatio: tenths / 10, calls });
        failures.forEach((failed, index) => {
          const last = failures.slice(Math.max(0, index + 1 - calls), index + 1);
          const share = last.filter((each) => each).length / last.length;
          const expected = failed && last.length === calls && share >= tenths / 10;
          assert.equal(breaker.record(failed ? "failure" : "success"), expected);
        });
      },
    ),
  );
});

test("the sampling breaker counts everything of nine tenths of a period and nothing older than one", () => {
  const record = fc.record({ gapMs: fc.nat(40), failed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 80 }), (records) => {
      const breaker = new SamplingBreaker({ failureRatio: 0.5, periodMs: 100, minimumCalls: 3 });
      const past: { atMs: number; failed: boolean }[] = [];
      let atMs = 0;
      for (const { gapMs, failed } of records) {
        atMs += gapMs;
        past.push({ atMs, failed });
        const opens = breaker.record(failed ? "failure" : "success", atMs);
        const partStart = Math.floor(atMs / 10) * 10;
        const counted = past.filter((each) => each.atMs >= partStart - 90);
        const share = counted.filter((each) => each.failed).length / counted.length;
        assert.equal(opens, failed && counted.length >= 3 && share >= 0.5);
        assert.ok(counted.every((each) => each.atMs > atMs - 100));
      }
    }),
  );
});
