/** What each restart type makes of each end: OTP's groups normal, shutdown and abnormal termination. */
import assert from "node:assert/strict";
import {
  type ActorRef,
  ActorSystem,
  type ExitReason,
  type RestartType,
  restartChild,
  StartError,
  startChild,
} from "airssys-rt";
import {
  type Case,
  causes,
  Fuse,
  type Order,
  REASONS,
  rejection,
  type Stage,
  stageWith,
  supervisor,
  test,
  worker,
} from "./fixtures.ts";

interface Outcome {
  readonly stage: Stage;
  readonly ref: ActorRef<Order>;
  readonly children: readonly string[];
  readonly incarnation: number;
}

/** Starts one child of that type, makes it end with `reason` and looks. */
async function after(t: Case, restart: RestartType, reason: ExitReason): Promise<Outcome> {
  const stage = await stageWith(t, { maxRestarts: 2, children: [worker("child", { restart })] });
  const ref = stage.child("child");
  await stage.end(ref, reason);
  return { stage, ref, children: await stage.children(), incarnation: ref.incarnation };
}

async function isRestarted(t: Case, restart: RestartType, reason: ExitReason): Promise<Stage> {
  const { stage, children, incarnation, ref } = await after(t, restart, reason);
  assert.deepEqual([children, incarnation], [["child:running"], 2]);
  assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
  assert.equal(await ref.ask({ type: "lives" }), 2);
  return stage;
}

async function isKept(t: Case, restart: RestartType, reason: ExitReason): Promise<void> {
  const { stage, children, incarnation } = await after(t, restart, reason);
  assert.deepEqual([children, incarnation], [["child:down"], 1]);
  assert.deepEqual(await stage.counts(), [1, 0, 0, 1]);
  await restartChild(stage.sup, "child");
  assert.deepEqual(await stage.children(), ["child:running"]);
}

async function isForgotten(t: Case, restart: RestartType, reason: ExitReason): Promise<void> {
  const { stage, children, ref } = await after(t, restart, reason);
  assert.deepEqual([children, ref.isAlive], [[], false]);
  assert.deepEqual(await stage.counts(), [0, 0, 0, 0]);
  assert.ok(await startChild(stage.sup, worker("child", { restart }) as never));
}

test("otp/supervisor/permanent_normal", async (t) => {
  await isRestarted(t, "permanent", REASONS.normal);
});

test("otp/supervisor/transient_normal", async (t) => {
  await isKept(t, "transient", REASONS.normal);
});

test("otp/supervisor/temporary_normal", async (t) => {
  await isForgotten(t, "temporary", REASONS.normal);
});

test("otp/supervisor/permanent_shutdown", async (t) => {
  await isRestarted(t, "permanent", REASONS.shutdown);
  await isRestarted(t, "permanent", REASONS.shutdownDetail);
});

test("otp/supervisor/transient_shutdown", async (t) => {
  await isKept(t, "transient", REASONS.shutdown);
  await isKept(t, "transient", REASONS.shutdownDetail);
});

test("otp/supervisor/temporary_shutdown", async (t) => {
  await isForgotten(t, "temporary", REASONS.shutdown);
  await isForgotten(t, "temporary", REASONS.shutdownDetail);
});

test("otp/supervisor/permanent_abnormal", async (t) => {
  await isRestarted(t, "permanent", REASONS.abnormal);
});

test("otp/supervisor/transient_abnormal", async (t) => {
  await isRestarted(t, "transient", REASONS.abnormal);
});

test("otp/supervisor/temporary_abnormal", async (t) => {
  await isForgotten(t, "temporary", REASONS.abnormal);
});

test("otp/supervisor/faulty_application_shutdown: the start of the system rejects with the chain of causes", async () => {
  const fuse = new Fuse();
  fuse.outcome = "fail";
  const inner = supervisor({ children: [worker("broken", { start: fuse.start })] });
  const root = supervisor({ children: [worker("inner", { start: inner })] });

  const error = await rejection(ActorSystem.start({ name: "app", root, logger: false }));

  const chain = causes(error);
  assert.deepEqual(
    chain.map((cause) => (cause instanceof StartError ? cause.actor : cause.message)),
    ["app", "app/inner", "app/inner/broken", "blown"],
  );
  assert.match(String(chain.at(-1)?.stack), /Fuse|fixtures/);
});

test("otp/supervisor/external_start_no_progress_log: exactly one event restarted", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const ref = (await startChild<Order>(stage.sup, worker("child") as never)) as ActorRef<Order>;

  await stage.end(ref, REASONS.abnormal);

  const events = stage.events.filter(({ type }) => type === "started" || type === "restarted");
  assert.deepEqual(
    events.slice(-3).map((event) => [event.type, "actor" in event && event.actor]),
    [
      ["started", ref],
      ["started", ref],
      ["restarted", ref],
    ],
  );
  assert.equal(stage.eventsOf("restarted").length, 1);
  assert.equal(stage.eventsOf("restarted")[0]?.supervisor, stage.sup);
});

test("otp/supervisor/temporary_bystander", async (t) => {
  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    const children = [worker("permanent"), worker("temporary", { restart: "temporary" })];
    const stage = await stageWith(t, { strategy, children });
    const [permanent, temporary] = [stage.child("permanent"), stage.child("temporary")];

    await stage.kill(permanent);

    assert.deepEqual(await stage.children(), ["permanent:running"]);
    assert.equal(stage.exitOf(temporary), "shutdown");
    assert.equal(temporary.isAlive, false);
    assert.equal(permanent.incarnation, 2);
  }
});

test("otp/processes/restart_type_times_exit_reason", async (t) => {
  const restarted: Record<RestartType, readonly string[]> = {
    permanent: ["normal", "shutdown", "shutdownDetail", "abnormal", "killed"],
    transient: ["abnormal", "killed"],
    temporary: [],
  };
  for (const restart of ["permanent", "transient", "temporary"] as const) {
    for (const name of [...Object.keys(REASONS), "killed"] as (keyof typeof REASONS | "killed")[]) {
      const stage = await stageWith(t, { children: [worker("child", { restart })] });
      const ref = stage.child("child");
      if (name === "killed") await stage.kill(ref);
      else await stage.end(ref, REASONS[name]);
      assert.equal(ref.incarnation === 2, restarted[restart].includes(name), `${restart} after ${name}`);
    }
  }
});
