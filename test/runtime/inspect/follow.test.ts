import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import { Follow } from "../../../runtime/src/inspect/follow.ts";
import {
  ANSWER_STATES,
  FOLLOW_LIMITS,
  type FollowFrame,
  MESSAGE_OUTCOMES,
  type MessageRow,
  type MessagesFrame,
} from "../../../runtime/src/inspect/message-protocol.ts";
import type { ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import type { ActorRef } from "../../../runtime/src/values/ref.ts";
import { settle, Viewer } from "./viewer.ts";

interface Job {
  readonly type: string;
  readonly to?: ActorRef<Job>;
  readonly [field: string]: unknown;
}

/** What ends the slow turns that are under way. */
const slow: (() => void)[] = [];

async function passLater({ to }: Job): Promise<void> {
  await new Promise<void>((resolve) => slow.push(resolve));
  to?.tell({ type: "passed" });
}

/** Does what the type of a message says, and passes on what is to go on. */
class Worker extends Actor<Job> {
  override async handleMessage(job: Job, context: ActorContext<Job>): Promise<void> {
    if (job.type === "crash") throw new RangeError("no such order");
    if (job.type === "ask" && job.to !== undefined) await job.to.ask({ type: "question" } as never);
    if (job.type === "question") context.reply("yes" as never);
    if (job.type === "never") context.deferReply();
    if (job.type === "slow") await new Promise<void>((resolve) => slow.push(resolve));
    if (job.type === "slowly") await passLater(job);
    if (job.type === "pass") job.to?.tell({ type: "passed" });
  }
}

/** Begins work that it does not wait for. */
class Starter extends Actor<Job> {
  override handleMessage(job: Job): Promise<void> | undefined {
    if (job.type === "later") void passLater(job);
    return job.type === "slow" ? new Promise((resolve) => slow.push(resolve)) : undefined;
  }
}

interface Shop {
  readonly viewer: Viewer;
  readonly system: ActorSystem;
  readonly a: ActorRef<Job>;
  readonly b: ActorRef<Job>;
  readonly clock: VirtualClock;
  /** Everything has happened, and the viewer was told. */
  readonly tick: (ms?: number) => Promise<void>;
}

async function shop(t: TestContext, wanted: Partial<FollowFrame>): Promise<Shop> {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const clock = new VirtualClock();
  const mailbox = { capacity: 2 };
  const children = ["a", "b"].map((id) => ({ id, start: () => new Worker(), mailbox }));
  const root = supervisor({ name: "shop", maxRestarts: 4, children });
  const system = await ActorSystem.start({ name: "shop", root, logger: false, clock });
  const viewer = new Viewer();
  const [a, b] = ["a", "b"].map((id) => system.whereis<Job>(id)) as [ActorRef<Job>, ActorRef<Job>];
  const reply = await viewer.say({ type: "follow", id: 1, level: "messages", ...wanted });
  assert.deepEqual(reply, { type: "reply", id: 1, ok: true });
  t.after(async () => {
    viewer.session.close();
    await system.stop();
  });
  const tick = async (ms = 100): Promise<void> => {
    await settle();
    t.mock.timers.tick(ms);
  };
  return { viewer, system, a, b, clock, tick };
}

/** A message as a reader sees it. */
interface Told {
  readonly seq: number;
  readonly cause: number;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly row: MessageRow;
  readonly outcome: string;
  readonly note: string | undefined;
}

/** What all frames together say: the last row of each message, in the order of the first. */
function told(viewer: Viewer): Told[] {
  const frames = viewer.of("messages") as MessagesFrame[];
  const paths = new Map(frames.flatMap(({ actors }) => actors.map(([no, , path]) => [no, path] as const)));
  const types = new Map(frames.flatMap(({ types: list }) => list));
  const notes = new Map(frames.flatMap(({ notes: list = [] }) => list.map(([seq, , text]) => [seq, text] as const)));
  const last = new Map<number, MessageRow>();
  for (const row of frames.flatMap(({ rows }) => rows)) last.set(row[0], row);
  const words = Object.fromEntries(Object.entries(MESSAGE_OUTCOMES).map(([word, no]) => [no, word]));
  return [...last.values()].map((row) => ({
    seq: row[0],
    cause: row[1],
    from: row[2] === 0 ? "outside" : (paths.get(row[2]) ?? "?"),
    to: paths.get(row[3]) ?? "?",
    type: types.get(row[4]) ?? "?",
    row,
    outcome: words[row[8]] ?? "?",
    note: notes.get(row[0]),
  }));
}

const spoken = ({ from, to, type, outcome }: Told): string => `${from} → ${to}: ${type}, ${outcome}`;

test("each message is told with who sent it, who handled it and which message it was sent for", async (t) => {
  const { viewer, a, b, tick } = await shop(t, {});

  a.tell({ type: "pass", to: b });
  await tick();

  const [pass, passed] = told(viewer);
  assert.deepEqual(told(viewer).map(spoken), ["outside → shop/a: pass, handled", "shop/a → shop/b: passed, handled"]);
  assert.equal(pass?.cause, -1);
  assert.equal(passed?.cause, pass?.seq);
  for (const { row } of told(viewer)) assert.ok(row[6] >= 0 && row[7] >= 0, row.join());
});

test("a question is told with what became of it, and a message after an await with its cause", async (t) => {
  const { viewer, a, b, tick } = await shop(t, {});

  a.tell({ type: "ask", to: b });
  await tick();

  const [ask, question] = told(viewer);
  assert.equal(question?.type, "question");
  assert.equal(question?.cause, ask?.seq);
  assert.equal(ask?.row[9], ANSWER_STATES.none);
  assert.equal(question?.row[9], ANSWER_STATES.answered);
  assert.ok((question?.row[10] ?? -1) >= (question?.row[6] ?? 0));
});

test("what work that nobody awaits sends has its sender, and the message it was started for", async (t) => {
  const { viewer, system, b, tick } = await shop(t, {});
  const starter = system.spawn(() => new Starter(), { id: "starter" });

  starter.tell({ type: "later", to: b });
  starter.tell({ type: "work" });
  await tick();
  for (const end of slow.splice(0)) end();
  await tick();

  const [later, , passed] = told(viewer);
  assert.deepEqual(told(viewer).map(spoken), [
    "outside → shop/starter: later, handled",
    "outside → shop/starter: work, handled",
    "shop/starter → shop/b: passed, handled",
  ]);
  assert.equal(passed?.cause, later?.seq);
});

test("the sender is known however long a handler has given back nothing, and whatever else its actor does meanwhile", async (t) => {
  const { viewer, system, b, tick } = await shop(t, {});
  const starter = system.spawn(() => new Starter(), { id: "starter" });
  for (let n = 0; n < 300; n++) starter.tell({ type: "work" });
  await tick();
  starter.tell({ type: "later", to: b });
  await tick();
  starter.tell({ type: "slow" });
  await tick();
  slow.shift()?.();
  await tick();
  for (const end of slow.splice(0)) end();

  const passed = told(viewer).find(({ type }) => type === "passed");
  assert.equal(passed && spoken(passed), "shop/starter → shop/b: passed, handled");
  // It was not sent for what is in hand when it is sent.
  assert.equal(passed?.cause, -1);
});

test("what is left of a life that has ended sends as that actor, in vain", async (t) => {
  const { viewer, system, b, tick } = await shop(t, {});
  const gone = system.spawn(() => new Worker(), { id: "gone" });
  gone.tell({ type: "slowly", to: b });
  await tick();
  system.kill(gone);
  await tick();
  for (const end of slow.splice(0)) end();
  await tick();

  assert.deepEqual(told(viewer).map(spoken)[1], "shop/gone → shop/b: passed, dropped");
});

test("a message that waits or runs is told as open, and once more when it has ended", async (t) => {
  const { viewer, a, b, tick } = await shop(t, {});
  viewer.session.receive(JSON.stringify({ type: "suspend", id: 2, key: await keyOf(viewer, "shop/b") }));

  a.tell({ type: "pass", to: b });
  await tick();
  assert.deepEqual(told(viewer).map(spoken)[1], "shop/a → shop/b: passed, open");

  viewer.session.receive(JSON.stringify({ type: "resume", id: 3, key: await keyOf(viewer, "shop/b") }));
  await tick();
  assert.deepEqual(told(viewer).map(spoken)[1], "shop/a → shop/b: passed, handled");
});

test("a crash is told with its error, and the life that follows with the count of its supervisor", async (t) => {
  const { viewer, a, tick } = await shop(t, {});

  a.tell({ type: "crash" });
  await tick();

  const [crash] = told(viewer);
  assert.deepEqual([crash?.outcome, crash?.note], ["crashed", "RangeError: no such order"]);
  const [life] = viewer.of("messages").flatMap(({ lives = [] }) => lives);
  assert.deepEqual(life?.slice(1, 2), [2]);
  assert.deepEqual(life?.slice(3), ["shop", 1, 4, 5_000]);
});

test("what a full mailbox refuses, and what comes for nobody, is told with the reason", async (t) => {
  const { viewer, system, a, b, tick } = await shop(t, {});
  viewer.session.receive(JSON.stringify({ type: "suspend", id: 2, key: await keyOf(viewer, "shop/b") }));

  for (const type of ["one", "two", "three"]) b.tell({ type });
  await tick();
  const outcomes = told(viewer).map(({ type, outcome }) => `${type} ${outcome}`);
  assert.deepEqual(outcomes, ["one open", "two open", "three refused"]);

  await system.stop();
  a.tell({ type: "too late" });
  const lost = told(viewer).filter(({ outcome }) => outcome === "dropped");
  assert.deepEqual(
    lost.map(({ type, note }) => [type, note]),
    [
      ["one", "stopped"],
      ["two", "stopped"],
    ],
  );
});

test("a question is late when its asker gives up before its turn is over, and failed when there is no answer", async (t) => {
  const { viewer, a, b, clock, tick } = await shop(t, {});

  const asked = [
    assert.rejects(a.ask({ type: "never" } as never, { timeoutMs: 20 })),
    assert.rejects(b.ask({ type: "slow" } as never, { timeoutMs: 20 })),
  ];
  await settle();
  await clock.advance(21);
  await Promise.all(asked);
  for (const end of slow.splice(0)) end();
  await tick();

  assert.deepEqual(
    told(viewer).map(({ type, outcome, row }) => [type, outcome, row[9]]),
    [
      ["never", "handled", ANSWER_STATES.failed],
      ["slow", "late", ANSWER_STATES.failed],
    ],
  );
});

test("only messages of wanted actors and types are told", async (t) => {
  const { viewer, a, b, tick } = await shop(t, { paths: ["shop/b"], types: ["passed"] });

  a.tell({ type: "pass", to: b });
  b.tell({ type: "other" });
  await tick();

  assert.deepEqual(told(viewer).map(spoken), ["shop/a → shop/b: passed, handled"]);
});

test("messages above the limit of a second are counted, but for those that crashed", async (t) => {
  const { viewer, a, tick } = await shop(t, { perSecond: 20 });

  for (const type of ["one", "two"]) a.tell({ type });
  await settle();
  for (const type of ["three", "crash"]) a.tell({ type });
  await tick();

  assert.deepEqual(
    told(viewer).map(({ type }) => type),
    ["one", "two", "crash"],
  );
  assert.equal(
    viewer.of("messages").reduce((sum, { missed }) => sum + missed, 0),
    1,
  );
});

test("payloads are data: hidden fields stay in the program, and nothing of the program runs", async (t) => {
  const { viewer, a, tick } = await shop(t, { level: "payloads", redact: ["password"] });
  let ran = 0;
  const note = <T>(value: T): T => {
    ran++;
    return value;
  };
  const trap = new Proxy({}, { get: () => note(1), ownKeys: () => note([]), getPrototypeOf: () => note(null) });

  a.tell({
    type: "order",
    userPassword: "hunter2",
    deep: { PASSWORD: 1, map: new Map([["password", "x"]]) },
    trap,
    get dear() {
      return note(1);
    },
    toJSON: () => note(1),
    many: Array.from({ length: 1_000 }, (_, i) => i),
    text: "x".repeat(10_000),
  });
  await tick();

  const [payload] = viewer.of("messages").flatMap(({ payloads = [] }) => payloads);
  const json = payload?.[2] ?? "";
  assert.equal(ran, 0);
  assert.ok(json.endsWith("…") && json.length < 2 * FOLLOW_LIMITS.payload.characters, json);
  const data = JSON.parse(json.slice(0, -1)) as Record<string, unknown>;
  assert.equal(data["userPassword"], "(hidden)");
  assert.deepEqual(data["deep"], { PASSWORD: "(hidden)", map: [["password", "(hidden)"]] });
  assert.deepEqual([data["trap"], data["dear"]], ["(Proxy)", "(getter)"]);
  assert.ok(!json.includes("hunter2"));
});

test("times by definition and type are told once a second, also without messages", async (t) => {
  const { viewer, a, b, tick } = await shop(t, { level: "stats" });

  a.tell({ type: "pass", to: b });
  a.tell({ type: "crash" });
  await tick(1_000);

  assert.deepEqual(viewer.of("messages"), []);
  const rows = viewer.of("stats").flatMap((frame) => frame.rows);
  assert.deepEqual(rows.map((row) => row.slice(0, 4)).sort(), [
    ["Worker", "crash", 1, 1],
    ["Worker", "pass", 1, 0],
    ["Worker", "passed", 1, 0],
  ]);
  for (const [, , count, , waits, runs] of rows)
    for (const buckets of [waits, runs])
      assert.equal(
        buckets.reduce((sum, each) => sum + each, 0),
        count,
      );
});

test("off, and a viewer that leaves or is not heard of, end it: the program has no trace any more", async (t) => {
  const { viewer, a, system, tick } = await shop(t, {});
  const { env } = runningSystems().at(-1) ?? {};
  assert.ok(env !== undefined && !env.isPlain && system);

  await viewer.say({ type: "follow", id: 2, level: "off" });
  assert.ok(env.isPlain);
  await viewer.say({ type: "follow", id: 3, level: "messages" });
  viewer.session.receive(JSON.stringify({ type: "leave" }));
  assert.ok(env.isPlain);

  await viewer.say({ type: "follow", id: 4, level: "messages" });
  for (let second = 0; second < 25; second++) await tick(1_000);
  assert.ok(env.isPlain);
  const before = viewer.of("messages").length;
  a.tell({ type: "unseen" });
  await tick();
  assert.equal(viewer.of("messages").length, before);
});

test("a viewer that does not read costs a bounded number of rows, and is told what it has missed", async (t) => {
  const { viewer, a, tick } = await shop(t, { perSecond: 100 });
  viewer.isCongested = true;

  for (let i = 0; i < 50; i++) {
    a.tell({ type: "work" });
    await tick();
  }
  assert.deepEqual(viewer.of("messages"), []);
  viewer.isCongested = false;
  await tick();

  assert.equal(told(viewer).length, 10);
  assert.deepEqual(
    viewer.of("messages").map(({ missed }) => missed),
    [40],
  );
});

test("following ends by itself, and says so, when the program has too many messages or too little room", async (t) => {
  const frames: ProgramFrame[] = [];
  const outlet = {
    push: (text: string) => frames.push(JSON.parse(text) as ProgramFrame),
    isCongested: false,
    limit: 2e6,
  };
  const { a, tick } = await shop(t, {});
  let heap = 0;
  const follow = new Follow(outlet, { rate: 0, heap: 0.5, heapUsed: () => heap });
  t.after(() => follow.close());
  const ended = (): string[] =>
    frames.splice(0).flatMap((frame) => (frame.type === "unfollowed" ? [`${frame.reason}: ${frame.text}`] : []));

  follow.begin({ type: "follow", id: 1, level: "messages" });
  for (let second = 0; second < 3; second++) {
    a.tell({ type: "work" });
    await tick(1_000);
  }
  assert.match(ended().join(), /^rate: \d+ messages a second are more than 0$/);

  heap = 0.9;
  follow.begin({ type: "follow", id: 1, level: "stats" });
  await tick(1_000);
  assert.deepEqual(ended(), ["heap: 90 % of the heap's limit are in use"]);
});

test("frames of messages are numbered by themselves and none is longer than the viewer takes", async (t) => {
  const { viewer, a, tick } = await shop(t, { level: "payloads" });
  const limit = 1024 * 1024;
  viewer.session.receive(JSON.stringify({ type: "welcome", protocol: 1, frameLimit: limit }));

  // How much of one is told in a round depends on how fast the machine is.
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 400; i++) {
      a.tell({ type: `type ${i}`, text: "y".repeat(3_900) });
      await settle();
    }
    await tick();
  }

  const frames = viewer.of("messages");
  assert.ok(frames.length > 1, String(frames.length));
  assert.deepEqual(
    frames.map(({ seq }) => seq),
    frames.map((_, index) => index + 1),
  );
  for (const frame of frames) assert.ok(JSON.stringify(frame).length <= limit);
  assert.equal(told(viewer).length, 800);
});

test("a request that is not right is refused with what is wrong", async (t) => {
  const { viewer } = await shop(t, {});
  const fault = async (frame: object): Promise<string> => {
    const reply = await viewer.say({ type: "follow", id: 9, level: "messages", ...frame });
    return reply.type === "reply" && !reply.ok ? reply.message : "fine";
  };

  assert.equal(await fault({ level: "loud" }), "level must be one of off, stats, messages, payloads, got loud");
  assert.equal(await fault({ paths: "shop" }), "paths must be a list of at most 200 texts");
  assert.equal(await fault({ redact: [""] }), "redact must be texts of 1 to 500 characters");
  assert.equal(await fault({ perSecond: 0 }), "perSecond must be a whole number from 1 to 100000");
});

async function keyOf(viewer: Viewer, path: string): Promise<string> {
  const reply = await viewer.say({ type: "snapshot", id: 99 });
  const { actors } = (reply as { value: { actors: { path: string; key: string }[] } }).value;
  return actors.find((row) => row.path === path)?.key ?? "";
}
