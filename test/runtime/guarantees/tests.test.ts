import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";

import { actor, word } from "./actors.ts";

test("Date, timers and chance of the globals are virtual time and the seed to the code of actors, and the machine's to the test.", async () => {
  const seen: unknown[] = [];
  const runOnce = async (): Promise<void> => {
    await using run = await TestSystem.start({ startMs: 1_000, seed: 3 });
    const one = actor(async () => {
      seen.push(Math.random(), crypto.randomUUID(), Date.now());
      await sleep(60_000);
      setTimeout(() => seen.push(Date.now()), 60_000);
    });
    run.system.spawn(one).tell(word("go"));
    await run.advance(200_000);
    assert.ok(Date.now() > 1_000_000_000_000);
  };
  await runOnce();
  await runOnce();

  assert.equal(seen.length, 8);
  assert.deepEqual(seen.slice(2, 4), [1_000, 121_000]);
  assert.deepEqual(seen.slice(4), seen.slice(0, 4));
});

test("When the last test system has stopped or has failed, every global is what it was before the first.", async () => {
  const standing = (): unknown[] => [Date, setTimeout, setImmediate, Date.now, Math.random, performance.now, sleep];
  const before = standing();
  const root = supervisor({
    children: [
      {
        id: "one",
        start: () => {
          throw new Error("does not start");
        },
      },
    ],
  });
  const first = await TestSystem.start();
  await assert.rejects(TestSystem.start({ root }), /does not start/);
  const second = await TestSystem.start();
  await first.stop();
  assert.notDeepEqual(standing(), before);
  await second.stop();

  assert.deepEqual(standing(), before);
});
