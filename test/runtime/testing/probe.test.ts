import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
import { ExpectationError, type Probe, TestSystem } from "airssys-rt/testing";

type Reading =
  | { readonly type: "hot"; readonly degrees: number }
  | { readonly type: "cold" }
  | Ask<{ readonly type: "limit" }, number>;

type SensorMessage = { readonly type: "send"; readonly reading: Reading; readonly afterMs: number };

/** Sends a probe what it is told, after a while. */
class Sensor extends Actor<SensorMessage> {
  readonly #to: ActorRef<Reading>;
  constructor(to: ActorRef<Reading>) {
    super();
    this.#to = to;
  }
  override handleMessage({ reading, afterMs }: SensorMessage, context: ActorContext<SensorMessage>): void {
    if (afterMs === 0) this.#to.tell(reading);
    else context.timers.startOnce(String(afterMs), { type: "send", reading, afterMs: 0 }, afterMs);
  }
}

async function open(): Promise<{
  run: TestSystem;
  probe: Probe<Reading>;
  send: (reading: Reading, afterMs?: number) => void;
  sensor: ActorRef<SensorMessage>;
}> {
  const run = await TestSystem.start();
  const probe = run.probe<Reading>("probe");
  const sensor = run.system.spawn(() => new Sensor(probe.ref), { id: "sensor" });
  const send = (reading: Reading, afterMs = 0): void => void sensor.tell({ type: "send", reading, afterMs });
  return { run, probe, send, sensor };
}

test("an expected message is waited for in virtual time, and no longer than it takes", async () => {
  const { run, probe, send, sensor } = await open();
  send({ type: "hot", degrees: 90 }, 400);

  const { degrees } = await probe.expectMessage("hot", 500);

  assert.equal(degrees, 90);
  assert.equal(run.clock.monotonicMs(), 400);
  assert.equal(probe.lastSender, sensor);
  await run.stop();
});

test("a message that comes too late is not waited for", async () => {
  const { run, probe, send } = await open();
  send({ type: "cold" }, 501);

  await assert.rejects(probe.expectMessage("cold", 500), (error: unknown) => {
    assert.ok(error instanceof ExpectationError);
    assert.equal(error.message, 'test/probe expected "cold" within 500 ms, and nothing came');
    return true;
  });

  assert.equal(run.clock.monotonicMs(), 500);
  await probe.expectMessage("cold", 1);
  await run.stop();
});

test("another message than the expected one is an error that shows it, and stays the next one", async () => {
  const { run, probe, send } = await open();
  send({ type: "cold" });

  await assert.rejects(
    probe.expectMessage((message) => message.type === "hot" && message.degrees > 80),
    {
      code: "ERR_EXPECTATION",
      seen: { type: "cold" },
    },
  );

  await probe.expectMessage("cold");
  await run.stop();
});

test("fishing drops what comes before", async () => {
  const { run, probe, send } = await open();
  send({ type: "cold" });
  send({ type: "cold" }, 10);
  send({ type: "hot", degrees: 99 }, 20);

  assert.deepEqual(await probe.fishForMessage("hot"), { type: "hot", degrees: 99 });

  assert.equal(probe.received.length, 3);
  await assert.rejects(probe.fishForMessage("cold", 100), ExpectationError);
  await run.stop();
});

test("silence is awaited as long as was said, and broken by a message", async () => {
  const { run, probe, send } = await open();
  send({ type: "cold" }, 150);

  await probe.expectNoMessage();
  assert.equal(run.clock.monotonicMs(), 100);

  await assert.rejects(probe.expectNoMessage(50), { code: "ERR_EXPECTATION", seen: { type: "cold" } });
  await run.stop();
});

test("a probe answers questions, once each, and only questions", async () => {
  const { run, probe, send } = await open();
  const answer = probe.ref.ask({ type: "limit" });
  await probe.expectMessage("limit");

  probe.reply(75);

  assert.equal(await answer, 75);
  assert.throws(() => probe.reply(76), { code: "ERR_ALREADY_REPLIED" });
  send({ type: "cold" });
  await probe.expectMessage("cold");
  assert.throws(() => probe.reply(77), ExpectationError);
  await run.stop();
});

test("the end of an actor is awaited, with its reason", async () => {
  const { run, probe, sensor } = await open();
  probe.watch(sensor);
  await assert.rejects(probe.expectTerminated(sensor, 100), ExpectationError);

  run.system.kill(sensor);

  assert.deepEqual(await probe.expectTerminated(sensor), { kind: "killed" });
  assert.deepEqual(await probe.expectTerminated(sensor), { kind: "noproc" });
  await run.stop();
});

test("a probe hears the end of what it watches although it has not had a turn yet", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = await TestSystem.start({ seed });
    const sensor = run.system.spawn(() => new Sensor(run.probe<Reading>("screen").ref));
    const probe = run.probe<Reading>("late");
    probe.watch(sensor);
    run.system.kill(sensor);

    assert.deepEqual(await probe.expectTerminated(sensor), { kind: "killed" });
    assert.deepEqual(probe.received, []);
    await run.stop();
  }
});
