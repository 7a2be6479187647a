import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import { payloadOf } from "../../../runtime/src/inspect/payload.ts";
import type { Answer, ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { PAYLOAD_LIMITS } from "../../../runtime/src/inspect/protocol-limits.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import { settle, Viewer } from "./viewer.ts";

interface Question {
  readonly type: "echo" | "senders" | "crash" | "note" | "never" | "refuse" | "self";
  readonly value?: unknown;
}

const replies = new Map<string, unknown>();

class Teller extends Actor<Question> {
  override handleMessage({ type, value }: Question, context: ActorContext<Question>): void {
    if (type === "echo") context.reply((replies.get(String(value)) ?? value) as never);
    if (type === "senders") context.reply((context.envelope?.sender?.id ?? "nobody") as never);
    if (type === "crash") throw new RangeError("no such account");
    if (type === "never") context.deferReply();
    if (type === "refuse") context.deferReply().fail(Object.assign(new Error("not today"), { code: "ERR_CLOSED" }));
    if (type === "self") context.reply(context.self as never);
  }
}

interface Bank {
  readonly viewer: Viewer;
  readonly system: ActorSystem;
  readonly top: string | undefined;
  readonly ask: (message: unknown, more?: object) => Promise<ProgramFrame>;
}

async function bank(t: TestContext, clock?: VirtualClock): Promise<Bank> {
  const root = supervisor({ name: "bank", children: [{ id: "teller", start: () => new Teller() }] });
  const system = await ActorSystem.start({ name: "bank", root, logger: false, ...(clock && { clock }) });
  const viewer = new Viewer();
  t.after(async () => {
    viewer.session.close();
    await system.stop();
  });
  const { value } = (await viewer.say({ type: "snapshot", id: 1 })) as {
    value?: { actors: { key: string; id: string }[] };
  };
  const keyOf = (wanted: string): string | undefined => value?.actors.find(({ id }) => id === wanted)?.key;
  const key = keyOf("teller");
  let id = 10;
  const ask: Bank["ask"] = async (message, more = {}) => {
    id++;
    const mine = (frame: ProgramFrame): boolean => frame.type === "reply" && frame.id === id;
    const now = viewer.hears(JSON.stringify({ type: "ask", id, key, message, ...more }));
    while (now === undefined && !viewer.frames.some(mine)) await settle();
    return now ?? (viewer.frames.find(mine) as ProgramFrame);
  };
  return { viewer, ask, system, top: keyOf("bank") };
}

function answerOf(frame: ProgramFrame): Answer {
  assert.ok(frame.type === "reply" && frame.ok, JSON.stringify(frame));
  return frame.value as Answer;
}

test("a question of a viewer is sent by nobody, and its reply comes back as data", async (t) => {
  const { ask } = await bank(t);
  const answer = answerOf(await ask({ type: "echo", value: { ok: true, list: [1, "two", null] } }));
  assert.ok(answer.outcome === "replied" && answer.ms >= 0 && answer.isCut === undefined);
  assert.deepEqual(answer.payload, { ok: true, list: [1, "two", null] });
  assert.deepEqual(
    { ...answerOf(await ask({ type: "senders" })), ms: 0 },
    { outcome: "replied", ms: 0, payload: "nobody" },
  );
  const self = answerOf(await ask({ type: "self" }));
  assert.ok(self.outcome === "replied");
  assert.equal(self.payload, "(ActorRef(bank/teller))");
});

test("what is handled without a reply is said to be handled, and a crash to have crashed", async (t) => {
  const { ask, system } = await bank(t);
  assert.equal(answerOf(await ask({ type: "note" })).outcome, "handled");
  const crash = answerOf(await ask({ type: "crash" }));
  assert.ok(crash.outcome === "failed");
  assert.equal(crash.code, "ERR_ACTOR_STOPPED");
  assert.match(crash.text, /bank\/teller has ended \(crashed in receive: RangeError: no such account\)/);
  const refused = answerOf(await ask({ type: "refuse" }));
  assert.deepEqual({ ...refused, ms: 0 }, { outcome: "failed", ms: 0, text: "Error: not today", code: "ERR_CLOSED" });
  assert.equal(system.health.isLive, true);
});

test("a question has its time by the machine's clock, also where the system's stands still, and ends with its viewer", async (t) => {
  const { ask, viewer } = await bank(t, new VirtualClock());
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const late = ask({ type: "never" });
  await settle();
  t.mock.timers.tick(4_999);
  await settle();
  assert.equal(viewer.of("reply").length, 0);
  t.mock.timers.tick(1);
  assert.equal(answerOf(await late).outcome, "timedOut");
  assert.equal(answerOf(await ask({ type: "note" })).outcome, "handled");
  const given = ask({ type: "never" });
  await settle();
  await viewer.say({ type: "leave" });
  assert.deepEqual({ ...answerOf(await given), ms: 0 }, { outcome: "failed", ms: 0, text: "the viewer has gone" });
  const waiting = runningSystems().flatMap(({ env }) => [...env.deadlines]);
  assert.equal(waiting.length, 0, "nobody waits for what was given up");
});

test("a limit that is none is refused before anything is sent, and so is a question to a supervisor", async (t) => {
  const { ask, top } = await bank(t);
  for (const timeoutMs of [0, -1, 60_001, "5", null]) {
    const frame = await ask({ type: "note" }, { timeoutMs });
    assert.ok(frame.type === "reply" && !frame.ok && frame.code === "ERR_BAD_FRAME", JSON.stringify(frame));
    assert.match(frame.message, /timeoutMs must be a number above 0, at most 60000/);
  }
  const answer = await ask({ type: "note" }, { key: top });
  assert.ok(answer.type === "reply" && !answer.ok && answer.code === "ERR_NOT_SUPPORTED", JSON.stringify(answer));
});

test("a reply is told as far as there is room for it, whatever it is, and nothing of the program's is called for it", async (t) => {
  const { ask } = await bank(t);
  const circle: { name: string; self?: unknown } = { name: "circle" };
  circle.self = circle;
  const hostile = {
    get trap(): never {
      throw new Error("a getter was called");
    },
    toJSON(): never {
      throw new Error("toJSON was called");
    },
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const cases: readonly (readonly [unknown, unknown])[] = [
    [12n, "(12n)"],
    [Number.NaN, "(NaN)"],
    [undefined, "(undefined)"],
    [circle, { name: "circle", self: "(again)" }],
    [hostile, { trap: "(getter)", toJSON: "(function toJSON)" }],
    [revoked.proxy, "(Proxy)"],
    [new Map([["a", new Set([1])]]), [["a", [1]]]],
    [new Uint8Array(12), "(Uint8Array of 12 bytes)"],
    [new RangeError("far"), "(RangeError: far)"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [JSON.parse('{"__proto__":{"polluted":true}}'), JSON.parse('{"__proto__":{"polluted":true}}')],
    [Object.assign([], { 0: 1, 2: 3 }), [1, "(nothing)", 3]],
  ];
  for (const [value, expected] of cases) {
    const { value: data, isCut } = payloadOf(value);
    assert.deepEqual(JSON.parse(JSON.stringify(data)), expected);
    assert.equal(isCut, false);
  }
  let deep: unknown = "end";
  for (let level = 0; level < 100; level++) deep = [deep];
  const long = Array.from({ length: 10_000 }, (_, at) => ({ at, text: "x".repeat(100) }));
  for (const [name, value] of [
    ["deep", deep],
    ["long", long],
    ["text", "y".repeat(1_000_000)],
  ] as const) {
    replies.set(name, value);
    const answer = answerOf(await ask({ type: "echo", value: name }));
    assert.ok(answer.outcome === "replied" && answer.isCut === true, name);
    assert.ok(JSON.stringify(answer.payload).length < PAYLOAD_LIMITS.characters * 2, name);
  }
});
