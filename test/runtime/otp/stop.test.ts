/** Stopping: OTP's group `sup_stop`. Killing is possible whenever a handler has yielded, which all of these have. */
import assert from "node:assert/strict";
import { type ActorRef, type ExitReason, type Start, startInstance, terminateChild } from "airssys-rt";
import {
  Defiant,
  type Order,
  REASONS,
  SlowEnd,
  type Stage,
  settle,
  stageWith,
  supervisor,
  test,
  Worker,
  worker,
} from "./fixtures.ts";

/** Tells the supervisor under test to end; the promise resolves when it has. */
const stop = (stage: Stage): Promise<void> => terminateChild(stage.system.root, "sup");

test("otp/supervisor/sup_stop_infinity", async (t) => {
  const stage = await stageWith(t, {
    children: [
      worker("child1", { shutdown: "infinity" }),
      worker("child2", { start: supervisor({ children: [] }), shutdown: "infinity" }),
    ],
  });
  const [first, second] = [stage.child("child1"), stage.child("child2")];

  await stop(stage);

  assert.deepEqual(
    [first, second, stage.sup].map((ref) => stage.exitOf(ref)),
    ["shutdown", "shutdown", "shutdown"],
  );
});

test("otp/supervisor/sup_stop_timeout: a child in an asynchronous turn is killed when its time is over", async (t) => {
  const stage = await stageWith(t, {
    children: [
      worker("child1", { shutdown: 1_000 }),
      worker("child2", { shutdown: 1_000, start: () => new Worker((ms) => stage.wait(ms)) }),
    ],
  });
  const [first, second] = [stage.child("child1"), stage.child("child2")];
  second.tell({ type: "sleep", ms: 10_000 });
  await settle();

  const stopping = stop(stage);
  await stage.clock.advance(999);
  assert.equal(stage.exitOf(second), undefined);
  await stage.clock.advance(1);
  await stopping;

  assert.deepEqual(
    [first, second, stage.sup].map((ref) => stage.exitOf(ref)),
    ["shutdown", "killed", "shutdown"],
  );
  assert.deepEqual(
    stage.eventsOf("shutdownError").map(({ actor, reason }) => [actor, reason.kind]),
    [[second, "killed"]],
  );
});

test("otp/supervisor/sup_stop_timeout_dynamic: all instances have their time together", async (t) => {
  const start = (ms: number): Worker => new SlowEnd(() => stage.wait(ms));
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    children: [{ id: "child", start, shutdown: 1_000 } as never],
  });
  const quick = (await startInstance<typeof start>(stage.sup, 10)) as ActorRef<Order>;
  const slow = [
    await startInstance<typeof start>(stage.sup, 20_000),
    await startInstance<typeof start>(stage.sup, 20_000),
  ] as ActorRef<Order>[];

  const stopping = stop(stage);
  await stage.clock.advance(1_000);
  await stopping;

  assert.equal(stage.clock.now(), 1_000);
  assert.equal(stage.exitOf(quick), "shutdown");
  assert.deepEqual(
    slow.map((ref) => stage.exitOf(ref)),
    ["killed", "killed"],
  );
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/sup_stop_brutal_kill", async (t) => {
  const log: string[] = [];
  class Careful extends Worker {
    override postStop(): void {
      log.push("postStop");
    }
  }
  const stage = await stageWith(t, {
    children: [worker("child1"), worker("child2", { shutdown: "brutal_kill", start: () => new Careful() })],
  });
  const [first, second] = [stage.child("child1"), stage.child("child2")];

  await stop(stage);

  assert.deepEqual(
    [first, second, stage.sup].map((ref) => stage.exitOf(ref)),
    ["shutdown", "killed", "shutdown"],
  );
  assert.deepEqual(log, []);
  assert.deepEqual(stage.eventsOf("shutdownError"), []);
});

test("otp/supervisor/sup_stop_brutal_kill_dynamic", async (t) => {
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    children: [worker("child", { shutdown: "brutal_kill" })],
  });
  const refs = await Promise.all(Array.from({ length: 10 }, () => startInstance<Start<Order>>(stage.sup)));

  await stop(stage);

  for (const ref of refs) assert.equal(stage.exitOf(ref as ActorRef<Order>), "killed");
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/sup_stop_race", async (t) => {
  const types = ["temporary", "transient", "permanent"] as const;
  const reasons = Object.entries(REASONS);
  const racers = types.flatMap((restart) => reasons.map(([name]) => worker(`${restart} ${name}`, { restart })));
  const slow = worker("slow", { start: () => new SlowEnd(() => stage.wait(1_000)) });
  const stage = await stageWith(t, { maxRestarts: 0, children: [worker("first"), ...racers, slow] });
  const refs = racers.map(({ id }) => stage.child(id));

  const stopping = stop(stage);
  await settle();
  for (const [i, ref] of refs.entries()) {
    const [, reason] = reasons[i % reasons.length] as [string, ExitReason];
    await stage.end(ref, reason);
  }
  const ends = refs.map((ref) => stage.exitOf(ref));
  await stage.clock.advance(1_000);
  await stopping;

  const expected = ["normal", "shutdown", "shutdown: tired", "crashed in exit: died"];
  assert.deepEqual(ends, [...expected, ...expected, ...expected]);
  assert.deepEqual(
    refs.map((ref) => stage.exitOf(ref)),
    ends,
  );
  assert.deepEqual(stage.eventsOf("restarted"), []);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/sup_stop_non_shutdown_exit_dynamic", async (t) => {
  for (const restart of ["permanent", "transient", "temporary"] as const) {
    const stage = await stageWith(t, {
      strategy: "simple_one_for_one",
      children: [worker("child", { restart, start: () => new Defiant() })],
    });
    const refs = await Promise.all(Array.from({ length: 3 }, () => startInstance<Start<Order>>(stage.sup)));

    await stop(stage);

    for (const ref of refs) assert.match(String(stage.exitOf(ref as ActorRef<Order>)), /^crashed in terminate/);
    assert.equal(stage.eventsOf("shutdownError").length, 3);
    assert.equal(stage.exitOf(stage.sup), "shutdown");
  }
});

test("otp/processes/wrong_reason_at_shutdown_is_reported", async (t) => {
  const stage = await stageWith(t, {
    children: [
      worker("permanent", { start: () => new SlowEnd(() => stage.wait(20)) }),
      worker("transient", { restart: "transient", start: () => new SlowEnd(() => stage.wait(10)) }),
      worker("defiant", { start: () => new Defiant() }),
    ],
  });
  // Their ends are under way when the order comes.
  stage.child("permanent").tell({ type: "exit", reason: REASONS.normal });
  stage.child("transient").tell({ type: "exit", reason: REASONS.normal });
  await settle();

  const stopping = stop(stage);
  await stage.clock.advance(20);
  await stopping;

  const reported = stage.eventsOf("shutdownError").map(({ actor, reason }) => `${actor.id} ${reason.kind}`);
  assert.deepEqual(reported, ["test/sup/defiant crashed", "test/sup/permanent normal"]);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});
