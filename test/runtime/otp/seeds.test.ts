// Restarts, shutdowns and escalations under 200 schedules each, with crashes wherever they can happen. What must hold in all of
// them is checked by the testkit's invariants, when each run ends.
//
//   AIRSSYS_SEED=17 node --test test/runtime/otp/seeds.test.ts     replays one
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  type AnyActorRef,
  type Ask,
  type ChildSpec,
  restartChild,
  type Signal,
  type Start,
  type Strategy,
  startChild,
  startInstance,
  supervisor,
  terminateChild,
} from "airssys-rt";
import type { SeededRandom, TestSystem } from "airssys-rt/testing";
import { underSchedules } from "./schedules.ts";

const SEEDS = 200;

type Task =
  | { readonly type: "work" }
  | { readonly type: "slow"; readonly ms: number }
  | { readonly type: "fail" }
  | { readonly type: "stop" }
  | { readonly type: "help"; readonly from: ActorRef<Task> }
  | Ask<{ readonly type: "count" }, number>;

const wait = (context: ActorContext<Task>, ms: number): Promise<void> =>
  new Promise((resolve) => void context.clock.setTimer(resolve, ms));

/** Does what it is told: at once, over time, with the help of a child, or not at all. */
class Hand extends Actor<Task> {
  #count = 0;
  override preStart(context: ActorContext<Task>): void | Promise<void> {
    context.timers.startPeriodic("own work", { type: "work" }, 40);
    if (context.random() < 0.2) return wait(context, 5);
    return undefined;
  }
  override handleMessage(task: Task, context: ActorContext<Task>): void | Promise<void> {
    switch (task.type) {
      case "work":
        this.#count++;
        return undefined;
      case "slow":
        return wait(context, task.ms);
      case "fail":
        throw new Error("failed");
      case "stop":
        context.stop();
        return undefined;
      case "help":
        context.spawn(() => new Hand()).tell({ type: "slow", ms: 3 });
        task.from.tell({ type: "work" });
        return undefined;
      case "count":
        context.reply(this.#count);
        return undefined;
    }
  }
  override postStop(context: ActorContext<Task>): void | Promise<void> {
    if (context.random() < 0.3) return wait(context, 20);
    return undefined;
  }
}

const hand = (id: string, options: Partial<ChildSpec<Task>> = {}): ChildSpec<Task> => ({
  id,
  start: () => new Hand(),
  ...options,
});

/** Two levels of supervision, every restart type, every way to be ended. */
function tree(strategy: Strategy, maxRestarts: number) {
  const team = (name: string) =>
    supervisor({
      name,
      strategy,
      maxRestarts,
      maxRestartPeriodMs: 50,
      children: [
        hand("permanent", { shutdown: 10 }),
        hand("transient", { restart: "transient", shutdown: "infinity" }),
        hand("temporary", { restart: "temporary", shutdown: "brutal_kill" }),
        hand("named", { name: `${name} one`, mailbox: { capacity: 4, overflow: "drop_oldest" } }),
      ],
    });
  return supervisor({
    strategy,
    maxRestarts,
    maxRestartPeriodMs: 50,
    children: [
      { id: "a", start: team("a") },
      { id: "b", start: team("b"), restart: "transient" },
    ],
  });
}

const PATHS = ["a", "b"].flatMap((team) =>
  ["permanent", "transient", "temporary", "named"].map((id) => `${team}/${id}`),
);

function taskOf(random: SeededRandom, from: ActorRef<Task>): Task {
  return random.pick<Task>([
    { type: "work" },
    { type: "slow", ms: random.below(15) },
    { type: "fail" },
    { type: "stop" },
    { type: "help", from },
  ]);
}

/** Questions that were asked: all come to an end, one way or the other. */
class Questions {
  #asked = 0;
  #settled = 0;

  add(question: Promise<unknown>): void {
    this.#asked++;
    const settled = (): void => {
      this.#settled++;
    };
    question.then(settled, settled);
  }

  async allSettle(run: TestSystem): Promise<void> {
    await run.advance(500);
    assert.equal(this.#settled, this.#asked, "questions that have come to an end");
  }
}

/** Makes trouble for a while. */
async function meddle(run: TestSystem, random: SeededRandom, steps: number, questions: Questions): Promise<void> {
  const { system } = run;
  for (let step = 0; step < steps && system.root.isAlive; step++) {
    const actor = system.whereis<Task>(random.pick(PATHS));
    const other = system.whereis<Task>(random.pick(PATHS));
    if (actor === undefined || other === undefined) continue;
    const what = random.below(10);
    if (what < 5) actor.tell(taskOf(random, other));
    else if (what < 7) questions.add(actor.ask({ type: "count" }, { timeoutMs: 30 }));
    else if (what === 7) system.kill(actor);
    else await run.advance(random.below(12));
  }
}

for (const strategy of ["one_for_one", "rest_for_one", "one_for_all"] as const) {
  test(`under ${SEEDS} schedules, ${strategy} restarts, escalates and shuts down by the rules`, async ({ name }) => {
    await underSchedules(name, SEEDS, async (world) => {
      const run = await world.start({ root: tree(strategy, world.random.below(4)) });
      const questions = new Questions();
      await meddle(run, world.random, 30, questions);
      await questions.allSettle(run);
    });
  });
}

test(`under ${SEEDS} schedules, crashes in starts, messages, signals and ends break nothing but their actor`, async ({
  name,
}) => {
  const crashes = [
    { at: "start", chance: 0.1 },
    { at: "message", chance: 0.1 },
    { at: "signal", chance: 0.1 },
    { at: "stop", chance: 0.1 },
  ] as const;
  await underSchedules(name, SEEDS, async (world) => {
    const starting = world.start({ root: tree("rest_for_one", 3), crashes });
    const run = await starting.catch(() => undefined);
    if (run === undefined) return;
    const questions = new Questions();
    await meddle(run, world.random, 20, questions);
    await questions.allSettle(run);
  });
});

test(`under ${SEEDS} schedules, a system that is stopped in the middle of everything ends in order`, async ({
  name,
}) => {
  await underSchedules(name, SEEDS, async (world) => {
    const run = await world.start({ root: tree("one_for_all", 5) });
    const questions = new Questions();
    await meddle(run, world.random, 10, questions);
    const stopping = run.stop();
    await meddle(run, world.random, 10, questions);
    await stopping;
    await questions.allSettle(run);
    assert.equal(run.system.root.isAlive, false);
  });
});

type Watch = { readonly type: "watch"; readonly who: AnyActorRef };

/** Watches others, and counts what it hears. */
class Guard extends Actor<Watch> {
  readonly #heard: Map<AnyActorRef, number>;
  constructor(heard: Map<AnyActorRef, number>) {
    super();
    this.#heard = heard;
  }
  override preStart(context: ActorContext<Watch>): void {
    context.trapExit(true);
  }
  override handleMessage({ who }: Watch, context: ActorContext<Watch>): void {
    context.monitor(who);
    context.link(who);
  }
  override handleSignal(signal: Signal): void {
    const key = signal.from;
    this.#heard.set(key, (this.#heard.get(key) ?? 0) + 1);
  }
}

test(`under ${SEEDS} schedules, every watcher hears of every end exactly once, and every linked one too`, async ({
  name,
}) => {
  await underSchedules(name, SEEDS, async (world) => {
    const run = await world.start();
    const { system } = run;
    const heard = new Map<AnyActorRef, number>();
    const guard = system.spawn(() => new Guard(heard));
    const hands = Array.from({ length: 6 }, (_, n) => system.spawn(() => new Hand(), { id: `hand ${n}` }));
    for (const who of hands) guard.tell({ type: "watch", who });
    for (const one of hands) {
      if (world.random.isHit(0.3)) system.kill(one);
      one.tell(world.random.pick<Task>([{ type: "fail" }, { type: "stop" }]));
    }

    await run.advance(100);

    assert.deepEqual(
      hands.map((one) => heard.get(one)),
      hands.map(() => 2),
    );
  });
});

test(`under ${SEEDS} schedules, dynamic children are counted right however they come and go`, async ({ name }) => {
  await underSchedules(name, SEEDS, async (world) => {
    const pool = supervisor({
      strategy: "simple_one_for_one",
      maxRestarts: 1_000,
      children: [hand("template", { restart: world.random.pick(["permanent", "temporary"]), shutdown: 5 })],
    });
    const run = await world.start();
    const sup = await within(run, startChild(run.system.root, { id: "pool", start: pool }));
    assert.ok(sup);
    const wanted = new Set<ActorRef<Task>>();
    for (let step = 0; step < 12; step++) {
      const ref = await within(run, startInstance<Start<Task>>(sup));
      if (ref !== undefined) wanted.add(ref);
      const [first] = wanted;
      if (first === undefined || !world.random.isHit(0.4)) continue;
      if (first.isAlive && world.random.isHit(0.5)) first.tell({ type: "work" });
      wanted.delete(first);
      await within(run, terminateChild(sup, first));
    }
    await run.advance(50);

    for (const ref of wanted) assert.ok(ref.isAlive, `${ref.id} lives`);
  });
});

test(`under ${SEEDS} schedules, children are ended and started by request while they crash`, async ({ name }) => {
  await underSchedules(name, SEEDS, async (world) => {
    const run = await world.start({ root: tree("one_for_one", 1_000) });
    const questions = new Questions();
    for (let step = 0; step < 10; step++) {
      await meddle(run, world.random, 4, questions);
      const team = run.system.whereis(world.random.pick(["a", "b"])) as AnyActorRef;
      const id = world.random.pick(["permanent", "transient", "named"]);
      questions.add(world.random.isHit(0.5) ? terminateChild(team, id) : restartChild(team, id));
    }
    await questions.allSettle(run);
  });
});

/** Lets time pass until a promise has settled. */
async function within<T>(run: TestSystem, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = (): void => {
    isSettled = true;
  };
  promise.then(settled, settled);
  for (let ms = 0; ms < 1_000 && !isSettled; ms++) {
    await run.settle();
    if (!isSettled) await run.advance(1);
  }
  return promise;
}
