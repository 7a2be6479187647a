import assert from "node:assert/strict";
import { test } from "node:test";
import { FairScheduler } from "../../runtime/src/environment/scheduler.ts";
import type { Runnable } from "../../runtime/src/environment/turns.ts";
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes turns by doing that. */
/** @param fail hears what it threw. */
function runnable(act: () => void, fail: (cause: unknown) => void = () => {}): Runnable {
  const run = (): number => {
    act();
    return 1;
  };
  return { run, runNext: run, giveWay: () => {}, fail };
}

test("what a turn throws that nobody expected is told to whose turn it was, and keeps nobody from their turns", async () => {
  const scheduler = new FairScheduler(new VirtualClock());
  const seen: string[] = [];
  const thrown: unknown[] = [];
  const throwing = (): never => {
    throw new Error("thrown");
  };
  scheduler.schedule(runnable(throwing, (cause) => thrown.push(cause)));
  scheduler.schedule(runnable(() => seen.push("second")));
  for (let i = 0; i < 3; i++) await loopTurn();
  scheduler.schedule(runnable(() => seen.push("third")));
  for (let i = 0; i < 3; i++) await loopTurn();

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
