/** A message to an actor that waits for one is handed over without a letter, and nobody can tell. */
import assert from "node:assert/strict";
import { type ActorRef, SHUTDOWN, type Start } from "airssys-rt";
import { actor, gate, type Word, word } from "./guarantees/actors.ts";
import { type Case, Stage, settle, stageWith, test } from "./otp/fixtures.ts";

/** An actor that has had its first message and waits for the next. */
async function waiting(
  t: Case,
  start: Start<Word>,
  mailbox?: { readonly capacity: number },
): Promise<{ readonly stage: Stage; readonly ref: ActorRef<Word> }> {
  const stage = await stageWith(t, {
    maxRestarts: 100,
    children: [{ id: "w", start, ...(mailbox === undefined ? {} : { mailbox }) }],
  });
  const ref = stage.system.whereis<Word>("sup/w") as ActorRef<Word>;
  ref.tell(word("first"));
  await settle();
  return { stage, ref };
}

const deadLetters = (stage: Stage): unknown[] =>
  stage.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.message, envelope.recipient.id, reason]);

test("what was handed over has an envelope like any other message", async (t) => {
  const seen: unknown[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>((message, context) => {
      const { envelope } = context;
      assert.ok(envelope);
      assert.equal(envelope, context.envelope);
      assert.equal(envelope.message, message);
      seen.push([message.type, envelope.sender?.id, envelope.recipient.id, envelope.messageId.length]);
    }),
  );
  const asker = stage.system.spawn(
    actor<Word>(() => void ref.tell(word("from an actor"))),
    { id: "asker" },
  );

  ref.tell(word("from outside"));
  await settle();
  asker.tell(word("go"));
  await settle();

  assert.deepEqual(seen.slice(1), [
    ["from outside", undefined, "test/sup/w", 36],
    ["from an actor", "test/asker", "test/sup/w", 36],
  ]);
});

test("what was handed over survives a restart that comes before its turn", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, { self }) => void seen.push(`${type} in ${self.incarnation}`)),
  );

  ref.tell(word("second"));
  stage.system.exit(ref, SHUTDOWN);
  await settle();

  assert.deepEqual(seen, ["first in 1", "second in 2"]);
});

test("what was handed over is a dead letter when its handler crashes, and what follows is for the next incarnation", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }) => {
      seen.push(type);
      if (type === "bad") throw new Error(type);
    }),
  );

  for (const type of ["bad", "good"]) ref.tell(word(type));
  await settle();

  assert.deepEqual(deadLetters(stage), [[word("bad"), "test/sup/w", "crashed"]]);
  assert.deepEqual(seen, ["first", "bad", "good"]);
  assert.equal(ref.incarnation, 2);
});

test("what was handed over to an actor that is killed for good before its turn is a dead letter", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>(({ type }) => void seen.push(type)),
    { id: "w" },
  );
  ref.tell(word("first"));
  await settle();

  ref.tell(word("second"));
  stage.system.kill(ref);
  await settle();

  assert.deepEqual(seen, ["first"]);
  assert.deepEqual(deadLetters(stage), [[word("second"), "test/w", "stopped"]]);
});

test("what was handed over can be stashed, and comes back before what followed", async (t) => {
  const seen: string[] = [];
  const { ref } = await waiting(
    t,
    actor<Word>(({ type }, context) => {
      seen.push(type);
      if (type === "later" && seen.filter((other) => other === type).length === 1) context.stash();
      if (type === "now") context.unstashAll();
    }),
  );

  for (const type of ["later", "now", "last"]) ref.tell(word(type));
  await settle();

  assert.deepEqual(seen, ["first", "later", "now", "later", "last"]);
});

test("what was handed over counts as waiting: a mailbox for one is full with it", async (t) => {
  const { stage, ref } = await waiting(
    t,
    actor<Word>(() => {}),
    { capacity: 1 },
  );

  assert.deepEqual([ref.tell(word("second")), ref.tell(word("third"))], [true, false]);
  await settle();

  assert.deepEqual(deadLetters(stage), [[word("third"), "test/sup/w", "mailbox_full"]]);
});

test("messages that an actor sends itself while it handles what was handed over follow in order", async (t) => {
  const seen: string[] = [];
  const { ref } = await waiting(
    t,
    actor<Word>(({ type }, { self }) => {
      seen.push(type);
      if (type === "second") for (const next of ["a", "b"]) self.tell(word(next));
    }),
  );

  ref.tell(word("second"));
  ref.tell(word("third"));
  await settle();

  assert.deepEqual(seen, ["first", "second", "third", "a", "b"]);
});

test("a handler that turns out to be asynchronous keeps what was handed over in hand until its promise settles", async (t) => {
  const { opened, open } = gate();
  const seen: unknown[] = [];
  const { ref } = await waiting(
    t,
    actor<Word>((message, context) => {
      seen.push(message.type);
      if (message.type !== "slow") return undefined;
      return opened.then(() => seen.push([context.envelope?.message]));
    }),
  );

  ref.tell(word("slow"));
  await settle();
  ref.tell(word("third"));
  await settle();
  assert.deepEqual(seen, ["first", "slow"]);
  open();
  await settle();

  assert.deepEqual(seen, ["first", "slow", [word("slow")], "third"]);
});

test("who asks after a message was handed over is answered after it", async (t) => {
  const seen: string[] = [];
  const { ref } = await waiting(
    t,
    actor<Word>(({ type }, context) => {
      seen.push(type);
      if (type === "question") (context as { reply(value: unknown): void }).reply(seen.length);
    }),
  );

  ref.tell(word("second"));
  const answer = (ref as ActorRef<never>).ask(word("question") as never);

  assert.equal(await answer, 3);
});
