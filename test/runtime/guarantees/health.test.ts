import assert from "node:assert/strict";
import { Stage, settle, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

test("A handler whose promise does not settle, and the queue behind it, show in the health, which is degraded beyond their limits.", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const stuck = stage.system.spawn(
    actor<Word>(() => opened),
    { id: "stuck" },
  );
  for (let n = 0; n < 1_001; n++) stuck.tell(word("job"));
  await settle();

  const { health } = stage.system;
  assert.deepEqual([health.status, health.peek().longestQueue?.length], ["up", 1_000]);

  await stage.clock.advance(2_000);
  const { status, reasons, longestQueue, longestTurn } = health.check();
  assert.deepEqual([status, health.status], ["degraded", "degraded"]);
  assert.deepEqual(reasons, ["test/stuck: 1000 messages wait, the first for 2000 ms"]);
  assert.deepEqual(longestQueue, { actor: "test/stuck", length: 1_000, waitedMs: 2_000 });
  assert.deepEqual(longestTurn, { actor: "test/stuck", messageType: "job", ms: 2_000 });

  await stage.clock.advance(8_000);
  assert.deepEqual(health.check().reasons, [
    "test/stuck: 1000 messages wait, the first for 10000 ms",
    'test/stuck: "job" has been handled for 10000 ms',
  ]);

  open();
  for (let n = 0; n < 40; n++) await settle();
  const { status: after, longestQueue: none, longestTurn: over } = health.check();
  assert.deepEqual([after, none, over], ["up", undefined, undefined]);
});

test("To peek at the health, or to print it as JSON, changes nothing of what the next check says.", async (t) => {
  const stage = await Stage.open(t);
  const { health } = stage.system;
  health.check();
  const ref = stage.system.spawn(actor<Word>(() => {}));
  for (let n = 0; n < 50; n++) ref.tell(word("m"));
  await stage.clock.advance(5_000);

  const printed = JSON.parse(JSON.stringify(health)) as Record<string, unknown>;
  assert.deepEqual(printed, JSON.parse(JSON.stringify(health.peek())));
  const checked = health.check();
  assert.deepEqual(printed, JSON.parse(JSON.stringify(checked)));
  assert.ok(checked.throughput > 0);
  assert.equal(health.peek().throughput, 0);
});
