// What keeps a dead instance alive: nothing that the runtime holds. Needs the collector, which this file turns on by itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  Actor,
  type ActorContext,
  ActorSystem,
  type AnyActorRef,
  startChild,
  startInstance,
  supervisor,
} from "airssys-rt";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

interface Boom {
  readonly type: "boom";
}

/** How many of these are still alive, once the collector had its chances. */
async function alive(instances: readonly WeakRef<object>[]): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  return instances.filter((one) => one.deref() !== undefined).length;
}

/** A class of actors that crash in that way, and notes its instances. */
function crashing(crash: (context: ActorContext<Boom>) => unknown): [() => Actor<Boom>, WeakRef<object>[]] {
  const instances: WeakRef<object>[] = [];
  class Session extends Actor<Boom> {
    readonly data: number[] = new Array<number>(1_000).fill(1.5);
    constructor() {
      super();
      instances.push(new WeakRef(this));
    }
    override handleMessage(_: Boom, context: ActorContext<Boom>): void | Promise<void> {
      return crash.call(this, context) as void | Promise<void>;
    }
  }
  return [() => new Session(), instances];
}

/** Ways to crash; each is called in a frame whose `this` is the instance. */
const WAYS: Readonly<Record<string, (this: unknown, context: ActorContext<Boom>) => unknown>> = {
  "throws an error": () => {
    throw new Error("boom");
  },
  "rejects with an error": async () => {
    await Promise.resolve();
    throw new Error("boom");
  },
  "throws an error whose cause was made here too": () => {
    throw new Error("outer", { cause: new Error("middle", { cause: new Error("inner") }) });
  },
  "throws several errors at once": () => {
    throw new AggregateError([new Error("one"), new Error("two")], "both");
  },
  "exits with a reason of its own": (context) => {
    context.exit({ kind: "crashed", cause: new Error("boom"), where: "exit" });
  },
};

for (const [way, crash] of Object.entries(WAYS)) {
  test(`300 refs of actors whose handler ${way} keep no instance`, async () => {
    const [start, instances] = crashing(function (this: unknown, context) {
      return crash.call(this, context);
    });
    const root = supervisor({
      strategy: "simple_one_for_one",
      children: [{ id: "session", restart: "temporary", start }],
    });
    const system = await ActorSystem.start({ name: "pinned", root, logger: false });
    const refs: (AnyActorRef | undefined)[] = [];
    for (let i = 0; i < 300; i++) {
      const ref = await startInstance<typeof start>(system.root);
      refs.push(ref);
      ref?.tell({ type: "boom" });
    }
    assert.equal(await alive([]), 0);

    assert.ok((await alive(instances)) <= 3, `${await alive(instances)} of 300 instances are kept`);
    assert.equal(refs.filter((ref) => ref?.isAlive === true).length, 0);
    await system.stop();
  });
}

test("an actor that was restarted keeps none of its earlier instances", async () => {
  const [start, instances] = crashing(() => {
    throw new Error("boom");
  });
  const system = await ActorSystem.start({
    name: "pinned",
    root: supervisor({ maxRestarts: 10_000, children: [] }),
    logger: false,
  });
  for (let i = 0; i < 20; i++) await startChild<Boom>(system.root, { id: `s${i}`, start });
  for (let i = 0; i < 20; i++) system.whereis<Boom>(`s${i}`)?.tell({ type: "boom" });

  const kept = await alive(instances);

  assert.ok(instances.length === 40 && kept >= 20 && kept <= 22, `${kept} of ${instances.length} instances are kept`);
  await system.stop();
});

test("an error whose stack cannot be read crashes its actor like any other", async () => {
  const [start] = crashing(() => {
    throw Object.defineProperty(new Error("boom"), "stack", {
      get() {
        throw new Error("unreadable");
      },
    });
  });
  const system = await ActorSystem.start({ name: "unreadable", logger: false });
  const ref = system.spawn(start);
  ref.tell({ type: "boom" });
  await new Promise((resolve) => setImmediate(resolve));

  assert.equal(ref.isAlive, false);
  assert.equal((await system.stop()).kind, "shutdown");
});
