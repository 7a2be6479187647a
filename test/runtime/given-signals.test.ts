// Whatever takes an AbortSignal: one that is none, cannot be listened to or fires at a bad moment leaves nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bulkhead, CircuitBreaker, ConsecutiveBreaker, defineActor, type Policy, RateLimit, Retry } from "airssys-rt";
import { TestSystem, VirtualClock } from "airssys-rt/testing";

type Faulty = "aborted" | "addEventListener" | "removeEventListener" | "reason";

/** A signal in which one thing throws; the others do what they should. */
function faultySignal(faulty: Faulty): { readonly signal: AbortSignal; readonly controller: AbortController } {
  const controller = new AbortController();
  const { signal } = controller;
  const told = new Proxy(signal, {
    get(target, key) {
      if (key === faulty && (key === "aborted" || key === "reason")) throw new Error(`hostile ${key}`);
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      if (key === faulty)
        return () => {
          throw new Error(`hostile ${key}`);
        };
      return value.bind(target);
    },
  });
  return { signal: told, controller };
}

/** A signal that fires while it is asked to tell when it does. */
function hastySignal(): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  const listen = signal.addEventListener.bind(signal) as (...args: unknown[]) => void;
  Object.defineProperty(signal, "addEventListener", {
    value: (...args: unknown[]) => {
      controller.abort(new Error("hasty"));
      listen(...args);
    },
  });
  return signal;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failureOf = (promise: Promise<unknown>): Promise<Error & { readonly code?: string }> =>
  promise.then(
    () => assert.fail("it fulfilled"),
    (error) => error,
  );

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const policies: readonly (readonly [string, () => Policy])[] = [
  ["CircuitBreaker", () => new CircuitBreaker()],
  ["Bulkhead", () => new Bulkhead({ limit: 1 })],
  ["RateLimit", () => new RateLimit({ limit: 1 })],
  ["Retry", () => new Retry()],
];
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

for (const [name, make] of policies) {
  test(`${name} refuses what is no function or no signal with a code, and runs nothing`, async () => {
    let calls = 0;
    const call = (): number => ++calls;
    const bad: readonly (readonly [unknown, unknown])[] = [
      [undefined, undefined],
      [5, undefined],
      ["call", undefined],
      [revoked(), undefined],
      [call, null],
      [call, 5],
      [call, {}],
      [call, { aborted: false }],
      [call, { aborted: false, addEventListener() {} }],
      [call, revoked()],
      [call, faultySignal("aborted").signal],
    ];
    for (const [what, signal] of bad) {
      const error = await failureOf(make().execute(what as () => number, signal as AbortSignal));
      assert.equal(error.code, "ERR_INVALID_ARGUMENT", error.message);
    }
    assert.equal(calls, 0);
  });
}

test("a bulkhead keeps all its places, whatever goes wrong with the signal of a call that waits", async () => {
  for (const faulty of ["addEventListener", "removeEventListener", "reason"] as const) {
    const bulkhead = new Bulkhead({ limit: 1, maxQueued: 5 });
    const { opened, open } = gate();
    const first = bulkhead.execute(() => opened);
    const { signal, controller } = faultySignal(faulty);
    const second = bulkhead.execute(() => "ran", signal).catch((error: Error) => error.message);
    if (faulty === "reason") controller.abort();
    await settle();
    open();
    await first;

    const outcome = faulty === "removeEventListener" ? "ran" : `hostile ${faulty}`;
    assert.equal(await second, outcome);
    assert.deepEqual([bulkhead.running, bulkhead.queued], [0, 0], faulty);
    assert.equal(await bulkhead.execute(() => "free"), "free");
  }
});

test("a call whose signal fires while it is listened to stands in no line", async () => {
  const bulkhead = new Bulkhead({ limit: 1, maxQueued: 5 });
  const { opened, open } = gate();
  const first = bulkhead.execute(() => opened);
  assert.equal((await failureOf(bulkhead.execute(() => 1, hastySignal()))).message, "hasty");
  assert.equal(bulkhead.queued, 0);
  open();
  await first;
  assert.equal(bulkhead.running, 0);

  const clock = new VirtualClock();
  const limit = new RateLimit({ limit: 1, maxQueued: 5, clock });
  await limit.execute(() => 1);
  assert.equal((await failureOf(limit.execute(() => 1, hastySignal()))).message, "hasty");
  assert.deepEqual([limit.queued, clock.pendingCount], [0, 0]);
});

test("a rate limit loses no turn to a call whose signal cannot be listened to", async () => {
  const clock = new VirtualClock();
  const limit = new RateLimit({ limit: 1, periodMs: 100, maxQueued: 5, clock });
  await limit.execute(() => 1);
  const { signal } = faultySignal("addEventListener");
  const outcome = failureOf(limit.execute(() => 2, signal));
  assert.equal((await outcome).message, "hostile addEventListener");
  assert.deepEqual([limit.queued, clock.pendingCount], [0, 0]);
  const third = limit.execute(() => "third");
  await clock.advance(100);
  assert.equal(await third, "third");
});

test("a retry whose delay cannot be given up ends with what the signal threw, and leaves no timer", async () => {
  const clock = new VirtualClock();
  const retry = new Retry({ maxAttempts: 3, clock });
  const { signal } = faultySignal("addEventListener");
  const call = (): never => {
    throw new Error("the first attempt");
  };
  assert.equal((await failureOf(retry.execute(call, signal))).message, "hostile addEventListener");
  assert.equal(clock.pendingCount, 0);
});

test("a retry passes on an error whose fields cannot be read", async () => {
  const clock = new VirtualClock();
  const hostile = Object.defineProperty(new Error("original"), "retryAfterMs", {
    get() {
      throw new Error("getter");
    },
  });
  const outcome = failureOf(
    new Retry({ maxAttempts: 2, clock }).execute(() => {
      throw hostile;
    }),
  );
  await settle();
  await clock.advance(1_000);
  assert.equal(await outcome, hostile);
});

test("an ask whose signal cannot be listened to asks nothing, and nothing rejects later", async () => {
  await using test = await TestSystem.start();
  let handled = 0;
  const ref = test.system.spawn(
    defineActor<{ readonly type: "q"; readonly __reply?: number }, undefined>({
      init: () => undefined,
      handlers: {
        q: () => {
          handled++;
          return undefined;
        },
      },
    }),
  );
  const stray: unknown[] = [];
  const hear = (error: unknown): void => void stray.push(error);
  process.prependListener("unhandledRejection", hear);
  const { signal } = faultySignal("addEventListener");
  assert.throws(() => (ref as never as Asks).ask({ type: "q" }, { timeoutMs: 5, signal }), /hostile/);
  await test.advance(100);
  await settle();
  process.off("unhandledRejection", hear);
  assert.deepEqual([stray, handled], [[], 0]);
  const outcome = await failureOf((ref as never as Asks).ask({ type: "q" }, { signal: hastySignal() }));
  await test.settle();
  assert.deepEqual([outcome.message, handled], ["hasty", 0]);
  for (const bad of [{}, 5, null, revoked(), faultySignal("aborted").signal])
    assert.throws(() => (ref as never as Asks).ask({ type: "q" }, { signal: bad as AbortSignal }), {
      code: "ERR_INVALID_ARGUMENT",
    });
});

interface Asks {
  ask(message: object, options: object): Promise<unknown>;
}

/** A half-open circuit, and calls that end when their signal fires. */
async function halfOpen(trialCalls: number) {
  const clock = new VirtualClock();
  const circuit = new CircuitBreaker({
    breaker: new ConsecutiveBreaker({ failures: 1 }),
    openMs: 1_000,
    trialCalls,
    clock,
  });
  await failureOf(
    circuit.execute(() => {
      throw new Error("down");
    }),
  );
  await clock.advance(1_000);
  const hang = (): { readonly giveUp: () => void; readonly ended: Promise<unknown>; readonly fail: () => void } => {
    const controller = new AbortController();
    let fail!: () => void;
    const ended = circuit
      .execute(
        (signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason));
            fail = () => reject(new Error("late failure"));
          }),
        controller.signal,
      )
      .catch(() => "ended");
    return { giveUp: () => controller.abort(), ended, fail: () => fail() };
  };
  const running = (): number => (circuit.state.kind === "half_open" ? circuit.state.running : -1);
  return { clock, circuit, hang, running };
}

test("a trial that lost its place and then gives up frees no other's", async () => {
  for (const trialCalls of [1, 2, 3]) {
    const { clock, circuit, hang, running } = await halfOpen(trialCalls);
    const old = Array.from({ length: trialCalls }, hang);
    await clock.advance(1_000);
    const young = Array.from({ length: trialCalls }, hang);
    assert.equal(running(), trialCalls);
    for (const trial of old) trial.giveUp();
    await Promise.all(old.map(({ ended }) => ended));

    assert.equal(running(), trialCalls);
    assert.equal((await failureOf(circuit.execute(() => 1))).code, "ERR_CIRCUIT_OPEN");
    for (const trial of young) trial.giveUp();
    await Promise.all(young.map(({ ended }) => ended));
    assert.equal(running(), 0);
  }
});

test("how a trial ends that lost its place counts no more, a success as little as a failure", async () => {
  const { clock, circuit, hang, running } = await halfOpen(1);
  const old = hang();
  await clock.advance(1_000);
  const young = hang();
  old.fail();
  await old.ended;
  assert.deepEqual([circuit.state.kind, running()], ["half_open", 1]);
  young.giveUp();
  await young.ended;
  assert.equal(await circuit.execute(() => 1), 1);
  assert.equal(circuit.state.kind, "closed");
});

test("one trial that hangs loses its place, the others keep theirs", async () => {
  const { clock, hang, running } = await halfOpen(2);
  const first = hang();
  await clock.advance(600);
  const second = hang();
  await clock.advance(400);
  const third = hang();
  assert.equal(running(), 2);
  first.giveUp();
  await first.ended;
  assert.equal(running(), 2);
  second.giveUp();
  third.giveUp();
  await Promise.all([second.ended, third.ended]);
  assert.equal(running(), 0);
});

for (const part of ["record", "reset", "random"] as const) {
  test(`a call's outcome is its own when the circuit's ${part} throws, which is reported`, async (t) => {
    const reported = t.mock.method(console, "error", () => {});
    const clock = new VirtualClock();
    let isHostile = false;
    const mayThrow = (what: string): void => {
      if (isHostile && what === part) throw new Error(`hostile ${what}`);
    };
    const circuit = new CircuitBreaker({
      breaker: {
        record: (outcome) => {
          mayThrow("record");
          return outcome === "failure";
        },
        reset: () => mayThrow("reset"),
      },
      openMs: { minMs: 100, maxMs: 100, jitter: 1 },
      random: () => {
        mayThrow("random");
        return 0;
      },
      clock,
    });
    const fail = (): Promise<Error> =>
      failureOf(
        circuit.execute(() => {
          throw new Error("its own");
        }),
      );
    if (part === "reset") {
      await fail();
      await clock.advance(100);
    }
    isHostile = true;
    assert.equal(await circuit.execute(() => 42), 42);
    if (part === "random") assert.equal((await fail()).message, "its own");
    isHostile = false;

    assert.equal(reported.mock.callCount(), 1);
    assert.equal(circuit.state.kind, "closed");
    await fail();
    assert.equal(circuit.state.kind, "open");
  });
}
