// What a row tells of an actor in trouble: how it ended, what it has in hand, what waits, what was refused, what it owes.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import { type Order, rowAt, rowsAfter, shop, subscribed, type Viewer, Worker } from "./viewer.ts";

interface Task {
  readonly type: "hold" | "later" | "keep" | "question" | "crash";
}

/** Does nothing at once: holds a message, sets it aside, or defers its answer. */
class Clerk extends Actor<Task> {
  override handleMessage({ type }: Task, context: ActorContext<Task>): void | Promise<void> {
    if (type === "later") context.stash();
    if (type === "question") context.deferReply();
    if (type === "crash") throw new RangeError("no such form");
    return type === "hold" ? new Promise<void>(() => {}) : undefined;
  }
}

async function office(t: TestContext, capacity = 100, quiet = false) {
  const clock = new VirtualClock();
  const clerk = { id: "clerk", start: () => new Clerk(), mailbox: { capacity }, shutdown: "brutal_kill" } as const;
  const system = await shop(t, [clerk, { id: "guest", start: () => new Clerk(), restart: "temporary" }], clock);
  const { viewer, tick } = await subscribed(t, quiet);
  const after = async (ms: number, path = "shop/clerk"): Promise<ActorRow> => {
    await clock.advance(ms);
    await tick();
    return rowAt(viewer.frames, path);
  };
  const tell = (type: Task["type"], path = "clerk"): boolean | undefined => system.whereis<Task>(path)?.tell({ type });
  return { clock, system, viewer, tick, after, tell };
}

const leftBelow = (viewer: Viewer, parent: string): ActorRow[] =>
  [...rowsAfter(viewer.frames).values()].filter((row) => row.left && row.path.startsWith(`${parent}/`));

test("a row tells what the actor handles and since when, and how long the oldest message waits", async (t) => {
  const { after, tell } = await office(t);
  tell("hold");
  await after(400);
  tell("keep");
  const row = await after(1_600);
  assert.equal(row.handling?.messageType, "hold");
  assert.ok((row.handling?.sinceMs ?? 0) >= 1_600, JSON.stringify(row.handling));
  assert.equal(row.mailbox.depth, 1);
  assert.equal(row.mailbox.oldestMs, 1_600);
});

test("a row counts what its full mailbox refused and what was set aside, and tells its replies owed", async (t) => {
  const { after, tell, system } = await office(t, 2);
  tell("later");
  void system
    .whereis<Task>("clerk")
    ?.ask({ type: "question" } as never, { timeoutMs: 60_000 })
    .catch(() => {});
  const calm = await after(400);
  assert.deepEqual([calm.setAside, calm.owes, calm.refused], [1, 1, undefined]);
  tell("hold");
  await after(400);
  for (let i = 0; i < 5; i++) tell("keep");
  const full = await after(400);
  assert.deepEqual([full.mailbox.depth, full.refused], [2, 3]);
});

test("a dead letter is counted at who sent it", async (t) => {
  const { viewer, tick, system } = await office(t);
  const gone = system.spawn(() => new Worker(), { id: "gone" });
  gone.tell({ type: "stop" });
  await tick();
  class Talker extends Actor<Order> {
    override handleMessage(): void {
      gone.tell({ type: "work" });
    }
  }
  system.spawn(() => new Talker(), { id: "talker" }).tell({ type: "work" });
  await tick();
  assert.equal(rowAt(viewer.frames, "shop/talker").deadLetters, 1);
  const [letter] = viewer.of("delta").flatMap(({ events }) => events.filter(({ kind }) => kind === "deadLetter"));
  assert.equal(letter?.kind === "deadLetter" && letter.sender, "shop/talker");
});

test("the cause beside a row is that of the last end, not of an earlier crash", async (t) => {
  const { viewer, tick, system } = await office(t);
  const ann = () => system.whereis<Order>("staff/ann");
  ann()?.tell({ type: "crash" });
  await tick();
  assert.equal(rowAt(viewer.frames, "shop/staff/ann").lastEnd?.kind, "crashed");
  ann()?.tell({ type: "stop" });
  await tick();
  const row = rowAt(viewer.frames, "shop/staff/ann");
  assert.deepEqual([row.lastEnd?.kind, row.lastEnd?.incarnation, row.incarnation], ["normal", 2, 3]);
  assert.match(row.lastCrash?.text ?? "", /worker crashed/);
});

test("of temporary children that failed, the last five stay in sight; all are counted, and those that ended well are not", async (t) => {
  const { viewer, tick, system } = await office(t);
  for (let n = 1; n <= 7; n++) system.spawn(() => new Clerk(), { id: `try-${n}` }).tell({ type: "crash" });
  system.spawn(() => new Worker(), { id: "done" }).tell({ type: "stop" });
  await tick();
  assert.deepEqual(
    leftBelow(viewer, "shop").map(({ id, state, lastEnd }) => [id, state, lastEnd?.kind]),
    [3, 4, 5, 6, 7].map((n) => [`try-${n}`, "stopped", "crashed"]),
  );
  assert.equal(rowAt(viewer.frames, "shop").leftChildren, 7);
});

test("children born per second are counted, also those that end before anybody is told", async (t) => {
  const { viewer, after, system } = await office(t);
  for (let report = 0; report < 15; report++) {
    for (let n = 0; n < 399; n++) system.spawn(() => new Worker()).tell({ type: "stop" });
    system.spawn(() => new Worker());
    await after(400, "shop");
  }
  const births = rowAt(viewer.frames, "shop").births ?? 0;
  assert.ok(Math.abs(births - 1_000) < 100, `400 in 400 ms are about 1,000 a second, said was ${births}`);
  assert.equal(rowsAfter(viewer.frames).size, 6 + 15, "and none of them is left in the tree");
});

test("the last words of a system that gives up: why, the actor it began with, and every row as it was at the end", async (t) => {
  const staff = supervisor({ name: "desk", maxRestarts: 0, children: [{ id: "cards", start: () => new Worker() }] });
  const system = await shop(t, [{ id: "desk", start: staff, restart: "temporary", significant: false }]);
  const { viewer, tick } = await subscribed(t);
  system.whereis<Order>("desk/cards")?.tell({ type: "crash" });
  await tick();
  const desk = rowAt(viewer.frames, "shop/desk");
  assert.deepEqual([desk.left, desk.lastEnd?.kind, desk.lastEnd?.text], [true, "gaveUp", "gave up: cards failed"]);
  assert.equal(rowAt(viewer.frames, "shop").leftChildren, 1);
});

test("a system that ends because its root gave up names the first cause and leaves its tree as it was", async (t) => {
  const { ActorSystem } = await import("../../../runtime/src/system.ts");
  const payments = supervisor({
    name: "payments",
    maxRestarts: 1,
    children: [{ id: "cards", start: () => new Worker() }],
  });
  const root = supervisor({
    name: "desk",
    maxRestarts: 0,
    children: [
      { id: "ledger", start: () => new Worker() },
      { id: "payments", start: payments },
    ],
  });
  const system = await ActorSystem.start({ name: "desk", root, logger: false });
  const { viewer, tick } = await subscribed(t);
  const keys = new Map([...rowsAfter(viewer.frames).values()].map(({ path, key }) => [path, key]));
  for (let crash = 0; crash < 2; crash++) {
    system.whereis<Order>("payments/cards")?.tell({ type: "crash" });
    await tick();
  }
  await system.whenStopped;

  const cause = keys.get("desk/payments/cards");
  const ends = viewer.of("delta").flatMap(({ systems }) => systems.flatMap(({ end }) => end ?? []));
  assert.deepEqual(
    ends.map((end) => [end.kind, end.cause]),
    [["gaveUp", cause]],
  );
  const [stopped] = viewer.of("delta").flatMap(({ events }) => events.filter(({ kind }) => kind === "systemStopped"));
  assert.ok(stopped?.kind === "systemStopped" && stopped.reason === "gaveUp" && stopped.cause === cause);
  const now = await viewer.say({ type: "snapshot", id: 9 });
  assert.deepEqual(now.type === "reply" && now.ok && (now.value as { systems: unknown }).systems, []);
  const rows = [...rowsAfter(viewer.frames).values()].map(({ path, left, lastEnd }) => [path, left, lastEnd?.text]);
  assert.deepEqual(rows, [
    ["desk", true, "gave up: payments failed"],
    ["desk/ledger", true, "shutdown"],
    ["desk/payments", true, "gave up: 2 restarts, 1 allowed"],
    ["desk/payments/cards", true, "crashed in exit: Error: worker crashed"],
  ]);
});

test("an ordered stop is no failure: its reason is shutdown, and nobody is the cause", async (t) => {
  const system = await shop(t);
  const { viewer } = await subscribed(t);
  await system.stop();
  const [stopped] = viewer.of("delta").flatMap(({ events }) => events.filter(({ kind }) => kind === "systemStopped"));
  assert.deepEqual(stopped?.kind === "systemStopped" && [stopped.reason, stopped.cause], ["shutdown", undefined]);
});

test("a quiet viewer is told of the systems at each look, of actors in trouble and how that ends, and not of those that only count on", async (t) => {
  const { viewer, tick, after, tell, system } = await office(t, 100, true);
  await tick();
  const told = (): string[] => viewer.of("delta").flatMap(({ changed }) => changed.map(({ path }) => path));
  const ann = system.whereis<Order>("staff/ann");
  for (let n = 0; n < 5; n++) {
    ann?.tell({ type: "work" });
    await after(400);
  }
  assert.deepEqual(told(), []);
  assert.equal(viewer.of("delta").at(-1)?.systems[0]?.health.actors, rowsAfter(viewer.frames).size);
  tell("later");
  void system
    .whereis<Task>("clerk")
    ?.ask({ type: "question" } as never, { timeoutMs: 60_000 })
    .catch(() => {});
  const owing = await after(400);
  assert.deepEqual([owing.setAside, owing.owes], [1, 1]);
  tell("crash");
  await after(400);
  await after(400);
  const again = await after(400);
  assert.deepEqual([again.incarnation, again.owes], [2, undefined]);
  assert.deepEqual(
    [...new Set(told())].filter((path) => path === "shop/staff/ann"),
    [],
  );
  await viewer.say({ type: "subscribe", id: 2, intervalMs: 400 });
  assert.equal(rowAt(viewer.frames, "shop/staff/ann").handled, 5);
});
