import assert from "node:assert/strict";
import {
  type ActorContext,
  type ActorRef,
  ActorStoppedError,
  AlreadyRepliedError,
  type Ask,
  AskTimeoutError,
  NoReplyError,
  type ReplyPort,
  SelfAskError,
} from "airssys-rt";
import { rejection, Stage, settle, stageWith, test } from "../otp/fixtures.ts";
import { actor, gate } from "./actors.ts";

type Question = Ask<{ readonly type: "question"; readonly n?: number }, number>;
const question = { type: "question" } as const;

test("An ask is answered once: the second reply throws AlreadyRepliedError in the handler and reaches nobody.", async (t) => {
  const stage = await Stage.open(t);
  const errors: unknown[] = [];
  const ref = stage.system.spawn(
    actor<Question>((_, context) => {
      context.reply(1);
      try {
        context.reply(2);
      } catch (error) {
        errors.push(error);
      }
    }),
  );

  assert.equal(await ref.ask(question), 1);
  assert.ok(errors[0] instanceof AlreadyRepliedError);
});

test("An ask without an answer rejects with AskTimeoutError after timeoutMs, 5000 by default.", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(actor<Question>((_, context) => void context.deferReply()));
  const errors: [number, Error][] = [];
  const note = (error: Error): number => errors.push([stage.clock.now(), error]);

  void rejection(ref.ask(question)).then(note);
  void rejection(ref.ask(question, { timeoutMs: 10 })).then(note);
  await stage.clock.advance(10_000);

  assert.deepEqual(
    errors.map(([at, error]) => [at, error instanceof AskTimeoutError && error.timeoutMs]),
    [
      [10, 10],
      [5_000, 5_000],
    ],
  );
});

test("A time-out takes nothing back: the message may still be handled, and the late reply is a dead letter.", async (t) => {
  const stage = await Stage.open(t);
  const handled: number[] = [];
  const ref = stage.system.spawn(
    actor<Question>(async ({ n = 0 }, context) => {
      await stage.wait(100);
      handled.push(n);
      context.reply(n);
    }),
  );

  const asking = rejection(ref.ask({ type: "question", n: 7 }, { timeoutMs: 50 }));
  await stage.clock.advance(100);

  assert.ok((await asking) instanceof AskTimeoutError);
  assert.deepEqual(handled, [7]);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    ["late_reply"],
  );
});

test("When the asked actor ends before it answers, the ask rejects with ActorStoppedError, which has the exit reason.", async (t) => {
  const stage = await Stage.open(t);
  const ask = (handle: (context: ActorContext<Question>) => unknown): Promise<Error> =>
    rejection(stage.system.spawn(actor<Question>((_, context) => handle(context))).ask(question));
  const ends: [handle: (context: ActorContext<Question>) => unknown, kind: string][] = [
    [() => Promise.reject(new Error("crash")), "crashed"],
    [(context) => void [context.deferReply(), context.stop()], "normal"],
    [(context) => void [context.deferReply(), context.kill(context.self)], "killed"],
  ];

  for (const [handle, kind] of ends) {
    const error = await ask(handle);
    assert.ok(error instanceof ActorStoppedError, String(error));
    assert.deepEqual([error.reason.kind, error.code], [kind, "ERR_ACTOR_STOPPED"]);
  }
});

test("An ask that waits when the actor crashes is answered by the next incarnation; the one it crashed on rejects.", async (t) => {
  const start = actor<Question>(({ n = 0 }, context) => {
    if (n === 0) throw new Error("crash");
    context.reply(context.incarnation);
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  const ref = stage.system.whereis<Question>("sup/child") as ActorRef<Question>;

  const [first, second] = [rejection(ref.ask(question)), ref.ask({ type: "question", n: 1 })];

  assert.ok((await first) instanceof ActorStoppedError);
  assert.equal(await second, 2);
});

test("An actor that asks itself within its own turn is refused at once with SelfAskError.", async (t) => {
  const stage = await Stage.open(t);
  const errors: Error[] = [];
  const handle = async (_: Question, context: ActorContext<Question>): Promise<void> => {
    const self = context.self as ActorRef<Question>;
    errors.push(await rejection(self.ask(question)), await rejection(self.ask(question)));
    context.reply(1);
  };
  for (const each of [handle, (...args: Parameters<typeof handle>): Promise<void> => handle(...args)]) {
    const ref = stage.system.spawn(actor<Question>(each));
    for (let turn = 0; turn < 2; turn++) assert.equal(await ref.ask(question), 1);
  }

  assert.equal(errors.length, 8);
  assert.ok(errors.every((error) => error instanceof SelfAskError));
});

test("A handler that ends without an answer and without deferReply fails the ask at once with NoReplyError.", async (t) => {
  const stage = await Stage.open(t);
  for (const handle of [() => undefined, async () => undefined]) {
    const error = await rejection(stage.system.spawn(actor<Question>(handle)).ask(question));
    assert.ok(error instanceof NoReplyError);
    assert.deepEqual(error.undelivered, question);
  }
  assert.equal(stage.clock.now(), 0);
});

test("deferReply lets an answer be given in a later turn of the same incarnation.", async (t) => {
  const stage = await Stage.open(t);
  type Message = Question | { readonly type: "answer" };
  let port: ReplyPort<number> | undefined;
  const ref = stage.system.spawn(
    actor<Message>(({ type }, context) => {
      if (type === "question") port = context.deferReply() as ReplyPort<number>;
      else port?.reply(42);
    }),
  );

  const answer = (ref as ActorRef<Question>).ask(question);
  ref.tell({ type: "answer" });

  assert.equal(await answer, 42);
});

test("An ask can be given up with an AbortSignal, and rejects with its reason.", async (t) => {
  const stage = await Stage.open(t);
  const { opened } = gate();
  const ref = stage.system.spawn(actor<Question>(() => opened));
  const controller = new AbortController();
  const asking = rejection(ref.ask(question, { signal: controller.signal }));
  await settle();
  const reason = new Error("enough");

  controller.abort(reason);

  assert.equal(await asking, reason);

  const seen: Question[] = [];
  const other = stage.system.spawn(actor<Question>((message) => void seen.push(message)));
  assert.equal(await rejection(other.ask(question, { signal: AbortSignal.abort(reason) })), reason);
  await settle();
  assert.deepEqual(seen, [], "what is given up before it is sent is not sent");
});

test("Two actors that ask each other wait for their time-outs: nothing detects a circle of asks.", async (t) => {
  const stage = await Stage.open(t);
  const refs: ActorRef<Question>[] = [];
  const errors: Error[] = [];
  for (const i of [0, 1]) {
    const start = actor<Question>(async (_, context) => {
      const other = refs[1 - i] as ActorRef<Question>;
      await other.ask(question, { timeoutMs: 100 }).then(
        (n) => context.reply(n),
        (error) => {
          errors.push(error);
          context.deferReply().fail(error);
        },
      );
    });
    refs.push(stage.system.spawn(start));
  }

  const asking = rejection((refs[0] as ActorRef<Question>).ask(question));
  await stage.clock.advance(100);

  assert.ok((await asking) instanceof AskTimeoutError);
  assert.ok(errors.length >= 1);
});

test("A reply may be a promise: the asker gets what it settles with, and its time-out and its signal go on until then.", async (t) => {
  const stage = await Stage.open(t);
  const replies: (() => unknown)[] = [];
  const ref = stage.system.spawn(actor<Question>((_, context) => context.reply(replies.shift()?.() as never)));
  const resolve = (onResolve: (n: number) => void): void => onResolve(2);
  const unreadable = (): never => {
    throw new Error("no then");
  };
  replies.push(() => Promise.resolve(1));
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
  replies.push(() => Object.defineProperty(() => 0, "then", { value: resolve }));
  replies.push(() => Promise.reject(new Error("no")));
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tried
  replies.push(() => Object.defineProperty({}, "then", { get: unreadable }));

  assert.deepEqual([await ref.ask(question), await ref.ask(question)], [1, 2]);
  assert.equal((await rejection(ref.ask(question))).message, "no");
  assert.equal((await rejection(ref.ask(question))).message, "no then");

  const never = (): Promise<number> => new Promise(() => {});
  replies.push(never, never);
  const late = rejection(ref.ask(question, { timeoutMs: 20 }));
  const giving = new AbortController();
  const givenUp = rejection(ref.ask(question, { signal: giving.signal }));
  await stage.clock.advance(20);
  giving.abort(new Error("enough"));
  assert.ok((await late) instanceof AskTimeoutError);
  assert.equal((await givenUp).message, "enough");
  assert.equal(ref.isAlive, true);
});

test("A promise is the one reply to an ask: no other counts, and should it settle too late, it is a dead letter.", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const errors: unknown[] = [];
  const ref = stage.system.spawn(
    actor<Question>(({ n }, context) => {
      const port = context.deferReply();
      if (n === 1) context.reply(opened.then(() => 1) as never);
      else port.reply(opened.then(() => 1) as never);
      for (const again of [() => context.reply(2), () => port.reply(2), () => port.fail(new Error("no"))]) {
        try {
          again();
        } catch (error) {
          errors.push(error);
        }
      }
      if (n !== 1) context.stop();
    }),
  );

  const inTime = ref.ask({ ...question, n: 1 }, { timeoutMs: 100 });
  const late = rejection(ref.ask({ ...question, n: 1 }, { timeoutMs: 10 }));
  const ofEnded = ref.ask({ ...question, n: 2 }, { timeoutMs: 100 });
  await stage.clock.advance(10);
  assert.ok((await late) instanceof AskTimeoutError);
  assert.equal(ref.isAlive, false);
  open();

  assert.deepEqual([await inTime, await ofEnded], [1, 1]);
  await settle();
  assert.equal(errors.length, 9);
  assert.ok(errors.every((error) => error instanceof AlreadyRepliedError));
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    ["late_reply"],
  );
});

test("A signal that is none, or cannot be listened to, is refused before anything is sent.", async (t) => {
  const stage = await Stage.open(t);
  let handled = 0;
  const ref = stage.system.spawn(actor<Question>((_, context) => context.reply(++handled)));
  const deaf = {
    aborted: false,
    addEventListener: () => {
      throw new Error("deaf");
    },
    removeEventListener: () => {},
  } as unknown as AbortSignal;

  assert.throws(() => ref.ask(question, { signal: deaf }), /deaf/);
  for (const bad of [{}, 5, { aborted: false, addEventListener: () => {} }] as unknown[]) {
    assert.throws(() => ref.ask(question, { signal: bad as AbortSignal }), { code: "ERR_INVALID_ARGUMENT" });
    assert.throws(() => ref.tellAsync(question, { signal: bad as AbortSignal }), { code: "ERR_INVALID_ARGUMENT" });
  }
  await settle();

  assert.equal(handled, 0);
});
