import assert from "node:assert/strict";
import { type ActorRef, ActorSystem, terminateChild } from "airssys-rt";
import { Stage, settle, stageWith, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

test("A message is delivered at most once.", async (t) => {
  const stage = await stageWith(t, {
    maxRestarts: 100,
    children: [
      {
        id: "flaky",
        start: actor<Word>(({ type }) => {
          seen.push(type);
          if (seen.length % 3 === 0) throw new Error("flaky");
        }),
      },
    ],
  });
  const seen: string[] = [];
  const ref = stage.system.whereis<Word>("sup/flaky") as ActorRef<Word>;

  const sent = Array.from({ length: 50 }, (_, i) => `m${i}`);
  for (const type of sent) ref.tell(word(type));
  await settle();

  assert.deepEqual(seen, sent);
});

test("tell says whether the mailbox took the message; that it was taken does not mean that it will be handled.", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>(({ type }, context) => {
      seen.push(type);
      context.stop();
    }),
  );

  assert.deepEqual([ref.tell(word("first")), ref.tell(word("second"))], [true, true]);
  await settle();

  assert.deepEqual(seen, ["first"]);
  assert.equal(ref.tell(word("third")), false);
});

test("A message that reaches nobody is a dead letter: an event with the envelope and the reason, counted, and the last 100 kept.", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(actor<Word>((_, context) => context.stop()));
  for (const type of ["last", "waits"]) ref.tell(word(type));
  await settle();

  for (let i = 0; i < 150; i++) ref.tell(word(`late ${i}`));

  const letters = stage.eventsOf("deadLetter");
  assert.deepEqual(
    letters.slice(0, 2).map(({ envelope, reason }) => [envelope.message, envelope.recipient, reason]),
    [
      [word("waits"), ref, "stopped"],
      [word("late 0"), ref, "stopped"],
    ],
  );
  const { count, recent } = stage.system.deadLetters;
  assert.deepEqual([count, recent.length, recent.at(-1)?.envelope.message], [151, 100, word("late 149")]);
});

test("Sending to an actor that has ended harms nobody: tell returns false.", async (t) => {
  const stage = await Stage.open(t);
  const dead = stage.system.spawn(actor<Word>((_, context) => context.stop()));
  dead.tell(word("stop"));
  await settle();
  const results: boolean[] = [];
  const sender = stage.system.spawn(actor<Word>(() => void results.push(dead.tell(word("hello")))));

  sender.tell(word("go"));
  await settle();

  assert.deepEqual([results, sender.isAlive], [[false], true]);
});

test(
  "A message is passed by reference: sender and receiver hold the same object, and nothing freezes or copies it.",
  async (t) => {
    const stage = await Stage.open(t);
    const seen: unknown[] = [];
    const ref = stage.system.spawn(actor<object>((message) => void seen.push(message)));
    const message = { type: "parcel", content: new Uint8Array(8) };

    ref.tell(message);
    await settle();

    assert.equal(seen[0], message);
    assert.equal(Object.isFrozen(message), false);
  },
  "its messages must not be frozen",
);

test("With freezeMessages, an actor that changes what was sent crashes at that line, with an error that says that it was a message.", async (t) => {
  interface Parcel {
    readonly type: string;
    text?: string;
    list: number[];
    added?: number;
  }
  const writes: readonly ((parcel: Parcel) => void)[] = [
    (parcel) => Object.assign(parcel, { text: "other" }),
    (parcel) => delete parcel.text,
    (parcel) => Object.assign(parcel, { added: 1 }),
    ({ list }) => list.push(3),
    ({ list }) => list.pop(),
    ({ list }) => list.sort(),
    (parcel) => Object.defineProperty(parcel, "added", { value: 1 }),
    (parcel) => Object.defineProperty(parcel, "text", { value: 1 }),
  ];
  const crashes: unknown[] = [];
  const system = await ActorSystem.start({
    name: "frozen",
    logger: false,
    freezeMessages: true,
    onEvent: (event) => event.type === "crashed" && crashes.push(event.reason.cause),
  });
  t.after(async () => {
    await system.stop();
  });

  for (const write of writes) system.spawn(actor<Parcel>(write)).tell({ type: "parcel", text: "one", list: [2, 1] });
  system
    .spawn(actor<Parcel>(() => Object.assign(Object.freeze({ own: 1 }), { own: 2 })))
    .tell({ type: "parcel", list: [] });
  const others = new TypeError("Cannot read properties of undefined");
  system.spawn(actor<Parcel>(() => Promise.reject(others))).tell({ type: "parcel", list: [] });
  await settle();

  assert.equal(crashes.length, writes.length + 2);
  const hint = / \(messages are frozen once they are sent: change a copy\)$/;
  for (const crash of crashes.slice(0, -1)) {
    assert.ok(crash instanceof TypeError);
    assert.match(crash.message, hint);
    assert.ok(crash.stack?.startsWith(`TypeError: ${crash.message}\n    at `), crash.stack);
    assert.match(crash.stack ?? "", /delivery\.test\.ts/);
  }
  assert.ok(crashes.includes(others));
  assert.doesNotMatch(others.message, hint);
});

test("A child's queue becomes dead letters when it is terminated; nothing waits for a restart by hand.", async (t) => {
  const { opened, open } = gate();
  const seen: string[] = [];
  const start = actor<Word>(async ({ type }) => {
    seen.push(type);
    await opened;
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  const ref = stage.system.whereis<Word>("sup/child") as ActorRef<Word>;
  for (const type of ["first", "second"]) ref.tell(word(type));
  await settle();

  const terminating = terminateChild(stage.sup, "child");
  await settle();
  open();
  await terminating;

  assert.deepEqual(seen, ["first"]);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.message, reason]),
    [[word("second"), "stopped"]],
  );
});

test("Nothing is stored: what waits when the system stops is not delivered, in this process or another.", async () => {
  const system = await ActorSystem.start({ name: "test", logger: false });
  const { opened, open } = gate();
  const seen: string[] = [];
  const ref = system.spawn(
    actor<Word>(async ({ type }) => {
      seen.push(type);
      await opened;
    }),
  );
  for (const type of ["first", "second"]) ref.tell(word(type));
  await settle();

  const stopping = system.stop();
  open();
  await stopping;

  assert.deepEqual([seen, system.deadLetters.count], [["first"], 1]);
});
