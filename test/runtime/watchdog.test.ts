import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, ActorSystem, type RuntimeEvent, supervisor } from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import { takenMs } from "../../runtime/src/health/taken-time.ts";

/** A clock on which work takes time: {@link stall} is a computation that keeps the thread to itself. */
class BusyClock extends VirtualClock {
  #stalledMs = 0;
  stall(ms: number): void {
    this.#stalledMs += ms;
  }
  override monotonicMs(): number {
    return super.monotonicMs() + this.#stalledMs;
  }
}

type Task =
  | { readonly type: "compute"; readonly ms: number }
  | { readonly type: "later"; readonly ms: number }
  | { readonly type: "throw"; readonly ms: number };

class Computer extends Actor<Task> {
  readonly #clock: BusyClock;
  readonly #startMs: number;
  constructor(clock: BusyClock, startMs = 0) {
    super();
    this.#clock = clock;
    this.#startMs = startMs;
  }
  override preStart(): void {
    this.#clock.stall(this.#startMs);
  }
  override handleMessage({ type, ms }: Task): void | Promise<void> {
    if (type === "later") return this.#later(ms);
    this.#clock.stall(ms);
    if (type === "throw") throw new Error("after all that");
    return undefined;
  }
  async #later(ms: number): Promise<void> {
    await Promise.resolve();
    this.#clock.stall(ms);
  }
}

async function open(
  blockedMs?: number,
  startMs?: number,
): Promise<{ clock: BusyClock; system: ActorSystem; computer: ActorRef<Task>; blocks: () => unknown[] }> {
  const clock = new BusyClock();
  const events: RuntimeEvent[] = [];
  const start = (): Computer => new Computer(clock, startMs);
  const system = await ActorSystem.start({
    name: "test",
    root: supervisor({ maxRestarts: 9, children: [{ id: "computer", start }] }),
    logger: false,
    clock,
    watchdog: blockedMs === undefined ? {} : { blockedMs },
    onEvent: (event) => events.push(event),
  });
  const computer = system.whereis<Task>("computer") as ActorRef<Task>;
  const blocks = (): unknown[] =>
    events
      .filter((event) => event.type === "blocked")
      .map(({ actor, messageType, ms }) => [actor.id, messageType ?? "-", ms]);
  return { clock, system, computer, blocks };
}

test("a handler that keeps the event loop to itself is named, with its message and how long it took", async () => {
  const { clock, system, computer, blocks } = await open();
  computer.tell({ type: "compute", ms: 49 });
  computer.tell({ type: "compute", ms: 50 });
  computer.tell({ type: "compute", ms: 300 });

  await clock.settle();

  assert.deepEqual(blocks(), [
    ["test/computer", "compute", 50],
    ["test/computer", "compute", 300],
  ]);
  await system.stop();
});

test("a handler that blocks and then throws is named too", async () => {
  const { clock, system, computer, blocks } = await open(10);
  computer.tell({ type: "throw", ms: 20 });

  await clock.settle();

  assert.deepEqual(blocks(), [["test/computer", "throw", 20]]);
  await system.stop();
});

test("a start that blocks is the child's doing, not its supervisor's", async () => {
  const { system, blocks } = await open(10, 30);

  assert.deepEqual(blocks(), [["test/computer", "-", 30]]);
  await system.stop();
});

test("the event loop's delay is in the health, with whoever caused it, until the next check", async () => {
  const { clock, system, computer } = await open();
  assert.deepEqual(system.health.check().eventLoop, { delayMs: 0, blockedBy: undefined });
  computer.tell({ type: "compute", ms: 80 });
  computer.tell({ type: "compute", ms: 60 });
  await clock.advance(40);

  assert.deepEqual(system.health.check().eventLoop, {
    delayMs: 140,
    blockedBy: { actor: "test/computer", messageType: "compute", ms: 80 },
  });

  await clock.advance(40);
  assert.deepEqual(system.health.check().eventLoop, { delayMs: 0, blockedBy: undefined });
  await system.stop();
});

test("what a handler does after an await is its own, from its first turn on", async () => {
  const { clock, system, computer, blocks } = await open();
  computer.tell({ type: "later", ms: 49 });
  computer.tell({ type: "later", ms: 200 });
  await clock.advance(40);

  assert.deepEqual(blocks(), [["test/computer", "later", 200]]);
  assert.deepEqual(system.health.check().eventLoop?.blockedBy, {
    actor: "test/computer",
    messageType: "later",
    ms: 200,
  });
  await system.stop();
});

test("work after an await that another actor's turn runs in between is told from that turn", async () => {
  const { clock, system, computer, blocks } = await open();
  const other = system.spawn(() => new Computer(clock), { id: "other" });
  for (let i = 0; i < 3; i++) {
    computer.tell({ type: "later", ms: 60 });
    other.tell({ type: "compute", ms: 70 });
  }
  await clock.advance(40);

  assert.deepEqual(blocks().toSorted(), [
    ...Array.from({ length: 3 }, () => ["test/computer", "later", 60]),
    ...Array.from({ length: 3 }, () => ["test/other", "compute", 70]),
  ]);
  await system.stop();
});

test("what other processes took is nobody's doing: it is taken off, before and after an await", async () => {
  const clock = new BusyClock();
  let taken = 0;
  const events: RuntimeEvent[] = [];
  class Robbed extends Actor<Task> {
    override async handleMessage({ type, ms }: Task): Promise<void> {
      if (type === "later") await Promise.resolve();
      clock.stall(ms);
      taken += ms - 20;
    }
  }
  const system = await ActorSystem.start({
    name: "test",
    logger: false,
    clock,
    watchdog: { takenMs: () => taken },
    onEvent: (event) => events.push(event),
  });
  const robbed = system.spawn(() => new Robbed());
  for (const type of ["compute", "later"] as const) robbed.tell({ type, ms: 500 });
  await clock.advance(40);
  assert.deepEqual(
    events.filter(({ type }) => type === "blocked"),
    [],
  );
  assert.equal(system.health.check().eventLoop?.blockedBy, undefined);

  const guilty = system.spawn(() => new Computer(clock), { id: "guilty" });
  guilty.tell({ type: "compute", ms: 60 });
  await clock.advance(40);
  const blamed = events.filter((event) => event.type === "blocked").map(({ actor, ms }) => [actor.id, ms]);
  assert.deepEqual(blamed, [["test/guilty", 60]]);
  await system.stop();
});

test("the operating system's account of what was taken can be read, and never goes back", () => {
  const before = takenMs();
  const readings = Array.from({ length: 100 }, () => takenMs());

  assert.ok(readings.every((reading, at) => Number.isFinite(reading) && reading >= (readings[at - 1] ?? before)));
});

test("the watchdog keeps no process alive and ends with the system", async () => {
  const { clock, system } = await open();
  assert.deepEqual(
    clock.pendingTimers().map(({ keepsAlive }) => keepsAlive),
    [false],
  );

  await system.stop();

  assert.equal(clock.pendingCount, 0);
});

test("without a watchdog behaviors are left alone, no timer runs and the health says nothing of the event loop", async () => {
  const clock = new BusyClock();
  const made: Actor<Task>[] = [];
  const start = (): Actor<Task> => {
    const actor = new Computer(clock);
    made.push(actor);
    return actor;
  };
  const system = await ActorSystem.start({
    name: "test",
    root: supervisor({ children: [{ id: "computer", start }] }),
    logger: false,
    clock,
  });

  assert.equal(Object.hasOwn(made[0] as Actor<Task>, "handleMessage"), false);
  assert.equal(clock.pendingCount, 0);
  assert.equal("eventLoop" in system.health.check(), false);
  await system.stop();
});

test("people read who blocked the event loop", async () => {
  const clock = new BusyClock();
  const lines: string[] = [];
  const system = await ActorSystem.start({
    name: "test",
    clock,
    logger: (line) => lines.push(line),
    watchdog: {},
  });
  system.spawn(() => new Computer(clock), { id: "computer" }).tell({ type: "compute", ms: 75 });

  await clock.settle();

  assert.deepEqual(lines, ['test/computer blocked the event loop for 75 ms (on "compute")']);
  await system.stop();
});

test("a handler declared async is still known to be so under watch, so that its lost promises are laid at its door", async () => {
  const { clock, system, blocks } = await open();
  class Patient extends Actor<Task> {
    override async handleMessage(_task: Task, context: ActorContext<Task>): Promise<void> {
      await Promise.resolve();
      context.stop();
    }
  }
  const patient = new Patient();
  const ref = system.spawn(() => patient);
  ref.tell({ type: "later", ms: 0 });

  await clock.settle();

  assert.equal((patient as { readonly isAsynchronous?: boolean }).isAsynchronous, true);
  assert.equal(ref.isAlive, false);
  assert.deepEqual(blocks(), []);
  await system.stop();
});

test("a limit that is no positive number is refused", async () => {
  assert.throws(() => void ActorSystem.start({ name: "test", watchdog: { blockedMs: 0 } }), {
    code: "ERR_INVALID_ARGUMENT",
  });
});
