import assert from "node:assert/strict";
import { NORMAL } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import { Stage, settle, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

const words = (count: number): Word[] => Array.from({ length: count }, (_, i) => word(`m${i}`));

test("Messages from one actor to another arrive in the order in which they were sent.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const to = stage.system.spawn(actor<Word>(({ type }) => log.push(type) && undefined));
  const from = stage.system.spawn(
    actor<Word>(() => {
      for (const message of words(200)) to.tell(message);
    }),
  );

  from.tell(word("go"));
  await settle();

  assert.deepEqual(
    log,
    words(200).map(({ type }) => type),
  );
});

test("Messages and signals from one actor to another keep their order.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const to = stage.system.spawn(
    actor<Word>(({ type }) => void log.push(type), {
      preStart: (context) => context.trapExit(true),
      handleSignal: ({ type }) => void log.push(type),
    }),
  );
  const from = stage.system.spawn(
    actor<Word>((_, context) => {
      to.tell(word("before"));
      context.exit(to, NORMAL);
      to.tell(word("after"));
    }),
  );

  await settle();
  from.tell(word("go"));
  await settle();

  assert.deepEqual(log, ["before", "exit", "after"]);
});

test("A message is never handled within the call that sent it.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const to = stage.system.spawn(actor<Word>(({ type }) => void log.push(type)));
  const from = stage.system.spawn(
    actor<Word>(() => {
      to.tell(word("handled"));
      log.push("sent");
    }),
  );

  from.tell(word("go"));
  assert.deepEqual(log, []);
  await settle();

  assert.deepEqual(log, ["sent", "handled"]);
});

test("An actor handles one message at a time, also across await.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }) => {
      log.push(`${type} begins`);
      await opened;
      log.push(`${type} ends`);
    }),
  );

  ref.tell(word("first"));
  ref.tell(word("second"));
  await settle();
  assert.deepEqual(log, ["first begins"]);
  open();
  await settle();

  assert.deepEqual(log, ["first begins", "first ends", "second begins", "second ends"]);
});

test("Messages set aside with stash come back in their order, before those that wait.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  let isOpen = false;
  const ref = stage.system.spawn(
    actor<Word>(({ type }, context) => {
      if (type === "open") {
        isOpen = true;
        context.unstashAll();
      } else if (isOpen) log.push(type);
      else context.stash();
    }),
  );

  for (const type of ["a", "b", "open", "c"]) ref.tell(word(type));
  await settle();

  assert.deepEqual(log, ["a", "b", "c"]);
});

test("Nothing is promised about the order of messages from different senders.", async () => {
  const orders = new Set<string>();
  for (let seed = 1; seed <= 50 && orders.size < 2; seed++) {
    await using world = await TestSystem.start({ seed });
    const log: string[] = [];
    const to = world.system.spawn(actor<Word>(({ type }) => void log.push(type)));
    for (const id of ["a", "b"]) world.system.spawn(actor<Word>(() => void to.tell(word(id)))).tell(word("go"));
    await world.settle();
    orders.add(log.join());
  }

  assert.deepEqual([...orders].sort(), ["a,b", "b,a"]);
});
