import assert from "node:assert/strict";
import {
  type ActorRef,
  ActorStoppedError,
  type Ask,
  DEFAULT_MAILBOX_CAPACITY,
  MailboxFullError,
  type MailboxSpec,
  type OverflowPolicy,
  SelfAskError,
} from "airssys-rt";
import { type Case, rejection, Stage, settle, test, testOnce } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

type Message = Word | Ask<{ readonly type: "question" }, string>;

interface Busy {
  readonly stage: Stage;
  readonly ref: ActorRef<Message>;
  readonly seen: string[];
  readonly open: () => void;
}

/** An actor in the middle of its first turn, with a mailbox of two. */
async function busy(t: Case, overflow: OverflowPolicy, more: MailboxSpec = {}): Promise<Busy> {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const start = actor<Message>(async ({ type }) => {
    seen.push(type);
    if (type === "first") await opened;
  });
  const ref = stage.system.spawn(start, { mailbox: { capacity: 2, overflow, ...more } });
  ref.tell(word("first"));
  await settle();
  return { stage, ref, seen, open };
}

const reasons = (stage: Stage): unknown[] =>
  stage.eventsOf("deadLetter").map(({ envelope, reason }) => [(envelope.message as Word).type, reason]);

testOnce("A mailbox holds 100,000 messages unless its spec says otherwise, and refuses more.", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(actor<Word>(() => undefined));
  assert.equal(DEFAULT_MAILBOX_CAPACITY, 100_000);

  let taken = 0;
  for (let i = 0; i < 100_001; i++) if (ref.tell(word("m"))) taken++;

  assert.equal(taken, 100_000);
});

test("reject: a full mailbox refuses the new message, which is a dead letter, and tell returns false.", async (t) => {
  const { stage, ref, seen, open } = await busy(t, "reject");

  assert.deepEqual(
    ["a", "b", "c"].map((type) => ref.tell(word(type))),
    [true, true, false],
  );
  assert.deepEqual(reasons(stage), [["c", "mailbox_full"]]);
  assert.deepEqual(
    stage.eventsOf("mailboxFull").map(({ actor: full, capacity }) => [full, capacity]),
    [[ref, 2]],
  );
  open();
  await settle();
  assert.deepEqual(seen, ["first", "a", "b"]);
});

test("drop_newest: a full mailbox drops the new message, which is a dead letter, and tell returns false.", async (t) => {
  const { stage, ref, seen, open } = await busy(t, "drop_newest");

  assert.deepEqual(
    ["a", "b", "c"].map((type) => ref.tell(word(type))),
    [true, true, false],
  );
  open();
  await settle();

  assert.deepEqual([seen, reasons(stage)], [["first", "a", "b"], [["c", "dropped"]]]);
});

test("drop_oldest: a full mailbox drops its oldest message, which is a dead letter, for the new one, and tell returns true.", async (t) => {
  const { stage, ref, seen, open } = await busy(t, "drop_oldest");

  assert.deepEqual(
    ["a", "b", "c"].map((type) => ref.tell(word(type))),
    [true, true, true],
  );
  open();
  await settle();

  assert.deepEqual([seen, reasons(stage)], [["first", "b", "c"], [["a", "dropped"]]]);
});

test("block: tellAsync waits for room, first come, first served; tell is refused.", async (t) => {
  const { stage, ref, seen, open } = await busy(t, "block");
  const order: string[] = [];

  const sending = ["a", "b", "c", "d"].map((type) => ref.tellAsync(word(type)).then(() => order.push(type)));
  assert.equal(ref.tell(word("e")), false);
  await settle();
  assert.deepEqual(order, ["a", "b"]);
  open();
  await Promise.all(sending);
  await settle();

  assert.deepEqual(
    [order, seen],
    [
      ["a", "b", "c", "d"],
      ["first", "a", "b", "c", "d"],
    ],
  );
  assert.deepEqual(reasons(stage), [["e", "mailbox_full"]]);
});

test("A sender that waits for room when the actor ends is told so: its tellAsync rejects with ActorStoppedError.", async (t) => {
  const { stage, ref } = await busy(t, "block");
  for (const type of ["a", "b"]) ref.tell(word(type));
  const waiting = rejection(ref.tellAsync(word("c")));

  await stage.kill(ref);

  const error = await waiting;
  assert.ok(error instanceof ActorStoppedError);
  assert.deepEqual([error.undelivered, error.reason.kind], [word("c"), "killed"]);
});

test("With another policy than block, tellAsync rejects with MailboxFullError where tell returns false.", async (t) => {
  const { ref } = await busy(t, "reject");
  for (const type of ["a", "b"]) await ref.tellAsync(word(type));

  const error = await rejection(ref.tellAsync(word("c")));

  assert.ok(error instanceof MailboxFullError);
  assert.deepEqual([error.actor, error.capacity, error.undelivered], [ref.id, 2, word("c")]);
});

test("An ask of an actor whose mailbox is full rejects at once with MailboxFullError.", async (t) => {
  const { ref } = await busy(t, "reject");
  for (const type of ["a", "b"]) ref.tell(word(type));

  const error = await rejection(
    (ref as ActorRef<Ask<{ readonly type: "question" }, string>>).ask({ type: "question" }),
  );

  assert.ok(error instanceof MailboxFullError);
});

test("Signals need no room: they arrive at a full mailbox and do not count.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const { opened, open } = gate();
  const other = stage.system.spawn(actor<Word>((_, context) => context.stop()));
  const ref = stage.system.spawn(
    actor<Word>(
      async ({ type }) => {
        seen.push(type);
        if (type === "first") await opened;
      },
      {
        preStart: (context) => void context.monitor(other),
        handleSignal: ({ type }) => void seen.push(type),
      },
    ),
    { mailbox: { capacity: 1 } },
  );
  ref.tell(word("first"));
  await settle();
  ref.tell(word("second"));
  other.tell(word("stop"));
  await settle();
  open();
  await settle();

  assert.deepEqual(seen, ["first", "second", "down"]);
});

test(
  "A sender that waits for room gives up after timeoutMs or when its signal fires; the message is then a dead letter and never arrives.",
  async (t) => {
    const { stage, ref, seen, open } = await busy(t, "block");
    for (const type of ["a", "b"]) ref.tell(word(type));
    const giving = new AbortController();
    const late = rejection(ref.tellAsync(word("late"), { timeoutMs: 20 }));
    const givenUp = rejection(ref.tellAsync(word("given up"), { signal: giving.signal, timeoutMs: 1_000 }));
    const patient = ref.tellAsync(word("patient"), { timeoutMs: 1_000, signal: new AbortController().signal });
    const fired = rejection(ref.tellAsync(word("fired"), { signal: AbortSignal.abort(new Error("before")) }));

    await stage.clock.advance(20);
    giving.abort(new Error("enough"));
    const error = await late;
    assert.ok(error instanceof MailboxFullError);
    assert.deepEqual([error.waitedMs, (error.undelivered as Word).type], [20, "late"]);
    assert.deepEqual([(await givenUp).message, (await fired).message], ["enough", "before"]);
    assert.deepEqual(reasons(stage), [
      ["late", "mailbox_full"],
      ["given up", "mailbox_full"],
    ]);
    open();
    await patient;
    await settle();
    assert.deepEqual(seen, ["first", "a", "b", "patient"]);
    assert.equal(stage.clock.pendingCount, 0);
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "5", null])
      assert.throws(() => ref.tellAsync(word("m"), { timeoutMs } as never), { code: "ERR_INVALID_ARGUMENT" });
    for (const options of [null, 5])
      assert.throws(() => ref.tellAsync(word("m"), options as never), { code: "ERR_INVALID_ARGUMENT" });
  },
  "it counts every timer of the system",
);

test("An actor that would wait for room in its own mailbox within its own turn is refused at once with SelfAskError.", async (t) => {
  const stage = await Stage.open(t);
  const outcomes: unknown[] = [];
  const ref = stage.system.spawn(
    actor<Word>(async ({ type }, context) => {
      if (type !== "first") return;
      await context.self.tellAsync(word("there is room"));
      outcomes.push(await rejection(context.self.tellAsync(word("there is none"))));
    }),
    { mailbox: { capacity: 1, overflow: "block" } },
  );
  ref.tell(word("first"));
  await settle();

  assert.ok(outcomes[0] instanceof SelfAskError);
  assert.deepEqual(reasons(stage), [["there is none", "mailbox_full"]]);
  assert.equal(ref.isAlive, true);
});
