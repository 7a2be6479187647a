/** Restart strategies and intensity: OTP's groups of the four strategies. */
import assert from "node:assert/strict";
import {
  type ActorRef,
  type AnyChildSpec,
  type Start,
  type Strategy,
  startChild,
  startInstance,
  terminateChild,
} from "airssys-rt";
import { Fuse, type Order, REASONS, SlowEnd, type Stage, settle, stageWith, test, Worker, worker } from "./fixtures.ts";

const limit = { maxRestarts: 2, maxRestartPeriodMs: 3_600_000 } as const;

/** The lives of the children with those ids. */
const lives = (refs: readonly ActorRef<Order>[]): number[] => refs.map((ref) => ref.incarnation);

const children = (stage: Stage, ...ids: string[]): ActorRef<Order>[] => ids.map((id) => stage.child(id));

test("otp/supervisor/multiple_restarts", async (t) => {
  const stage = await stageWith(t, { maxRestarts: 1, maxRestartPeriodMs: 1_000, children: [worker("child")] });
  const [ref] = children(stage, "child") as [ActorRef<Order>];

  for (let crash = 1; crash <= 4; crash++) {
    await stage.end(ref, REASONS.abnormal);
    assert.equal(ref.incarnation, crash + 1);
    await stage.clock.advance(2_100);
  }

  assert.equal(stage.sup.isAlive, true);
});

test("otp/supervisor/one_for_one", async (t) => {
  const stage = await stageWith(t, {
    strategy: "one_for_one",
    ...limit,
    children: [worker("child1"), worker("child2")],
  });
  const [first, second] = children(stage, "child1", "child2") as [ActorRef<Order>, ActorRef<Order>];

  await stage.end(first, REASONS.abnormal);
  assert.deepEqual(lives([first, second]), [2, 1]);
  await stage.end(first, REASONS.abnormal);
  assert.deepEqual(lives([first, second]), [3, 1]);
  await stage.end(first, REASONS.abnormal);

  assert.deepEqual(lives([first, second]), [3, 1]);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.equal(stage.exitOf(second), "shutdown");
  assert.deepEqual(
    stage.eventsOf("escalated").map(({ supervisor, actor, restarts }) => [supervisor, actor, restarts]),
    [[stage.sup, first, 3]],
  );
});

test("otp/supervisor/one_for_one_escalation", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, {
    strategy: "one_for_one",
    maxRestarts: 4,
    maxRestartPeriodMs: 3_600_000,
    children: [worker("child1", { start: fuse.start }), worker("child2")],
  });
  const [first, second] = children(stage, "child1", "child2") as [ActorRef<Order>, ActorRef<Order>];

  fuse.outcome = "fail";
  await stage.end(first, REASONS.abnormal);

  assert.equal(fuse.tries, 1 + 4);
  assert.equal(stage.eventsOf("restartFailed").length, 4);
  assert.deepEqual([stage.exitOf(stage.sup), stage.exitOf(second)], ["shutdown", "shutdown"]);
});

test("otp/supervisor/one_for_all", async (t) => {
  const stage = await stageWith(t, {
    strategy: "one_for_all",
    ...limit,
    children: [worker("child1"), worker("child2")],
  });
  const refs = children(stage, "child1", "child2");
  const [first, second] = refs as [ActorRef<Order>, ActorRef<Order>];
  stage.history();

  await stage.end(first, REASONS.abnormal);
  assert.deepEqual(stage.history(), ["-child1 crashed", "-child2 shutdown", "+child1", "+child2"]);
  await stage.end(second, REASONS.abnormal);
  assert.deepEqual(stage.history(), ["-child2 crashed", "-child1 shutdown", "+child1", "+child2"]);
  assert.deepEqual(lives(refs), [3, 3]);
  await stage.end(first, REASONS.abnormal);

  assert.deepEqual(stage.history(), ["-child1 crashed", "-child2 shutdown", "-sup shutdown"]);
  assert.deepEqual(
    refs.map((ref) => ref.isAlive),
    [false, false],
  );
});

test("otp/supervisor/one_for_all_escalation", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, {
    strategy: "one_for_all",
    maxRestarts: 4,
    maxRestartPeriodMs: 3_600_000,
    children: [worker("child1"), worker("child2", { start: fuse.start })],
  });
  const refs = children(stage, "child1", "child2");

  fuse.outcome = "fail";
  await stage.end(refs[0] as ActorRef<Order>, REASONS.abnormal);

  assert.equal(fuse.tries, 1 + 4);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.deepEqual(
    refs.map((ref) => ref.isAlive),
    [false, false],
  );
});

/** `child1` is sound, `child2` fails to start twice when the group is restarted. */
function flaky(): { specs: AnyChildSpec[]; fuse: Fuse } {
  const fuse = new Fuse();
  let failures = 0;
  const start = (): Worker => {
    if (fuse.outcome === "fail" && ++failures <= 2) throw new Error("not yet");
    return new Worker();
  };
  return { specs: [worker("child0"), worker("child1"), worker("child2", { start }), worker("child3")], fuse };
}

test("otp/supervisor/one_for_all_other_child_fails_restart", async (t) => {
  const { specs, fuse } = flaky();
  const stage = await stageWith(t, {
    strategy: "one_for_all",
    maxRestarts: 3,
    maxRestartPeriodMs: 3_600_000,
    children: specs.slice(1, 3),
  });
  const [first] = children(stage, "child1") as [ActorRef<Order>];
  stage.history();

  fuse.outcome = "fail";
  await stage.end(first, REASONS.abnormal);

  assert.deepEqual(stage.history(), [
    ...["-child1 crashed", "-child2 shutdown"],
    ...["+child1", "-child2 crashed", "-child1 shutdown"],
    ...["+child1", "-child2 crashed", "-child1 shutdown"],
    ...["+child1", "+child2"],
  ]);
  assert.equal(stage.sup.isAlive, true);
});

test("otp/supervisor/rest_for_one", async (t) => {
  const stage = await stageWith(t, {
    strategy: "rest_for_one",
    ...limit,
    children: [worker("child1"), worker("child2"), worker("child3")],
  });
  const refs = children(stage, "child1", "child2", "child3");
  const second = refs[1] as ActorRef<Order>;
  stage.history();

  await stage.end(second, REASONS.abnormal);
  assert.deepEqual(stage.history(), ["-child2 crashed", "-child3 shutdown", "+child2", "+child3"]);
  await stage.end(second, REASONS.abnormal);
  assert.deepEqual(lives(refs), [1, 3, 3]);
  stage.history();
  await stage.end(second, REASONS.abnormal);

  assert.deepEqual(stage.history(), ["-child2 crashed", "-child3 shutdown", "-child1 shutdown", "-sup shutdown"]);
});

test("otp/supervisor/rest_for_one_escalation", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, {
    strategy: "rest_for_one",
    maxRestarts: 4,
    maxRestartPeriodMs: 3_600_000,
    children: [worker("child1"), worker("child2", { start: fuse.start })],
  });
  const refs = children(stage, "child1", "child2");

  fuse.outcome = "fail";
  await stage.end(refs[0] as ActorRef<Order>, REASONS.abnormal);

  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.deepEqual(
    refs.map((ref) => ref.isAlive),
    [false, false],
  );
});

test("otp/supervisor/rest_for_one_other_child_fails_restart", async (t) => {
  const { specs, fuse } = flaky();
  const stage = await stageWith(t, {
    strategy: "rest_for_one",
    maxRestarts: 3,
    maxRestartPeriodMs: 3_600_000,
    children: specs,
  });
  const [first] = children(stage, "child1") as [ActorRef<Order>];
  stage.history();

  fuse.outcome = "fail";
  await stage.end(first, REASONS.abnormal);

  assert.deepEqual(stage.history(), [
    ...["-child1 crashed", "-child3 shutdown", "-child2 shutdown"],
    ...["+child1", "-child2 crashed"],
    "-child2 crashed",
    ...["+child2", "+child3"],
  ]);
  assert.deepEqual(lives(children(stage, "child0", "child1")), [1, 2]);
});

const SIMPLE: Strategy = "simple_one_for_one";

async function instances(stage: Stage, count: number): Promise<ActorRef<Order>[]> {
  const refs: ActorRef<Order>[] = [];
  for (let i = 0; i < count; i++)
    refs.push((await startInstance<Start<Order, [number]>>(stage.sup, i)) as ActorRef<Order>);
  return refs;
}

test("otp/supervisor/simple_one_for_one", async (t) => {
  const stage = await stageWith(t, { strategy: SIMPLE, ...limit, children: [worker("child")] });
  const [first, second] = (await instances(stage, 2)) as [ActorRef<Order>, ActorRef<Order>];

  await stage.end(first, REASONS.abnormal);
  assert.deepEqual(lives([first, second]), [2, 1]);
  await stage.end(second, REASONS.abnormal);
  assert.deepEqual(lives([first, second]), [2, 2]);
  await stage.end(first, REASONS.abnormal);

  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.deepEqual([first.isAlive, second.isAlive], [false, false]);
});

test("otp/supervisor/simple_one_for_one_shutdown", async (t) => {
  const start = (i: number): Worker => new SlowEnd(() => stage.wait(i < 2 ? 1_000 : 5_000));
  const stage = await stageWith(t, { strategy: SIMPLE, children: [{ id: "child", start, shutdown: 2_000 } as never] });
  const refs = await instances(stage, 3);
  let hasStopped = false;

  void terminateChild(stage.system.root, "sup").then(() => {
    hasStopped = true;
  });
  await stage.clock.advance(1_999);
  assert.deepEqual([hasStopped, ...refs.map((ref) => stage.exitOf(ref))], [false, "shutdown", "shutdown", undefined]);
  await stage.clock.advance(1);

  assert.equal(hasStopped, true);
  assert.equal(stage.exitOf(refs[2] as ActorRef<Order>), "killed");
});

test("otp/supervisor/simple_one_for_one_extra: an instance is restarted with the arguments it was started with", async (t) => {
  const started: unknown[][] = [];
  const start = (...args: unknown[]): Worker => {
    started.push(args);
    return new Worker();
  };
  const stage = await stageWith(t, { strategy: SIMPLE, ...limit, children: [{ id: "child", start } as never] });
  const ref = (await startInstance<typeof start>(stage.sup, "a", { b: 1 })) as ActorRef<Order>;

  await stage.end(ref, REASONS.abnormal);

  assert.deepEqual(started, [
    ["a", { b: 1 }],
    ["a", { b: 1 }],
  ]);
  assert.equal(await ref.ask({ type: "lives" }), 2);
});

test("otp/supervisor/simple_one_for_one_escalation", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, {
    strategy: SIMPLE,
    maxRestarts: 4,
    maxRestartPeriodMs: 3_600_000,
    children: [worker("child", { start: fuse.start })],
  });
  const refs = await instances(stage, 2);

  fuse.outcome = "fail";
  await stage.end(refs[0] as ActorRef<Order>, REASONS.abnormal);

  assert.equal(fuse.tries, 2 + 4);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.deepEqual(
    refs.map((ref) => ref.isAlive),
    [false, false],
  );
});

test("otp/supervisor/simple_one_for_one_restart_ignore", async (t) => {
  for (const restart of ["transient", "permanent"] as const) {
    const fuse = new Fuse();
    const stage = await stageWith(t, { strategy: SIMPLE, children: [worker("child", { restart, start: fuse.start })] });
    const [ref, other] = (await instances(stage, 2)) as [ActorRef<Order>, ActorRef<Order>];

    fuse.outcome = "ignore";
    await stage.kill(ref);
    assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
    assert.equal(ref.isAlive, false);
    await terminateChild(stage.system.root, "sup");

    assert.deepEqual([stage.exitOf(other), stage.exitOf(stage.sup)], ["shutdown", "shutdown"]);
  }
});

test("otp/processes/transient_supervisor_that_gave_up_stays_down", async (t) => {
  const { supervisor } = await import("./fixtures.ts");
  const inner = supervisor({ maxRestarts: 0, children: [worker("child")] });
  const specs = [worker("transient", { start: inner, restart: "transient" }), worker("permanent", { start: inner })];
  const stage = await stageWith(t, { maxRestarts: 1, children: specs });

  await stage.end(stage.child("transient/child"), REASONS.abnormal);
  assert.deepEqual(await stage.children(), ["permanent:running", "transient:down"]);
  await stage.end(stage.child("permanent/child"), REASONS.abnormal);
  assert.equal(stage.child("permanent").incarnation, 2);
  assert.equal(stage.child("permanent/child").isAlive, true);
  // The restart of the permanent one counted in the window of its parent.
  await stage.end(stage.child("permanent/child"), REASONS.abnormal);

  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/processes/failed_restart_attempts_count", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, { maxRestarts: 3, children: [worker("child", { start: fuse.start })] });
  fuse.outcome = "fail";

  await stage.kill(stage.child("child"));

  assert.equal(fuse.tries, 1 + 3);
  assert.equal(stage.eventsOf("escalated")[0]?.restarts, 4);
});

test("otp/processes/requests_are_served_between_failed_attempts", async (t) => {
  const fuse = new Fuse();
  const start = fuse.slowly((ms) => stage.wait(ms), 100);
  const stage = await stageWith(t, {
    maxRestarts: 1_000,
    maxRestartPeriodMs: 1_000,
    children: [worker("child", { start }), worker("other")],
  });
  fuse.outcome = "fail";
  await stage.kill(stage.child("child"));

  const answers = [stage.children(), startChild(stage.sup, worker("third") as never), stage.counts()];
  await stage.clock.advance(100);

  assert.deepEqual(await answers[0], ["other:running", "child:restarting"]);
  assert.equal(await answers[1], stage.child("third"));
  assert.deepEqual(await answers[2], [3, 2, 0, 3]);
  await settle();
});
