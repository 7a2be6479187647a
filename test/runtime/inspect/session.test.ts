import assert from "node:assert/strict";
import { test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import type { ActorRow, SystemRow } from "../../../runtime/src/inspect/actor-row.ts";
import { PROTOCOL_VERSION } from "../../../runtime/src/inspect/protocol.ts";
import { MAX_FRAME_LENGTH } from "../../../runtime/src/inspect/protocol-limits.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { KILLED } from "../../../runtime/src/values/exit-reason.ts";
import { type Order, pathsOf, rowAt, rowsAfter, settle, shop, subscribed, Viewer, Worker } from "./viewer.ts";

test("a snapshot has every system and every actor, with what the tree shows of them", async (t) => {
  const system = await shop(t);
  const viewer = new Viewer();

  const reply = await viewer.say({ type: "snapshot", id: 7 });

  assert.ok(reply.type === "reply" && reply.ok);
  assert.equal(reply.id, 7);
  const { systems, actors } = reply.value as { systems: SystemRow[]; actors: ActorRow[] };
  assert.deepEqual(
    systems.map(({ name, health }) => [name, health.status, health.actors]),
    [["shop", "up", 4]],
  );
  assert.deepEqual(pathsOf(actors), ["shop", "shop/staff", "shop/staff/ann", "shop/staff/bob"]);
  const [staff, ann, bob] = ["staff", "ann", "bob"].map((id) => actors.find((row) => row.id === id)) as ActorRow[];
  assert.equal(ann?.parent, staff?.key);
  assert.deepEqual(
    [ann?.name, ann?.kind, ann?.definition, ann?.state, ann?.restart],
    ["the first", "actor", "Worker", "idle", "permanent"],
  );
  assert.deepEqual(bob?.mailbox, { depth: 0, capacity: 3, overflow: "drop_oldest" });
  assert.deepEqual(
    [staff?.kind, staff?.definition, staff?.supervisor?.strategy],
    ["supervisor", "staff", "rest_for_one"],
  );
  assert.equal(staff?.mailbox.capacity, null);
  assert.ok(system);
});

test("subscribing gives one snapshot, then a delta each interval in which something changed, numbered in sequence", async (t) => {
  const system = await shop(t);
  const { viewer, tick } = await subscribed(t);
  assert.deepEqual(
    viewer.frames.map(({ type }) => type),
    ["snapshot"],
  );
  await tick();
  await tick();
  const quiet = viewer.frames.length;
  await tick();
  assert.equal(viewer.frames.length, quiet, "nothing changed, so nothing is said");

  for (let i = 0; i < 3; i++) system.whereis<Order>("staff/ann")?.tell({ type: "work" });
  await tick();
  system.whereis<Order>("staff/ann")?.tell({ type: "crash" });
  await tick();

  const ann = rowAt(viewer.frames, "shop/staff/ann");
  assert.deepEqual([ann.handled, ann.incarnation, ann.restarts, ann.state], [4, 2, 1, "idle"]);
  assert.equal(ann.lastCrash?.text.includes("worker crashed"), true);
  const kinds = viewer.of("delta").flatMap(({ events }) => events.map(({ kind }) => kind));
  assert.ok(kinds.includes("crashed") && kinds.includes("restarted"), kinds.join());
  const numbered = viewer.frames.flatMap((frame) => ("seq" in frame ? [frame.seq] : []));
  assert.deepEqual(
    numbered,
    numbered.map((_, i) => i + 1),
  );
});

test("a delta removes the actors that have left the tree; rates are averaged, and fall back to zero", async (t) => {
  const clock = new VirtualClock();
  const system = await shop(t, [], clock);
  const { viewer, tick } = await subscribed(t);
  const guest = system.spawn(() => new Worker(), { id: "guest" });
  const rateAfter = async (messages: number): Promise<number> => {
    for (let i = 0; i < messages; i++) guest.tell({ type: "work" });
    await clock.advance(400);
    await tick();
    return rowAt(viewer.frames, "shop/guest").rate;
  };
  assert.equal(await rateAfter(1), 0, "one message is no rate");
  for (let report = 0; report < 12; report++) await rateAfter(40);
  const busy = await rateAfter(40);
  assert.ok(Math.abs(busy - 100) < 10, `40 in 400 ms are about 100 a second, said was ${busy}`);
  const paused = await rateAfter(0);
  assert.ok(paused > 50 && paused < busy, "one silent report is not the end");
  for (let report = 0; report < 30; report++) await rateAfter(0);
  assert.equal(rowAt(viewer.frames, "shop/guest").rate, 0);
  assert.equal(rowAt(viewer.frames, "shop/guest").handled, 14 * 40 - 40 + 1);

  guest.tell({ type: "stop" });
  await tick();

  assert.equal(pathsOf(rowsAfter(viewer.frames).values()).includes("shop/guest"), false);
});

test("after unsubscribing nothing is watched any more, and while nobody looks no actor has a probe", async (t) => {
  await shop(t);
  const probes = (): boolean[] => runningSystems().map(({ env }) => env.probe !== undefined || env.hub.isWatched);
  assert.deepEqual(probes(), [false]);
  const { viewer, tick } = await subscribed(t);
  assert.deepEqual(probes(), [true]);

  await viewer.say({ type: "unsubscribe", id: 2 });

  assert.deepEqual(probes(), [false]);
  const before = viewer.frames.length;
  await tick();
  assert.equal(viewer.frames.length, before);
});

test("two viewers see the same tree; one that leaves takes nothing from the other", async (t) => {
  const system = await shop(t);
  const { viewer: first, tick } = await subscribed(t);
  const second = new Viewer();
  t.after(() => second.session.close());
  await second.say({ type: "subscribe", id: 1 });

  await first.say({ type: "unsubscribe", id: 2 });
  system.spawn(() => new Worker(), { id: "guest" });
  await tick();

  assert.ok(pathsOf(rowsAfter(second.frames).values()).includes("shop/guest"));
});

test("a viewer that is slow hears nothing until it has caught up, then everything that is different, and what happened", async (t) => {
  const system = await shop(t);
  const { viewer, tick } = await subscribed(t);
  await tick();
  viewer.isCongested = true;
  system.whereis<Order>("staff/ann")?.tell({ type: "crash" });
  await tick();
  const whileSlow = viewer.frames.length;
  viewer.isCongested = false;

  await tick();

  const [delta, ...others] = viewer.frames.slice(whileSlow);
  assert.ok(delta?.type === "delta" && others.length === 0);
  const kinds = delta.events.map(({ kind }) => kind);
  assert.ok(kinds.includes("crashed") && kinds.includes("restarted"), kinds.join());
  assert.equal(rowAt(viewer.frames, "shop/staff/ann").incarnation, 2);
});

test("events beyond a thousand between two reports are counted, in a gap before the rows, which are right", async (t) => {
  const system = await shop(t);
  const { viewer, tick } = await subscribed(t);
  await tick();
  const before = viewer.frames.length;
  const gone = system.spawn(() => new Worker());
  system.exit(gone, KILLED);
  await settle();
  for (let i = 0; i < 1_500; i++) gone.tell({ type: "work" });

  await tick();

  const [gap, delta] = viewer.frames.slice(before);
  assert.ok(gap?.type === "gap" && delta?.type === "delta", viewer.frames.map(({ type }) => type).join());
  assert.deepEqual([delta.events.length, delta.events.length + gap.missed, delta.seq], [1_000, 1_500, gap.seq + 1]);
});

async function keyOf(viewer: Viewer, path: string): Promise<string> {
  const reply = await viewer.say({ type: "snapshot", id: 0 });
  const { actors } = (reply as { value: { actors: ActorRow[] } }).value;
  return actors.find((row) => row.path === path)?.key as string;
}

test("actors can be killed, restarted, stopped, suspended, resumed and sent to", async (t) => {
  const system = await shop(t);
  const viewer = new Viewer();
  const ann = system.whereis<Order>("staff/ann");
  const key = await keyOf(viewer, "shop/staff/ann");
  const act = async (type: string, more: object = {}): Promise<unknown> => {
    const reply = await viewer.say({ type, id: 3, key, ...more });
    assert.ok(reply.type === "reply" && reply.ok, JSON.stringify(reply));
    await settle();
    return reply.value;
  };
  const state = async (): Promise<string | undefined> => {
    const reply = await viewer.say({ type: "snapshot", id: 0 });
    return (reply as { value: { actors: ActorRow[] } }).value.actors.find((row) => row.key === key)?.state;
  };

  await act("kill");
  assert.equal(ann?.incarnation, 2);
  await act("restart");
  assert.equal(ann?.incarnation, 3);
  await act("suspend");
  assert.equal(await state(), "suspended");
  assert.deepEqual(await act("send", { message: { type: "crash" } }), { accepted: true });
  assert.equal(ann?.incarnation, 3, "a suspended actor takes no message");
  await act("resume");
  assert.equal(ann?.incarnation, 4);
  await act("stop");
  assert.equal(await state(), "stopped");
  await act("restart");
  assert.equal(await state(), "idle");
});

test("what cannot be done is refused with a code: an unknown actor, a message to a supervisor, a restart without a spec", async (t) => {
  const system = await shop(t);
  const viewer = new Viewer();
  system.spawn(() => new Worker(), { id: "guest" });
  await settle();
  const [staff, guest] = [await keyOf(viewer, "shop/staff"), await keyOf(viewer, "shop/guest")];
  const refusals: [frame: object, code: string][] = [
    [{ type: "kill", id: 1, key: "shop#999999" }, "ERR_UNKNOWN_ACTOR"],
    [{ type: "send", id: 2, key: staff, message: {} }, "ERR_NOT_SUPPORTED"],
    [{ type: "restart", id: 3, key: guest }, "ERR_NOT_SUPPORTED"],
  ];

  for (const [frame, code] of refusals) {
    const reply = await viewer.say(frame);
    assert.ok(reply.type === "reply" && !reply.ok, JSON.stringify(reply));
    assert.equal(reply.code, code);
  }
  assert.equal(system.health.status, "up");
});

test("garbage is answered with an error and changes nothing", async (t) => {
  const system = await shop(t);
  const viewer = new Viewer();
  const texts = ["", "nonsense", "7", "null", "[]", '{"type":7}', '{"type":"fly","id":1}', '{"type":"snapshot"}'];
  texts.push(
    '{"type":"kill","id":1}',
    '{"type":"kill","id":1,"key":7}',
    '{"type":"subscribe","id":1,"intervalMs":"fast"}',
  );

  for (const text of texts) {
    const answer = viewer.hears(text);
    assert.ok(answer?.type === "error" || (answer?.type === "reply" && !answer.ok), text);
    assert.equal(answer.code, "ERR_BAD_FRAME", text);
  }
  const long = viewer.hears(`"${"x".repeat(MAX_FRAME_LENGTH)}"`);
  assert.equal(long?.type === "error" && long.code, "ERR_FRAME_TOO_LONG");
  assert.deepEqual([viewer.frames, system.health.status], [[], "up"]);
});

test("a viewer of another version of the protocol is told so; one that refuses is heard", async () => {
  const viewer = new Viewer();

  assert.equal(viewer.session.receive(JSON.stringify({ type: "welcome", protocol: PROTOCOL_VERSION })), undefined);
  const answer = await viewer.say({ type: "welcome", protocol: 99 });
  assert.ok(answer.type === "error" && answer.code === "ERR_PROTOCOL_VERSION");
  viewer.session.receive(JSON.stringify({ type: "error", code: "ERR_BAD_TOKEN", message: "no" }));

  assert.deepEqual(viewer.refusals, ["ERR_BAD_TOKEN"]);
});

test("go, and the end of a session, let a held program go on", async () => {
  const viewer = new Viewer();

  await viewer.say({ type: "go", id: 1 });
  viewer.session.close();

  assert.equal(viewer.goes, 2);
});

test("a system that stops is taken out of the tree, with an event and its last report", async (t) => {
  const system = await shop(t);
  const { viewer, tick } = await subscribed(t);
  await tick();

  await system.stop();

  const last = viewer.of("delta").at(-1);
  assert.deepEqual(
    last?.systems.map(({ end }) => end?.kind),
    ["shutdown"],
  );
  const now = await viewer.say({ type: "snapshot", id: 2 });
  assert.deepEqual(now.type === "reply" && now.ok && (now.value as { systems: unknown }).systems, []);
  assert.ok(viewer.of("delta").some(({ events }) => events.some(({ kind }) => kind === "systemStopped")));
});
