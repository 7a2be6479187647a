import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type Ask, supervisor } from "airssys-rt";
import {
  type CrashPoint,
  ExplorationError,
  explore,
  InjectedCrash,
  TestSystem,
  UnsettledError,
} from "airssys-rt/testing";

type Work = { readonly type: "work"; readonly n: number } | Ask<{ readonly type: "done" }, readonly number[]>;

/** Keeps what it was sent. */
class Worker extends Actor<Work> {
  readonly #done: number[] = [];
  override preStart(): void | Promise<void> {}
  override handleMessage(message: Work, context: ActorContext<Work>): void {
    if (message.type === "work") this.#done.push(message.n);
    else context.reply(this.#done);
  }
}

const pair = supervisor({
  maxRestarts: 100,
  children: [
    { id: "left", start: () => new Worker() },
    { id: "right", start: () => new Worker() },
  ],
});

/** Sends both workers ten messages each. @returns whose turns came, in order. */
async function scheduleOf(seed: number, crashes: readonly CrashPoint[] = []): Promise<string[]> {
  const order: string[] = [];
  await using run = await TestSystem.start({
    seed,
    crashes,
    root: pair,
    instrument: (behavior, actor) => {
      const handle = behavior.handleMessage;
      if (actor.id === "test") return;
      behavior.handleMessage = function (message, context) {
        order.push(`${actor.id} ${JSON.stringify(message)}`);
        return handle.call(this, message, context);
      };
    },
  });
  for (let n = 0; n < 10; n++)
    for (const name of ["left", "right"]) run.system.whereis<Work>(name)?.tell({ type: "work", n });
  await run.settle();
  return order;
}

test("the same seed leads to the same schedule, another one to another", async () => {
  const first = await scheduleOf(3);

  assert.equal(first.length, 20);
  assert.deepEqual(await scheduleOf(3), first);
  const schedules = new Set(await Promise.all([1, 2, 3, 4, 5].map(async (seed) => String(await scheduleOf(seed)))));
  assert.ok(schedules.size >= 4, `${schedules.size} different schedules under 5 seeds`);
});

test("whatever the schedule, one actor's messages stay in the order they were sent", async () => {
  await explore({ seeds: 50 }, async (world) => {
    const { system } = await world.start({ root: pair });
    const left = system.whereis<Work>("left") as ActorRef<Work>;
    for (let n = 0; n < 20; n++) left.tell({ type: "work", n });

    assert.deepEqual(
      await left.ask({ type: "done" }),
      Array.from({ length: 20 }, (_, n) => n),
    );
  });
});

test("virtual time passes only in advance, and what follows has followed then", async () => {
  await using run = await TestSystem.start({ startMs: 1_000 });
  const ticks: number[] = [];
  class Ticker extends Actor<{ readonly type: "tick" }> {
    override preStart(context: ActorContext<{ readonly type: "tick" }>): void {
      context.timers.startPeriodic("tick", { type: "tick" }, 10);
    }
    override handleMessage(): void {
      ticks.push(run.clock.now());
    }
  }
  run.system.spawn(() => new Ticker());

  await run.advance(35);

  assert.deepEqual(ticks, [1_010, 1_020, 1_030]);
});

test("the system starts although a start waits for time, and ends although an end does", async () => {
  const run = await TestSystem.start({
    root: supervisor({
      children: [
        {
          id: "slow",
          start: () => {
            const wait = (context: ActorContext): Promise<void> =>
              new Promise((resolve) => void context.clock.setTimer(resolve, 50));
            return new (class extends Worker {
              override preStart(context?: ActorContext): Promise<void> {
                return wait(context as ActorContext);
              }
              override postStop(context: ActorContext<Work>): Promise<void> {
                return wait(context as unknown as ActorContext);
              }
            })();
          },
        },
      ],
    }),
  });
  assert.equal(run.clock.monotonicMs(), 50);

  assert.deepEqual(await run.stop(), { kind: "shutdown" });

  assert.equal(run.clock.monotonicMs(), 100);
});

test("actors that keep each other busy without end are found out", async () => {
  const run = await TestSystem.start({ turnLimit: 500 });
  type Ball = { readonly type: "ball"; readonly from: ActorRef<Ball> };
  class Player extends Actor<Ball> {
    override handleMessage({ from }: Ball, context: ActorContext<Ball>): void {
      from.tell({ type: "ball", from: context.self });
    }
  }
  const ping = run.system.spawn(() => new Player(), { id: "ping" });
  const pong = run.system.spawn(() => new Player(), { id: "pong" });
  ping.tell({ type: "ball", from: pong });

  await assert.rejects(run.settle(), (error: unknown) => {
    assert.ok(error instanceof UnsettledError);
    assert.deepEqual([...error.actors].sort(), ["test/ping", "test/pong"]);
    return true;
  });

  run.system.kill(ping);
  run.system.kill(pong);
  await run.stop();
});

test("a crash is injected at the message that was chosen, and nowhere else", async () => {
  await using run = await TestSystem.start({ root: pair, crashes: [{ actor: "left", nth: 3 }] });
  const left = run.system.whereis<Work>("left") as ActorRef<Work>;
  const right = run.system.whereis<Work>("right") as ActorRef<Work>;
  for (let n = 1; n <= 5; n++) for (const worker of [left, right]) worker.tell({ type: "work", n });

  assert.deepEqual(await left.ask({ type: "done" }), [4, 5]);
  assert.deepEqual(await right.ask({ type: "done" }), [1, 2, 3, 4, 5]);

  assert.equal(left.incarnation, 2);
  const [crash, ...others] = run.eventsOf("crashed");
  assert.deepEqual(others, []);
  assert.ok(crash?.reason.cause instanceof InjectedCrash);
  assert.deepEqual(crash.envelope?.message, { type: "work", n: 3 });
});

test("a crash can be injected into a start: the restart is tried again until it succeeds", async () => {
  await using run = await TestSystem.start({
    root: pair,
    crashes: [
      { actor: "left", nth: 1 },
      { actor: "left", at: "start", nth: 2 },
      { actor: "left", at: "start", nth: 3 },
    ],
  });
  run.system.whereis<Work>("left")?.tell({ type: "work", n: 1 });

  await run.settle();

  assert.equal(run.eventsOf("restartFailed").length, 2);
  assert.equal(run.eventsOf("restarted").length, 1);
});

test("a crash can be injected with a probability: the seed decides where", async () => {
  const crash: CrashPoint = { actor: "left", chance: 0.3 };

  const [one, again, other] = [
    await scheduleOf(5, [crash]),
    await scheduleOf(5, [crash]),
    await scheduleOf(6, [crash]),
  ];

  assert.deepEqual(again, one);
  assert.notDeepEqual(other, one);
});

test("crashes are injected into callbacks the actor does not have too", async () => {
  class Bare extends Actor<Work> {
    override handleMessage(): void {}
  }
  await using run = await TestSystem.start({ crashes: [{ actor: "bare", at: "stop" }] });
  const bare = run.system.spawn(() => new Bare(), { id: "bare" });
  const probe = run.probe();
  probe.watch(bare);
  await run.settle();

  run.system.exit(bare, { kind: "shutdown" });

  const reason = await probe.expectTerminated(bare);
  assert.ok(reason.kind === "crashed" && reason.cause instanceof InjectedCrash);
});

test("nonsense in a crash point is refused with every fault", async () => {
  const crashes = [{ at: "toString", nth: 0, chance: 2, whne: 1 }] as unknown as readonly CrashPoint[];

  await assert.rejects(TestSystem.start({ crashes }), (error: { readonly faults?: readonly string[] }) => {
    assert.equal(error.faults?.length, 4);
    return true;
  });
});

/** Breaks when the second worker overtakes the first. */
async function racing(world: Parameters<Parameters<typeof explore>[1]>[0]): Promise<void> {
  const { system } = await world.start({ root: pair });
  const [left, right] = [system.whereis<Work>("left"), system.whereis<Work>("right")];
  const order: string[] = [];
  await Promise.all([
    left?.ask({ type: "done" }).then(() => order.push("left")),
    right?.ask({ type: "done" }).then(() => order.push("right")),
  ]);
  assert.deepEqual(order, ["left", "right"]);
}

test("exploring at random finds a seed that breaks a program, and that seed breaks it again", async () => {
  const failure: unknown = await explore({ runs: 200, strategy: "random" }, racing).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ExplorationError);
  assert.match(failure.message, /^failed under seed \d+, in run \d+ of at most 200: /);
  assert.ok(failure.lastTurns.length > 0);

  process.env["AIRSSYS_SEED"] = String(failure.seed);
  try {
    let runs = 0;
    const again: unknown = await explore({ runs: 200 }, (world) => {
      runs++;
      return racing(world);
    }).catch((error: unknown) => error);

    assert.equal(runs, 1);
    assert.ok(again instanceof ExplorationError);
    assert.equal(again.seed, failure.seed);
  } finally {
    delete process.env["AIRSSYS_SEED"];
  }
});

test("a test system without a seed has that of the environment, and says its schedule, which stands for the same seed", async () => {
  process.env["AIRSSYS_SEED"] = "41";
  try {
    await using run = await TestSystem.start();
    assert.equal(run.seed, 41);
    process.env["AIRSSYS_SCHEDULE"] = run.schedule;
    delete process.env["AIRSSYS_SEED"];
    await using again = await TestSystem.start();
    assert.equal(again.seed, 41);
  } finally {
    delete process.env["AIRSSYS_SEED"];
    delete process.env["AIRSSYS_SCHEDULE"];
  }
});

test("options of explore that do not exist, and a program that is none, are refused with every fault", async () => {
  await assert.rejects(explore({ seed: 7, seeds: 0 } as never, undefined as never), {
    faults: [
      'unknown option "seed"',
      "seeds must be a whole number >= 1 and <= 1000000, got 0",
      "program must be a function",
    ],
  });
});

test("a seed in the environment that is no whole number is refused", async () => {
  process.env["AIRSSYS_SEED"] = "lucky";
  try {
    await assert.rejects(
      explore({}, async () => {}),
      { code: "ERR_INVALID_ARGUMENT" },
    );
  } finally {
    delete process.env["AIRSSYS_SEED"];
  }
});
