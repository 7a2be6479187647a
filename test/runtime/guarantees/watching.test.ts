import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { runningSystems } from "../../../runtime/src/health/systems.ts";
import { DETAILS_PARTS } from "../../../runtime/src/inspect/details-protocol.ts";
import { HOOK_KEY, type InspectionHook, type ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import { WATCH_LIMITS } from "../../../runtime/src/inspect/watch-protocol.ts";
import { Debugger } from "../inspect/debugger.ts";
import { settle, shop } from "../inspect/viewer.ts";

const globals = globalThis as unknown as Record<PropertyKey, unknown>;

/** A viewer that watches this process, through a function as a debugger makes it. */
class Watcher {
  readonly frames: ProgramFrame[] = [];
  readonly #binding: string;

  constructor(binding: string) {
    this.#binding = binding;
    globals[binding] = (frame: string) => void this.frames.push(JSON.parse(frame) as ProgramFrame);
  }

  begin(): string {
    return Watcher.#hook.watch({ binding: this.#binding });
  }

  say(frame: object): ProgramFrame | undefined {
    const answer = Watcher.#hook.receive(JSON.stringify(frame), this.#binding);
    return answer === "" ? undefined : (JSON.parse(answer) as ProgramFrame);
  }

  static get #hook(): InspectionHook {
    return globals[Symbol.for(HOOK_KEY)] as InspectionHook;
  }
}

/** The timers that are set, each of which passes only when it is told to. */
class Timers {
  readonly #live = new Map<object, { readonly pass: () => void; readonly ms: number }>();

  constructor(t: TestContext) {
    const set = (pass: () => void, ms = 0): object => {
      const timer = { unref: () => timer, ref: () => timer };
      this.#live.set(timer, { pass, ms });
      return timer;
    };
    const clear = (timer: object | undefined): void => void (timer && this.#live.delete(timer));
    for (const name of ["setInterval", "setTimeout"] as const) t.mock.method(globalThis, name, set as never);
    for (const name of ["clearInterval", "clearTimeout"] as const) t.mock.method(globalThis, name, clear as never);
  }

  get count(): number {
    return this.#live.size;
  }

  /** So many seconds for those that pass each second. */
  seconds(count: number): void {
    for (let n = 0; n < count; n++)
      for (const [timer, { pass, ms }] of [...this.#live]) if (ms === 1_000 && this.#live.has(timer)) pass();
  }
}

/** What is there in this process that somebody could leave behind. */
function belongings(timers: Timers): object {
  const [system] = runningSystems();
  return {
    timers: timers.count,
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    globals: Reflect.ownKeys(globalThis).length,
    isTraced: system?.env.trace !== undefined,
    isHeard: system?.env.hub.isWatched,
  };
}

test("A viewer that watches is told types and numbers, and every request of it that would change something or tell values is refused.", async (t) => {
  const system = await shop(t);
  const ref = system.whereis<{ type: string; secret: string }>("staff/ann");
  const watcher = new Watcher("watchAll");
  assert.equal(watcher.begin(), "");
  watcher.say({ type: "welcome", protocol: 1 });
  t.after(() => watcher.say({ type: "leave" }));
  const tree = watcher.say({ type: "snapshot", id: 1 }) as { value: { actors: { key: string; id: string }[] } };
  const { key } = tree.value.actors.find(({ id }) => id === "ann") ?? { key: "" };
  assert.notEqual(key, "");

  const refused = [
    ...["kill", "restart", "stop", "suspend", "resume", "locate"].map((type) => ({ type, key })),
    { type: "send", key, message: { type: "job" } },
    { type: "ask", key, message: { type: "job" } },
    { type: "signal", key, pid: 1, signal: "SIGTERM" },
    { type: "output", key, pid: 1, from: 0 },
    { type: "follow", level: "payloads" },
    { type: "record", on: true, file: "run.airssys" },
    { type: "profile", on: true },
    { type: "watchdog", on: true },
    { type: "arm", stops: [] },
    { type: "stopOn", crash: true },
    { type: "step", kind: "receiver", seq: 1, key },
    { type: "causes", on: true },
    { type: "go" },
  ];
  for (const [index, frame] of refused.entries()) {
    const answer = watcher.say({ ...frame, id: index + 10 }) as { ok?: boolean; code?: string } | undefined;
    assert.deepEqual([answer?.ok, answer?.code], [false, "ERR_NOT_SUPPORTED"], JSON.stringify(frame));
  }
  assert.equal((watcher.say({ type: "follow", id: 5, level: "messages" }) as { ok: boolean }).ok, true);
  ref?.tell({ type: "job", secret: "hunter2" });
  const recent = { type: "details", id: 6, key, parts: DETAILS_PARTS };
  watcher.say(recent);
  await settle();
  ref?.tell({ type: "job", secret: "hunter2" });
  const queued = watcher.say(recent) as { value: { mailbox: { items: unknown[] } } };
  assert.equal(queued.value.mailbox.items.length, 1);
  assert.ok(!("state" in queued.value));
  await settle();
  const said = JSON.stringify([watcher.frames, watcher.say(recent), watcher.say({ type: "snapshot", id: 7 })]);

  assert.match(said, /"job"/);
  assert.doesNotMatch(said, /hunter2/);
});

test("When a viewer that watched has gone, however it went, no timer, listener, trace or global of it is left.", async (t) => {
  await shop(t);
  const timers = new Timers(t);
  for (const goes of ["leaves", "is silent", "refuses"] as const) {
    const before = belongings(timers);
    const watcher = new Watcher("watchToGo");
    assert.equal(watcher.begin(), "");
    watcher.say({ type: "welcome", protocol: 1 });
    watcher.say({ type: "subscribe", id: 1 });
    watcher.say({ type: "follow", id: 2, level: "messages" });
    const [system] = runningSystems();
    const key = watcher.frames.find((frame) => frame.type === "snapshot")?.actors[0]?.key;
    assert.ok(system !== undefined && key !== undefined);
    watcher.say({ type: "details", id: 3, key, parts: ["recent"] });
    assert.notDeepEqual(belongings(timers), before);

    if (goes === "leaves") watcher.say({ type: "leave" });
    if (goes === "refuses") watcher.say({ type: "error", code: "ERR_BAD_FRAME", message: "no" });
    if (goes === "is silent") {
      timers.seconds(WATCH_LIMITS.silentSeconds - 1);
      watcher.say({ type: "ping", id: 4 });
      timers.seconds(WATCH_LIMITS.silentSeconds - 1);
      assert.ok(!watcher.frames.some(({ type }) => type === "bye"));
      timers.seconds(1);
      assert.deepEqual(watcher.frames.at(-1), { type: "bye", reason: "silence" });
    }
    await settle();

    assert.deepEqual(belongings(timers), before, goes);
    assert.deepEqual(watcher.say({ type: "ping", id: 5 }), { type: "bye", reason: "silence" });
  }
});

test("A watched program ends as it would have, with the same exit code, also when its viewer has no time for it.", async () => {
  const ends = { endNormally: 0, endAtOnce: 3, endByError: 1 };
  for (const [end, code] of Object.entries(ends)) {
    const debug = await Debugger.run("watched-program.ts");
    await debug.said("ready");
    const begun = await debug.evaluate(
      `globalThis[Symbol.for(${JSON.stringify(HOOK_KEY)})].watch({ binding: "pushFrame" })`,
    );
    assert.equal(begun, "");
    await debug.evaluate(`${end}()`);
    // The connection stays open, and nobody answers.
    assert.equal(await debug.exitCode(), code);
    assert.ok(debug.frames.some((frame) => frame.type === "bye" && frame.reason === "exit"));
  }
});
