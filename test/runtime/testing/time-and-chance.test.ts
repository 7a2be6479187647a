// What `Date`, `setTimeout`, `Math.random` and their like are to the code of actors under test, to the test, and after it.
import assert from "node:assert/strict";
import nodeCrypto, { randomBytes, randomInt, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { type TestContext, test } from "node:test";
import { setImmediate as breathe, setInterval as everyMs, scheduler, setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Actor, type ActorContext, type ActorRef, type AnyActorContext, supervisor } from "airssys-rt";
import { BehaviorKit, explore, TestSystem, type TestSystemOptions, UnsettledError } from "airssys-rt/testing";

const require = createRequire(import.meta.url);
/** Taken before any test system: nobody can own it. */
const realSetTimeout = setTimeout;

interface Go {
  readonly type: "go";
}
const GO: Go = { type: "go" };

type Handle = (context: ActorContext<Go>) => void | Promise<void>;

class Doing extends Actor<Go> {
  readonly #handle: Handle;
  constructor(handle: Handle) {
    super();
    this.#handle = handle;
  }
  override handleMessage(_: Go, context: ActorContext<Go>): void | Promise<void> {
    return this.#handle(context);
  }
}

function spawn({ system }: TestSystem, id: string, handle: Handle): ActorRef<Go> {
  return system.spawn<Go>(() => new Doing(handle), { id });
}

/** Has a handler do something in a system of its own, and lets time pass after it. */
async function within(handle: Handle, options: TestSystemOptions = {}, ms = 0): Promise<void> {
  await using run = await TestSystem.start(options);
  spawn(run, "one", handle).tell(GO);
  await run.settle();
  if (ms > 0) await run.advance(ms);
}

/** What one handler reads. */
async function readBy<T>(read: (context: AnyActorContext) => T, options: TestSystemOptions = {}): Promise<T> {
  const values: T[] = [];
  await within((context) => void values.push(read(context)), options);
  return values[0] as T;
}

const AT = Date.UTC(2030, 0, 2, 3, 4, 5);

const CLOCKS: readonly (readonly [name: string, read: (context: AnyActorContext) => number, isDate: boolean])[] = [
  ["Date.now", () => Date.now(), true],
  ["new Date", () => Date.parse(new Date().toISOString()), true],
  ["Date", () => Date.parse(Date()), true],
  ["a class of dates", () => new (class Day extends Date {})().getTime(), true],
  ["performance.timeOrigin", () => performance.timeOrigin + performance.now(), true],
  ["context.now", (context) => context.now(), true],
  ["context.clock", (context) => context.clock.now(), true],
  ["performance.now", () => performance.now(), false],
  ["process.hrtime", () => process.hrtime()[0] * 1_000 + process.hrtime()[1] / 1e6, false],
  ["process.hrtime.bigint", () => Number(process.hrtime.bigint()) / 1e6, false],
];

for (const [name, read, isDate] of CLOCKS)
  test(`sixty virtual seconds are sixty seconds to ${name} in a handler`, async () => {
    await using run = await TestSystem.start({ startMs: AT });
    const readings: number[] = [];
    const one = spawn(run, "one", (context) => void readings.push(read(context)));
    for (let n = 0; n < 2; n++) {
      one.tell(GO);
      await run.settle();
      await run.advance(60_000);
    }

    assert.deepEqual(readings, isDate ? [AT, AT + 60_000] : [0, 60_000]);
  });

interface Temporals {
  readonly Now: Record<string, (zone?: string) => { readonly toString: () => string }>;
}

test("Temporal.Now in a handler is virtual time, where there is Temporal", async (t) => {
  const temporal = (globalThis as { Temporal?: Temporals }).Temporal;
  if (temporal === undefined) {
    t.skip("this Node.js has none");
    return;
  }
  const { Now } = temporal;
  const read = (name: string): Promise<string> => readBy(() => String(Now[name]?.("UTC")), { startMs: AT });

  assert.equal(await read("instant"), "2030-01-02T03:04:05Z");
  assert.equal(await read("plainDateISO"), "2030-01-02");
  assert.equal(await read("plainTimeISO"), "03:04:05");
  assert.equal(await read("plainDateTimeISO"), "2030-01-02T03:04:05");
  assert.match(await read("zonedDateTimeISO"), /^2030-01-02T03:04:05\+00:00\[UTC\]/);
});

test("dates that are made of something, and dates themselves, are what they always are", async () => {
  await within(() => {
    assert.equal(new Date(5).getTime(), 5);
    assert.ok(new Date() instanceof Date);
    assert.equal(new Date().constructor, Date);
    assert.equal(Date.UTC(1970, 0), 0);
    assert.deepEqual(new Date(7), new Date("1970-01-01T00:00:00.007Z"));
  });
});

test("the test's own code has the machine's time and chance while a system runs, and so has a system that is none of the testkit", async () => {
  const before = Date.now();
  await using run = await TestSystem.start();
  const drawn = await readBy(() => Math.random());

  assert.ok(Date.now() >= before);
  assert.notEqual(Math.random(), drawn);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await sleep(1);
  assert.equal(run.clock.now(), 0);
});

const DRAWS: readonly (readonly [name: string, draw: (context: AnyActorContext) => unknown])[] = [
  ["Math.random", () => Math.random()],
  ["context.random", (context) => context.random()],
  ["crypto.randomUUID", () => crypto.randomUUID()],
  ["crypto.getRandomValues", () => String(crypto.getRandomValues(new Uint32Array(4)))],
  ["randomUUID of node:crypto", () => randomUUID()],
  ["randomInt of node:crypto", () => randomInt(10, 1_000_000)],
  ["randomBytes of node:crypto", () => randomBytes(8).toString("hex")],
  ["randomFillSync of node:crypto", () => nodeCrypto.randomFillSync(Buffer.alloc(8), 2, 4).toString("hex")],
  ["what is required of node:crypto", () => (require("node:crypto") as typeof nodeCrypto).randomUUID()],
];

for (const [name, draw] of DRAWS)
  test(`${name} in a handler follows the seed`, async () => {
    const drawn = await readBy(draw, { seed: 5 });

    assert.equal(await readBy(draw, { seed: 5 }), drawn);
    assert.notEqual(await readBy(draw, { seed: 6 }), drawn);
  });

test("what is drawn has the shape it always has, and what the machine refuses is refused", async () => {
  await within(async () => {
    assert.match(crypto.randomUUID(), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    for (let n = 0; n < 100; n++) assert.ok([3, 4].includes(randomInt(3, 5)));
    assert.equal(nodeCrypto.randomFillSync(Buffer.alloc(8), 2, 4).subarray(0, 2).toString("hex"), "0000");
    assert.equal((await promisify(randomBytes)(5)).length, 5);
    assert.throws(() => randomInt(5, 3), { code: "ERR_OUT_OF_RANGE" });
    assert.throws(() => crypto.getRandomValues(new Float64Array(1) as unknown as Uint8Array), {
      name: "TypeMismatchError",
    });
    assert.throws(() => setTimeout("soon" as unknown as () => void, 1), { code: "ERR_INVALID_ARG_TYPE" });
  });
});

test("timers that a handler sets fire in virtual time, in order, with what they were given", async () => {
  await using run = await TestSystem.start();
  const log: string[] = [];
  const note = (what: string): void => void log.push(`${what} at ${Date.now()}`);
  spawn(run, "one", () => {
    setTimeout(note, 2_000, "later");
    setTimeout(note, 1_000, "sooner");
    const cleared = setTimeout(note, 500, "never");
    clearTimeout(cleared);
    clearTimeout(Number(setTimeout(note, 600, "never by number")));
    setTimeout(note, 100, "refreshed").refresh();
    const every = setInterval(() => {
      note("every");
      if (Date.now() >= 900) clearInterval(every);
    }, 300);
  }).tell(GO);
  await run.settle();
  assert.deepEqual(log, []);
  await run.advance(5_000);

  assert.deepEqual(log, [
    "refreshed at 100",
    "every at 300",
    "every at 600",
    "every at 900",
    "sooner at 1000",
    "later at 2000",
  ]);
});

test("a timer is to its handler what one of Node's is", async () => {
  await within(() => {
    const timer = setTimeout(() => {}, 10);
    assert.equal(timer.hasRef(), true);
    assert.equal(timer.unref().hasRef(), false);
    assert.equal(timer.ref(), timer);
    timer.close();
    timer[Symbol.dispose]();
    const soon = setImmediate(() => assert.fail("was cleared"));
    assert.equal(soon.unref().hasRef(), false);
    clearImmediate(soon);
    clearTimeout(undefined);
    clearTimeout("nonsense");
  });
});

const SLEEPS: readonly (readonly [name: string, sleep: (ms: number) => Promise<unknown>])[] = [
  ["setTimeout", (ms) => new Promise((resolve) => setTimeout(resolve, ms))],
  ["setTimeout of node:timers/promises", (ms) => sleep(ms)],
  ["scheduler.wait", (ms) => scheduler.wait(ms)],
  ["what promisify makes of setTimeout", (ms) => promisify(setTimeout)(ms)],
  ["AbortSignal.timeout", (ms) => new Promise((resolve) => AbortSignal.timeout(ms).addEventListener("abort", resolve))],
  [
    "what is required of node:timers/promises",
    (ms) => (require("node:timers/promises") as typeof import("node:timers/promises")).setTimeout(ms),
  ],
  [
    "setInterval of node:timers/promises",
    async (ms) => {
      for await (const _ of everyMs(ms)) break;
    },
  ],
];

for (const [name, wait] of SLEEPS)
  test(`a handler that waits by ${name} waits in virtual time`, async () => {
    await using run = await TestSystem.start();
    const log: number[] = [];
    const one = spawn(run, "one", async () => {
      await wait(40_000);
      log.push(Date.now());
    });
    one.tell(GO);
    await run.advance(39_999);
    assert.deepEqual(log, []);
    await run.advance(1);

    assert.deepEqual(log, [40_000]);
  });

test("a wait that is given up rejects as Node's does", async () => {
  await using run = await TestSystem.start();
  const log: unknown[] = [];
  spawn(run, "one", async () => {
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort("enough"), 10);
    await assert.rejects(sleep(1_000, undefined, { signal: giveUp.signal }), { name: "AbortError", code: "ABORT_ERR" });
    await assert.rejects(breathe(undefined, { signal: giveUp.signal }), { name: "AbortError", cause: "enough" });
    log.push(Date.now(), await sleep(1, "value"));
    try {
      for await (const each of everyMs(5, "tick", { signal: AbortSignal.timeout(12) })) log.push(each);
    } catch (error) {
      log.push((error as Error).name);
    }
    log.push(Date.now());
  }).tell(GO);
  await run.advance(100);

  assert.deepEqual(log, [10, "value", "tick", "tick", "AbortError", 23]);
  assert.equal(run.clock.pendingCount, 0);
});

test("what a handler leaves behind goes on in virtual time: after an await, in a promise, in a timer of a timer", async () => {
  const log: string[] = [];
  const note = (what: string): void => void log.push(`${what} ${Date.now()}`);
  const work = async (): Promise<void> => {
    await sleep(100);
    note("piped");
  };
  await within(
    (context) => {
      context.pipeToSelf(work(), () => GO);
      void Promise.resolve().then(() => note("promise"));
      queueMicrotask(() => note("microtask"));
      setTimeout(() => setTimeout(() => note("timer of a timer"), 50), 200);
      if (log.length > 1) context.stop();
    },
    { startMs: 1_000 },
    99,
  );
  assert.deepEqual(log, ["promise 1000", "microtask 1000"]);
  log.length = 0;

  await using run = await TestSystem.start();
  let isFirst = true;
  spawn(run, "one", (context) => {
    if (isFirst) context.pipeToSelf(work(), () => GO);
    if (isFirst) setTimeout(() => setTimeout(() => note("timer of a timer"), 50), 200);
    isFirst = false;
  }).tell(GO);
  await run.advance(1_000);
  assert.deepEqual(log, ["piped 100", "timer of a timer 250"]);
});

test("starts, preStart, signals and postStop are an actor's code too", async () => {
  const log: string[] = [];
  const note = (what: string): void => void log.push(`${what} ${Date.now()}`);
  class Noting extends Actor<Go> {
    readonly born = note("made");
    override async preStart(): Promise<void> {
      note("preStart");
      await sleep(1_000);
      note("after it");
    }
    override handleMessage(): void {}
    override postStop(): void {
      note("postStop");
    }
  }
  const run = await TestSystem.start({
    startMs: 5,
    root: supervisor({ children: [{ id: "one", start: () => new Noting() }] }),
  });
  await run.stop();

  assert.deepEqual(log, ["made 5", "preStart 5", "after it 1005", "postStop 1005"]);
});

test("setImmediate in a handler comes as soon as nobody is ready, without time passing", async () => {
  await using run = await TestSystem.start();
  const log: string[] = [];
  const two = spawn(run, "two", () => void log.push("two"));
  const one = spawn(run, "one", async () => {
    setImmediate((what: string) => log.push(what), "soon");
    two.tell(GO);
    await breathe();
    await scheduler.yield();
    log.push("rested");
    setTimeout(() => log.push("timer"), 0);
  });
  one.tell(GO);
  await run.settle();
  assert.deepEqual(log, ["two", "soon", "rested"]);
  await run.advance(1);

  assert.deepEqual(log, ["two", "soon", "rested", "timer"]);
});

test("one that calls itself by setImmediate without end is told as a program that never rests", async () => {
  await using run = await TestSystem.start({ turnLimit: 200 });
  let isOver = false;
  const again = (): void => {
    if (!isOver) setImmediate(again);
  };
  spawn(run, "one", again).tell(GO);
  await assert.rejects(run.settle(), UnsettledError);
  isOver = true;
});

test("what a timer's callback throws fails whoever lets time pass", async () => {
  await using run = await TestSystem.start();
  spawn(run, "one", () => {
    setTimeout(() => {
      throw new Error("late");
    }, 10);
    setImmediate(() => {
      throw new Error("soon");
    });
  }).tell(GO);

  await assert.rejects(run.settle(), /soon/);
  await assert.rejects(run.advance(10), /late/);
});

test("two test systems at once have each its own time and chance", async () => {
  await using early = await TestSystem.start({ startMs: 1_000, seed: 1 });
  await using late = await TestSystem.start({ startMs: 9_000, seed: 2 });
  const log: string[] = [];
  const drawn = new Set<number>();
  for (const run of [early, late])
    spawn(run, "one", async () => {
      drawn.add(Math.random());
      await sleep(run === early ? 100 : 10);
      log.push(String(Date.now()));
    }).tell(GO);
  await Promise.all([early.settle(), late.settle()]);
  await late.advance(50);
  await early.advance(200);

  assert.deepEqual(log, ["9010", "1100"]);
  assert.equal(drawn.size, 2);
});

/** Everything that is replaced, as it stands. */
function standing(): unknown[] {
  const timers = ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"];
  const promises = require("node:timers/promises") as object;
  const places: readonly (readonly [object, readonly string[]])[] = [
    [globalThis, ["Date", ...timers]],
    [Date, ["now"]],
    [Date.prototype, ["constructor"]],
    [Math, ["random"]],
    [performance, ["now", "timeOrigin"]],
    [process, ["hrtime"]],
    [crypto, ["randomUUID", "getRandomValues"]],
    [AbortSignal, ["timeout"]],
    [require("node:timers") as object, timers],
    [promises, ["setTimeout", "setInterval", "setImmediate"]],
    [scheduler, ["wait", "yield"]],
    [nodeCrypto, ["randomUUID", "randomInt", "randomBytes", "randomFill", "randomFillSync"]],
  ];
  return [
    ...places.flatMap(([owner, keys]) => keys.map((key) => Object.getOwnPropertyDescriptor(owner, key))),
    // What imports hold.
    ...[sleep, breathe, everyMs, randomUUID, randomInt, randomBytes],
  ];
}

const before = standing();

function assertRestored(): void {
  assert.deepEqual(standing(), before);
}

class Stubborn extends Actor<Go> {
  override preStart(): Promise<void> {
    throw new Error("does not start");
  }
  override handleMessage(): void {}
}

test("after the last system everything is as it was, however the test ends", async () => {
  assertRestored();
  const one = await TestSystem.start();
  const two = await TestSystem.start();
  assert.notEqual(Date, (before[0] as { value: unknown }).value);
  await one.stop();
  assert.notEqual(Date, (before[0] as { value: unknown }).value);
  await two.stop();
  assertRestored();
  await two.stop();
  assertRestored();

  await assert.rejects(within(() => {}, { crashes: [{ actor: "one" }], onEvent: undefined as never, turnLimit: 0 }));
  assertRestored();
  const root = supervisor({ children: [{ id: "one", start: () => new Stubborn() }] });
  await assert.rejects(TestSystem.start({ root }), /does not start/);
  assertRestored();
  await assert.rejects(TestSystem.start({ name: "a/b" }));
  assertRestored();
  const failing = explore({ runs: 3 }, async (world) => {
    await world.start();
    throw new Error("fails");
  });
  await assert.rejects(failing, /fails/);
  assertRestored();
});

test("a system that ends by itself restores everything too, although nobody stops it", async () => {
  class Crashing extends Actor<Go> {
    override handleMessage(): void {
      throw new Error("crash");
    }
  }
  const root = supervisor({ maxRestarts: 0, children: [{ id: "one", start: () => new Crashing() }] });
  const run = await TestSystem.start({ root });
  run.system.whereis<Go>("one")?.tell(GO);
  await run.settle();

  assertRestored();
});

test("a test system that broke an invariant restores everything", async () => {
  const run = await TestSystem.start();
  run.invariants.onEvent({ type: "systemStopped", system: "other", reason: { kind: "shutdown" } } as never);
  await run.stop().catch(() => {});

  assertRestored();
});

/** Mocks of `node:test`: before the system or after it, reset before it has stopped or after that. */
for (const isFirst of [true, false])
  for (const isResetFirst of [true, false])
    test(`mocks of node:test that come ${isFirst ? "before" : "after"} a system and go ${isResetFirst ? "before" : "after"} it: the test has its own time, and everything is restored`, async (t: TestContext) => {
      const enable = (): void =>
        t.mock.timers.enable({ apis: ["Date", "setTimeout", "setInterval", "setImmediate"], now: 77 });
      if (isFirst) enable();
      const run = await TestSystem.start({ startMs: 5_000 });
      if (!isFirst) enable();
      const readings: number[] = [];
      const one = spawn(run, "one", () => void readings.push(Date.now()));
      one.tell(GO);
      await run.settle();
      // Who came last comes first.
      assert.deepEqual(readings, [isFirst ? 5_000 : 77]);
      assert.equal(Date.now(), 77);
      let hasFired = false;
      setTimeout(() => {
        hasFired = true;
      }, 1_000);
      await run.advance(2_000);
      assert.equal(hasFired, false);
      t.mock.timers.tick(1_000);
      assert.equal(hasFired, true);
      if (isResetFirst) t.mock.timers.reset();
      await run.stop();
      if (!isResetFirst) t.mock.timers.reset();

      assert.ok(Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 60_000);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await sleep(1);
      await TestSystem.start().then((next) => next.stop());
      assertRestored();
    });

test("fake timers that replace every global, as those of Vitest do, keep neither the system from running nor what was there from coming back", async () => {
  const keys = ["Date", "setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] as const;
  const saved = keys.map((key) => [key, globalThis[key]] as const);
  const fake = {
    Date: class extends Date {},
    setTimeout: never,
    clearTimeout: never,
    setImmediate: never,
    clearImmediate: never,
  };
  const use = (): void => void Object.assign(globalThis, fake);
  const goBack = (): void => void Object.assign(globalThis, Object.fromEntries(saved));
  use();
  const values: number[] = [];
  await within(
    async () => {
      await sleep(10);
      setTimeout(() => values.push(Date.now()), 5);
    },
    {},
    20,
  );
  assert.equal(globalThis.setTimeout, never);
  goBack();

  assert.deepEqual(values, [15]);
  assertRestored();
});

/** Fake timers that note in each of theirs how to take it away, and delete what has no such note. */
for (const isResetFirst of [true, false])
  test(`fake timers with notes in them, that go ${isResetFirst ? "before" : "after"} the system, take away nothing else`, async () => {
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = Object.assign(() => {}, { isOwn: true }) as never;
    const reset = (): void => {
      if ((globalThis.setTimeout as { isOwn?: boolean }).isOwn === true) globalThis.setTimeout = real;
      else Reflect.deleteProperty(globalThis, "setTimeout");
    };
    const run = await TestSystem.start();
    if (isResetFirst) reset();
    await run.stop();
    if (!isResetFirst) reset();

    assertRestored();
  });

test("mocks and systems that end in the order in which they began leave nothing behind once the next system has ended", async () => {
  const { setTimeout: real } = globalThis;
  const first = await TestSystem.start();
  const { setTimeout: own } = globalThis;
  globalThis.setTimeout = never as never;
  await first.stop();
  globalThis.setTimeout = own;
  assert.notEqual(own, real);
  globalThis.setTimeout = never as never;
  await within(() => {});
  globalThis.setTimeout = own;
  await within(() => {});

  assertRestored();
});

function never(): never {
  throw new Error("the testkit used a timer of the test's");
}

test("in an exploration time is no obstacle and a timer no real one, and what is drawn follows the schedule's seed", async () => {
  const program =
    (handle: Handle, ms = 0): Parameters<typeof explore>[1] =>
    async (world) => {
      const run = await world.start();
      spawn(run, "one", handle).tell(GO);
      await run.advance(ms);
    };
  const timed = await explore(
    { strategy: "systematic" },
    program(async () => {
      await sleep(10);
      assert.equal(Date.now(), 10);
    }, 20),
  );
  assert.deepEqual([timed.isComplete, timed.obstacles], [true, []]);

  const drawn = new Map<string, Set<number>>();
  const { obstacles } = await explore({ runs: 20 }, async (world) => {
    const run = await world.start();
    const mine = drawn.get(String(world.seed)) ?? new Set();
    drawn.set(String(world.seed), mine);
    spawn(run, "one", () => void mine.add(Math.random())).tell(GO);
    await run.settle();
  });
  assert.deepEqual(obstacles, ["numbers drawn by chance: another seed draws others"]);
  assert.ok(drawn.size > 5 && [...drawn.values()].every((values) => values.size === 1));
});

test("timers of several actors that are due at one time are tried in every order", async () => {
  const orders = new Set<string>();
  const { isComplete } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start();
    const order: string[] = [];
    for (const id of ["left", "right"]) spawn(run, id, () => void setTimeout(() => order.push(id), 100)).tell(GO);
    await run.advance(100);
    orders.add(order.join());
  });

  assert.ok(isComplete);
  assert.deepEqual([...orders].sort(), ["left,right", "right,left"]);
});

test("a timer that the testkit cannot own is named: in an exploration, and where a promise does not settle", async () => {
  const handle = (): Promise<unknown> => new Promise((resolve) => realSetTimeout(resolve, 200));
  const { isComplete, obstacles } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start();
    spawn(run, "one", async () => void (await handle())).tell(GO);
    await run.settle();
  });
  assert.equal(isComplete, false);
  assert.deepEqual(obstacles, ["real input, output or time (Timeout)"]);

  await using run = await TestSystem.start();
  const waiting = handle();
  await assert.rejects(run.until(waiting), (error: UnsettledError) =>
    error.waits.includes("real input, output or time is under way (Timeout)"),
  );
  await waiting;
});

test("with real globals a handler has the machine's time and chance, and an exploration names what it reads", async () => {
  assert.ok((await readBy(() => Date.now(), { globals: "real" })) > AT - 10 * 365 * 86_400_000);
  const { isComplete, obstacles } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start({ globals: "real" });
    spawn(run, "one", () => void [Date.now(), new Date(), Math.random(), performance.now(), randomUUID()]).tell(GO);
    await run.settle();
  });

  assert.equal(isComplete, false);
  assert.deepEqual(
    obstacles,
    ["Date.now", "new Date", "Math.random", "performance.now", "crypto.randomUUID"].map(
      (name) => `the machine's own clock or chance (${name})`,
    ),
  );
  assertRestored();
});

test("globals that are neither virtual nor real are refused", async () => {
  await assert.rejects(TestSystem.start({ globals: "mine" as never }), /globals must be virtual or real, got "mine"/);
});

test("a system that does not stop is said not to, although an interval goes on for ever", async () => {
  const run = await TestSystem.start();
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  class Holding extends Actor<Go> {
    override handleMessage(): void {
      setInterval(() => {}, 10);
    }
    override postStop(): Promise<void> {
      return held;
    }
  }
  const root = supervisor({
    children: [{ id: "one", start: () => new Holding(), shutdown: "infinity" }],
  });
  const other = await TestSystem.start({ root });
  other.system.whereis<Go>("one")?.tell(GO);
  await other.settle();
  await assert.rejects(other.stop(), /did not stop, and there is no timer it could wait for/);
  letGo();
  await run.stop();
  await other.stop();
  assertRestored();
});

test("one actor alone asks its context", () => {
  const kit = BehaviorKit.start<Go>(() => new Doing((context) => assert.equal(context.now(), 0)));
  kit.run(GO);

  assert.ok(kit.isAlive);
});
