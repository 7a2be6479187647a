/** What must not hang, leak or grow: OTP's group of miscellaneous cases. */
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  type ActorRef,
  ActorSystem,
  type AnyChildSpec,
  deleteChild,
  InvalidSpecError,
  restartChild,
  type Start,
  type SupervisorSpec,
  startChild,
  startInstance,
  terminateChild,
  updateSpec,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import {
  type Case,
  Fuse,
  type Order,
  REASONS,
  refuses,
  rejection,
  SlowEnd,
  Stage,
  settle,
  stageWith,
  supervisor,
  test,
  testOnce,
  Worker,
  worker,
} from "./fixtures.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("otp/supervisor/child_unlink", async (t) => {
  const stage = await stageWith(t, { children: [worker("naughty"), worker("good")] });
  const naughty = stage.child("naughty");
  naughty.tell({ type: "unlink", from: stage.sup });
  await settle();

  await terminateChild(stage.sup, "naughty");

  assert.equal(stage.exitOf(naughty), "shutdown");
  assert.deepEqual(await stage.children(), ["good:running", "naughty:down"]);
});

test("otp/supervisor/tree", async (t) => {
  const fuse = new Fuse();
  const inner = (...children: AnyChildSpec[]): AnyChildSpec["start"] => supervisor({ maxRestarts: 1, children });
  const stage = await stageWith(t, {
    strategy: "one_for_all",
    maxRestarts: 4,
    maxRestartPeriodMs: 3_600_000,
    children: [
      worker("one", { start: inner(worker("a"), worker("b")) }),
      worker("two", { start: inner() }),
      worker("three", { start: inner(worker("c", { start: fuse.start })) }),
    ],
  });
  const two = stage.child("two");
  await startChild(two, worker("dynamic") as never);
  const refs = ["one", "one/a", "one/b", "two", "three", "three/c"].map((id) => stage.child(id));
  const livesNow = (): number[] => refs.map((ref) => ref.incarnation);
  assert.deepEqual(await stage.counts(), [3, 3, 3, 0]);

  await stage.kill(stage.child("one/a"));
  assert.deepEqual(livesNow(), [1, 2, 1, 1, 1, 1]);

  fuse.outcome = "fail";
  stage.system.kill(stage.child("three/c"));
  // It fails once in its own supervisor, which gives up, and once more when the top restarts everything.
  const unblow = stage.system.subscribe((event) => {
    if (event.type === "escalated") fuse.outcome = "start";
  });
  await settle();
  unblow();

  assert.deepEqual(livesNow(), [2, 3, 2, 2, 2, 3]);
  assert.deepEqual(await stage.counts(), [3, 3, 3, 0]);
  assert.deepEqual(await stage.counts(two), [0, 0, 0, 0], "what was added at run time does not come back");
  assert.equal(stage.system.whereis("sup/two/dynamic"), undefined);
});

/** Starts something that holds a large value; only the actor's start function, and its arguments, refer to it. */
function ballast(): { held: WeakRef<object>; argument: { value: object | undefined } } {
  const value = { data: new Array(100_000).fill(1) };
  return { held: new WeakRef(value), argument: { value } };
}

async function isCollected(held: WeakRef<object>): Promise<boolean> {
  for (let i = 0; i < 10 && held.deref() !== undefined; i++) {
    await settle();
    collectGarbage();
  }
  return held.deref() === undefined;
}

testOnce(
  "otp/supervisor/simple_one_for_one_corruption: start arguments are not kept, nor after an instance has died",
  async (t) => {
    const start = (..._args: unknown[]): Worker => new Worker();
    const stage = await stageWith(t, {
      strategy: "simple_one_for_one",
      children: [{ id: "child", restart: "temporary", start } as never],
    });
    const first = (await startInstance<Start<Order>>(stage.sup)) as ActorRef<Order>;
    await stage.end(first, REASONS.abnormal);

    const { held, argument } = ballast();
    await startInstance<typeof start>(stage.sup, argument.value);
    argument.value = undefined;

    assert.equal(await isCollected(held), true);
    assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
  },
);

testOnce(
  "otp/supervisor/do_not_save_start_parameters_for_temporary_children: what a start function holds is let go",
  async (t) => {
    for (const strategy of ["one_for_one", "one_for_all", "rest_for_one"] as const) {
      const stage = await stageWith(t, { strategy, children: [] });
      const { held, argument } = ballast();
      const add = (restart: "temporary" | "transient", id: string): Promise<unknown> => {
        const { value } = argument;
        return startChild(stage.sup, { id, restart, start: () => (value ? new Worker() : new Worker()) } as never);
      };

      await add("temporary", "child");
      argument.value = undefined;

      assert.equal(await isCollected(held), true, strategy);
      assert.deepEqual(await stage.children(), ["child:running"]);
    }
  },
);

test("otp/supervisor/do_not_save_child_specs_for_temporary_children", async (t) => {
  const ends: Record<string, (stage: Stage, ref: ActorRef<Order>) => Promise<void>> = {
    kill: (stage, ref) => stage.kill(ref),
    normal: (stage, ref) => stage.end(ref, REASONS.normal),
    abnormal: (stage, ref) => stage.end(ref, REASONS.abnormal),
    supervisor: (stage) => terminateChild(stage.sup, "child"),
  };
  const again: Record<string, Record<string, string>> = {
    temporary: { kill: "started", normal: "started", abnormal: "started", supervisor: "started" },
    transient: {
      kill: "already_started",
      normal: "already_present",
      abnormal: "already_started",
      supervisor: "already_present",
    },
    permanent: {
      kill: "already_started",
      normal: "already_started",
      abnormal: "already_started",
      supervisor: "already_present",
    },
  };

  for (const [restart, outcomes] of Object.entries(again)) {
    for (const [way, outcome] of Object.entries(outcomes)) {
      const spec = worker("child", { restart: restart as "temporary" });
      const stage = await stageWith(t, { children: [spec] });
      await ends[way]?.(stage, stage.child("child"));
      if (outcome === "started") assert.ok(await startChild(stage.sup, spec as never), `${restart} ${way}`);
      else await refuses(startChild(stage.sup, spec as never), outcome);
    }
  }
});

/** CPU time of a piece of work in milliseconds: the best of three, since others use the machine too. */
async function cpuMs(work: () => Promise<void>): Promise<number> {
  const runs: number[] = [];
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    runs.push((user + system) / 1_000);
  }
  return Math.min(...runs);
}

testOnce("otp/supervisor/simple_one_for_one_scale_many_temporary_children", async (t) => {
  const terminateMany = async (count: number): Promise<number> => {
    const template = worker("child", { restart: "temporary" });
    return cpuMs(async () => {
      const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [template] });
      const starts = Array.from({ length: count }, () => startInstance<Start<Order>>(stage.sup));
      const refs = (await Promise.all(starts)) as ActorRef<Order>[];
      await Promise.all(refs.map((ref) => terminateChild(stage.sup, ref)));
      assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
    });
  };

  const small = await terminateMany(1_000);
  const large = await terminateMany(10_000);

  assert.ok(large < 50 * Math.max(small, 1), `1,000: ${small} ms, 10,000: ${large} ms of CPU time`);
});

testOnce("otp/supervisor/scale_start_stop_many_children", async (t) => {
  const startAndStop = (count: number): Promise<number> =>
    cpuMs(async () => {
      const stage = await stageWith(t, { children: Array.from({ length: count }, (_, i) => worker(`w${i}`)) });
      await terminateChild(stage.system.root, "sup");
    });

  const small = await startAndStop(1_000);
  const large = await startAndStop(20_000);

  assert.ok(large < 100 * Math.max(small, 1), `1,000: ${small} ms, 20,000: ${large} ms of CPU time`);
});

test("otp/supervisor/simple_global_supervisor: names are freed and taken again", async (t) => {
  const inner = supervisor({ maxRestarts: 10, children: [worker("worker", { name: "the worker" })] });
  const stage = await stageWith(t, {
    children: [worker("inner", { start: inner, name: "the supervisor" })],
    maxRestarts: 10,
  });
  const ids = (): (string | undefined)[] =>
    ["the supervisor", "the worker"].map((name) => stage.system.whereis(name)?.toString());
  const expected = ["ActorRef(test/sup/inner)", "ActorRef(test/sup/inner/worker)"];
  const the = (name: string): ActorRef<Order> => stage.system.whereis<Order>(name) as ActorRef<Order>;
  assert.deepEqual(ids(), expected);

  await stage.kill(the("the supervisor"));
  assert.deepEqual([ids(), the("the supervisor").incarnation], [expected, 2]);
  await stage.kill(the("the worker"));
  assert.deepEqual([ids(), the("the worker").incarnation], [expected, 3]);
  await stage.end(the("the worker"), REASONS.normal);
  assert.deepEqual([ids(), the("the worker").incarnation], [expected, 4]);
  await terminateChild(stage.sup, "inner");
  assert.deepEqual(ids(), [undefined, undefined]);
  await restartChild(stage.sup, "inner");
  assert.deepEqual(ids(), expected);
  await stage.kill(stage.sup);
  assert.deepEqual(ids(), [undefined, undefined]);
});

/** A supervisor whose child `looping` fails to restart for ever, each time after two seconds. */
async function loopingStage(t: Case, flags: Partial<SupervisorSpec>): Promise<Stage> {
  const stage = await Stage.open(t);
  const fuse = new Fuse();
  const looping = worker("looping", { shutdown: "brutal_kill", start: fuse.slowly((ms) => stage.wait(ms), 2_000) });
  const children = flags.children ?? [looping];
  await stage.start({
    maxRestarts: 8,
    maxRestartPeriodMs: 10_000,
    ...flags,
    children: children.map((spec) => (spec.id === "looping" ? looping : spec)),
  });
  if (flags.strategy === "simple_one_for_one") await startInstance(stage.sup);
  fuse.outcome = "fail";
  const [ref] = (await stage.running()).filter((child) => !/first|last/.test(child.id));
  await stage.kill(ref as ActorRef<Order>);
  return stage;
}

/** The answer to requests that wait for the start that is under way. */
async function during<T>(stage: Stage, request: Promise<T>): Promise<T> {
  const settled = request.then(
    () => {},
    () => {},
  );
  await stage.clock.advance(2_000);
  await settled;
  return request;
}

test("otp/supervisor/hanging_restart_loop", async (t) => {
  const stage = await loopingStage(t, {});

  await refuses(during(stage, startChild(stage.sup, worker("looping") as never)), "already_present");
  await refuses(during(stage, restartChild(stage.sup, "looping")), "restarting");
  await refuses(during(stage, deleteChild(stage.sup, "looping")), "restarting");
  assert.deepEqual(await during(stage, stage.children()), ["looping:restarting"]);
  assert.deepEqual(await during(stage, stage.counts()), [1, 0, 0, 1]);
  await during(stage, terminateChild(stage.sup, "looping"));
  assert.deepEqual(await stage.children(), ["looping:down"]);
  await refuses(startChild(stage.sup, worker("looping") as never), "already_present");

  await rejection(during(stage, restartChild(stage.sup, "looping")));
  assert.deepEqual(await stage.children(), ["looping:down"]);

  const second = await loopingStage(t, {});
  await during(second, terminateChild(second.system.root, "sup"));
  assert.equal(second.exitOf(second.sup), "shutdown");
});

test("otp/supervisor/hanging_restart_loop_rest_for_one", async (t) => {
  const children = [worker("first"), worker("looping"), worker("last")];
  const stage = await loopingStage(t, { strategy: "rest_for_one", children });
  const expected = ["last:down", "looping:restarting", "first:running"];

  assert.deepEqual(await during(stage, stage.children()), expected);
  await refuses(during(stage, restartChild(stage.sup, "looping")), "restarting");
  assert.deepEqual(await during(stage, stage.counts()), [3, 1, 0, 3]);
  await during(stage, terminateChild(stage.sup, "looping"));

  assert.deepEqual(await stage.children(), ["last:down", "looping:down", "first:running"]);
  assert.equal(stage.child("first").incarnation, 1);
  await terminateChild(stage.system.root, "sup");
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/hanging_restart_loop_simple", async (t) => {
  const stage = await loopingStage(t, { strategy: "simple_one_for_one" });
  const [failed] = stage.eventsOf("ended").filter(({ actor }) => actor !== stage.sup);
  const ref = failed?.actor as ActorRef<Order>;

  assert.deepEqual(await during(stage, stage.children()), ["undefined:restarting"]);
  assert.deepEqual(await during(stage, stage.counts()), [1, 0, 0, 1]);
  await refuses(during(stage, restartChild(stage.sup, "looping")), "simple_one_for_one");
  await refuses(during(stage, deleteChild(stage.sup, "looping")), "simple_one_for_one");
  await during(stage, terminateChild(stage.sup, ref));

  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
  await terminateChild(stage.system.root, "sup");
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/order_of_children", async (t) => {
  const ids = ["ida", "idc", "idb", "ide", "idd"];
  const children = ids.map((id) => worker(id, { start: () => new SlowEnd(() => Promise.resolve()) }));
  const stage = await stageWith(t, { strategy: "rest_for_one", children });
  assert.deepEqual(stage.history(), [...ids.map((id) => `+${id}`), "+sup"]);

  await stage.kill(stage.child("idc"));
  assert.deepEqual(stage.history(), [
    ...["-idc killed", "-idd shutdown", "-ide shutdown", "-idb shutdown"],
    ...["+idc", "+idb", "+ide", "+idd"],
  ]);
  await terminateChild(stage.system.root, "sup");

  assert.deepEqual(stage.history(), [...ids.toReversed().map((id) => `-${id} shutdown`), "-sup shutdown"]);
});

/** Codes of the faults with which an update is refused. */
async function updateFaults(stage: Stage, spec: unknown): Promise<string[]> {
  const error = await rejection(updateSpec(stage.sup, spec as SupervisorSpec));
  assert.ok(error instanceof InvalidSpecError);
  return error.faults.map((fault) => fault.code);
}

test("otp/supervisor/code_change: updateSpec changes flags and refuses faulty ones without damage", async (t) => {
  const child = worker("child", { restart: "permanent" });
  const stage = await stageWith(t, { maxRestarts: 0, children: [child] });

  await updateSpec(stage.sup, { maxRestarts: 2, maxRestartPeriodMs: 60_000, children: [child] });
  await stage.kill(stage.child("child"));
  await stage.kill(stage.child("child"));
  assert.equal(stage.child("child").incarnation, 3);

  await updateSpec(stage.sup, { maxRestarts: 3, maxRestartPeriodMs: 60_000, children: [child] });
  await stage.kill(stage.child("child"));
  assert.equal(stage.child("child").incarnation, 4);

  assert.deepEqual(await updateFaults(stage, { strategy: "faulty", children: [child] }), ["invalid_strategy"]);
  assert.deepEqual(await updateFaults(stage, { maxRestartPeriodMs: 0, children: [child] }), [
    "invalid_max_restart_period",
  ]);
  assert.deepEqual(await updateFaults(stage, { children: [child, child] }), ["duplicate_id"]);
  assert.deepEqual(await updateFaults(stage, "nonsense"), ["not_a_spec"]);
  assert.deepEqual(await stage.children(), ["child:running"]);

  await stage.kill(stage.child("child"));
  assert.equal(stage.sup.isAlive, false, "restarts before the change count");
});

test("otp/supervisor/code_change_map: updateSpec adds children without starting them and ends none", async (t) => {
  const stage = await stageWith(t, { children: [worker("child1"), worker("child2")] });
  const first = stage.child("child1");

  const changed = worker("child1", { restart: "transient", shutdown: 99 });
  await updateSpec(stage.sup, { strategy: "rest_for_one", children: [changed, worker("child3")] });

  assert.deepEqual(await stage.children(), ["child2:running", "child3:down", "child1:running"]);
  assert.equal(stage.child("child1"), first);
  await stage.end(first, REASONS.normal);
  assert.deepEqual((await stage.children()).toSorted(), ["child1:down", "child2:running", "child3:down"]);
  await restartChild(stage.sup, "child3");
  assert.deepEqual(await stage.counts(), [3, 2, 0, 3]);

  await updateSpec(stage.sup, { children: [worker("child2"), worker("child4"), changed] });

  assert.deepEqual(await stage.children(), ["child3:running", "child1:down", "child4:down", "child2:running"]);
});

test("otp/supervisor/code_change_simple: updateSpec takes exactly one template and cannot change the kind of strategy", async (t) => {
  const strategy = "simple_one_for_one";
  const stage = await stageWith(t, { strategy, children: [worker("child")] });

  assert.deepEqual(await updateFaults(stage, { strategy, children: [] }), ["template_count"]);
  assert.deepEqual(await updateFaults(stage, { strategy, children: [worker("a"), worker("b")] }), ["template_count"]);
  await refuses(updateSpec(stage.sup, { children: [worker("child")] }), "simple_one_for_one");
  await updateSpec(stage.sup, { strategy, children: [worker("other", { restart: "temporary" })] });

  assert.ok(await startInstance(stage.sup));
});

test("otp/supervisor/code_change_simple_map: instances started later follow the new template", async (t) => {
  const strategy = "simple_one_for_one";
  const stage = await stageWith(t, { strategy, children: [worker("child")] });
  const old = (await startInstance<Start<Order>>(stage.sup)) as ActorRef<Order>;

  await updateSpec(stage.sup, { strategy, children: [worker("child", { restart: "temporary" })] });
  const young = (await startInstance<Start<Order>>(stage.sup)) as ActorRef<Order>;
  await stage.kill(old);
  await stage.kill(young);

  assert.deepEqual([old.isAlive, young.isAlive], [true, false]);
});

/** What the logger of a system is told while a child crashes, fails to start again and is ended against its will. */
async function reported(): Promise<{ readonly line: string; readonly error: unknown }[]> {
  const clock = new VirtualClock({ settle });
  const reports: { readonly line: string; readonly error: unknown }[] = [];
  const long = Array.from({ length: 5_000 }, (_, n) => n);
  let starts = 0;
  const start = (): Worker => {
    if (++starts > 1) throw new Error("will not start again", { cause: long });
    return new Worker();
  };
  const stubborn = { id: "stubborn", start: () => new SlowEnd(() => new Promise(() => {})), shutdown: 100 };
  const root = supervisor({
    maxRestarts: 2,
    children: [
      stubborn,
      { id: "sup", start: supervisor({ children: [{ id: "child", start }] }), restart: "temporary" },
    ],
  });
  const system = await ActorSystem.start({
    name: "app",
    root,
    clock,
    logger: (line, error) => reports.push({ line, error }),
  });
  system.whereis<Order>("sup/child")?.tell({ type: "die" });
  await settle();
  const stopped = system.stop();
  await clock.advance(100);
  await stopped;
  return reports;
}

test("otp/supervisor/format_log_1: the logger is told who, in what context and why, as text", async () => {
  const lines = (await reported()).map(({ line }) => line);

  const has = (...words: readonly string[]): boolean =>
    lines.some((line) => words.every((word) => line.includes(word)));
  assert.ok(has("app/sup/child crashed"), lines.join("\n"));
  assert.ok(has("app/sup/child", "could not be restarted"), lines.join("\n"));
  assert.ok(
    has("app/sup gave up", "1 within 5000 ms", "app/sup/child") || has("app/sup gave up", "2 within 5000 ms"),
    lines.join("\n"),
  );
  assert.ok(has("app/stubborn", "was told to end and ended differently", "killed"), lines.join("\n"));
});

test("otp/supervisor/format_log_2: a report is a single short line, the error itself goes beside it", async () => {
  const reports = await reported();

  assert.ok(reports.length >= 3);
  for (const { line } of reports) assert.ok(!line.includes("\n") && line.length < 300, line);
  assert.ok(reports.some(({ error }) => error instanceof Error));
});

test("otp/processes/restarts_of_a_past_period: are forgotten all at once when the supervisor is next asked for something", async (t) => {
  const stage = await stageWith(t, { maxRestarts: 9, maxRestartPeriodMs: 1_000, children: [worker("child")] });
  const kept = (): unknown => (stage.sup as unknown as { behavior: { restartsKept: number } }).behavior.restartsKept;
  for (let i = 0; i < 3; i++) {
    await stage.kill(stage.child("child"));
    await stage.clock.advance(10);
  }
  assert.equal(kept(), 3);

  await stage.clock.advance(1_000);
  assert.equal(kept(), 3);
  await stage.counts();

  assert.equal(kept(), 0);
  await stage.kill(stage.child("child"));
  assert.deepEqual([stage.child("child").incarnation, kept()], [5, 1]);
});

test("otp/processes/a_killed_supervisor_starts_nobody_afterwards", async (t) => {
  const slow = (ms: number): Worker => new SlowEnd(() => stage.wait(ms));
  const children = [worker("a"), worker("b", { start: () => slow(1_000) }), worker("c", { start: () => slow(1_000) })];
  const stage = await stageWith(t, { strategy: "one_for_all", children });
  await stage.kill(stage.child("a"));
  stage.history();

  await stage.kill(stage.sup);
  await stage.clock.advance(10_000);

  assert.deepEqual(
    stage.history().filter((line) => line.startsWith("+")),
    [],
  );
});

test("otp/processes/a_late_start_does_not_harm_the_next_incarnation", async (t) => {
  const stage = await Stage.open(t);
  const late: ((worker: Worker) => void)[] = [];
  let starts = 0;
  const start = (): Worker | Promise<Worker> => {
    if (++starts !== 2) return new Worker();
    return new Promise((resolve) => late.push(resolve));
  };
  await stage.start({ maxRestarts: 3, children: [worker("child", { start, startTimeoutMs: 100 })] });
  const ref = stage.child("child");

  await stage.kill(ref);
  await stage.clock.advance(100);
  assert.equal(await ref.ask({ type: "lives" }), 3);
  late[0]?.(new Worker());
  await settle();

  assert.equal(await ref.ask({ type: "lives" }), 3);
});
