/** Talking to a supervisor about its children: OTP's administration cases. */
import assert from "node:assert/strict";
import {
  type ActorRef,
  countChildren,
  deleteChild,
  getChildSpec,
  NameTakenError,
  restartChild,
  type Start,
  StartError,
  startChild,
  startInstance,
  terminateChild,
  whichChildren,
} from "airssys-rt";
import {
  type Counts,
  Fuse,
  type Order,
  REASONS,
  refuses,
  rejection,
  Stage,
  settle,
  stageWith,
  supervisor,
  TestProcess,
  test,
  testOnce,
  Worker,
  worker,
} from "./fixtures.ts";

test("otp/supervisor/child_adm: a restarted child has the same ref and another incarnation", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const spec = worker("child1") as never;

  const ref = await startChild<Order>(stage.sup, spec);
  assert.ok(ref);
  assert.deepEqual([await stage.children(), await stage.counts()], [["child1:running"], [1, 1, 0, 1]]);
  const error = await refuses(startChild(stage.sup, spec), "already_started");
  assert.equal(error.ref, ref);
  await refuses(restartChild(stage.sup, "child1"), "running");
  await refuses(deleteChild(stage.sup, "child1"), "running");
  await refuses(terminateChild(stage.sup, "child2"), "not_found");
  await refuses(terminateChild(stage.sup, ref), "not_found");
  assert.equal(await ref.ask({ type: "lives" }), 1);

  await terminateChild(stage.sup, "child1");
  assert.deepEqual([await stage.children(), await stage.counts()], [["child1:down"], [1, 0, 0, 1]]);
  assert.equal(stage.exitOf(ref), "shutdown");
  await terminateChild(stage.sup, "child1");
  await refuses(startChild(stage.sup, spec), "already_present");

  assert.equal(await restartChild(stage.sup, "child1"), ref);
  assert.equal(await ref.ask({ type: "lives" }), 2);
  await terminateChild(stage.sup, "child1");
  await deleteChild(stage.sup, "child1");
  assert.deepEqual([await stage.children(), await stage.counts()], [[], [0, 0, 0, 0]]);
  await refuses(restartChild(stage.sup, "child1"), "not_found");
  await refuses(deleteChild(stage.sup, "child1"), "not_found");
  await refuses(getChildSpec(stage.sup, "child1"), "not_found");

  await terminateChild(stage.system.root, "sup");
  const requests = [
    startChild(stage.sup, spec),
    terminateChild(stage.sup, "child1"),
    restartChild(stage.sup, "child1"),
    deleteChild(stage.sup, "child1"),
    whichChildren(stage.sup),
    countChildren(stage.sup),
    getChildSpec(stage.sup, "child1"),
  ];
  for (const request of requests) await refuses(request, "noproc");
});

test("otp/supervisor/child_adm_simple", async (t) => {
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [worker("child")] });
  const stranger = new TestProcess(stage, "stranger");
  assert.deepEqual([await stage.children(), await stage.counts()], [[], [1, 0, 0, 0]]);

  const first = (await startInstance<Start<Order>>(stage.sup)) as ActorRef<Order>;
  const second = (await startInstance<Start<Order>>(stage.sup)) as ActorRef<Order>;
  assert.deepEqual(await stage.children(), ["undefined:running", "undefined:running"]);
  assert.deepEqual(await stage.counts(), [1, 2, 0, 2]);

  await refuses(terminateChild(stage.sup, "child"), "simple_one_for_one");
  await terminateChild(stage.sup, first);
  assert.equal(stage.exitOf(first), "shutdown");
  await terminateChild(stage.sup, first);
  assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
  await refuses(terminateChild(stage.sup, stranger.ref), "not_found");
  assert.equal(stranger.ref.isAlive, true);
  await refuses(restartChild(stage.sup, "child"), "simple_one_for_one");
  await refuses(deleteChild(stage.sup, "child"), "simple_one_for_one");
  await refuses(startChild(stage.sup, worker("other") as never), "simple_one_for_one");
  assert.equal(second.isAlive, true);
});

test("otp/supervisor/extra_return: extra information travels in a reply, not in the start", async (t) => {
  const stage = await stageWith(t, { children: [worker("child")] });
  const ref = stage.child("child");

  assert.equal(await ref.ask({ type: "lives" }), 1);
  await refuses(restartChild(stage.sup, "child"), "running");
  await terminateChild(stage.sup, "child");
  await restartChild(stage.sup, "child");
  assert.equal(await ref.ask({ type: "lives" }), 2);
  await stage.end(ref, REASONS.abnormal);
  assert.equal(await ref.ask({ type: "lives" }), 3);
  await refuses(restartChild(stage.sup, "unknown"), "not_found");
});

test("otp/supervisor/which_children: each child is found among all of them, there is no whichChild", async (t) => {
  const stage = await stageWith(t, { children: [worker("child1"), worker("child2")] });
  const second = stage.child("child2");

  assert.deepEqual(await whichChildren(stage.sup), [
    { id: "child2", ref: second, type: "worker" },
    { id: "child1", ref: stage.child("child1"), type: "worker" },
  ]);
  await terminateChild(stage.sup, "child2");
  assert.deepEqual((await whichChildren(stage.sup))[0], { id: "child2", ref: undefined, type: "worker" });
  await deleteChild(stage.sup, "child2");
  assert.deepEqual(await stage.children(), ["child1:running"]);
});

test("otp/supervisor/which_children_simple_one_for_one: each instance is found among all of them, there is no whichChild", async (t) => {
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [worker("child")] });
  const first = await startInstance<Start<Order>>(stage.sup);
  const second = await startInstance<Start<Order>>(stage.sup);

  assert.deepEqual(await whichChildren(stage.sup), [
    { id: undefined, ref: second, type: "worker" },
    { id: undefined, ref: first, type: "worker" },
  ]);
  await refuses(getChildSpec(stage.sup, "child"), "simple_one_for_one");
  await terminateChild(stage.sup, first as ActorRef<Order>);
  await refuses(getChildSpec(stage.sup, first as ActorRef<Order>), "not_found");
});

async function startMany(stage: Stage, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => startInstance(stage.sup)));
}

testOnce("otp/supervisor/count_children", async (t) => {
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    children: [worker("child", { restart: "temporary" })],
  });

  await startMany(stage, 1_000);
  for (let i = 0; i < 3; i++) assert.deepEqual(await stage.counts(), [1, 1_000, 0, 1_000]);
  await startMany(stage, 1_000);
  assert.deepEqual(await stage.counts(), [1, 2_000, 0, 2_000]);
  for (const ref of await stage.running()) stage.system.kill(ref);
  await settle();

  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
});

testOnce("otp/supervisor/count_children_supervisor", async (t) => {
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    children: [worker("child", { restart: "temporary", start: supervisor({ children: [] }) })],
  });

  await startMany(stage, 1_000);
  assert.deepEqual(await stage.counts(), [1, 1_000, 1_000, 0]);
  for (const ref of await stage.running()) stage.system.kill(ref);
  await settle();

  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
});

test("otp/supervisor/count_restarting_children", async (t) => {
  const fuse = new Fuse();
  const stage = await Stage.open(t);
  await stage.start({
    strategy: "simple_one_for_one",
    maxRestarts: 10,
    maxRestartPeriodMs: 5_000,
    children: [worker("child", { start: fuse.slowly((ms) => stage.wait(ms), 2_000) })],
  });
  await startMany(stage, 3);
  const [first, second, third] = (await stage.running()) as [ActorRef<Order>, ActorRef<Order>, ActorRef<Order>];
  const counts = async (ms: number): Promise<Counts> => {
    const answer = stage.counts();
    await stage.clock.advance(ms);
    return answer;
  };
  assert.deepEqual(await stage.counts(), [1, 3, 0, 3]);

  fuse.outcome = "fail";
  await stage.kill(first);
  assert.deepEqual(await counts(2_000), [1, 2, 0, 3]);
  await stage.kill(second);
  assert.deepEqual(await counts(4_000), [1, 1, 0, 3]);
  fuse.outcome = "start";
  await stage.clock.advance(4_000);
  assert.deepEqual(await stage.counts(), [1, 3, 0, 3]);

  await terminateChild(stage.sup, third);
  assert.deepEqual(await stage.counts(), [1, 2, 0, 2]);
  await terminateChild(stage.sup, first);
  await terminateChild(stage.sup, second);
  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
});

test("otp/supervisor/already_started_outside_supervisor: the start error has the holder of the name as its cause", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const holder = stage.system.spawn(() => new Worker(), { id: "holder", name: "taken" });
  await settle();

  const error = await rejection(startChild(stage.sup, worker("child", { name: "taken" }) as never));

  assert.ok(error instanceof StartError && error.cause instanceof NameTakenError);
  assert.deepEqual([error.cause.takenName, error.cause.holder], ["taken", holder.id]);
  assert.deepEqual(await stage.children(), []);
  assert.equal(stage.system.whereis("taken"), holder);
  assert.ok(await startChild(stage.sup, worker("child") as never));
});
