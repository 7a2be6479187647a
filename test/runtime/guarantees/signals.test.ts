import assert from "node:assert/strict";
import { type ActorContext, crashed, type ExitReason, type Monitor, NORMAL } from "airssys-rt";
import { Stage, settle, TestProcess, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

const died: ExitReason = crashed("died");

const pair = (stage: Stage): [TestProcess, TestProcess] => [new TestProcess(stage, "a"), new TestProcess(stage, "b")];

test("A link shares fate in both directions: when one ends with another reason than normal, the other ends with the same.", async (t) => {
  for (const who of [0, 1]) {
    const stage = await Stage.open(t);
    const both = pair(stage);
    const [a, b] = both;
    await a.run((context) => context.link(b.ref));

    await both[who]?.run((context) => context.exit(died));

    for (const { ref } of both) assert.equal(stage.exitOf(ref), "crashed in exit: died");
  }
});

test("The normal end of a linked actor ends nobody.", async (t) => {
  const stage = await Stage.open(t);
  const [a, b] = pair(stage);
  await a.run((context) => context.link(b.ref));

  await b.run((context) => context.exit(NORMAL));

  assert.deepEqual([a.ref.isAlive, a.heard], [true, []]);
});

test("An actor that traps exits is told of them by handleSignal instead, also of normal ones.", async (t) => {
  const stage = await Stage.open(t);
  const [a, b] = pair(stage);
  await a.run((context) => {
    context.trapExit(true);
    context.link(b.ref);
  });

  await b.run((context) => context.exit(NORMAL));

  assert.deepEqual([a.ref.isAlive, a.heard], [true, ["exit b normal"]]);
});

test("An exit signal that is not trapped acts when it arrives, ahead of the messages that wait and of a turn that waits for a promise.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const target = stage.system.spawn(
    actor<Word>(async ({ type }) => {
      seen.push(`${type} begins`);
      await opened;
      seen.push(`${type} ends`);
    }),
  );
  for (const type of ["first", "second"]) target.tell(word(type));
  await settle();
  const [sender] = pair(stage);

  await sender.run((context) => context.exit(target, died));
  assert.equal(stage.exitOf(target), "crashed in exit: died");
  open();
  await settle();

  assert.deepEqual(seen, ["first begins", "first ends"], "what an awaiting handler goes on to do is its own");

  const stopAndWait = (context: ActorContext<Word>): Promise<void> => {
    context.stop();
    return new Promise(() => {});
  };
  const inTurn = stage.system.spawn(actor<Word>((_, context) => stopAndWait(context)));
  inTurn.tell(word("first"));
  const inStart = stage.system.spawn(actor<Word>(() => {}, { preStart: stopAndWait }));
  await settle();
  for (const leaving of [inTurn, inStart]) {
    await sender.run((context) => context.exit(leaving, died));
    assert.equal(stage.exitOf(leaving), "crashed in exit: died", "also of one that will end after it");
  }
});

test("A monitor gives exactly one down with the real reason, or noproc at once if the actor has ended; monitors are independent.", async (t) => {
  const stage = await Stage.open(t);
  const [a, b] = pair(stage);
  const [first] = await a.run((context) => [context.monitor(b.ref), context.monitor(b.ref)]);
  await a.run((context) => context.demonitor(first as Monitor));

  await b.run((context) => context.exit(died));
  await a.run((context) => void context.monitor(b.ref));

  assert.deepEqual(a.heard, ["down b crashed in exit: died", "down b noproc"]);
});

test("A monitor and a link are of one incarnation: after a restart they have to be made anew.", async (t) => {
  const stage = await Stage.open(t);
  const child = { id: "child", start: actor<Word>((_, context) => context.exit(died)) };
  await stage.start({ maxRestarts: 10, children: [child] });
  const ref = stage.child("child");
  const [a] = pair(stage);
  await a.run((context) => void context.monitor(ref));

  for (let i = 0; i < 2; i++) {
    ref.tell(word("exit") as never);
    await settle();
  }

  assert.equal(ref.incarnation, 3);
  assert.deepEqual(a.heard, ["down child crashed in exit: died"]);
});
