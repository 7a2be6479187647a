import assert from "node:assert/strict";
import {
  type ActorContext,
  type AnyActorRef,
  type Ask,
  NameTakenError,
  NotStartedError,
  restartChild,
  StartError,
  terminateChild,
} from "airssys-rt";
import { causes, rejection, Stage, settle, stageWith, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

const quiet = actor<Word>(() => undefined);

test("A kill cannot be trapped and runs no callback of the actor.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>(() => undefined, {
      preStart: (context) => context.trapExit(true),
      handleSignal: () => void log.push("signal"),
      postStop: () => void log.push("postStop"),
    }),
  );
  await settle();

  await stage.kill(ref);

  assert.deepEqual([stage.exitOf(ref), log], ["killed", []]);
});

test("A kill ends an actor whose handler waits for a promise; what the promise brings is not used.", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async (_, context) => {
      await opened;
      context.self.tell(word("again"));
    }),
  );
  ref.tell(word("wait"));
  await settle();

  await stage.kill(ref);
  assert.equal(stage.exitOf(ref), "killed");
  open();
  await settle();

  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    ["ended_turn", "stale_sender"],
  );
});

test("There is no pre-emption: a kill takes effect when a synchronous handler returns, and one that never does cannot be ended.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>((_, context) => {
      context.kill(context.self);
      log.push(`still running, alive ${context.self.isAlive}`);
    }),
  );

  ref.tell(word("go"));
  ref.tell(word("never handled"));
  await settle();

  assert.deepEqual([log, stage.exitOf(ref)], [["still running, alive true"], "killed"]);
});

test("A kill ends everything below the actor too, at once.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const leaf = actor<Word>(() => undefined, { postStop: () => void log.push("postStop") });
  const middle = actor<Word>(() => undefined, { preStart: (context) => void context.spawn(leaf, { id: "leaf" }) });
  const top = stage.system.spawn(
    actor<Word>(() => undefined, { preStart: (context) => void context.spawn(middle, { id: "middle" }) }),
    { id: "top" },
  );
  await settle();

  await stage.kill(top);

  assert.deepEqual(
    stage.eventsOf("ended").map(({ actor: ended, reason }) => `${ended.id} ${reason.kind}`),
    ["test/top/middle/leaf killed", "test/top/middle killed", "test/top killed"],
  );
  assert.deepEqual(log, []);
});

test("A name belongs to one actor at a time: the second that wants it does not start.", async (t) => {
  const stage = await stageWith(t, { children: [{ id: "first", start: quiet, name: "the name" }] });
  const { startChild } = await import("airssys-rt");

  const error = await startChild(stage.sup, { id: "second", start: quiet, name: "the name" }).catch((e) => e);

  assert.ok(error instanceof StartError && causes(error)[1] instanceof NameTakenError);
  assert.equal(stage.system.whereis("the name")?.id, "test/sup/first");
});

test("A name is free before anybody hears of the end of its actor, and each incarnation takes it again.", async (t) => {
  const heard: unknown[] = [];
  const stage = await stageWith(t, { children: [{ id: "named", start: quiet, name: "the name" }] });
  const named = stage.child("named");
  stage.system.subscribe((event) => {
    if (event.type === "ended") heard.push(stage.system.whereis("the name"));
  });
  stage.system.spawn(
    actor<Word>(() => undefined, {
      preStart: (context: ActorContext<Word>) => void context.monitor(named),
      handleSignal: ({ type }) => void heard.push(type),
    }),
  );
  await settle();

  await stage.kill(named);

  assert.deepEqual(heard, [undefined, "down"]);
  assert.deepEqual([stage.system.whereis("the name"), named.incarnation], [named, 2]);
});

test("A child that has not started is found by its path and by its name alike, as one that runs is; a path leads to it between two lives, too.", async (t) => {
  const found: [string, AnyActorRef | undefined, AnyActorRef | undefined][] = [];
  const look = (when: string, { whereis }: { whereis: (of: string) => AnyActorRef | undefined }): void =>
    void found.push([when, whereis("sup/second"), whereis("the name")]);
  const crashing = actor<Word>(({ type }) => {
    if (type === "crash") throw new Error("crashed");
  });
  const stage = await stageWith(t, {
    children: [
      {
        id: "first",
        start: actor<Word>(() => undefined, {
          preStart: (context) => look("unstarted", { whereis: (of) => context.whereis(of) }),
        }),
      },
      { id: "second", name: "the name", start: crashing, backoff: { minMs: 50, maxMs: 50, jitter: 0 } },
    ],
  });
  const inSystem = { whereis: (of: string) => stage.system.whereis(of) };
  look("running", inSystem);
  const ref = stage.child("second");
  stage.child("second").tell(word("crash") as never);
  await settle();
  look("restarting", inSystem);
  await stage.clock.advance(50);
  assert.equal(ref.incarnation, 2);
  await terminateChild(stage.sup, "second");
  look("down", inSystem);
  await restartChild(stage.sup, "second");
  look("running again", inSystem);

  assert.deepEqual(found, [
    ["unstarted", ref, ref],
    ["running", ref, ref],
    ["restarting", ref, undefined],
    ["down", ref, undefined],
    ["running again", ref, ref],
  ]);
});

test("A child that has not started takes nothing and says so: an ask rejects with NotStartedError, which names the sibling it starts after.", async (t) => {
  type Question = Ask<{ readonly type: "question" }, number>;
  const errors: Error[] = [];
  const askOthers = async (context: ActorContext<Word>): Promise<void> => {
    for (const path of ["sup/second", "the third"]) {
      const other = context.whereis<Question>(path);
      assert.equal(other?.isAlive, false);
      errors.push(await rejection(other.ask({ type: "question" }, { timeoutMs: 10 })));
      errors.push(await rejection(other.tellAsync({ type: "question" })));
      assert.equal(other.tell({ type: "question" }), false);
    }
  };
  const stage = await stageWith(t, {
    children: [
      { id: "first", start: actor<Word>(() => undefined, { preStart: askOthers }) },
      { id: "second", start: quiet },
      { id: "third", name: "the third", start: quiet },
    ],
  });
  await settle();

  assert.deepEqual(
    errors.map((error) => error instanceof NotStartedError && [error.code, error.actor, error.startsAfter]),
    [
      ["ERR_NOT_STARTED", "test/sup/second", "test/sup/first"],
      ["ERR_NOT_STARTED", "test/sup/second", "test/sup/first"],
      ["ERR_NOT_STARTED", "test/sup/third", "test/sup/second"],
      ["ERR_NOT_STARTED", "test/sup/third", "test/sup/second"],
    ],
  );
  assert.match(errors[0]?.message ?? "", /second has not started yet: it starts after .*first$/);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    Array.from({ length: 6 }, () => "not_started"),
  );
});
