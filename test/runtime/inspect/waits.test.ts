// What a row tells of whom its actor waits for: the answer to a question, or room in a full mailbox.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import { startChild } from "../../../runtime/src/supervision/children.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import type { ActorRef, AnyActorRef } from "../../../runtime/src/values/ref.ts";
import { rowAt, shop, subscribed } from "./viewer.ts";

type Task =
  | { readonly type: "ask" | "push"; readonly of: ActorRef<Task> }
  | { readonly type: "hold" | "work" }
  | { readonly type: "hire"; readonly at: AnyActorRef };

/** Waits for whom it is told to; its apprentice asks it before it is born. */
class Clerk extends Actor<Task> {
  override async handleMessage(task: Task, context: ActorContext<Task>): Promise<void> {
    if (task.type === "hold") await new Promise<void>(() => {});
    if (task.type === "ask") await task.of.ask({ type: "work" } as never, { timeoutMs: 600_000 });
    if (task.type === "push") await task.of.tellAsync({ type: "work" });
    if (task.type !== "hire") return;
    const boss = context.self;
    class Apprentice extends Clerk {
      override async preStart(): Promise<void> {
        await boss.ask({ type: "work" } as never, { timeoutMs: 600_000 });
      }
    }
    await startChild(task.at, { id: "apprentice", start: () => new Apprentice() });
  }
}

const clerk = (id: string, capacity = 100) =>
  ({ id, start: () => new Clerk(), mailbox: { capacity, overflow: "block" }, shutdown: "brutal_kill" }) as const;

async function office(t: TestContext) {
  const clock = new VirtualClock();
  // Before the system is stopped: a circle would hold that up until the questions have had their time.
  t.after(() => clock.advance(600_000));
  const system = await shop(t, [clerk("front"), clerk("back", 1)], clock);
  const { viewer, tick } = await subscribed(t);
  const at = (path: string) => system.whereis<Task>(path) as ActorRef<Task>;
  const after = async (ms: number, ...paths: string[]): Promise<ActorRow[]> => {
    await clock.advance(ms);
    await tick();
    return paths.map((path) => rowAt(viewer.frames, path));
  };
  return { at, after };
}

test("an actor that asks is said to wait for the answer of whom it asked, since then", async (t) => {
  const { at, after } = await office(t);
  at("back").tell({ type: "hold" });
  at("front").tell({ type: "ask", of: at("back") });
  const [, back] = await after(400, "shop/front", "shop/back");
  const [front] = await after(1_600, "shop/front");
  assert.deepEqual(front?.waitsFor, [
    { key: back?.key, path: "shop/back", kind: "ask", messageType: "work", sinceMs: 2_000 },
  ]);
  assert.equal(front?.state, "waiting");
  assert.equal(back?.owes, 1);
});

test("an actor that sends into a full mailbox is said to wait for room in it until there is some", async (t) => {
  const { at, after } = await office(t);
  at("back").tell({ type: "hold" });
  await after(400);
  at("back").tell({ type: "work" });
  at("front").tell({ type: "push", of: at("back") });
  await after(400);
  const [front, back] = await after(1_600, "shop/front", "shop/back");
  assert.deepEqual(front?.waitsFor, [
    { key: back?.key, path: "shop/back", kind: "room", messageType: "work", sinceMs: 2_000 },
  ]);
  assert.equal(back?.owes, undefined);
});

test("a wait for room is over when the mailbox has let the message in", async (t) => {
  const { at, after } = await office(t);
  let letGo: (() => void) | undefined;
  class Gate extends Actor<Task> {
    override handleMessage(): Promise<void> {
      return new Promise((resolve) => {
        letGo = resolve;
      });
    }
  }
  const mailbox = { capacity: 1, overflow: "block" } as const;
  const gate = await startChild(at("staff"), { id: "gate", start: () => new Gate(), mailbox, shutdown: "brutal_kill" });
  (gate as ActorRef<Task>).tell({ type: "work" });
  await after(400);
  (gate as ActorRef<Task>).tell({ type: "work" });
  at("front").tell({ type: "push", of: gate as ActorRef<Task> });
  const [before] = await after(400, "shop/front");
  assert.equal(before?.waitsFor?.[0]?.kind, "room");
  letGo?.();
  const [now] = await after(400, "shop/front");
  assert.deepEqual([now?.waitsFor, now?.state], [undefined, "idle"]);
});

test("a child that asks before it has started is told to wait, and so is who asked the supervisor for it", async (t) => {
  const { at, after } = await office(t);
  at("front").tell({ type: "hire", at: at("staff") });
  await after(400);
  const [front, staff, apprentice] = await after(1_600, "shop/front", "shop/staff", "shop/staff/apprentice");
  assert.deepEqual(
    [front, staff, apprentice].map((row) => [row?.state, row?.waitsFor?.map(({ path }) => path)]),
    [
      ["waiting", ["shop/staff"]],
      ["waiting", undefined],
      ["starting", ["shop/front"]],
    ],
  );
});
