import assert from "node:assert/strict";
import { test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { MAX_FRAME_LENGTH } from "../../../runtime/src/inspect/protocol-limits.ts";
import { InspectSession, type Outlet } from "../../../runtime/src/inspect/session.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { FRAMES, HostileFrames } from "../../hostile-frames.ts";
import { settle, Worker } from "./viewer.ts";

/** Counts what leaves; an answer that is no frame, or too long, fails at once. */
class Counting implements Outlet {
  readonly isCongested = false;
  readonly answered: number[] = [];
  push(text: string): void {
    assert.ok(text.length <= MAX_FRAME_LENGTH, `a frame of ${text.length} characters`);
    const frame = JSON.parse(text) as ProgramFrame;
    if (frame.type === "reply") this.answered.push(frame.id);
  }
  refused(code: unknown, message: unknown): void {
    assert.deepEqual([typeof code, typeof message], ["string", "string"]);
  }
}

function start(): Promise<ActorSystem> {
  const children = ["ann", "bob", "cid"].map((id) => ({ id, start: () => new Worker() }));
  const staff = supervisor({ name: "staff", maxRestarts: 1e9, children });
  const root = supervisor({ name: "fuzzed", maxRestarts: 1e9, children: [{ id: "staff", start: staff }] });
  return ActorSystem.start({ name: "fuzzed", root, logger: false });
}

function honestFrames(keys: readonly string[]): object[] {
  return [
    { type: "welcome", protocol: 1, frameLimit: MAX_FRAME_LENGTH },
    { type: "error", code: "ERR_BAD_FRAME", message: "no" },
    { type: "subscribe", id: 1, intervalMs: 100 },
    { type: "unsubscribe", id: 1 },
    { type: "snapshot", id: 1 },
    { type: "health", id: 1 },
    { type: "go", id: 1 },
    { type: "leave" },
    {
      type: "arm",
      id: 1,
      stops: [{ id: "a", messageType: "work", condition: "message", log: "{message.type}", hits: 2 }],
    },
    { type: "stopOn", id: 1, crash: true, deadLetter: true, escalation: true, mailboxDepth: 3 },
    { type: "causes", id: 1, on: true },
    ...keys.map((key) => ({
      type: "details",
      id: 1,
      key,
      parts: ["state", "mailbox", "ties", "timers", "lives", "recent", "settings"],
      at: [0],
      from: 0,
      redact: ["token"],
    })),
    { type: "follow", id: 1, level: "payloads", paths: ["fuzzed/*/ann"], types: ["work"], perSecond: 9, redact: ["x"] },
    { type: "follow", id: 1, level: "off" },
    { type: "step", id: 1, kind: "receiver", seq: 4, key: keys[0] },
    ...["kill", "restart", "stop", "suspend", "resume", "crash"].flatMap((type) =>
      keys.map((key) => ({ type, id: 1, key })),
    ),
    ...keys.map((key) => ({ type: "ask", id: 1, key, message: { type: "work" }, timeoutMs: 5 })),
    ...keys.map((key) => ({ type: "send", id: 1, key, message: { type: "work", list: [1, { deep: "x" }] } })),
  ];
}

test(`whatever a viewer says, in ${FRAMES} frames, each request has one answer and the program goes on`, async () => {
  const hostile = new HostileFrames(11);
  const outlet = new Counting();
  let session = new InspectSession(outlet, () => {});
  let system = await start();
  let honest = honestFrames([2, 3, 4, 5].map((uid) => `fuzzed#${uid}`));
  let [asked, answered, refused, systems] = [0, 0, 0, 1];
  const awaited: number[] = [];
  try {
    for (let i = 0; i < FRAMES; i++) {
      const text = hostile.next({ ...hostile.pick(honest), ...(hostile.below(3) === 0 ? { id: i } : {}) });
      const answer = session.receive(text);
      if (answer === undefined) {
        const { id } = JSON.parse(text) as { id?: unknown };
        if (typeof id === "number" && /"(stop|restart|locate|ask)"/.test(text)) awaited.push(id);
      } else {
        const frame = JSON.parse(answer) as ProgramFrame;
        assert.ok(frame.type === "reply" || (frame.type === "error" && frame.code.startsWith("ERR_")), answer);
        assert.ok(answer.length <= MAX_FRAME_LENGTH);
        asked++;
        if (frame.type === "reply" && frame.ok) answered++;
        else refused++;
      }
      if (i % 500 === 0) await settle();
      if (i % 5_000 === 0) {
        session.close();
        session = new InspectSession(outlet, () => {});
      }
      if (system.health.isLive) continue;
      // The root was killed by a frame that says so.
      await system.whenStopped;
      system = await start();
      systems++;
      honest = honestFrames([2, 3, 4, 5].map((uid) => `fuzzed#${uid}~${systems}`));
    }
    // Who has not been answered by then is answered because the viewer goes.
    session.close();
    for (let turn = 0; turn < 50; turn++) await settle();
    for (const id of awaited) assert.ok(outlet.answered.includes(id), `request ${id} was never answered`);
    assert.ok(
      answered > FRAMES / 20 && refused > FRAMES / 20,
      `${asked} answers, ${answered} of them ok, ${systems} systems`,
    );
    assert.equal(system.health.isLive, true);
  } finally {
    session.close();
    await system.stop();
  }
});

test(`whatever a viewer says that only watches, in ${FRAMES} frames, nothing changes in the program`, async () => {
  const hostile = new HostileFrames(23);
  const outlet = new Counting();
  const system = await start();
  const honest = honestFrames([2, 3, 4, 5].map((uid) => `fuzzed#${uid}`));
  const [inspected] = runningSystems();
  const state = (): unknown[] => [
    inspected?.env.handled,
    inspected?.env.lastUid,
    ...["ann", "bob", "cid"].map((id) => system.whereis(`staff/${id}`)?.incarnation),
  ];
  const before = state();
  let session = new InspectSession(outlet, () => {}, "watching");
  try {
    for (let i = 0; i < FRAMES; i++) {
      session.receive(hostile.next({ ...hostile.pick(honest), ...(hostile.below(3) === 0 ? { id: i } : {}) }));
      if (i % 500 !== 0) continue;
      await settle();
      assert.deepEqual(state(), before);
      session.close();
      session = new InspectSession(outlet, () => {}, "watching");
    }
  } finally {
    session.close();
    await system.stop();
  }
});
