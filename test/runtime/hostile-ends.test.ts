// An end that goes wrong, whatever goes wrong in it: the actor ends at once, somebody is told, and its supervisor restarts it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type Clock,
  describeExit,
  type RuntimeEvent,
  RuntimeFaultError,
  startChild,
  supervisor,
  terminateChild,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";

interface Told {
  readonly type: "boom" | "leave" | "spawn" | "ping";
}

const loop = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

class Plain extends Actor<Told> {
  /** A handler and a preStart that cannot be read are refused at the start; this cannot be read from the first message on. */
  isHostile = false;
  override handleMessage({ type }: Told, context: ActorContext<Told>): void | Promise<void> {
    this.isHostile = true;
    if (type === "boom") throw new Error("boom");
    if (type === "leave") context.stop();
    if (type === "spawn") context.spawn(() => new Plain());
  }
}

const unreadable = {
  get() {
    throw new Error("hands off");
  },
};

/** An actor one of whose fields cannot be read any more once it has handled a message. */
function withUnreadable(key: string, value?: unknown): Plain {
  const actor = new Plain();
  return Object.defineProperty(actor, key, {
    get() {
      if (actor.isHostile) throw new Error("hands off");
      return value;
    },
  });
}

/** Actors that make trouble when the runtime touches them. */
const HOSTILE: Readonly<Record<string, () => Actor<Told>>> = {
  "its postStop cannot be read": () => Object.defineProperty(new Plain(), "postStop", unreadable),
  "its postStop cannot be read any more": () => withUnreadable("postStop"),
  "its handleSignal cannot be read": () => Object.defineProperty(new Plain(), "handleSignal", unreadable),
  "postStop returns a promise whose class cannot be read": () =>
    Object.assign(new Plain(), { postStop: () => Object.defineProperty(Promise.resolve(), "constructor", unreadable) }),
  "postStop returns something that refuses to say whether it is a promise": () =>
    Object.assign(new Plain(), { postStop: () => new Proxy({}, unreadable) }),
  "it is a proxy that refuses everything but its handler": () => {
    const actor = new Plain();
    return new Proxy(actor, {
      get: (target, key) => {
        if (key === "handleMessage") return (...args: [Told, never]) => target.handleMessage(...args);
        if (actor.isHostile) throw new Error("hands off");
        return undefined;
      },
      getPrototypeOf: (target) => {
        if (actor.isHostile) throw new Error("hands off");
        return Object.getPrototypeOf(target);
      },
    });
  },
  "its handler cannot be read a second time": () => withUnreadable("handleMessage", Plain.prototype.handleMessage),
  "what its handler returns cannot be awaited": () =>
    Object.assign(new Plain(), {
      handleMessage: () => Object.defineProperty(Promise.resolve(), "constructor", unreadable),
    }),
};

for (const [trouble, start] of Object.entries(HOSTILE)) {
  test(`a supervised actor crashes, ends and is restarted although ${trouble}`, async () => {
    const root = supervisor({ maxRestarts: 100, children: [{ id: "a", start }] });
    const system = await ActorSystem.start({ name: "hostile", logger: false, root });
    const ref = system.whereis<Told>("a") as ActorRef<Told>;
    ref.tell({ type: "spawn" });
    ref.tell({ type: "boom" });
    await loop();
    assert.ok(ref.isAlive && ref.incarnation >= 2, `incarnation ${ref.incarnation}`);
    const { incarnation } = ref;

    await terminateChild(system.root, "a");

    assert.deepEqual([ref.isAlive, ref.incarnation], [false, incarnation]);
    assert.equal((await system.stop()).kind, "shutdown");
    assert.equal(system.health.check().actors, 0);
  });
}

/** A clock that fails once when it is told to. */
class FailingClock extends VirtualClock {
  failing: "none" | "setTimer" | "clearTimer" = "none";
  #check(what: string): void {
    if (this.failing !== what) return;
    this.failing = "none";
    throw new Error("the clock is broken");
  }
  override setTimer(...args: Parameters<Clock["setTimer"]>): ReturnType<Clock["setTimer"]> {
    this.#check("setTimer");
    return super.setTimer(...args);
  }
  override clearTimer(...args: Parameters<Clock["clearTimer"]>): void {
    this.#check("clearTimer");
    super.clearTimer(...args);
  }
}

class SlowLeaver extends Plain {
  override preStart(context: ActorContext<Told>): void {
    context.timers.startOnce("a", { type: "ping" }, 10);
    context.timers.startOnce("b", { type: "ping" }, 10);
  }
  override postStop(): Promise<void> {
    return new Promise(() => {});
  }
}

test("an actor whose child cannot be waited for ends at once, and says so as a fault of the runtime", async () => {
  const clock = new FailingClock({ settle: loop });
  const events: RuntimeEvent[] = [];
  const root = supervisor({ children: [] });
  const system = await ActorSystem.start({ name: "hostile", logger: false, root, clock });
  system.subscribe((event) => events.push(event));
  class Parent extends Plain {
    override preStart(context: ActorContext<Told>): void {
      context.spawn(() => new SlowLeaver(), { id: "child" });
    }
  }
  const ref = (await startChild<Told>(system.root, { id: "a", start: () => new Parent() })) as ActorRef<Told>;
  await loop();
  clock.failing = "setTimer";
  ref.tell({ type: "boom" });
  await loop();

  const faults = events.filter((event) => event.type === "crashed" && event.reason.cause instanceof RuntimeFaultError);
  assert.equal(faults.length, 1);
  const [fault] = faults;
  assert.ok(fault?.type === "crashed" && fault.reason.cause instanceof RuntimeFaultError);
  assert.equal(fault.reason.cause.code, "ERR_RUNTIME_FAULT");
  assert.equal(fault.reason.cause.actor, "hostile/a");
  assert.match(describeExit(fault.reason), /could not be ended in order.*the clock is broken.*open an issue/);
  assert.deepEqual([ref.isAlive, ref.incarnation], [true, 2]);
  const stopping = system.stop();
  await clock.advance(60_000);
  assert.equal((await stopping).kind, "shutdown");
});

test("an actor whose timers cannot be cleared ends, is restarted, and none of them fires into its next life", async () => {
  const clock = new FailingClock({ settle: loop });
  const events: RuntimeEvent[] = [];
  const pings: number[] = [];
  class Timed extends Plain {
    override preStart(context: ActorContext<Told>): void {
      if (context.incarnation > 1) return;
      context.timers.startOnce("a", { type: "ping" }, 10);
      context.timers.startPeriodic("b", { type: "ping" }, 10);
    }
    override handleMessage(told: Told, context: ActorContext<Told>): void {
      if (told.type === "ping") pings.push(context.incarnation);
      if (told.type === "boom") throw new Error("boom");
    }
  }
  const root = supervisor({ children: [{ id: "a", start: () => new Timed() }] });
  const system = await ActorSystem.start({ name: "hostile", logger: false, root, clock });
  system.subscribe((event) => events.push(event));
  const ref = system.whereis<Told>("a") as ActorRef<Told>;
  clock.failing = "clearTimer";
  ref.tell({ type: "boom" });
  await loop();
  await clock.advance(100);

  assert.deepEqual([ref.isAlive, ref.incarnation, pings], [true, 2, []]);
  const faults = events.filter(({ type }) => type === "runtimeFault");
  assert.equal(faults.length, 1);
  assert.ok(faults[0]?.type === "runtimeFault" && faults[0].actor === ref);
  await system.stop();
});

test("whoever hears of an end may kill and spawn: nobody is forgotten, and nobody ends twice", async () => {
  const system = await ActorSystem.start({ name: "hostile", logger: false });
  let inside: ActorContext<Told> | undefined;
  const children: ActorRef<Told>[] = [];
  const ended: string[] = [];
  class Parent extends Plain {
    override preStart(context: ActorContext<Told>): void {
      inside = context;
      for (const id of ["c0", "c1", "c2", "c3"]) children.push(context.spawn<Told>(() => new Plain(), { id }));
    }
  }
  const parent = system.spawn<Told>(() => new Parent(), { id: "p" });
  await loop();
  system.subscribe((event) => {
    if (event.type !== "ended") return;
    ended.push(event.actor.id);
    for (const ref of children) system.kill(ref);
    if (event.actor.id.endsWith("c3")) assert.throws(() => inside?.spawn(() => new Plain()), /has ended/);
  });
  system.kill(parent);
  await loop();

  assert.deepEqual(ended.toSorted(), ["hostile/p", "hostile/p/c0", "hostile/p/c1", "hostile/p/c2", "hostile/p/c3"]);
  assert.equal(ended.at(-1), "hostile/p");
  assert.equal(system.health.check().actors, 1);
  await system.stop();
});

test("children that a sibling's postStop ends do not hide those that are older", async () => {
  const system = await ActorSystem.start({ name: "hostile", logger: false });
  const refs: ActorRef<Told>[] = [];
  const parted: number[] = [];
  class Child extends Plain {
    readonly #n: number;
    constructor(n: number) {
      super();
      this.#n = n;
    }
    override postStop(context: ActorContext<Told>): Promise<void> | undefined {
      parted.push(this.#n);
      if (this.#n === 2) return new Promise(() => {});
      if (this.#n === 3) context.kill(refs[2] as ActorRef<Told>);
      return undefined;
    }
  }
  class Parent extends Plain {
    override preStart(context: ActorContext<Told>): void {
      for (let n = 0; n < 4; n++) refs.push(context.spawn<Told>(() => new Child(n)));
    }
    override postStop(): void {
      parted.push(-1);
    }
  }
  const parent = system.spawn<Told>(() => new Parent());
  await loop();
  refs[2]?.tell({ type: "leave" });
  await loop();
  parent.tell({ type: "leave" });
  await loop();

  assert.deepEqual(parted, [2, 3, 1, 0, -1]);
  await system.stop();
});
