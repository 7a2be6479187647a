import assert from "node:assert/strict";
import type { ActorContext, ActorRef } from "airssys-rt";
import { type Case, Stage, settle, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

interface Timed {
  readonly stage: Stage;
  readonly ref: ActorRef<Word>;
  /** Messages and the milliseconds at which they were handled. */
  readonly seen: string[];
}

/** An actor that sets its timers on `begin` and notes what comes. */
async function timed(t: Case, begin: (context: ActorContext<Word>) => void): Promise<Timed> {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>(({ type }, context) => {
      if (type === "begin") begin(context);
      else if (type === "cancel") seen.push(`cancel ${context.timers.cancel("key")}`);
      else if (type === "crash") throw new Error("crash");
      else seen.push(`${type} at ${stage.clock.now()}`);
    }),
  );
  ref.tell(word("begin"));
  await settle();
  return { stage, ref, seen };
}

test("A timer's message comes when its time is over, never before, and takes its place at the end of the queue.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }, context) => {
      seen.push(type);
      if (type !== "begin") return;
      context.timers.startOnce("key", word("timer"), 100);
      await opened;
    }),
  );
  for (const type of ["begin", "waits"]) ref.tell(word(type));
  await stage.clock.advance(1_000);
  assert.deepEqual(seen, ["begin"], "a busy actor makes its timers late");
  open();
  await settle();

  assert.deepEqual(seen, ["begin", "waits", "timer"]);
});

test("startOnce sends one message; startPeriodic sends one every period, the first after one period.", async (t) => {
  const { stage, seen } = await timed(t, ({ timers }) => {
    timers.startOnce("once", word("once"), 250);
    timers.startPeriodic("often", word("often"), 100);
  });

  await stage.clock.advance(300);

  assert.deepEqual(seen, ["often at 100", "often at 200", "once at 250", "often at 300"]);
});

test("A timer with the same key replaces the one before.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }, { timers }) => {
      seen.push(`${type} at ${stage.clock.now()}`);
      if (type !== "begin") return;
      timers.startOnce("key", word("old"), 100);
      timers.startOnce("key", word("new"), 200);
      await opened;
      timers.startOnce("key", word("newest"), 100);
    }),
  );
  ref.tell(word("begin"));
  await stage.clock.advance(300);

  open();
  await stage.clock.advance(1_000);

  assert.deepEqual(seen, ["begin at 0", "newest at 400"], "also when its message waits");
});

test("A cancelled timer's message is not handled, even if it already waits.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }, { timers }) => {
      seen.push(type);
      if (type !== "begin") return;
      timers.startPeriodic("often", word("often"), 100);
      timers.startOnce("once", word("once"), 100);
      await opened;
      for (const key of ["often", "once"])
        seen.push(`${timers.isActive(key)} ${timers.cancel(key)} ${timers.cancel(key)}`);
    }),
  );
  ref.tell(word("begin"));
  await stage.clock.advance(150);

  open();
  await stage.clock.advance(1_000);

  assert.deepEqual(seen, ["begin", "true true false", "false true false"]);
  assert.equal(stage.clock.pendingCount, 0);
});

test(
  "Timers end with the incarnation that set them.",
  async (t) => {
    const { stage, ref, seen } = await timed(t, ({ timers }) => {
      timers.startOnce("once", word("once"), 100);
      timers.startPeriodic("often", word("often"), 100);
    });

    ref.tell(word("crash"));
    await stage.clock.advance(1_000);

    assert.deepEqual([seen, stage.clock.pendingCount], [[], 0]);
  },
  "it counts every timer of the system",
);

test("A timer's message is dropped like any other when the mailbox is full.", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }, { timers }) => {
      if (type !== "begin") return;
      timers.startOnce("key", word("timer"), 100);
      await opened;
    }),
    { mailbox: { capacity: 1 } },
  );
  ref.tell(word("begin"));
  await settle();
  ref.tell(word("waits"));

  await stage.clock.advance(100);
  open();
  await settle();

  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.message, reason]),
    [[word("timer"), "mailbox_full"]],
  );
});
