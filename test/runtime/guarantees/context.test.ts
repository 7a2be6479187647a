import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Actor, type ActorContext, ActorPool, ActorSystem, type Signal, type Start, startChild } from "airssys-rt";
import { Stage, settle, test, testOnce } from "../otp/fixtures.ts";
import { actor, type Word, word } from "./actors.ts";

const request = new AsyncLocalStorage<object | string>();

/** What callbacks saw: `undefined`, unless it was somebody's. */
type Seen = Map<string, unknown>;

/** Notes in each callback what it sees, before and after it has waited. */
function watcher(seen: Seen, how: "synchronous" | "async" | "promise"): Start<Word> {
  const note = (callback: string): void => {
    const found = request.getStore();
    if (found !== undefined || !seen.has(callback)) seen.set(callback, found);
  };
  const noteTwice = async (callback: string): Promise<void> => {
    note(callback);
    await Promise.resolve();
    note(callback);
  };
  const react = ({ type }: Word, context: ActorContext<Word>): void => {
    note(type);
    // What it enters itself is not for others.
    request.enterWith(`entered by ${type}`);
    if (type === "stash") context.stash();
    if (type === "unstash") context.unstashAll();
    if (type === "arm") {
      context.timers.startOnce("once", word("timer"), 10);
      context.timers.startPeriodic("periodic", word("periodic"), 10);
    }
    if (type === "pipe") context.pipeToSelf(Promise.resolve(), () => word("piped"));
    if (type === "crash") throw new Error("crash");
  };
  class Watcher extends Actor<Word> {
    constructor() {
      super();
      note("start");
    }
    override preStart(): void | Promise<void> {
      return how === "synchronous" ? note("preStart") : noteTwice("preStart");
    }
    override handleMessage(message: Word, context: ActorContext<Word>): void | Promise<void> {
      if (how === "synchronous") return react(message, context);
      return noteTwice(message.type).then(() => react(message, context));
    }
    override handleSignal(signal: Signal): void {
      note(signal.type);
    }
    override postStop(): void {
      note("postStop");
    }
  }
  class Declared extends Watcher {
    override async handleMessage(message: Word, context: ActorContext<Word>): Promise<void> {
      await super.handleMessage(message, context);
    }
  }
  return () => (how === "async" ? new Declared() : new Watcher());
}

test("A handler sees the asynchronous context of no sender.", async (t) => {
  for (const how of ["synchronous", "async", "promise"] as const) {
    const seen: Seen = new Map();
    const start = watcher(seen, how);
    let count = 0;
    /** Each is another request. */
    const during = <T>(act: () => T): T => request.run(`request ${++count}`, act);
    const stage = await during(() => Stage.open(t));
    const { system } = stage;
    const ref = await during(() => startChild<Word>(system.root, { id: "child", start, restart: "permanent" }));
    const pool = await during(() => ActorPool.start<Word>(system.root, { id: "pool", size: 2, start }));
    const spawned = during(() => system.spawn(start));
    assert.ok(ref);

    for (const type of ["tell", "stash", "unstash", "crash", "arm", "pipe", "after"]) {
      during(() => ref.tell(word(type)));
      during(() => spawned.tell(word(`${type} of one that was spawned`)));
      during(() => pool.tell(word("pooled")));
      during(() => void ref.tellAsync(word("waited for")));
      // Some while others are under way, some not.
      if (count % 2 === 0) await during(settle);
    }
    await during(() => stage.clock.advance(50));
    during(() => system.kill(spawned));
    await during(settle);
    during(() => void system.stop());
    await system.whenStopped;

    const foreign = [...seen].filter(([, found]) => found !== undefined);
    assert.deepEqual(foreign, []);
    for (const each of ["start", "preStart", "tell", "timer", "periodic", "piped", "pooled", "after", "postStop"])
      assert.ok(seen.has(each), `${how}: ${each} was called`);
  }
  await signalsAndOldHandlers();
  await requestsAreFreed();

  async function signalsAndOldHandlers(): Promise<void> {
    const seen: Seen = new Map();
    const stage = await Stage.open(t);
    const note = (what: string): void => void seen.set(what, seen.get(what) ?? request.getStore());
    const other = stage.system.spawn(actor<Word>(() => undefined));
    const ref = stage.system.spawn(
      actor<Word>(({ type }) => note(type), {
        preStart: (context) => void context.monitor(other),
        handleSignal: ({ type }) => note(type),
      }),
    );
    // Beyond the turns after which a handler is believed to be synchronous.
    for (let i = 0; i < 3; i++) {
      request.run("old", () => {
        for (let sent = 0; sent < 600; sent++) ref.tell(word("told"));
      });
      await settle();
    }
    request.run("killer", () => stage.system.kill(other));
    await settle();

    assert.deepEqual(
      [...seen],
      [
        ["told", undefined],
        ["down", undefined],
      ],
    );
  }

  /** Nothing keeps the context of whoever sent, asked, armed or started once that is done with, however long the actor lives. */
  async function requestsAreFreed(): Promise<void> {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const system = await request.run({ request: "start" }, () => ActorSystem.start({ name: "memory", logger: false }));
    const slow = actor<Word>(async ({ type }, context) => {
      context.timers.startPeriodic(type, word("late"), 60_000);
      await Promise.resolve();
    });
    const asked = system.spawn(
      actor<Word>((_, context) => void context.deferReply()),
      { id: "asked" },
    );
    const refs = Array.from({ length: 10 }, () => system.spawn(slow));
    const objects = Array.from({ length: 200 }, (_, i) => {
      const context = { request: i };
      request.run(context, () => {
        refs[i % 10]?.tell(word(String(i)));
        (asked as never as { ask(message: Word, options: object): Promise<void> })
          .ask(word("?"), { timeoutMs: 60_000 + i, signal: AbortSignal.abort() })
          .catch(() => {});
        asked.tell(word("told"));
      });
      return new WeakRef(context);
    });
    // A weak reference that was just made, or read, holds until the turn of the event loop is over.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    collect();
    const kept = objects.filter((object) => object.deref() !== undefined).length;
    await system.stop();

    assert.equal(kept, 0);
  }
});

testOnce(
  "All callbacks see the asynchronous context in which the package was first imported: nobody's, unless that was within AsyncLocalStorage.run.",
  async () => {
    const program = (load: string): string => `
    import { AsyncLocalStorage } from "node:async_hooks";
    const storage = new AsyncLocalStorage();
    const { ActorSystem } = await ${load};
    const system = await ActorSystem.start({ name: "s", logger: false });
    const seen = [];
    const see = () => void seen.push(storage.getStore() ?? "nobody's");
    const ref = system.spawn(() => ({ preStart: see, handleMessage: see, postStop: see }));
    storage.run("the sender's", () => ref.tell({ type: "m" }));
    await new Promise((resolve) => setImmediate(resolve));
    await storage.run("the stopper's", () => system.stop());
    console.log(seen.join());`;
    for (const [load, sees] of [
      ['import("airssys-rt")', "nobody's"],
      ['storage.run("the loader\'s", () => import("airssys-rt"))', "the loader's"],
    ] as const) {
      const args = ["--input-type=module", "-e", program(load)];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" });
      assert.equal(stdout.trim(), [sees, sees, sees].join(), stderr);
    }
  },
);
