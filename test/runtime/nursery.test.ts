import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorRef, deleteChild, startChild, supervisor, terminateChild, whichChildren } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import type { Cell } from "../../runtime/src/actor/cell.ts";

type Nothing = { readonly type: "nothing" };

class Idle extends Actor<Nothing> {
  override handleMessage(): void {}
}

const idle = (id: string): { readonly id: string; readonly start: () => Idle } => ({ id, start: () => new Idle() });

async function shop(): Promise<{ readonly run: TestSystem; readonly desk: ActorRef<Nothing> }> {
  const desk = supervisor({ name: "desk", strategy: "rest_for_one", children: [idle("a"), idle("b"), idle("c")] });
  const root = supervisor({ name: "shop", children: [{ id: "desk", start: desk }] });
  const run = await TestSystem.start({ root });
  const ref = run.system.whereis<Nothing>("desk");
  assert.ok(ref !== undefined);
  return { run, desk: ref };
}

const namesOf = async (desk: ActorRef<Nothing>): Promise<unknown[]> => (await whichChildren(desk)).map(({ id }) => id);

test("a supervisor that comes back has its children in the order of its spec, whatever was deleted before", async () => {
  const { run, desk } = await shop();
  await using _ = run;
  await terminateChild(desk, "a");
  await deleteChild(desk, "a");
  assert.deepEqual(await namesOf(desk), ["c", "b"]);

  run.system.kill(desk);
  await run.settle();

  assert.deepEqual(await namesOf(desk), ["c", "b", "a"], "newest first");
  const ended: string[] = [];
  run.system.subscribe((event) => {
    if (event.type === "ended") ended.push(event.actor.id.split("/").at(-1) ?? "");
  });
  await run.system.stop();
  assert.deepEqual(ended.slice(0, 3), ["c", "b", "a"]);
});

test("a child added to a supervisor is forgotten when the supervisor comes back, and its id is free", async () => {
  const { run, desk } = await shop();
  await using _ = run;
  await startChild(desk, idle("extra"));
  run.system.kill(desk);
  await run.settle();
  assert.deepEqual(await namesOf(desk), ["c", "b", "a"]);

  await startChild(desk, idle("extra"));

  assert.deepEqual(await namesOf(desk), ["extra", "c", "b", "a"]);
});

test("a supervisor that cannot start keeps nothing of the attempts that failed", async () => {
  const waiting: number[] = [];
  const broken = (): Idle => {
    const ref: unknown = run?.system.whereis("desk");
    if (ref === undefined) return new Idle();
    waiting.push((ref as Cell).queued.length);
    throw new Error("broken");
  };
  const desk = supervisor({ name: "desk", children: [idle("a"), { id: "b", start: broken }] });
  let run: TestSystem | undefined;
  run = await TestSystem.start({
    root: supervisor({ name: "shop", maxRestarts: 10, children: [{ id: "desk", start: desk }] }),
  });

  run.system.kill(run.system.whereis("desk") as ActorRef<Nothing>);
  await run.settle();

  assert.deepEqual(waiting, new Array(10).fill(0));
  await run.stop();
});
