import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type ActorSystemOptions,
  type HealthLimits,
  type HealthStatus,
  InvalidArgumentError,
  supervisor,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import { settle } from "./otp/fixtures.ts";

type Job = { readonly type: "wait" } | { readonly type: "run"; readonly run: (context: ActorContext<Job>) => void };

class Worker extends Actor<Job> {
  override handleMessage(message: Job, context: ActorContext<Job>): void | Promise<void> {
    if (message.type === "wait") return new Promise(() => {});
    return message.run(context);
  }
  override handleSignal(): Promise<void> {
    return new Promise(() => {});
  }
}

interface Ward {
  readonly system: ActorSystem;
  readonly clock: VirtualClock;
  readonly worker: ActorRef<Job>;
  check(): HealthStatus;
}

async function open(health?: HealthLimits, more: Partial<ActorSystemOptions> = {}): Promise<Ward> {
  const clock = new VirtualClock({ settle });
  const root = supervisor({ maxRestarts: 5, children: [{ id: "worker", start: () => new Worker() }] });
  const system = await ActorSystem.start({
    name: "ward",
    root,
    logger: false,
    clock,
    ...(health && { health }),
    ...more,
  });
  const worker = system.whereis<Job>("worker") as ActorRef<Job>;
  return { system, clock, worker, check: () => system.health.check() };
}

async function close({ system }: Ward): Promise<void> {
  system.kill(system.root);
  await system.whenStopped;
}

test("limits are the program's: any queue, any turn", async () => {
  const ward = await open({ queueLength: 1, turnMs: 50 });
  ward.worker.tell({ type: "wait" });
  ward.worker.tell({ type: "wait" });
  await settle();

  await ward.clock.advance(49);
  assert.equal(ward.check().status, "up");
  await ward.clock.advance(1);
  assert.deepEqual(ward.check().reasons, ['ward/worker: "wait" has been handled for 50 ms']);
  await ward.clock.advance(951);
  assert.deepEqual(ward.check().reasons, [
    "ward/worker: 1 messages wait, the first for 1001 ms",
    'ward/worker: "wait" has been handled for 1001 ms',
  ]);
  await close(ward);
});

test("a limit of Infinity is none", async () => {
  const ward = await open({ queueLength: Number.POSITIVE_INFINITY, turnMs: Number.POSITIVE_INFINITY });
  for (let n = 0; n < 5_000; n++) ward.worker.tell({ type: "wait" });
  await ward.clock.advance(1_000_000);

  const { status, reasons, longestQueue } = ward.check();
  assert.deepEqual([status, reasons, longestQueue?.length], ["up", [], 4_999]);
  await close(ward);
});

test("what waits is found at any depth of the tree", async () => {
  const ward = await open({ queueLength: 1 });
  let deepest: ActorRef<Job> = ward.worker;
  for (let n = 0; n < 300; n++) {
    const above: ActorRef<Job> = deepest;
    above.tell({
      type: "run",
      run: (context) => {
        deepest = context.spawn(() => new Worker(), { id: `${n}` });
      },
    });
    await settle();
  }
  deepest.tell({ type: "wait" });
  deepest.tell({ type: "wait" });
  await ward.clock.advance(1_500);

  assert.equal(ward.check().longestQueue?.actor, deepest.id);
  ward.system.kill(ward.system.root);
  await ward.system.whenStopped;
});

test("a turn that waits on a signal has no message; the end of its actor is the end of the longest turn", async () => {
  const ward = await open();
  ward.worker.tell({
    type: "run",
    run: (context) => {
      context.trapExit(true);
      context.spawn(() => new Worker(), { id: "x" });
    },
  });
  await settle();
  ward.system.kill(ward.system.whereis("worker/x") as never);
  await ward.clock.advance(5);
  assert.deepEqual(ward.check().longestTurn, { actor: "ward/worker", messageType: undefined, ms: 5 });

  ward.system.kill(ward.worker);
  await settle();
  assert.equal(ward.check().longestTurn, undefined);
  await close(ward);
});

test("an actor that asks for the health within its own turn is told of what waits for it", async () => {
  const ward = await open();
  let seen: HealthStatus | undefined;
  ward.worker.tell({
    type: "run",
    run: () => {
      seen = ward.system.health.peek();
    },
  });
  ward.worker.tell({ type: "run", run: () => {} });
  await settle();

  assert.deepEqual(seen?.longestQueue, { actor: "ward/worker", length: 1, waitedMs: 0 });
  assert.equal(ward.check().handled, 2);
  await close(ward);
});

test("dead letters are counted by who sent them, the most first", async () => {
  const ward = await open();
  const gone = ward.system.spawn(() => new Worker());
  ward.system.kill(gone);
  await settle();
  gone.tell({ type: "wait" });
  ward.worker.tell({ type: "run", run: () => [1, 2, 3].forEach(() => void gone.tell({ type: "wait" })) });
  await settle();

  const { deadLetters, deadLetterSenders } = ward.check();
  assert.equal(deadLetters, 4);
  assert.deepEqual(deadLetterSenders, [
    { sender: "ward/worker", count: 3 },
    { sender: undefined, count: 1 },
  ]);
  await close(ward);
});

test("an event loop that is late by its limit is a reason, with a watchdog", async () => {
  class StallingClock extends VirtualClock {
    stalledMs = 0;
    override monotonicMs(): number {
      return super.monotonicMs() + this.stalledMs;
    }
  }
  const clock = new StallingClock({ settle });
  const ward = await open({ loopDelayMs: 300 }, { watchdog: {}, clock });
  clock.stalledMs = 300;
  await clock.advance(20);

  assert.deepEqual(ward.system.health.peek().reasons, ["the event loop was 300 ms late"]);
  assert.deepEqual(ward.check().reasons, ["the event loop was 300 ms late"]);
  assert.deepEqual(ward.check().reasons, []);
  await close(ward);
});

test("many stuck actors are counted by the status, and the first twenty of them named", async () => {
  const ward = await open({ turnMs: 1 });
  for (let n = 0; n < 30; n++) ward.system.spawn(() => new Worker()).tell({ type: "wait" });
  await ward.clock.advance(5);

  const { status, reasons } = ward.check();
  assert.deepEqual([status, reasons.length], ["degraded", 20]);
  await close(ward);
});

test("a stopped system is down, and gives no other reason", async () => {
  const ward = await open({ turnMs: 1 });
  ward.worker.tell({ type: "wait" });
  await ward.clock.advance(5);
  await close(ward);

  const { status, reasons } = ward.check();
  assert.deepEqual([status, reasons], ["down", []]);
});

test("limits that are none are refused together", () => {
  const start = (health: unknown): unknown => ActorSystem.start({ name: "x", health: health as HealthLimits });

  assert.throws(
    () => start({ queueLength: 0, turnMs: "5", loopDelayMs: Number.NaN, depth: 3 }),
    (error) => error instanceof InvalidArgumentError && error.faults.length === 4,
  );
  for (const health of [null, 5, "much"]) assert.throws(() => start(health), InvalidArgumentError);
});
