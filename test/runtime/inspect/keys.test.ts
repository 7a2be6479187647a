import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorRow } from "../../../runtime/src/inspect/actor-row.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { settle, Viewer, Worker } from "./viewer.ts";

async function treeOf(viewer: Viewer): Promise<{ systems: { id: string; root: string }[]; actors: ActorRow[] }> {
  const reply = (await viewer.say({ type: "snapshot", id: 1 })) as Extract<ProgramFrame, { readonly ok: true }>;
  return reply.value as { systems: { id: string; root: string }[]; actors: ActorRow[] };
}

const twin = (): Promise<ActorSystem> => {
  const root = supervisor({ name: "twin", children: [{ id: "worker", start: () => new Worker() }] });
  return ActorSystem.start({ name: "twin#2", root, logger: false });
};

test("systems of one name have keys of their own, also one after the other: a kill hits whom it names, or nobody", async () => {
  const viewer = new Viewer();
  const first = await twin();
  const second = await twin();
  const { systems, actors } = await treeOf(viewer);
  assert.equal(new Set(systems.map(({ id }) => id)).size, 2);
  assert.equal(new Set(actors.map(({ key }) => key)).size, actors.length);
  const [one, other] = actors.filter(({ id }) => id === "worker");

  await viewer.say({ type: "kill", id: 2, key: other?.key });
  await settle();
  const lives = [first, second].map((system) => system.whereis("worker")?.incarnation);
  assert.deepEqual(lives, [1, 2]);

  await first.stop();
  const third = await twin();
  const answer = await viewer.say({ type: "kill", id: 3, key: one?.key });
  assert.ok(answer.type === "reply" && !answer.ok && answer.code === "ERR_UNKNOWN_ACTOR");
  assert.equal(third.whereis("worker")?.incarnation, 1);
  await Promise.all([second.stop(), third.stop()]);
});

test("a child whose id looks like an automatic one meets none: whichever comes first, two siblings have two ids", async (t) => {
  const system = await ActorSystem.start({ name: "dollars", logger: false });
  t.after(() => system.stop());
  const viewer = new Viewer();
  const nextNumber = async (): Promise<number> => {
    const guest = system.spawn(() => new Worker());
    const { actors } = await treeOf(viewer);
    return Math.max(...actors.map(({ order }) => order)) + (guest.id === "" ? 0 : 1);
  };
  const number = await nextNumber();
  for (let ahead = 0; ahead < 3; ahead++) system.spawn(() => new Worker(), { id: `$${number + 4 + ahead}` });
  for (let i = 0; i < 6; i++) system.spawn(() => new Worker());
  await settle();

  const { actors } = await treeOf(viewer);
  assert.equal(new Set(actors.map(({ path }) => path)).size, actors.length);
  for (const { path, id } of actors.filter(({ parent }) => parent !== undefined))
    assert.equal(system.whereis(id)?.id, path);
  const taken = actors.findLast(({ id }) => id.startsWith("$"))?.id as string;
  assert.throws(() => system.spawn(() => new Worker(), { id: taken }), { code: "ERR_NAME_TAKEN" });
});
