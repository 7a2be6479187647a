/** Starting a supervisor: OTP's group `sup_start`. */
import assert from "node:assert/strict";
import {
  Actor,
  type AnyChildSpec,
  deleteChild,
  InvalidSpecError,
  restartChild,
  StartError,
  startChild,
  startInstance,
  terminateChild,
} from "airssys-rt";
import {
  causes,
  Fuse,
  IGNORE,
  type Order,
  rejection,
  SlowEnd,
  Stage,
  settle,
  stageWith,
  supervisor,
  test,
  Worker,
  worker,
} from "./fixtures.ts";

const ignoring = (id: string, options: Partial<AnyChildSpec> = {}): AnyChildSpec =>
  worker(id, { start: () => IGNORE, ...options });

test("otp/supervisor/sup_start_normal", async (t) => {
  const stage = await stageWith(t, { children: [] });

  assert.deepEqual(await stage.counts(), [0, 0, 0, 0]);
  await terminateChild(stage.system.root, "sup");

  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("otp/supervisor/sup_start_ignore_init: the start function of a supervisor says IGNORE", async (t) => {
  const stage = await Stage.open(t);

  const ref = await startChild(stage.system.root, { id: "sup", type: "supervisor", start: () => IGNORE });

  assert.equal(ref, undefined);
  assert.deepEqual(stage.eventsOf("crashed"), []);
  assert.equal(stage.system.root.isAlive, true);
  assert.deepEqual(await stage.children(stage.system.root), ["sup:down"]);
});

test("otp/supervisor/sup_start_ignore_child", async (t) => {
  const stage = await stageWith(t, { children: [] });

  assert.equal(await startChild(stage.sup, ignoring("child1") as never), undefined);
  assert.ok(await startChild(stage.sup, worker("child2") as never));

  assert.deepEqual(await stage.children(), ["child2:running", "child1:down"]);
  assert.deepEqual(await stage.counts(), [2, 1, 0, 2]);
});

test("otp/supervisor/sup_start_ignore_temporary_child", async (t) => {
  const stage = await stageWith(t, { children: [ignoring("child1", { restart: "temporary" }), worker("child2")] });

  assert.deepEqual(await stage.children(), ["child2:running"]);
  assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
});

test("otp/supervisor/sup_start_ignore_temporary_child_start_child", async (t) => {
  const stage = await stageWith(t, { children: [] });

  assert.equal(await startChild(stage.sup, ignoring("child1", { restart: "temporary" }) as never), undefined);
  assert.ok(await startChild(stage.sup, worker("child2") as never));

  assert.deepEqual(await stage.children(), ["child2:running"]);
  assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
});

test("otp/supervisor/sup_start_ignore_temporary_child_start_child_simple", async (t) => {
  const child = ignoring("child", { restart: "temporary" });
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [child] });

  assert.equal(await startInstance(stage.sup), undefined);

  assert.deepEqual(await stage.children(), []);
  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
});

test("otp/supervisor/sup_start_ignore_permanent_child_start_child_simple", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    children: [worker("child", { start: fuse.start })],
  });

  const [first] = [await startInstance(stage.sup)];
  fuse.outcome = "ignore";
  assert.equal(await startInstance(stage.sup), undefined);
  assert.deepEqual(await stage.counts(), [1, 1, 0, 1]);
  await terminateChild(stage.system.root, "sup");

  assert.equal(stage.exitOf(stage.sup), "shutdown");
  assert.ok(first);
  assert.equal(stage.exitOf(first), "shutdown");
});

test("otp/supervisor/sup_start_error_return: nonsense is refused by supervisor() itself, before anything starts", async (t) => {
  const stage = await Stage.open(t);

  assert.throws(
    () => supervisor("invalid" as never),
    (error: unknown) => error instanceof InvalidSpecError && error.faults[0]?.code === "not_a_spec",
  );
  const error = await rejection(startChild(stage.system.root, { id: "sup", start: () => "invalid" as never }));

  assert.ok(error instanceof StartError);
  assert.equal(error.code, "ERR_START_FAILED");
  assert.match(error.message, /its start function returned a string, not an actor/);
  assert.deepEqual(await stage.children(stage.system.root), []);
});

test("otp/supervisor/sup_start_fail", async (t) => {
  const stage = await Stage.open(t);
  const cause = new Error("init fails");
  const start = () => {
    throw cause;
  };

  const error = await rejection(startChild(stage.system.root, { id: "sup", start, type: "supervisor" }));

  assert.ok(error instanceof StartError);
  assert.equal(error.actor, "test/sup");
  assert.equal(error.cause, cause);
  assert.equal(stage.system.root.isAlive, true);
  assert.deepEqual(await stage.children(stage.system.root), []);
});

test("otp/supervisor/sup_start_child_returns_error", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const starts: [start: () => never, what: RegExp][] = [
    [
      () => {
        throw new Error("function_clause");
      },
      /function_clause/,
    ],
    [() => "some_value" as never, /returned a string, not an actor/],
    [() => undefined as never, /returned undefined, not an actor/],
    [() => ({ handle: 1 }) as never, /returned an object of class Object, not an actor/],
    [() => Promise.reject(new Error("later")) as never, /later/],
  ];

  for (const [start, what] of starts) {
    const error = await rejection(startChild(stage.sup, { id: "child", start }));
    assert.ok(error instanceof StartError);
    assert.match(error.message, what);
    assert.deepEqual(await stage.children(), []);
  }
});

test("otp/supervisor/sup_start_restart_child_returns_error", async (t) => {
  const fuse = new Fuse();
  const stage = await stageWith(t, { children: [worker("child", { start: fuse.start })] });
  await terminateChild(stage.sup, "child");
  fuse.outcome = "fail";

  const error = await rejection(restartChild(stage.sup, "child"));

  assert.ok(error instanceof StartError);
  assert.deepEqual(await stage.children(), ["child:down"]);
  assert.deepEqual(await stage.counts(), [1, 0, 0, 1]);
});

test("otp/supervisor/sup_start_child_returns_error_simple", async (t) => {
  const fuse = new Fuse();
  fuse.outcome = "fail";
  const template = worker("child", { start: fuse.start });
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [template] });

  const error = await rejection(startInstance(stage.sup));

  assert.ok(error instanceof StartError);
  assert.deepEqual(
    causes(error).map((cause) => cause.constructor.name),
    ["StartError", "Error"],
  );
  assert.deepEqual(await stage.counts(), [1, 0, 0, 0]);
});

test("otp/processes/failing_start_is_rolled_back_in_reverse", async (t) => {
  const stage = await Stage.open(t);
  const cause = new Error("no disk");
  class Third extends Worker {
    override preStart(): never {
      throw cause;
    }
  }
  const spec = {
    children: [worker("a"), worker("b", { start: () => new SlowEnd(() => Promise.resolve()) }), worker("c")],
  };
  const children = [...spec.children, worker("d", { start: () => new Third() }), worker("e")];

  const error = await rejection(stage.start({ children }));
  await settle();

  assert.deepEqual(stage.history(), [
    "+a",
    "+b",
    "+c",
    "-d crashed",
    "-c shutdown",
    "-b shutdown",
    "-a shutdown",
    "-sup crashed",
  ]);
  assert.deepEqual(
    causes(error).map((inner) => [inner.constructor.name, (inner as StartError).actor]),
    [
      ["StartError", "test/sup"],
      ["StartError", "test/sup/d"],
      ["Error", undefined],
    ],
  );
  assert.match(error.message, /its child "d" did not start \(failed_to_start_child\)/);
  assert.equal(causes(error)[2], cause);
  assert.equal(stage.system.whereis("sup/a"), undefined);
  assert.deepEqual(await stage.children(stage.system.root), []);
});

test("otp/processes/children_start_one_by_one_in_list_order", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const child = (id: string, ms: number): AnyChildSpec => ({
    id,
    start: () => {
      log.push(`start ${id}`);
      return new (class extends Actor<unknown> {
        override async preStart(): Promise<void> {
          await stage.wait(ms);
          log.push(`started ${id}`);
        }
        override handleMessage(): void {}
      })();
    },
  });

  const starting = stage.start({ children: [child("a", 100), child("b", 10), child("c", 1)] });
  await stage.clock.advance(200);
  await starting;

  assert.deepEqual(log, ["start a", "started a", "start b", "started b", "start c", "started c"]);
  await terminateChild(stage.sup, "b");
  await deleteChild(stage.sup, "b");
});

test("otp/processes/a_child_that_crashes_on_its_first_message_has_started", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const die = { type: "die" } as const;
  const start = async (): Promise<Worker> => {
    if (stage.child("child").incarnation === 1) stage.child("child").tell(die);
    return new Worker();
  };

  const ref = await startChild<Order>(stage.sup, { id: "child", start });
  await settle();

  assert.deepEqual([ref?.isAlive, ref?.incarnation], [true, 2]);
  assert.deepEqual(await stage.children(), ["child:running"]);
  assert.equal(stage.eventsOf("restarted").length, 1);
});
