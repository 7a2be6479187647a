// A CPU profile told by actor and message type.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import type { ProfileReport } from "../../../runtime/src/inspect/profile-protocol.ts";
import { type CpuProfile, Shares } from "../../../runtime/src/inspect/profile-shares.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { Actor } from "../../../runtime/src/values/actor.ts";
import { settle, shop, Viewer } from "./viewer.ts";

const frame = (functionName: string, url = "file:///app.ts", lineNumber = 0) => ({
  functionName,
  scriptId: url,
  url,
  lineNumber,
  columnNumber: 0,
});

/** Samples of 10 µs each, by node. */
function profile(samples: readonly number[]): CpuProfile {
  return {
    nodes: [
      { id: 1, callFrame: frame("(root)", ""), children: [2, 3, 4, 5, 6] },
      { id: 2, callFrame: frame("charge", undefined, 10) },
      { id: 3, callFrame: frame("pack", undefined, 20) },
      { id: 4, callFrame: frame("(idle)", "") },
      { id: 5, callFrame: frame("main", undefined, 30) },
      { id: 6, callFrame: frame("handleMessage", undefined, 40), children: [7] },
      { id: 7, callFrame: frame("", undefined, 50) },
    ],
    startTime: 1_000,
    endTime: 1_000 + samples.length * 10,
    samples,
    timeDeltas: [0, ...samples.map(() => 10)],
  };
}

const labels = [
  { actor: 1, messageType: "charge" },
  { actor: 2, messageType: "pack" },
  { actor: 2, messageType: "label" },
];
const told = (shares: Shares) =>
  shares.rows.map(({ label, us, turns, hot }) => [label.actor, label.messageType, us, turns, hot?.name, hot?.line]);

test("samples are of the turn that ran then; idle time is nobody's, and what no turn has is told as other", () => {
  const shares = new Shares(profile([2, 2, 4, 3, 5]), [0, 995, 1_019, 1, 1_029, 1_039], labels, 0);
  assert.deepEqual(told(shares), [
    [1, "charge", 20, 1, "charge", 11],
    [2, "pack", 10, 1, "pack", 21],
  ]);
  assert.deepEqual([shares.idleUs, shares.otherUs], [10, 10]);
});

test("what follows an await is of whose turns alone the function ran in; of several messages it is the actor's, of several actors nobody's", () => {
  const alone = new Shares(profile([2, 5, 2]), [0, 995, 1_009], labels, 0);
  assert.deepEqual(told(alone), [[1, "charge", 20, 1, "charge", 11]]);
  const several = new Shares(profile([6, 6, 7, 5]), [1, 995, 1_009, 2, 1_010, 1_019], labels, 0);
  assert.deepEqual(told(several), [
    [2, "pack", 10, 1, "handleMessage", 41],
    [2, "label", 10, 1, "handleMessage", 41],
    [2, undefined, 10, 0, "(anonymous)", 51],
  ]);
  const nobodys = new Shares(profile([6, 6, 6]), [0, 995, 1_009, 1, 1_010, 1_019], labels, 0);
  assert.equal(nobodys.otherUs, 10);
});

test("a turn whose handler never returned lasts until the next one begins, and clocks that differ are brought together", () => {
  const shares = new Shares(profile([2, 2, 2]), [0, 5_995, 0, 1, 6_019, 6_040], labels, 5_000);
  assert.deepEqual(
    told(shares).map(([, type, us]) => [type, us]),
    [
      ["charge", 20],
      ["pack", 10],
    ],
  );
});

type Work = { readonly type: "burn" | "rest"; readonly ms: number };

class Burner extends Actor<Work> {
  override handleMessage({ type, ms }: Work): void {
    if (type === "burn") burn(ms);
  }
}

function burn(ms: number): number {
  let sum = 0;
  for (const end = performance.now() + ms; performance.now() < end; )
    for (let n = 0; n < 1_000; n++) sum += Math.sqrt(n);
  return sum;
}

async function ask(viewer: Viewer, on: boolean): Promise<ProfileReport | string | undefined> {
  const reply = await viewer.say({ type: "profile", id: 1, on });
  if (reply.type !== "reply") return reply.type;
  return reply.ok ? (reply.value as ProfileReport | undefined) : reply.code;
}

test("a program is profiled by V8, and who burns the time is named with the function that does", async (t: TestContext) => {
  const system = await ActorSystem.start({ name: "mill", logger: false });
  t.after(() => system.stop());
  const burner = system.spawn(() => new Burner(), { id: "burner" });
  const viewer = new Viewer();
  t.after(() => viewer.session.close());
  assert.equal(await ask(viewer, false), "ERR_ACTION_FAILED");
  assert.equal(await ask(viewer, true), undefined);
  burner.tell({ type: "rest", ms: 0 });
  for (let n = 0; n < 5; n++) burner.tell({ type: "burn", ms: 20 });
  await settle();
  const report = await ask(viewer, false);
  assert.ok(typeof report === "object");
  const [first] = report.rows;
  assert.deepEqual(
    [first?.path, first?.messageType, first?.definition, first?.turns],
    ["mill/burner", "burn", "Burner", 5],
  );
  assert.ok((first?.ms ?? 0) > 50 && (first?.ms ?? 0) < 5_000, JSON.stringify(first));
  assert.equal(first?.hot?.name, "burn");
  assert.match(first?.hot?.file ?? "", /profile\.test\.ts$/);
  const profile = JSON.parse(report.profile ?? "{}") as { nodes?: unknown[]; samples?: unknown[] };
  assert.ok((profile.nodes?.length ?? 0) > 1 && (profile.samples?.length ?? 0) > 10);
});

test("while nobody profiles no turn is noted, and who leaves ends the profile", async (t: TestContext) => {
  await shop(t);
  const viewer = new Viewer();
  const traced = () => runningSystems().some(({ env }) => env.trace !== undefined);
  assert.equal(traced(), false);
  await ask(viewer, true);
  assert.equal(traced(), true);
  viewer.session.close();
  assert.equal(traced(), false);
});
