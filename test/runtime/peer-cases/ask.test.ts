/** What the suites of Pekko's, kameo's, ractor's and XState's asks, and of Pekko's `pipeToSelf`, want to know of ours. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import {
  type ActorContext,
  type ActorRef,
  type ActorStoppedError,
  type AskOptions,
  crashed,
  type ReplyPort,
  type Start,
} from "airssys-rt";
import { gate } from "../guarantees/actors.ts";
import { rejection, Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { CRASH, inTurn, lost, note, outcome, puppet, QUESTION, type Told } from "./puppet.ts";

const answering = (value: unknown = 1): ReturnType<typeof puppet> =>
  puppet((_message, context) => context.reply(value));
const silent = puppet((_message, context) => void context.deferReply());

test("ask: the dead answer with the message and the reason of their end", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  stage.system.exit(ref, crashed(new Error("why")));
  await settle();
  const error = (await rejection(ref.ask({ type: "question", n: 7 }))) as ActorStoppedError;

  assert.deepEqual([error.code, error.undelivered], ["ERR_ACTOR_STOPPED", { type: "question", n: 7 }]);
  assert.equal(((error.reason as { readonly cause?: Error }).cause as Error).message, "why");
});

test("ask: a time-out that is no positive number is refused at once, one longer than a timer can wait is none", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(silent);
  for (const timeoutMs of [0, -1, -0, Number.NaN, Number.POSITIVE_INFINITY, "5", null])
    assert.throws(() => ref.ask(QUESTION, { timeoutMs } as AskOptions), { code: "ERR_INVALID_ARGUMENT" });

  let port: ReplyPort<unknown> | undefined;
  const late = stage.system.spawn(
    puppet((_message, context) => {
      port = context.deferReply();
    }),
  );
  const asked = outcome(late.ask(QUESTION, { timeoutMs: 1e15 }));
  await settle();
  await stage.clock.advance(100_000);
  port?.reply("late");
  assert.equal(await asked, "late");
});

test("ask: a signal that fired before sends nothing; one that fires meanwhile, and again, gives up with the first reason", async (t) => {
  const stage = await Stage.open(t);
  let handled = 0;
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      handled++;
      context.deferReply();
    }),
  );
  assert.equal(await outcome(ref.ask(QUESTION, { signal: AbortSignal.abort("before") })), "before");
  await settle();
  assert.equal(handled, 0);

  const controller = new AbortController();
  const asked = outcome(ref.ask(QUESTION, { signal: controller.signal }));
  await settle();
  controller.abort("during");
  controller.abort("again");
  assert.deepEqual([await asked, handled], ["during", 1]);
});

testOnce("ask: ten thousand that were answered leave no listener on a signal that lives long", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(answering());
  const { signal } = new AbortController();
  for (let round = 0; round < 100; round++)
    await Promise.all(Array.from({ length: 100 }, () => ref.ask(QUESTION, { signal })));

  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("ask: every question around a stop settles", async (t) => {
  const stage = await Stage.open(t);
  const start = puppet(async (_message, context) => {
    await stage.wait(3);
    context.reply("ok");
  });
  const refs = Array.from({ length: 10 }, () => stage.system.spawn(start));
  const asked: Promise<unknown>[] = [];
  const askAll = (): void => void asked.push(...refs.map((ref) => outcome(ref.ask(QUESTION))));
  askAll();
  await settle();
  const stopped = stage.system.stop();
  for (let n = 0; n < 10; n++) {
    askAll();
    await stage.clock.advance(1);
  }
  // They end one after the other, each when its turn has.
  await stage.clock.advance(100);
  await stopped;
  askAll();

  const known = new Set(["ok", "ERR_ACTOR_STOPPED"]);
  assert.deepEqual(
    (await Promise.all(asked)).filter((one) => !known.has(one as string)),
    [],
  );
});

test("ask: a postStop that asks is answered by those that live, and refused by those that do not", async (t) => {
  const stage = await Stage.open(t);
  const answers: unknown[] = [];
  const [living, dead] = [stage.system.spawn(answering("alive")), stage.system.spawn(puppet())];
  stage.system.kill(dead);
  const postStop = async (): Promise<void> => {
    for (const ref of [living, dead]) answers.push(await outcome(ref.ask(QUESTION)));
  };
  const ref = stage.system.spawn(puppet((_message, context) => context.stop(), { postStop }));
  ref.tell(note("stop"));
  for (let n = 0; n < 5; n++) await settle();

  assert.deepEqual([answers, ref.isAlive], [["alive", "ERR_ACTOR_STOPPED"], false]);
});

test("ask: three that ask each other in a circle end by time-outs, and all live", async (t) => {
  const stage = await Stage.open(t);
  const refs: ActorRef<Told>[] = [];
  for (let n = 0; n < 3; n++) {
    const start = puppet(async (_message, context) => {
      context.reply(await outcome((refs[(n + 1) % 3] as ActorRef<Told>).ask(QUESTION, { timeoutMs: 20 })));
    });
    refs.push(stage.system.spawn(start));
  }
  const asked = outcome((refs[0] as ActorRef<Told>).ask(QUESTION, { timeoutMs: 1_000 }));
  for (let n = 0; n < 10; n++) await stage.clock.advance(20);

  assert.equal(await asked, "ERR_ASK_TIMEOUT");
  assert.ok(refs.every(({ isAlive }) => isAlive));
});

test("ask: an actor that asks itself in its turn is refused, and can be asked from outside", async (t) => {
  const stage = await Stage.open(t);
  const codes: unknown[] = [];
  const handle = async (message: Told, context: ActorContext<Told>): Promise<void> => {
    if (message.type === "note") codes.push(await outcome(context.self.ask(QUESTION)));
    else context.reply(1);
  };
  const ref = stage.system.spawn(puppet(handle));
  ref.tell(note("ask yourself"));
  await settle();

  assert.deepEqual([codes, await ref.ask(QUESTION)], [["ERR_SELF_ASK"], 1]);
});

test("ask: a handler that replies and then crashes has answered, and its message is lost", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      context.reply(1);
      throw new Error("after");
    }),
  );

  assert.equal(await ref.ask(QUESTION), 1);
  await settle();
  assert.deepEqual(lost(stage), ["question: crashed"]);
});

test("ask: a deferred answer of a life that has ended never answers for the next", async (t) => {
  let port: ReplyPort<unknown> | undefined;
  const start = puppet((_message, context) => {
    port = context.deferReply();
  });
  const stage = await stageWith(t, { maxRestarts: 5, children: [{ id: "child", start }] });
  const ref = stage.system.whereis<Told>("sup/child") as ActorRef<Told>;
  const asked = outcome(ref.ask(QUESTION));
  await settle();
  ref.tell(CRASH);
  await settle();
  assert.equal(await asked, "ERR_ACTOR_STOPPED");

  try {
    port?.reply(1);
  } catch (error) {
    assert.equal((error as ActorStoppedError).code, "ERR_ALREADY_REPLIED");
  }
  assert.deepEqual([ref.isAlive, ref.incarnation], [true, 2]);
});

test("ask: a port that is passed on answers from there", async (t) => {
  const stage = await Stage.open(t);
  const other = stage.system.spawn(puppet());
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      const port = context.deferReply();
      other.tell({ type: "run", run: () => port.reply("by another") });
    }),
  );

  assert.equal(await ref.ask(QUESTION), "by another");
});

testOnce("ask: of 100,000 at once each has its own answer", async (t) => {
  const stage = await Stage.open(t);
  const echo = stage.system.spawn(
    puppet((message, context) => context.reply(message.type === "question" ? message.n : undefined)),
    { mailbox: { capacity: Number.POSITIVE_INFINITY } },
  );
  const answers = await Promise.all(Array.from({ length: 100_000 }, (_, n) => echo.ask({ type: "question", n })));

  assert.ok(answers.every((answer, n) => answer === n));
});

test("ask: a full mailbox refuses at once, and who is pushed out of one is told at once", async (t) => {
  for (const overflow of ["reject", "drop_oldest"] as const) {
    const stage = await Stage.open(t);
    const { opened, open } = gate();
    const ref = stage.system.spawn(
      puppet(() => opened),
      { mailbox: { capacity: 1, overflow } },
    );
    ref.tell(note("in hand"));
    await settle();
    const first = outcome(ref.ask(QUESTION));
    const second = outcome(ref.ask(QUESTION));

    assert.equal(await (overflow === "reject" ? second : first), "ERR_MAILBOX_FULL");
    open();
    await settle();
  }
});

test("ask: the asker is the sender, from outside there is none", async (t) => {
  const stage = await Stage.open(t);
  const seen: unknown[] = [];
  const asked = stage.system.spawn(
    puppet((_message, context) => {
      seen.push(context.sender);
      context.reply(1);
    }),
  );
  const asker = stage.system.spawn(puppet(async (_message, context) => context.reply(await asked.ask(QUESTION))));
  await asker.ask(QUESTION);
  await asked.ask(QUESTION);

  assert.deepEqual(seen, [asker, undefined]);
});

test("pipeToSelf: success and failure come as messages, a map that throws is a crash, and what comes too late is nothing", async (t) => {
  const { opened, open } = gate();
  const heard: string[] = [];
  const start = puppet(
    (message, context) => void (message.type === "note" && heard.push(`${message.text}${context.incarnation}`)),
  );
  const stage = await stageWith(t, { maxRestarts: 5, children: [{ id: "child", start }] });
  const ref = stage.system.whereis<Told>("sup/child") as ActorRef<Told>;
  await inTurn(ref, (context) => {
    context.pipeToSelf(Promise.resolve(1), () => note("ok"));
    context.pipeToSelf(Promise.reject(new Error("x")), ({ status }) => note(status));
    context.pipeToSelf(opened, () => note("late"));
  });
  await settle();
  await inTurn(ref, (context) =>
    context.pipeToSelf(Promise.resolve(1), () => {
      throw new Error("map");
    }),
  );
  await settle();
  open();
  await settle();

  assert.deepEqual([heard, ref.incarnation], [["ok1", "rejected1"], 2]);
});

test("pipeToSelf: a thenable that calls back at once, twice and both ways makes one message", async (t) => {
  const stage = await Stage.open(t);
  const heard: string[] = [];
  const ref = stage.system.spawn(puppet((message) => void (message.type === "note" && heard.push(message.text))));
  const thenable = {
    // biome-ignore lint/suspicious/noThenProperty: the thenable is what is tried
    then(resolve: (value: number) => void, reject: (error: unknown) => void): void {
      resolve(1);
      resolve(2);
      reject(3);
    },
  };
  await inTurn(ref, (context) => context.pipeToSelf(thenable as Promise<number>, ({ status }) => note(status)));
  await settle();

  assert.deepEqual(heard, ["fulfilled"]);
});

testOnce("ask: of 100,000 that nobody answers each times out", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(silent, { mailbox: { capacity: Number.POSITIVE_INFINITY } });
  const asked = Array.from({ length: 100_000 }, (_, n) => outcome(ref.ask(QUESTION, { timeoutMs: 30 + (n % 3) })));
  for (let n = 0; n < 4; n++) await settle();
  await stage.clock.advance(40);

  assert.deepEqual([new Set(await Promise.all(asked)), ref.isAlive], [new Set(["ERR_ASK_TIMEOUT"]), true]);
});

/** Handlers that return a promise; whether they are declared so is another matter. */
const DECLARED: Readonly<Record<string, (later: (context: ActorContext<Told>) => Promise<void>) => Start<Told>>> = {
  "declared async": (later) => puppet(async (_message, context) => later(context)),
  "that returns what an async method returns": (later) => puppet((_message, context) => later(context)),
};

for (const [what, start] of Object.entries(DECLARED)) {
  test(`ask: of itself after an await, in the first turn of a handler ${what}, is refused at once`, async (t) => {
    const stage = await Stage.open(t);
    const codes: unknown[] = [];
    const later = async (context: ActorContext<Told>): Promise<void> => {
      await stage.wait(1);
      codes.push(await outcome(context.self.ask(QUESTION, { timeoutMs: 200 })));
    };
    stage.system.spawn(start(later)).tell(note("go"));
    await stage.clock.advance(1);
    await settle();

    assert.deepEqual(codes, ["ERR_SELF_ASK"]);
  });

  test(`ask: what is sent after an await has its sender, from the first turn on, of a handler ${what}`, async (t) => {
    const stage = await Stage.open(t);
    const senders: unknown[] = [];
    const heard = stage.system.spawn(puppet((_message, context) => void senders.push(context.sender)));
    const later = async (): Promise<void> => {
      await stage.wait(1);
      heard.tell(note("hello"));
    };
    const ref = stage.system.spawn(start(later));
    for (let n = 0; n < 2; n++) ref.tell(note("go"));
    await stage.clock.advance(5);

    assert.deepEqual(senders, [ref, ref]);
  });
}

test("ask: a reply that is a promise which never settles leaves the time-out on", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(answering(new Promise(() => {})));
  const asked = outcome(ref.ask(QUESTION, { timeoutMs: 20 }));
  await stage.clock.advance(25);

  assert.equal(await asked, "ERR_ASK_TIMEOUT");
});

test("ask: a signal that throws when it is listened to gives its error to the asker, and nothing rejects behind it", async (t) => {
  const stage = await Stage.open(t);
  let handled = 0;
  const ref = stage.system.spawn(puppet(() => void handled++));
  const hostile = {
    aborted: false,
    addEventListener: () => assert.fail("hostile"),
    removeEventListener: () => undefined,
  };
  const stray: unknown[] = [];
  const hear = (error: unknown): void => void stray.push(error);
  process.prependListener("unhandledRejection", hear);
  try {
    const asked = new Promise((resolve, reject) => {
      ref.ask(QUESTION, { timeoutMs: 5, signal: hostile as unknown as AbortSignal }).then(resolve, reject);
    });
    assert.match(String(await rejection(asked)), /hostile/);
    await stage.clock.advance(50);
  } finally {
    process.off("unhandledRejection", hear);
  }

  assert.deepEqual([stray, handled], [[], 0]);
});

test("ask: one that finds a mailbox full that lets others wait for room is refused at once", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    puppet(() => opened),
    { mailbox: { capacity: 1, overflow: "block" } },
  );
  ref.tell(note("in hand"));
  await settle();
  ref.tell(note("waits"));

  assert.equal(await outcome(ref.ask(QUESTION)), "ERR_MAILBOX_FULL");
  open();
  await settle();
});
