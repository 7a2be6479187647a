import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { defineActor } from "../../../runtime/src/actor/define-actor.ts";
import type { Environment } from "../../../runtime/src/environment/environment.ts";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import type { Tree } from "../../../runtime/src/inspect/actor-row.ts";
import type { Details, DetailsRequest } from "../../../runtime/src/inspect/details-protocol.ts";
import { MIN_FRAME_LIMIT } from "../../../runtime/src/inspect/protocol-limits.ts";
import type { AnyChildSpec } from "../../../runtime/src/spec/child-spec.ts";
import { startInstance } from "../../../runtime/src/supervision/children.ts";
import { supervisor } from "../../../runtime/src/supervision/supervisor.ts";
import { ActorSystem } from "../../../runtime/src/system.ts";
import { VirtualClock } from "../../../runtime/src/testing/virtual-clock.ts";
import { Actor, type ActorContext } from "../../../runtime/src/values/actor.ts";
import { Debugger } from "./debugger.ts";
import { settle, Viewer } from "./viewer.ts";

type Parts = DetailsRequest["parts"];

interface Scene {
  readonly viewer: Viewer;
  readonly clock: VirtualClock;
  readonly system: ActorSystem;
  keyOf(id: string): Promise<string>;
  details(id: string, parts: Parts, more?: object): Promise<Details>;
}

/** A system `shop` with these children, looked at by a viewer that is subscribed. */
async function scene(t: TestContext, children: readonly AnyChildSpec[]): Promise<Scene> {
  const clock = new VirtualClock();
  const root = supervisor({ name: "shop", maxRestarts: 1_000, children });
  const system = await ActorSystem.start({ name: "shop", root, logger: false, clock });
  const viewer = new Viewer();
  await viewer.say({ type: "subscribe", id: 1 });
  t.after(async () => {
    viewer.session.close();
    await system.stop();
  });
  const keyOf = async (id: string): Promise<string> => {
    const reply = (await viewer.say({ type: "snapshot", id: 2 })) as unknown as { readonly value: Tree };
    return reply.value.actors.find((row) => row.id === id)?.key ?? "";
  };
  const details = async (id: string, parts: Parts, more: object = {}): Promise<Details> => {
    const reply = viewer.hears(
      JSON.stringify({ type: "details", id: 3, key: await keyOf(id), parts, ...more }),
    ) as unknown as { readonly ok: boolean; readonly value: Details };
    assert.equal(reply.ok, true, JSON.stringify(reply).slice(0, 300));
    return reply.value;
  };
  return { viewer, clock, system, keyOf, details };
}

function envOf(system: ActorSystem): Environment {
  const found = runningSystems().find(({ root }) => (root as unknown) === system.root);
  assert.ok(found);
  return found.env;
}

/** `name: text` of what is told of a state; `+` where there is more below. */
function linesOf({ state }: Details): string[] {
  return (state?.items ?? []).map(({ name, text, isOpen }) => `${name}: ${text}${isOpen === true ? " +" : ""}`);
}

interface Said {
  readonly type: string;
}

class Drawer {
  readonly #coins = [1, 2, 5];
  readonly label = "left";
  total(): number {
    return this.#coins.length;
  }
}

class Till extends Actor<Said> {
  readonly #drawer = new Drawer();
  readonly #pending = new Map<unknown, unknown>([
    ["tea", { price: 3, token: "abc" }],
    [{ shelf: 7 }, 1n],
  ]);
  readonly #password = "open sesame";
  sold = 17;
  readonly names = ["ann", "bob"];
  get #worth(): number {
    return this.#drawer.total();
  }
  override handleMessage(): void {
    this.sold = this.#worth + this.#pending.size + this.#password.length;
  }
}

test("the state of an actor is its fields, `#private` ones too, and what is below each of them", async (t) => {
  const { details } = await scene(t, [{ id: "till", start: () => new Till() }]);

  const top = await details("till", ["state"]);
  assert.deepEqual(linesOf(top), [
    "#worth: (getter)",
    '#drawer: Drawer {label: "left"} +',
    "#pending: Map(2) +",
    "#password: hidden",
    "sold: 17",
    'names: ["ann", "bob"] +',
  ]);
  assert.equal(top.state?.total, 6);
  assert.deepEqual(linesOf(await details("till", ["state"], { at: [1] })), ["#coins: [1, 2, 5] +", "label: left"]);
  assert.deepEqual(linesOf(await details("till", ["state"], { at: [1, 0] })), ["0: 1", "1: 2", "2: 5"]);
  assert.deepEqual(linesOf(await details("till", ["state"], { at: [2] })), [
    "tea: {price: 3, token: hidden} +",
    "{shelf: 7}: 1n",
  ]);
  assert.equal((await details("till", ["state"], { at: [3] })).state, undefined, "what is hidden cannot be opened");
  assert.equal((await details("till", ["state"], { at: [99, 1] })).state, undefined);
});

test("the state of a functional actor is what its handlers are given", async (t) => {
  const cart = defineActor<{ readonly type: "add" }, { items: string[] }>({
    init: () => ({ items: ["tea"] }),
    handlers: { add: () => undefined },
  });
  const count = defineActor<{ readonly type: "add" }, number>({ init: () => 5, handlers: { add: (n) => n } });
  const { details } = await scene(t, [
    { id: "cart", start: cart },
    { id: "count", start: count },
    { id: "below", start: supervisor({ children: [] }) },
  ]);

  assert.deepEqual(linesOf(await details("cart", ["state"])), ['items: ["tea"] +']);
  assert.deepEqual(linesOf(await details("cart", ["state"], { at: [0] })), ["0: tea"]);
  assert.deepEqual(linesOf(await details("count", ["state"])), ["state: 5"]);
  assert.equal((await details("below", ["state"])).state, undefined, "a supervisor has none of its own");
});

test("values are data: no getter, proxy, `toJSON` or `toString` of theirs runs, however they are made", async (t) => {
  const ran: string[] = [];
  const trap = (name: string): never => {
    ran.push(name);
    throw new Error(name);
  };
  const proxied = new Proxy(
    {},
    Object.fromEntries(
      (Object.getOwnPropertyNames(Reflect) as (keyof ProxyHandler<object>)[]).map((name) => [name, () => trap(name)]),
    ),
  );
  class Hostile extends Actor<Said> {
    readonly proxied = proxied;
    readonly heir = Object.create(proxied);
    readonly classOf = Object.create(Object.defineProperty({}, "constructor", { get: () => trap("constructor") }));
    readonly unnamed = new (Object.defineProperty(class {}, "name", { get: () => trap("name") }))();
    readonly error = Object.defineProperty(new Error("was"), "message", { get: () => trap("message") });
    readonly json = {
      toJSON: () => trap("toJSON"),
      toString: () => trap("toString"),
      [Symbol.toPrimitive]: () => trap("x"),
    };
    readonly date = Object.assign(new Date(Number.NaN), { toJSON: () => trap("toJSON") });
    readonly map = Object.defineProperty(new Map([[proxied, proxied]]), "size", { get: () => trap("size") });
    readonly holes = Object.assign(new Array(3), { 0: 1, 2: 3 });
    readonly self = this;
    readonly bytes = new Uint8Array(3);
    readonly big = 10n ** 5_000n;
    readonly symbol = Symbol("mark");
    readonly none = null;
    readonly later = Promise.resolve(1);
    get got(): number {
      return trap("got");
    }
    override handleMessage(): void {}
  }
  Object.defineProperty(Hostile.prototype, Symbol.toStringTag, { get: () => trap("tag") });
  const { details } = await scene(t, [
    {
      id: "hostile",
      start: () => Object.defineProperty(new Hostile(), "own", { get: () => trap("own"), enumerable: true }),
    },
  ]);

  const top = await details("hostile", ["state"]);
  assert.deepEqual(linesOf(top), [
    "proxied: (a proxy)",
    "heir: {} +",
    "classOf: {} +",
    "unnamed: (a class without a name) {} +",
    "error: Error",
    "json: {toJSON: function toJSON, toString: function toString} +",
    "date: Invalid Date +",
    "map: Map(1) +",
    "holes: [1, (nothing), 3] +",
    `self: Hostile {proxied: (a proxy), heir: {}, classOf: {}, unnamed: (a class without a name) {}, error: Error, json: {toJSON: function toJSON, toString: function toString}, date: Invalid Date, map: Map(1), … 8 more} +`,
    "bytes: Uint8Array(3) +",
    "big: (a bigint of more than 100 digits)",
    "symbol: Symbol(mark)",
    "none: null",
    "later: Promise",
    "own: (getter)",
  ]);
  for (let at = 0; at < 16; at++) await details("hostile", ["state"], { at: [at] });
  for (let at = 0; at < 16; at++) await details("hostile", ["state"], { at: [9, at] });
  assert.deepEqual(ran, []);
});

test("private fields are not looked for where V8 would run something of the program beside them", async (t) => {
  let ran = 0;
  class Computed extends Error {
    override get message(): string {
      return `computed ${++ran}`;
    }
  }
  class Failing extends Actor<Said> {
    readonly #n = 1;
    readonly last = new Computed();
    readonly usual = new TypeError("usual");
    override handleMessage(): void {
      assert.equal(this.#n, 1);
    }
  }
  const { details } = await scene(t, [{ id: "failing", start: () => new Failing() }]);
  ran = 0;

  const { state } = await details("failing", ["state"]);

  assert.deepEqual(linesOf({ state } as Details), ["last: Computed +", "usual: TypeError: usual"]);
  assert.equal(state?.note, "wouldRun");
  assert.equal(ran, 0);
});

test("an object of 100,000 fields is told in portions, and 10 MB of text in a line, within the limit of a frame", async (t) => {
  class Big extends Actor<Said> {
    readonly fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`field${at}`, at]));
    readonly text = "é\u0001".repeat(5_000_000);
    readonly list = Array.from({ length: 100_000 }, () => "\u0000".repeat(3_000));
    override handleMessage(): void {}
  }
  const { viewer, details, keyOf } = await scene(t, [{ id: "big", start: () => new Big() }]);

  const top = await details("big", ["state"]);
  assert.match(linesOf(top)[1] ?? "", /^text: é.*\(10000000 characters\)$/s);
  assert.equal(top.state?.note, "tooMuchText");
  const first = await details("big", ["state"], { at: [0] });
  assert.deepEqual([first.state?.total, first.state?.items.length], [100_000, 100]);
  const last = await details("big", ["state"], { at: [0], from: 99_999 });
  assert.deepEqual(linesOf(last), ["field99999: 99999"]);
  const answer = viewer.session.receive(
    JSON.stringify({ type: "details", id: 1, key: await keyOf("big"), parts: ["state", "mailbox"], at: [2] }),
  );
  assert.ok(
    (answer?.length ?? 0) > 500_000 && (answer?.length ?? 0) <= MIN_FRAME_LIMIT,
    `${answer?.length} characters`,
  );
});

test("an actor of 100,000 fields is shown without its private ones, and says so", async (t) => {
  class Wide extends Actor<Said> {
    readonly #private = 1;
    constructor() {
      super();
      for (let at = 0; at < 100_000; at++) Object.assign(this, { [`field${at}`]: at });
    }
    override handleMessage(): void {
      assert.equal(this.#private, 1);
    }
  }
  const { details } = await scene(t, [{ id: "wide", start: () => new Wide() }]);

  const { state } = await details("wide", ["state"]);

  assert.deepEqual([state?.total, state?.items[0]?.name], [100_000, "field0"]);
  assert.equal(state?.note, "tooMany");
});

test("where Node denies its inspector, the other fields are shown, and why not all", async (t) => {
  t.mock.method(process, "getBuiltinModule", () => undefined);
  const { details } = await scene(t, [{ id: "till", start: () => new Till() }]);

  const top = await details("till", ["state"]);

  assert.deepEqual(linesOf(top), ["sold: 17", 'names: ["ann", "bob"] +']);
  assert.equal(top.state?.note, "denied");
});

interface Job {
  readonly type: "job" | "later" | "fail";
  readonly n: number;
  readonly secret?: string;
}

class Worker extends Actor<Job> {
  override preStart(context: ActorContext<Job, never>): void {
    context.timers.startPeriodic("beat", { type: "job", n: 0 }, 1_000);
    context.timers.startOnce("once", { type: "job", n: 1 }, 700);
  }
  override handleMessage({ type }: Job, context: ActorContext<Job>): void {
    if (type === "later") context.stash();
    if (type === "fail") throw new RangeError("no such job");
  }
  override handleSignal(): void {}
}

test("what waits, what was set aside, and the timers of an actor are told with who sent it and since when", async (t) => {
  const { system, viewer, clock, details, keyOf } = await scene(t, [{ id: "worker", start: () => new Worker() }]);
  const worker = system.whereis<Job>("worker");
  worker?.tell({ type: "later", n: 1 });
  await settle();
  await viewer.say({ type: "suspend", id: 9, key: await keyOf("worker") });
  for (let n = 0; n < 250; n++) worker?.tell({ type: "job", n, secret: "x" });
  await clock.advance(400);

  const { mailbox, setAside, timers } = await details("worker", ["mailbox", "timers"]);

  assert.deepEqual([mailbox?.total, mailbox?.items.length], [250, 100]);
  assert.deepEqual(mailbox?.items[0], {
    messageType: "job",
    ageMs: 400,
    text: '{type: "job", n: 0, secret: hidden}',
  });
  assert.deepEqual([setAside?.total, setAside?.items[0]?.messageType], [1, "later"]);
  assert.deepEqual(timers?.items, [
    { name: "beat", messageType: "job", dueMs: 600, periodMs: 1_000 },
    { name: "once", messageType: "job", dueMs: 300 },
  ]);
});

test("who waits for room in a full mailbox is told with what and since when, the first hundred of all", async (t) => {
  class Pusher extends Actor<Job> {
    override handleMessage(message: Job, context: ActorContext<Job>): Promise<void> | undefined {
      return context.whereis<Job>("worker")?.tellAsync(message);
    }
  }
  const worker = { id: "worker", start: () => new Worker(), mailbox: { capacity: 2, overflow: "block" } } as const;
  const pusher = { id: "pusher", start: () => new Pusher(), shutdown: "brutal_kill" } as const;
  const { system, viewer, clock, details, keyOf } = await scene(t, [worker, pusher]);
  await viewer.say({ type: "suspend", id: 9, key: await keyOf("worker") });
  const all: Promise<unknown>[] = [];
  const push = (n: number) =>
    all.push(system.whereis<Job>("worker")?.tellAsync({ type: "job", n, secret: "x" }) ?? Promise.resolve());
  for (let n = 0; n < 2; n++) push(n);
  assert.equal((await details("worker", ["mailbox"])).roomWaits, undefined, "there was room");
  system.whereis<Job>("pusher")?.tell({ type: "job", n: 3, secret: "x" });
  await settle();
  await clock.advance(400);
  for (let n = 4; n < 254; n++) push(n);
  await clock.advance(600);

  const { roomWaits, mailbox } = await details("worker", ["mailbox"]);

  assert.deepEqual([mailbox?.total, roomWaits?.total, roomWaits?.items.length], [2, 251, 100]);
  const text = (n: number) => `{type: "job", n: ${n}, secret: hidden}`;
  assert.deepEqual(roomWaits?.items.slice(0, 2), [
    { messageType: "job", ageMs: 1_000, text: text(3), sender: "shop/pusher", senderKey: await keyOf("pusher") },
    { messageType: "job", ageMs: 600, text: text(4) },
  ]);
  await viewer.say({ type: "resume", id: 10, key: await keyOf("worker") });
  await Promise.all(all);
  assert.equal((await details("worker", ["mailbox"])).roomWaits, undefined);
});

test("links and monitors are told from both ends", async (t) => {
  class Watcher extends Actor<Said> {
    override preStart(context: ActorContext<Said, never>): void {
      context.trapExit(true);
      const worker = context.whereis("worker");
      if (worker === undefined) throw new Error("no worker");
      context.monitor(worker);
      context.link(worker);
    }
    override handleMessage(): void {}
  }
  const { details, keyOf } = await scene(t, [
    { id: "worker", start: () => new Worker() },
    { id: "watcher", start: () => new Watcher() },
  ]);
  const [worker, watcher] = [await keyOf("worker"), await keyOf("watcher")];

  assert.deepEqual((await details("worker", ["ties"])).ties, {
    total: 2,
    items: [
      { kind: "link", key: watcher, path: "shop/watcher" },
      { kind: "watchedBy", key: watcher, path: "shop/watcher" },
    ],
  });
  assert.deepEqual(
    (await details("watcher", ["ties"])).ties?.items.map(({ kind, key }) => [kind, key]),
    [
      ["link", worker],
      ["watches", worker],
    ],
  );
});

test("the last 16 lives of an actor are told with their ends and how long they lasted, while a viewer is there", async (t) => {
  const { system, viewer, clock, details } = await scene(t, [{ id: "worker", start: () => new Worker() }]);
  for (let life = 1; life <= 20; life++) {
    await clock.advance(100 + life);
    system.whereis<Job>("worker")?.tell({ type: "fail", n: life });
    await settle();
  }
  await clock.advance(50);

  const { lives } = await details("worker", ["lives"]);
  assert.equal(lives?.livesMs, 50);
  assert.deepEqual(
    lives?.ends.map(({ incarnation, kind, livedMs }) => [incarnation, kind, livedMs]),
    Array.from({ length: 16 }, (_, at) => [20 - at, "crashed", 120 - at]),
  );
  assert.match(lives?.ends[0]?.text ?? "", /RangeError: no such job/);

  await viewer.say({ type: "unsubscribe", id: 5 });
  assert.deepEqual((await details("worker", ["lives"])).lives?.ends, []);
});

test("the last 16 messages of an actor that is looked at are told, newest first; nothing is noted before and after", async (t) => {
  const { system, viewer, clock, details } = await scene(t, [{ id: "worker", start: () => new Worker() }]);
  const worker = system.whereis<Job>("worker");
  worker?.tell({ type: "job", n: 1 });
  await settle();
  assert.deepEqual((await details("worker", ["recent"])).recent, []);

  for (let n = 2; n < 22; n++) worker?.tell({ type: "job", n });
  await settle();
  worker?.tell({ type: "fail", n: 22 });
  await settle();
  await clock.advance(30);
  const { recent } = await details("worker", ["recent"]);
  assert.equal(recent?.length, 16);
  assert.deepEqual(
    recent?.slice(0, 2).map(({ messageType, outcome, agoMs, text }) => [messageType, outcome, agoMs, text]),
    [
      ["fail", "crashed", 30, '{type: "fail", n: 22}'],
      ["job", "handled", 30, '{type: "job", n: 21}'],
    ],
  );
  assert.equal(envOf(system).trace === undefined, false);
  await viewer.say({ type: "leave" });
  assert.equal(envOf(system).trace, undefined);
});

test("messages are no longer noted when nobody has asked for 20 seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { system, details } = await scene(t, [{ id: "worker", start: () => new Worker() }]);
  await details("worker", ["recent"]);
  t.mock.timers.tick(18_000);
  await details("worker", ["recent"]);
  for (let look = 0; look < 10; look++) t.mock.timers.tick(2_000);
  assert.notEqual(envOf(system).trace, undefined);

  t.mock.timers.tick(2_000);

  assert.equal(envOf(system).trace, undefined);
});

test("each setting in force is told with its origin: the default, the template, the spec, or who spawned it", async (t) => {
  class Parent extends Actor<Said> {
    override preStart(context: ActorContext<Said, never>): void {
      context.spawn(() => new Worker() as Actor<Job>, { id: "spawned", mailbox: { capacity: 7 } });
    }
    override handleMessage(): void {}
  }
  const pool = supervisor({
    strategy: "simple_one_for_one",
    children: [{ id: "w", start: () => new Worker(), restart: "transient", shutdown: 100 }],
  });
  const { system, details, viewer } = await scene(t, [
    {
      id: "worker",
      start: () => new Worker(),
      mailbox: { capacity: 5, overflow: "drop_oldest" },
      restart: "permanent",
    },
    { id: "pool", start: pool },
    { id: "parent", start: () => new Parent() },
  ]);
  await startInstance(system.whereis("pool") as never);
  const told = async (id: string): Promise<string[]> =>
    ((await details(id, ["settings"])).settings ?? []).map(({ name, text, origin }) => `${name} ${text} (${origin})`);

  assert.deepEqual(await told("worker"), [
    "restart permanent (spec)",
    "mailbox 5 (spec)",
    "overflow drop_oldest (spec)",
    "shutdown 5000 ms (default)",
    "significant false (default)",
    "startTimeoutMs 5000 ms (default)",
  ]);
  const tree = ((await viewer.say({ type: "snapshot", id: 2 })) as unknown as { value: Tree }).value;
  const instance = tree.actors.find(({ path }) => path.startsWith("shop/pool/"));
  assert.deepEqual(await told(instance?.id ?? ""), [
    "restart transient (template)",
    "mailbox 100000 (default)",
    "overflow reject (default)",
    "shutdown 100 ms (template)",
    "significant false (default)",
    "startTimeoutMs 5000 ms (default)",
  ]);
  assert.deepEqual(await told("spawned"), [
    "mailbox 7 (spawn)",
    "overflow reject (default)",
    "shutdown 5000 ms (default)",
  ]);
  assert.ok((await told("pool")).includes("strategy simple_one_for_one (spec)"));
  assert.ok((await told("pool")).includes("maxRestarts 1 (default)"));
});

test("a request for details that cannot be right is refused with what is wrong", async (t) => {
  const { viewer, keyOf } = await scene(t, [{ id: "worker", start: () => new Worker() }]);
  const key = await keyOf("worker");
  const said = (fields: object): string => {
    const reply = viewer.hears(JSON.stringify({ type: "details", id: 1, key, parts: ["state"], ...fields }));
    return reply?.type === "reply" && !reply.ok ? `${reply.code} ${reply.message}` : "ok";
  };

  assert.equal(said({}), "ok");
  assert.match(said({ parts: ["soul"] }), /^ERR_BAD_FRAME parts must be a list of state, mailbox/);
  assert.match(said({ parts: undefined }), /^ERR_BAD_FRAME parts must be/);
  assert.match(said({ at: [0.5] }), /at must be a list of at most 50 positions/);
  assert.match(said({ at: Array.from({ length: 51 }, () => 0) }), /at most 50/);
  assert.match(said({ from: -1 }), /from must be a whole number from 0/);
  assert.match(said({ redact: [7] }), /redact must be a list of at most 100 words/);
  assert.match(said({ key: "shop#999" }), /^ERR_UNKNOWN_ACTOR/);
});

test("under a debugger the state is read while the program runs, while it is paused, and inside a busy loop", async (t) => {
  const debug = await Debugger.run("details-program.ts");
  t.after(() => debug.end());
  await debug.said("ready");
  const { value } = await debug.say({ type: "snapshot", id: 1 });
  const key = (value as unknown as Tree).actors.find((row) => row.id === "till")?.key;
  const look = async (): Promise<string[]> => {
    const top = await debug.say({ type: "details", id: 2, key, parts: ["state"] });
    const drawer = await debug.say({ type: "details", id: 2, key, parts: ["state"], at: [0] });
    return [...linesOf(top.value as unknown as Details), ...linesOf(drawer.value as unknown as Details)];
  };

  assert.deepEqual(await look(), ["#drawer: Map(1) +", "sales: 0", "coins: 12"]);

  const paused: string[] = [];
  debug.onPause = async () => void paused.push(...(await look()));
  await debug.say({ type: "arm", id: 3, stops: [{ id: "a", messageType: "sale" }] });
  await debug.evaluate('sell("sale", 3)');
  await debug.said("kiosk/till sale 3");
  assert.deepEqual(paused, ["#drawer: Map(1) +", "sales: 0", "coins: 12"]);

  await debug.evaluate('sell("stocktaking", 2000)');
  await debug.said("kiosk/till stocktaking 2000");
  assert.deepEqual(await look(), ["#drawer: Map(1) +", "sales: 2", "coins: 2015"]);
  const runner = await debug.hook<{ readonly key: string } | undefined>("runner");
  assert.equal(runner?.key, key, "it was still in its loop when it was looked at");
});
