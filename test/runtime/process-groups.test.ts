import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type GroupChange, startChild, supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";

type Order = { readonly type: "fail" } | { readonly type: "noop" };

class Member extends Actor<Order> {
  override handleMessage(order: Order): void {
    if (order.type === "fail") throw new Error("failed");
  }
}

async function open(): Promise<{ run: TestSystem; one: ActorRef<Order>; two: ActorRef<Order> }> {
  const children = [
    { id: "one", start: () => new Member() },
    { id: "two", start: () => new Member(), restart: "temporary" as const },
  ];
  const run = await TestSystem.start({ root: supervisor({ children }) });
  const [one, two] = ["one", "two"].map((id) => run.system.whereis<Order>(id) as ActorRef<Order>);
  return { run, one: one as ActorRef<Order>, two: two as ActorRef<Order> };
}

test("members join and leave; a group without members is none", async () => {
  const { run, one, two } = await open();
  const { groups } = run.system;

  assert.equal(groups.join("readers", one), true);
  assert.equal(groups.join("readers", two), true);
  assert.equal(groups.join("writers", two), true);

  assert.deepEqual(groups.members("readers"), [one, two]);
  assert.deepEqual(groups.groups(), ["readers", "writers"]);
  assert.equal(groups.leave("writers", two), true);
  assert.equal(groups.leave("writers", two), false);
  assert.deepEqual(groups.groups(), ["readers"]);
  assert.deepEqual(groups.members("nobody"), []);
  await run.stop();
});

test("who joins twice is a member twice and leaves twice", async () => {
  const { run, one } = await open();
  const { groups } = run.system;
  groups.join("readers", one);
  groups.join("readers", one);

  assert.deepEqual(groups.members("readers"), [one, one]);
  groups.leave("readers", one);
  assert.deepEqual(groups.members("readers"), [one]);
  groups.leave("readers", one);

  assert.deepEqual(groups.members("readers"), []);
  await run.stop();
});

test("an actor that ends leaves all its groups; its next incarnation is not a member", async () => {
  const { run, one, two } = await open();
  const { groups } = run.system;
  for (const actor of [one, two]) for (const group of ["a", "b"]) groups.join(group, actor);

  one.tell({ type: "fail" });
  two.tell({ type: "fail" });
  await run.settle();

  assert.equal(one.incarnation, 2);
  assert.deepEqual(groups.groups(), []);
  assert.equal(groups.join("a", one), true);
  assert.equal(groups.join("a", two), false, "an actor that has ended cannot join");
  await run.stop();
});

test("who hears of an end finds the group without the one that ended", async () => {
  const { run, one } = await open();
  const probe = run.probe();
  probe.watch(one);
  run.system.groups.join("readers", one);
  const seen: number[] = [];
  class Mourner extends Actor<never> {
    override preStart(context: Parameters<NonNullable<Actor<never>["preStart"]>>[0]): void {
      context.monitor(one);
    }
    override handleMessage(): void {}
    override handleSignal(): void {
      seen.push(run.system.groups.members("readers").length);
    }
  }
  run.system.spawn(() => new Mourner());
  await run.settle();

  one.tell({ type: "fail" });
  await run.settle();

  assert.deepEqual(seen, [0]);
  await run.stop();
});

test("a monitor of a group is sent every change, until it ends or is ended", async () => {
  const { run, one, two } = await open();
  const { groups } = run.system;
  const probe = run.probe<GroupChange>();
  groups.join("readers", one);

  const { members, end } = groups.monitor("readers", probe.ref);
  assert.deepEqual(members, [one]);
  groups.join("readers", two);
  groups.join("readers", two);
  run.system.kill(two);
  groups.join("writers", one);

  assert.deepEqual(await probe.expectMessage("joined"), { type: "joined", group: "readers", members: [two] });
  await probe.expectMessage("joined");
  assert.deepEqual(await probe.expectMessage("left"), { type: "left", group: "readers", members: [two, two] });
  end();
  groups.leave("readers", one);
  await probe.expectNoMessage();
  await run.stop();
});

test("a watch of a group ends once, and no other watch of the same actor with it", async () => {
  const { run, one } = await open();
  const { groups } = run.system;
  const probe = run.probe<GroupChange>();
  const { end } = groups.monitor("readers", probe.ref);
  groups.monitor("readers", probe.ref);

  end();
  end();
  groups.join("readers", one);
  await run.settle();

  assert.equal(probe.received.length, 1);
  await run.stop();
});

test("to end the watch of an incarnation that has ended leaves its successor's alone", async () => {
  const { run, one, two } = await open();
  const { groups } = run.system;
  const ends: (() => void)[] = [];
  const heard: GroupChange[] = [];
  class Watcher extends Actor<GroupChange | { readonly type: "fail" }> {
    override preStart(context: ActorContext<GroupChange | { readonly type: "fail" }>): void {
      ends.push(groups.monitor("readers", context.self as ActorRef<GroupChange>).end);
    }
    override handleMessage(message: GroupChange | { readonly type: "fail" }): void {
      if (message.type === "fail") throw new Error("failed");
      heard.push(message);
    }
  }
  const watcher = await startChild(run.system.root, { id: "watcher", start: () => new Watcher() });
  (watcher as ActorRef<{ readonly type: "fail" }>).tell({ type: "fail" });
  await run.settle();

  ends[0]?.();
  groups.join("readers", one);
  await run.settle();
  ends[1]?.();
  groups.join("readers", two);
  await run.settle();

  assert.deepEqual(heard, [{ type: "joined", group: "readers", members: [one] }]);
  await run.stop();
});

test("what is no actor cannot join or watch, and what is no text is no group", async () => {
  const { run } = await open();

  const { groups } = run.system;
  const probe = run.probe<GroupChange>();

  for (const act of [
    () => groups.join("readers", {} as never),
    () => groups.join(undefined as never, probe.ref),
    () => groups.monitor("readers", {} as never),
    () => groups.monitor({} as never, probe.ref),
  ])
    assert.throws(act, { code: "ERR_INVALID_ARGUMENT" }, String(act));
  assert.deepEqual(groups.groups(), []);
  await run.stop();
});
