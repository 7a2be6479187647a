import assert from "node:assert/strict";
import { type ActorContext, NameTakenError, StartError } from "airssys-rt";
import { causes, Stage, settle, stageWith, test } from "../otp/fixtures.ts";
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
