/** Significant children and automatic shutdown: OTP's group of OTP 24. */
import assert from "node:assert/strict";
import {
  type ActorRef,
  type AnyChildSpec,
  type AutoShutdown,
  InvalidSpecError,
  restartChild,
  type Strategy,
  type SupervisorSpec,
  startChild,
  terminateChild,
  updateSpec,
} from "airssys-rt";
import {
  type Case,
  type Order,
  REASONS,
  rejection,
  type Stage,
  settle,
  stageWith,
  supervisor,
  test,
  worker,
} from "./fixtures.ts";

const MODES = ["never", "any_significant", "all_significant"] as const;
const SIGNIFICANT_MODES = ["any_significant", "all_significant"] as const;

type Way = "supervisor" | "kill" | "abnormal" | "normal";
const WAYS: readonly Way[] = ["supervisor", "kill", "abnormal", "normal"];

/** Ends a child in one of the four ways of OTP's suite. */
async function endBy(way: Way, stage: Stage, id: string): Promise<void> {
  const ref = stage.child(id);
  if (way === "supervisor") await terminateChild(stage.sup, id);
  else if (way === "kill") await stage.kill(ref);
  else await stage.end(ref, REASONS[way]);
}

const flags = { maxRestarts: 100, maxRestartPeriodMs: 1_000 } as const;
const significant = (id: string, restart: "transient" | "temporary"): AnyChildSpec =>
  worker(id, { restart, significant: true });

test("otp/supervisor/nonsignificant_temporary", async (t) => {
  for (const autoShutdown of MODES) {
    for (const way of WAYS) {
      const children = [worker("child1", { restart: "temporary" }), worker("child2", { restart: "temporary" })];
      const stage = await stageWith(t, { ...flags, autoShutdown, children });
      await endBy(way, stage, "child1");
      assert.deepEqual(await stage.children(), ["child2:running"], `${autoShutdown} ${way}`);
    }
  }
});

test("otp/supervisor/nonsignificant_transient", async (t) => {
  for (const autoShutdown of MODES) {
    for (const way of WAYS) {
      const children = [worker("child1", { restart: "transient" }), worker("child2", { restart: "transient" })];
      const stage = await stageWith(t, { ...flags, autoShutdown, children });
      await endBy(way, stage, "child1");
      const isRestarted = way === "kill" || way === "abnormal";
      const expected = ["child2:running", `child1:${isRestarted ? "running" : "down"}`];
      assert.deepEqual(await stage.children(), expected, `${autoShutdown} ${way}`);
    }
  }
});

test("otp/supervisor/significant_temporary", async (t) => {
  const three = (): AnyChildSpec[] => [
    significant("child1", "temporary"),
    significant("child2", "temporary"),
    worker("child3"),
  ];
  for (const way of WAYS) {
    const any = await stageWith(t, { ...flags, autoShutdown: "any_significant", children: three() });
    const refs = ["child1", "child2", "child3"].map((id) => any.child(id));
    await endBy(way, any, "child1");
    assert.equal(any.sup.isAlive, way === "supervisor", way);
    if (way !== "supervisor") {
      assert.deepEqual(
        refs.map((ref) => ref.isAlive),
        [false, false, false],
      );
      assert.equal(any.exitOf(any.sup), "shutdown");
    }

    const all = await stageWith(t, { ...flags, autoShutdown: "all_significant", children: three() });
    await endBy(way, all, "child1");
    assert.equal(all.sup.isAlive, true, way);
    await endBy(way, all, "child2");
    assert.equal(all.sup.isAlive, way === "supervisor", way);
  }
});

test("otp/supervisor/significant_transient", async (t) => {
  const three = (): AnyChildSpec[] => [
    significant("child1", "transient"),
    significant("child2", "transient"),
    worker("child3"),
  ];
  for (const autoShutdown of SIGNIFICANT_MODES) {
    for (const way of ["kill", "abnormal"] as const) {
      const stage = await stageWith(t, { ...flags, autoShutdown, children: three() });
      await endBy(way, stage, "child1");
      await endBy(way, stage, "child2");
      assert.deepEqual(await stage.counts(), [3, 3, 0, 3]);
    }
  }
  const any = await stageWith(t, { ...flags, autoShutdown: "any_significant", children: three() });
  await endBy("supervisor", any, "child1");
  assert.equal(any.sup.isAlive, true);
  await restartChild(any.sup, "child1");
  await endBy("normal", any, "child1");
  assert.equal(any.exitOf(any.sup), "shutdown");

  const all = await stageWith(t, { ...flags, autoShutdown: "all_significant", children: three() });
  await endBy("normal", all, "child1");
  assert.equal(all.sup.isAlive, true);
  await endBy("normal", all, "child2");
  assert.equal(all.exitOf(all.sup), "shutdown");
});

test("otp/supervisor/significant_simple", () => {
  const spec = (autoShutdown: AutoShutdown): SupervisorSpec => ({
    strategy: "simple_one_for_one",
    autoShutdown,
    children: [significant("child", "transient")],
  });
  for (const autoShutdown of SIGNIFICANT_MODES) {
    assert.throws(
      () => supervisor(spec(autoShutdown)),
      (error: unknown) =>
        error instanceof InvalidSpecError && error.faults[0]?.code === "significant_in_simple_one_for_one",
    );
  }
  assert.ok(supervisor({ strategy: "simple_one_for_one", autoShutdown: "never", children: [worker("child")] }));
});

test("otp/supervisor/significant_bystander", async (t) => {
  for (const strategy of ["one_for_one", "one_for_all", "rest_for_one"] as Strategy[]) {
    for (const autoShutdown of SIGNIFICANT_MODES) {
      const children = [
        worker("child1"),
        significant("child2", "temporary"),
        significant("child3", "transient"),
        significant("child4", "temporary"),
      ];
      const stage = await stageWith(t, { ...flags, strategy, autoShutdown, children });
      await stage.end(stage.child("child1"), REASONS.abnormal);
      assert.equal(stage.sup.isAlive, true, `${strategy} ${autoShutdown}`);
      const expected =
        strategy === "one_for_one"
          ? ["child4:running", "child3:running", "child2:running", "child1:running"]
          : ["child3:running", "child1:running"];
      assert.deepEqual(await stage.children(), expected);
    }
  }
});

test("otp/supervisor/significant_escalation", async (t) => {
  for (const isSignificant of [true, false]) {
    const b = supervisor({ autoShutdown: "any_significant", children: [significant("c", "transient")] });
    const stage = await stageWith(t, {
      autoShutdown: "any_significant",
      children: [worker("b", { start: b, restart: "transient", significant: isSignificant })],
    });
    const inner = stage.child("b");

    await stage.end(stage.child("b/c"), REASONS.normal);

    assert.equal(stage.exitOf(inner), "shutdown");
    assert.equal(stage.sup.isAlive, !isSignificant);
  }
});

/** A supervisor of three children whose mode is changed from one to another. */
async function upgraded(t: Case, from: AutoShutdown, to: AutoShutdown): Promise<Stage> {
  const spec = (autoShutdown: AutoShutdown): SupervisorSpec => ({
    ...flags,
    autoShutdown,
    children:
      autoShutdown === "never"
        ? [worker("child1", { restart: "temporary" }), worker("child2", { restart: "transient" }), worker("child3")]
        : [significant("child1", "temporary"), significant("child2", "transient"), worker("child3")],
  });
  const stage = await stageWith(t, spec(from));
  await updateSpec(stage.sup, spec(to));
  assert.deepEqual(await stage.counts(), [3, 3, 0, 3], "a change of mode ends nobody");
  return stage;
}

/** What becomes of the supervisor when its significant children end one after the other, and whether it takes another. */
async function behavesLike(stage: Stage, mode: AutoShutdown): Promise<void> {
  const adding = startChild(stage.sup, significant("child4", "transient") as never);
  if (mode === "never") {
    const error = await rejection(adding);
    assert.ok(error instanceof InvalidSpecError);
    assert.equal(error.faults[0]?.code, "significant_without_auto_shutdown");
  } else {
    const added = (await adding) as ActorRef<Order>;
    await terminateChild(stage.sup, "child4");
    assert.equal(added.isAlive, false);
  }
  await stage.end(stage.child("child1"), REASONS.normal);
  assert.equal(stage.sup.isAlive, mode !== "any_significant");
  if (mode === "any_significant") return;
  await stage.end(stage.child("child2"), REASONS.normal);
  assert.equal(stage.sup.isAlive, mode === "never");
  await settle();
}

const words = { never: "never", any_significant: "any", all_significant: "all" } as const;
const CHANGES: [from: AutoShutdown, to: AutoShutdown][] = [
  ["never", "any_significant"],
  ["any_significant", "never"],
  ["never", "all_significant"],
  ["all_significant", "never"],
  ["any_significant", "all_significant"],
  ["all_significant", "any_significant"],
];
for (const [from, to] of CHANGES) {
  test(`otp/supervisor/significant_upgrade_${words[from]}_${words[to]}: updateSpec changes the mode`, async (t) => {
    await behavesLike(await upgraded(t, from, to), to);
  });
}

test("otp/supervisor/significant_upgrade_child: updateSpec changes the significance of one child", async (t) => {
  const spec = (isSignificant: boolean, autoShutdown: AutoShutdown = "any_significant"): SupervisorSpec => ({
    autoShutdown,
    children: [worker("child1", { restart: "transient", significant: isSignificant }), worker("child2")],
  });
  const stage = await stageWith(t, spec(false));

  const error = await rejection(updateSpec(stage.sup, spec(true, "never")));
  assert.ok(error instanceof InvalidSpecError);
  await stage.end(stage.child("child1"), REASONS.normal);
  assert.equal(stage.sup.isAlive, true);
  await restartChild(stage.sup, "child1");
  await updateSpec(stage.sup, spec(true));
  assert.equal(stage.sup.isAlive, true);
  await stage.end(stage.child("child1"), REASONS.normal);

  assert.equal(stage.exitOf(stage.sup), "shutdown");
});
