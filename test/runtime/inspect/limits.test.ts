import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import { MAX_FRAME_LENGTH, MIN_FRAME_LIMIT } from "../../../runtime/src/inspect/protocol-limits.ts";
import { InspectSession, type Outlet } from "../../../runtime/src/inspect/session.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { Actor } from "../../../runtime/src/values/actor.ts";
import type { AnyActorRef } from "../../../runtime/src/values/ref.ts";
import { type Order, rowsAfter, settle, shop, subscribed, Viewer, Worker } from "./viewer.ts";

class Texts implements Outlet {
  readonly isCongested = false;
  readonly texts: string[] = [];
  push(text: string): void {
    this.texts.push(text);
  }
  refused(): void {}
}

async function crowd(t: TestContext, count: number): Promise<ActorSystem> {
  const children = Array.from({ length: count }, (_, i) => ({ id: `w${i}`, start: () => new Worker() }));
  const root = supervisor({ name: "crowd", maxRestarts: 1e9, children });
  const system = await ActorSystem.start({ name: "crowd", root, logger: false });
  t.after(() => system.stop());
  return system;
}

test("the tree of forty thousand actors is answered in parts, none longer than the viewer takes", async (t) => {
  await crowd(t, 40_000);
  const outlet = new Texts();
  const session = new InspectSession(outlet, () => {});
  session.receive(JSON.stringify({ type: "welcome", protocol: 1, frameLimit: MIN_FRAME_LIMIT }));

  const last = session.receive('{"type":"snapshot","id":7}') ?? "";

  const texts = [...outlet.texts, last];
  assert.ok(texts.length > 8 && texts.every(({ length }) => length <= MIN_FRAME_LIMIT), `${texts.length} parts`);
  const parts = texts.map((text) => JSON.parse(text) as { id: number; more?: true; value: { actors: ActorRow[] } });
  assert.ok(parts.every(({ id }) => id === 7));
  assert.deepEqual([parts.at(-1)?.more, parts.slice(0, -1).every(({ more }) => more === true)], [undefined, true]);
  const keys = parts.flatMap(({ value }) => value.actors.map(({ key }) => key));
  assert.deepEqual([keys.length, new Set(keys).size], [40_001, 40_001]);
});

test("five thousand crashes with long texts stay within the frames, without their stacks, which are told when asked for", async (t) => {
  class Fragile extends Actor<{ readonly text: string }> {
    override handleMessage({ text }: { readonly text: string }): void {
      throw new Error(text);
    }
  }
  const system = await crowd(t, 1);
  const outlet = new Texts();
  const session = new InspectSession(outlet, () => {});
  t.after(() => session.close());
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const children = Array.from({ length: 5_000 }, () =>
    system.spawn(supervisor({ maxRestarts: 9, children: [{ id: "f", start: () => new Fragile() }] })),
  );
  for (let turn = 0; turn < 2_000 && system.health.check().actors < 10_002; turn++) await settle();
  let restarted = 0;
  system.subscribe(({ type }) => {
    if (type === "restarted") restarted++;
  });
  session.receive('{"type":"subscribe","id":1}');
  for (const child of children)
    system.whereis<{ text: string }>(`${child.id.slice("crowd/".length)}/f`)?.tell({ text: "\u0000".repeat(10_000) });
  for (let turn = 0; turn < 2_000 && restarted < 5_000; turn++) await settle();
  for (let report = 0; report < 5; report++) {
    await settle();
    t.mock.timers.tick(60_000);
  }

  assert.ok(outlet.texts.every(({ length }) => length <= MAX_FRAME_LENGTH));
  const rows = [...rowsAfter(outlet.texts.map((text) => JSON.parse(text))).values()];
  const crashedRows = rows.filter(({ lastCrash }) => lastCrash !== undefined);
  assert.equal(crashedRows.length, 5_000);
  assert.equal(
    crashedRows.some(({ lastCrash }) => lastCrash?.stack !== undefined),
    false,
  );
  const answer = session.receive(JSON.stringify({ type: "crash", id: 9, key: crashedRows[0]?.key }));
  assert.match(String(answer), /"stack":"Error: /);
});

test("of a tree deeper than a path has room for, rows have the end of the path", async (t) => {
  class Nest extends Actor<number> {
    override handleMessage(depth: number, context: { spawn(start: () => Nest): AnyActorRef }): void {
      if (depth > 0) (context.spawn(() => new Nest()) as unknown as { tell(depth: number): void }).tell(depth - 1);
    }
  }
  const system = await ActorSystem.start({ name: "deep", logger: false });
  t.after(() => system.stop());
  system.spawn(() => new Nest() as Actor<number>).tell(1_000);
  for (let turn = 0; turn < 20; turn++) await settle();
  const reply = await new Viewer().say({ type: "snapshot", id: 1 });
  const { actors } = (reply as unknown as { value: { actors: ActorRow[] } }).value;
  assert.equal(actors.length, 1_002);
  assert.ok(actors.every(({ path }) => path.length <= 2_000));
  assert.ok(actors.at(-1)?.path.startsWith("…"));
});

test("a viewer that leaves lets go on whom it suspended, unless another holds him too", async (t) => {
  const system = await shop(t);
  const ann = system.whereis<Order>("staff/ann");
  const [first, second] = [new Viewer(), new Viewer()];
  const reply = await first.say({ type: "snapshot", id: 1 });
  const { actors } = (reply as unknown as { value: { actors: ActorRow[] } }).value;
  const key = actors.find(({ id }) => id === "ann")?.key;
  for (const viewer of [first, second]) await viewer.say({ type: "suspend", id: 2, key });
  ann?.tell({ type: "crash" });

  first.session.close();
  await settle();
  assert.equal(ann?.incarnation, 1);
  second.session.receive('{"type":"leave"}');
  await settle();
  assert.equal(ann?.incarnation, 2);
});

test("what an actor's class, its errors and its exit reasons do when they are read ends nobody who is looked at", async (t) => {
  const system = await shop(t);
  const { viewer, tick } = await subscribed(t);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const bad = (how: (error: Error) => void): Error => {
    const error = new Error("x");
    how(error);
    return error;
  };
  const unreadable = { get: () => assert.fail("read") };
  const causes: unknown[] = [
    revoked.proxy,
    ...["stack", "message", "name"].map((part) => bad((error) => Object.defineProperty(error, part, unreadable))),
    bad((error) => Object.assign(error, { name: Symbol("s"), message: Object.create(null) })),
    Object.create(null),
    "x".repeat(3_000_000),
    Object.defineProperty({}, "toJSON", unreadable),
  ];
  class Thrower extends Actor<{ readonly cause: unknown }> {
    override handleMessage({ cause }: { readonly cause: unknown }): void {
      throw cause;
    }
  }
  for (const name of ["a getter", "an object"]) {
    const Odd = class extends Worker {};
    Object.defineProperty(Odd, "name", name === "a getter" ? unreadable : { value: {} });
    system.spawn(() => new Odd(), { id: name });
  }
  system.spawn(() => Object.assign(Object.create(null), { handleMessage() {} }) as Worker, { id: "nobody's child" });
  for (const index of causes.keys())
    system.spawn(supervisor({ children: [{ id: "t", start: () => new Thrower() }] }), { id: `s${index}` });
  await settle();
  for (const [index, cause] of causes.entries()) system.whereis<{ cause: unknown }>(`s${index}/t`)?.tell({ cause });
  await tick();
  await tick();

  const rows = [...rowsAfter(viewer.frames).values()];
  assert.equal(rows.filter(({ lastCrash }) => lastCrash !== undefined).length, causes.length);
  assert.ok(rows.some(({ definition }) => definition === "(a class whose name cannot be read)"));
  assert.equal(
    viewer.of("delta").flatMap(({ events }) => events.filter(({ kind }) => kind === "crashed")).length,
    causes.length,
  );
  for (const { key } of rows) assert.ok((await viewer.say({ type: "crash", id: 5, key })).type === "reply");
  assert.equal(system.health.isLive, true);
});
