/** Small programs with one race each, by which explorations are measured. */
import assert from "node:assert/strict";
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
import type { TestSystem, World } from "airssys-rt/testing";

export type Program = (world: World) => Promise<void>;

type Handle<M> = (message: M, context: ActorContext<M>) => void | Promise<void>;

/** An actor with one handler. */
export class Scripted<M> extends Actor<M> {
  readonly #handle: Handle<M>;
  constructor(handle: Handle<M>) {
    super();
    this.#handle = handle;
  }
  override handleMessage(message: M, context: ActorContext<M>): void | Promise<void> {
    return this.#handle(message, context);
  }
}

export function spawn<M>(test: TestSystem, id: string, handle: Handle<M>): ActorRef<M> {
  return test.system.spawn<M>(() => new Scripted(handle), { id });
}

export type Go = { readonly type: "go" };
export const GO: Go = { type: "go" };

/** Actors that talk to themselves, and are none of the program's business. */
function makeNoise(test: TestSystem, count = 4): void {
  type Noise = { readonly type: "noise"; readonly left: number };
  for (let n = 0; n < count; n++)
    spawn<Noise>(test, `noisy${n}`, ({ left }, { self }) => {
      if (left > 0) self.tell({ type: "noise", left: left - 1 });
    }).tell({ type: "noise", left: 12 });
}

type Store = Ask<{ readonly type: "get" }, number> | { readonly type: "set"; readonly value: number };

/** Two clients read a number and write it back, one more. */
export const lostUpdate: Program = async (world) => {
  const test = await world.start();
  let stored = 0;
  const store = spawn<Store>(test, "store", (message, context) => {
    if (message.type === "get") context.reply(stored);
    else stored = message.value;
  });
  for (const id of ["p", "q"])
    spawn<Go | { readonly type: "got"; readonly value: number }>(test, id, async (message, { self }) => {
      if (message.type === "go") self.tell({ type: "got", value: await store.ask({ type: "get" }) });
      else store.tell({ type: "set", value: message.value + 1 });
    }).tell(GO);
  await test.settle();
  assert.equal(stored, 2, "an update is lost");
};

/** A job may reach a worker that is not configured. */
async function configure(test: TestSystem): Promise<void> {
  let isConfigured = false;
  let isGood = false;
  const worker = spawn<{ readonly type: "job" | "config" }>(test, "worker", ({ type }) => {
    if (type === "config") isConfigured = true;
    else isGood = isConfigured;
  });
  spawn<Go>(test, "configurer", () => void worker.tell({ type: "config" })).tell(GO);
  const relay2 = spawn<Go>(test, "relay2", () => void worker.tell({ type: "job" }));
  spawn<Go>(test, "relay1", () => void relay2.tell(GO)).tell(GO);
  await test.settle();
  assert.ok(isGood, "the job came too early");
}

export const jobBeforeConfig: Program = async (world) => configure(await world.start());

export const noisyJobBeforeConfig: Program = async (world) => {
  const test = await world.start();
  makeNoise(test);
  await configure(test);
};

/** Who loads a value puts it into the cache after it was invalidated. */
async function fillCache(test: TestSystem): Promise<void> {
  let stored = "old";
  let cached: string | undefined;
  const db = spawn<Ask<{ readonly type: "read" }, string> | { readonly type: "write" }>(
    test,
    "db",
    (message, context) => {
      if (message.type === "read") context.reply(stored);
      else stored = "new";
    },
  );
  const cache = spawn<{ readonly type: "fill"; readonly value: string } | { readonly type: "invalidate" }>(
    test,
    "cache",
    (message) => {
      cached = message.type === "fill" ? message.value : undefined;
    },
  );
  spawn<Go>(test, "loader", async () => {
    cache.tell({ type: "fill", value: await db.ask({ type: "read" }) });
  }).tell(GO);
  const invalidator = spawn<Go>(test, "invalidator", () => void cache.tell({ type: "invalidate" }));
  const relay = spawn<Go>(test, "relay", () => void invalidator.tell(GO));
  spawn<Go>(test, "writer", () => {
    db.tell({ type: "write" });
    relay.tell(GO);
  }).tell(GO);
  await test.settle();
  assert.ok(cached === undefined || cached === stored, "the cache is stale");
}

export const staleCache: Program = async (world) => fillCache(await world.start());

export const noisyStaleCache: Program = async (world) => {
  const test = await world.start();
  makeNoise(test);
  await fillCache(test);
};

/** Two actors ask each other; each answers when it has its own answer. */
export const askEachOther: Program = async (world) => {
  const test = await world.start();
  type Part = Go | Ask<{ readonly type: "part" }, string>;
  const refs = new Map<string, ActorRef<Part>>();
  const answers: string[] = [];
  // Not the same time for both: who gives up first would be another race.
  for (const [id, other, timeoutMs] of [
    ["left", "right", 4_000],
    ["right", "left", 5_000],
  ] as const)
    refs.set(
      id,
      spawn<Part>(test, id, async (message, context) => {
        if (message.type === "part") context.reply(id);
        else answers.push((await refs.get(other)?.ask({ type: "part" }, { timeoutMs })) as string);
      }),
    );
  refs.get("left")?.tell(GO);
  spawn<Go>(test, "starter", () => void refs.get("right")?.tell(GO)).tell(GO);
  await test.settle();
  assert.equal(answers.length, 2, "they wait for each other");
};

/** A lease is taken back while its holder still writes. */
async function lease(test: TestSystem): Promise<void> {
  type Lock = Ask<{ readonly type: "acquire" }, boolean> | { readonly type: "release" | "expire" };
  type File = { readonly type: "open" | "close" };
  let isHeld = false;
  let open = 0;
  let mostOpen = 0;
  const lock = spawn<Lock>(test, "lock", (message, context) => {
    if (message.type !== "acquire") isHeld = false;
    else {
      context.reply(!isHeld);
      isHeld = true;
    }
  });
  const file = spawn<File>(test, "file", ({ type }) => {
    open += type === "open" ? 1 : -1;
    mostOpen = Math.max(mostOpen, open);
  });
  for (const id of ["p", "q"])
    spawn<{ readonly type: "go" | "work" | "done" }>(test, id, async ({ type }, { self }) => {
      if (type === "done") {
        file.tell({ type: "close" });
        lock.tell({ type: "release" });
      } else if (type === "work") {
        file.tell({ type: "open" });
        self.tell({ type: "done" });
      } else if (await lock.ask({ type: "acquire" })) self.tell({ type: "work" });
    }).tell(GO);
  spawn<Go>(test, "reaper", () => void lock.tell({ type: "expire" })).tell(GO);
  await test.settle();
  assert.ok(mostOpen < 2, "the file is open twice");
}

export const expiredLease: Program = async (world) => lease(await world.start());

export const noisyExpiredLease: Program = async (world) => {
  const test = await world.start();
  makeNoise(test);
  await lease(test);
};

/** Six senders to one actor: 720 orders, whatever they send. */
export const manySenders: Program = async (world) => {
  const test = await world.start();
  const sink = spawn<Go>(test, "sink", () => {});
  for (let n = 0; n < 6; n++) spawn<Go>(test, `source${n}`, () => void sink.tell(GO)).tell(GO);
  await test.settle();
};
