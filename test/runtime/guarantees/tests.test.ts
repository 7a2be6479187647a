import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ask, supervisor } from "airssys-rt";
import { type ExplorationReport, explore, TestSystem, ViolationError } from "airssys-rt/testing";

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

test("What must always hold is looked at after each turn, in every order of the turns whose effects the check reads.", async () => {
  const seen = new Set<string>();
  const { isComplete } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start();
    const counts = [0, 0, 0];
    const refs = counts.map((_, at) =>
      run.system.spawn(actor(() => void counts.splice(at, 1, (counts[at] as number) + 1))),
    );
    const reads = refs.slice(0, 2);
    world.always("seen", () => void seen.add(counts.slice(0, 2).join()), { reads });
    for (const ref of refs) ref.tell(word("count"));
    await run.settle();
  });

  assert.ok(isComplete);
  assert.deepEqual([...seen].sort(), ["0,0", "0,1", "1,0", "1,1"]);
});

test("What is called linearizable is answered, in every order that was tried, as a plain object would answer.", async () => {
  type Take = Ask<{ readonly type: "take" }, number>;
  const run = (isCareful: boolean): Promise<ExplorationReport> =>
    explore({ strategy: "systematic" }, async (world) => {
      const test = await world.start();
      let taken = 0;
      const counter = test.system.spawn(
        actor<Take>((_, context) => {
          if (isCareful || taken === 0) taken++;
          context.reply(taken);
        }),
      );
      world.linearizable(counter, {
        count: 0,
        take() {
          this.count++;
          return this.count;
        },
      });
      for (let n = 0; n < 2; n++)
        test.system.spawn(actor(async () => void (await counter.ask({ type: "take" })))).tell(word("go"));
      await test.settle();
    });

  assert.ok((await run(true)).isComplete);
  await assert.rejects(
    run(false),
    ({ cause }: Error) => cause instanceof ViolationError && cause.claim === "linearizable",
  );
});
