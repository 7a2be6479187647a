import assert from "node:assert/strict";
import { test } from "node:test";
import { FairScheduler } from "../../runtime/src/environment/scheduler.ts";
import type { Runnable } from "../../runtime/src/environment/turns.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes turns by doing that. */
function runnable(act: () => void): Runnable {
  const run = (): number => {
    act();
    return 1;
  };
  return { run, runNext: run, giveWay: () => {} };
}

test("what a turn throws that nobody expected keeps nobody from their turns", async () => {
  const scheduler = new FairScheduler(new VirtualClock());
  const seen: string[] = [];
  const thrown: unknown[] = [];
  // The test runner's own listeners would take it for a fault of this file.
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (cause) => thrown.push(cause));
  try {
    scheduler.schedule(
      runnable(() => {
        throw new Error("thrown");
      }),
    );
    scheduler.schedule(runnable(() => seen.push("second")));
    for (let i = 0; i < 3; i++) await loopTurn();
    scheduler.schedule(runnable(() => seen.push("third")));
    for (let i = 0; i < 3; i++) await loopTurn();
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }

  assert.deepEqual(seen, ["second", "third"]);
  assert.deepEqual(thrown.map(String), ["Error: thrown"]);
});

test("who was sent something by the one that runs is next, a few times in a row while others wait, and for ever while nobody does", async () => {
  const scheduler = new FairScheduler(new VirtualClock());
  const seen: string[] = [];
  let left = 20;
  const eager = runnable(() => {
    seen.push("eager");
    if (--left > 0) scheduler.schedule(eager);
  });

  scheduler.schedule(eager);
  scheduler.schedule(runnable(() => seen.push("patient")));
  await loopTurn();

  assert.equal(seen.indexOf("patient"), 9);
  assert.equal(seen.length, 21);
});
