import assert from "node:assert/strict";
import {
  type Actor,
  type ActorContext,
  type ActorRef,
  type AnyChildSpec,
  type Ask,
  crashed,
  SHUTDOWN,
  StaleContextError,
  type Start,
  StartError,
  type SupervisorSpec,
} from "airssys-rt";
import { type Case, type Stage, settle, stageWith, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

/** A supervisor with one child, whose ref it returns. */
async function child<M>(
  t: Case,
  start: Start<M>,
  spec: Partial<AnyChildSpec> = {},
  flags: Partial<SupervisorSpec> = {},
): Promise<{ stage: Stage; ref: ActorRef<M> }> {
  const children = [{ id: "child", start: start as AnyChildSpec["start"], ...spec }];
  const stage = await stageWith(t, { maxRestarts: 10, ...flags, children });
  return { stage, ref: stage.system.whereis<M>("sup/child") as ActorRef<M> };
}

test("A restart makes a new instance and keeps the ref; incarnation counts the lives, beginning with 1.", async (t) => {
  const instances = new Set<unknown>();
  const { stage, ref } = await child(
    t,
    actor<Word>(
      function (this: unknown, { type }) {
        if (type === "crash") throw new Error("crash");
      },
      { preStart: (context) => void instances.add(context) },
    ),
  );
  assert.equal(ref.incarnation, 1);

  ref.tell(word("crash"));
  await settle();

  assert.deepEqual([ref.incarnation, instances.size, stage.system.whereis("sup/child")], [2, 2, ref]);
});

test("One object is one life: a start function that returns the same again, for another life or another actor, fails with StartError.", async (t) => {
  const handle = ({ type }: Word): void => {
    if (type === "crash") throw new Error("crash");
  };
  const made = (actor(handle) as () => Actor<Word>)();
  const plain = { handleMessage: handle } as unknown as Actor<Word>;
  for (const [id, object] of Object.entries({ made, plain })) {
    const { stage, ref } = await child(t, () => object, { restart: "transient" }, { maxRestarts: 2 });
    const reports = (): string[] =>
      stage
        .eventsOf("restartFailed")
        .map(({ cause }) => (cause instanceof StartError ? cause.message : "another error"));
    const other = stage.system.spawn(() => object, { id });
    await settle();
    assert.equal(other.isAlive, false);
    assert.equal(ref.isAlive, true);

    ref.tell(word("crash"));
    await settle();

    assert.equal(stage.sup.isAlive, false);
    assert.equal(reports().length, 2);
    assert.match(reports()[0] ?? "", /returned an object that another life has had/);
  }
});

test("State does not survive a restart: what must has to live elsewhere.", async (t) => {
  type Count = Word | Ask<{ readonly type: "count" }, number>;
  const { ref } = await child<Count>(t, () => {
    let count = 0;
    return new (class {
      handleMessage({ type }: Count, context: ActorContext<Count>): void {
        if (type === "crash") throw new Error("crash");
        if (type === "count") context.reply(count);
        count++;
      }
    })();
  });
  for (const type of ["one", "two", "crash"]) ref.tell(word(type));

  assert.equal(await (ref as ActorRef<Ask<{ readonly type: "count" }, number>>).ask({ type: "count" }), 0);
});

test("Messages that waited when an actor crashed are handled by its next incarnation, in order.", async (t) => {
  const seen: string[] = [];
  const { ref } = await child(
    t,
    actor<Word>(({ type }, { incarnation }) => {
      if (type === "crash") throw new Error("crash");
      seen.push(`${type} in ${incarnation}`);
    }),
  );

  for (const type of ["a", "crash", "b", "c"]) ref.tell(word(type));
  await settle();

  assert.deepEqual(seen, ["a in 1", "b in 2", "c in 2"]);
});

test("The message an actor crashed on is not handled again: it is a dead letter with the reason crashed.", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await child(
    t,
    actor<Word>(({ type }) => {
      seen.push(type);
      throw new Error("crash");
    }),
  );

  ref.tell(word("poison"));
  await settle();

  assert.deepEqual(seen, ["poison"]);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.message, reason]),
    [[word("poison"), "crashed"]],
  );
});

test("Messages sent between two lives of an actor wait for the next one.", async (t) => {
  const seen: string[] = [];
  const backoff = { minMs: 1_000, maxMs: 1_000, jitter: 0 };
  const start = actor<Word>(({ type }) => {
    if (type === "crash") throw new Error("crash");
    seen.push(type);
  });
  const { stage, ref } = await child(t, start, { backoff });
  ref.tell(word("crash"));
  await settle();

  assert.equal(ref.tell(word("meanwhile")), true);
  await stage.clock.advance(999);
  assert.deepEqual(seen, []);
  await stage.clock.advance(1);

  assert.deepEqual(seen, ["meanwhile"]);
});

test("Timers, piped promises and signals of an incarnation never reach the next one.", async (t) => {
  const seen: string[] = [];
  const { opened, open } = gate();
  const start = actor<Word>(
    ({ type }, context) => {
      seen.push(`${type} in ${context.incarnation}`);
      if (type !== "begin") return;
      context.timers.startOnce("timer", word("timer"), 100);
      context.timers.startPeriodic("periodic", word("periodic"), 100);
      context.pipeToSelf(opened, () => word("piped"));
      context.monitor(context.whereis("sup/other") as never);
      context.exit(crashed("crash"));
    },
    { handleSignal: ({ type }) => void seen.push(type) },
  );
  const other = { id: "other", start: actor<Word>((_, context) => context.stop()), restart: "temporary" } as const;
  const stage = await stageWith(t, { children: [{ id: "child", start }, other] });
  stage.child("child").tell(word("begin") as never);
  await settle();

  open();
  stage.child("other").tell(word("stop") as never);
  await stage.clock.advance(1_000);

  assert.deepEqual(seen, ["begin in 1"]);
  assert.equal(stage.child("child").incarnation, 2);
  await stage.system.stop();
  await timersThatFired(t);
  await pipedWhileItHandled(t);
});

/** Its message waits when the incarnation ends. */
async function pipedWhileItHandled(t: Case): Promise<void> {
  const seen: string[] = [];
  const { opened, open } = gate();
  const start = actor<Word>(async ({ type }, context) => {
    seen.push(`${type} in ${context.incarnation}`);
    if (type !== "begin") return;
    context.pipeToSelf(Promise.resolve(), () => word("piped"));
    await opened;
    throw new Error("crash");
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  stage.child("child").tell(word("begin") as never);
  await settle();

  open();
  await settle();

  assert.deepEqual(seen, ["begin in 1"]);
  assert.equal(stage.child("child").incarnation, 2);
  await stage.system.stop();
}

/** Their messages wait, or were set aside, when the incarnation ends. */
async function timersThatFired(t: Case): Promise<void> {
  const seen: string[] = [];
  const { opened, open } = gate();
  const start = actor<Word>(async ({ type }, context) => {
    seen.push(`${type} in ${context.incarnation}`);
    if (type === "aside") context.stash();
    if (type === "begin") {
      context.timers.startOnce("aside", word("aside"), 50);
      context.timers.startOnce("timer", word("timer"), 100);
      context.timers.startPeriodic("periodic", word("periodic"), 100);
    }
    if (type !== "crash") return;
    await opened;
    context.exit(crashed("crash"));
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  stage.child("child").tell(word("begin") as never);
  await stage.clock.advance(50);
  for (const type of ["crash", "waits"]) stage.child("child").tell(word(type) as never);
  await stage.clock.advance(100);

  open();
  await stage.clock.advance(1_000);

  assert.deepEqual(seen, ["begin in 1", "aside in 1", "crash in 1", "waits in 2"]);
}

test("A context acts for its incarnation only: once that has ended, its signal has fired and its methods throw StaleContextError.", async (t) => {
  let old: ActorContext<Word> | undefined;
  const { stage, ref } = await child(
    t,
    actor<Word>((_, context) => {
      old ??= context;
      assert.equal(context.signal.aborted, false);
    }),
  );
  ref.tell(word("hello"));
  await settle();
  await stage.kill(ref);

  const context = old as ActorContext<Word>;
  assert.equal(context.signal.aborted, true);
  const acts = [
    () => context.stop(),
    () => context.timers.startOnce("key", word("x"), 1),
    () => context.spawn(actor<Word>(() => undefined)),
    () => context.monitor(ref),
    () => context.reply(undefined as never),
  ];
  for (const act of acts) {
    assert.throws(act, (error) => error instanceof StaleContextError && error.incarnation === 1);
  }
});

test("What an ended incarnation sends with tellAsync is refused as its tell is, and rejects with StaleContextError, whether there is room or not.", async (t) => {
  for (const capacity of [1, 10]) {
    const { opened, open } = gate();
    const refusals: unknown[] = [];
    const senders: unknown[] = [];
    const stage = await stageWith(t, {
      children: [
        {
          id: "late",
          restart: "temporary",
          start: actor<Word>(async () => {
            await opened;
            await target.tellAsync(word("late")).catch((error) => refusals.push(error));
          }),
        },
      ],
    });
    const { opened: goOn, open: release } = gate();
    const target = stage.system.spawn(
      actor<Word>(async (_, context) => {
        senders.push(context.sender);
        await goOn;
      }),
      { mailbox: { capacity, overflow: "block" } },
    );
    const late = stage.system.whereis<Word>("sup/late") as ActorRef<Word>;
    target.tell(word("in hand"));
    await settle();
    target.tell(word("waits"));
    late.tell(word("go"));
    await settle();

    await stage.kill(late);
    open();
    await settle();
    release();
    await settle();

    assert.deepEqual(
      refusals.map((error) => error instanceof StaleContextError),
      [true],
    );
    assert.deepEqual(senders, [undefined, undefined]);
  }
});

/** How a handler may come to a promise. */
const asynchronous: readonly ((later: (message: Word) => Promise<void>) => (message: Word) => unknown)[] = [
  (later) => async (message) => later(message),
  (later) => (message) => later(message),
  // biome-ignore lint/suspicious/noThenProperty: a promise of another library
  (later) => (message) => ({ then: (done: () => void) => void later(message).then(done) }),
];

/** Handlers that were synchronous for so long, and then are not. */
const silentTurns = [0, 1, 1_500];

test("What an ended incarnation still sends, from a turn that returned a promise or from another callback, is a dead letter with the reason stale_sender.", async (t) => {
  for (const declare of asynchronous) {
    for (const silent of silentTurns) {
      const seen: string[] = [];
      const { opened, open } = gate();
      let target: ActorRef<Word> | undefined;
      const handle = declare(async () => {
        await Promise.resolve();
        // Left behind: nothing of the turn waits for it.
        void opened.then(() => seen.push(String(target?.tell(word("late")))));
        await new Promise(() => {});
      });
      const { stage, ref } = await child(
        t,
        actor<Word>((message) => (message.type === "go" ? handle(message) : undefined)),
      );
      target = stage.system.spawn(actor<Word>(({ type }) => void seen.push(type)));
      for (let i = 0; i < silent; i++) ref.tell(word("nothing"));
      await settle();
      ref.tell(word("go"));
      await settle();

      await stage.kill(ref);
      open();
      await settle();

      assert.deepEqual(seen, ["false"], `${declare} after ${silent} turns`);
      assert.deepEqual(
        stage.eventsOf("deadLetter").map(({ reason }) => reason),
        ["ended_turn", "stale_sender"],
      );
    }
  }
  await leftByOtherCallbacks(t);
});

/** None of them returns a promise. */
async function leftByOtherCallbacks(t: Case): Promise<void> {
  const { opened, open } = gate();
  const stage = await stageWith(t, { children: [] });
  const target = stage.system.spawn(actor<Word>(() => assert.fail("what has ended sends nothing")));
  const leave = (): void => void opened.then(() => target.tell(word("late")));
  const other = stage.system.spawn(actor<Word>(() => undefined));
  const start = actor<Word>(() => undefined, {
    preStart: (context) => {
      context.monitor(other);
      leave();
    },
    handleSignal: leave,
    postStop: leave,
  });
  const ref = stage.system.spawn(start);
  await settle();
  stage.system.kill(other);
  await settle();
  stage.system.exit(ref, SHUTDOWN);
  await settle();

  open();
  await settle();

  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    ["stale_sender", "stale_sender", "stale_sender"],
  );
}

test("What a turn that returned no promise leaves behind is nobody's, whoever else waits: what it sends has no sender, as if it came from outside.", async (t) => {
  for (const silent of silentTurns) {
    const senders: unknown[] = [];
    const { opened, open } = gate();
    const stage = await stageWith(t, { children: [] });
    const target = stage.system.spawn(actor<Word>((_, context) => void senders.push(context.sender)));
    const start = actor<Word>(({ type }) => void (type === "go" && opened.then(() => target.tell(word("late")))));
    const [ref, other] = [stage.system.spawn(start), stage.system.spawn(start)];
    const waiting = stage.system.spawn(actor<Word>(async () => new Promise(() => {})));
    const undeclared = stage.system.spawn(actor<Word>(() => new Promise(() => {})));
    for (let i = 0; i < silent; i++) ref.tell(word("nothing"));
    await settle();
    for (const each of [ref, waiting, undeclared, other]) each.tell(word("go"));
    await settle();

    stage.system.kill(other);
    open();
    await settle();

    assert.deepEqual(senders, [undefined, undefined]);
  }
});

test("Restarts are limited: one more than maxRestarts within maxRestartPeriodMs ends the supervisor with shutdown.", async (t) => {
  const start = actor<Word>(() => {
    throw new Error("crash");
  });
  const { stage, ref } = await child(t, start, {}, { maxRestarts: 2, maxRestartPeriodMs: 1_000 });

  for (const pause of [0, 500, 501, 0]) {
    await stage.clock.advance(pause);
    ref.tell(word("crash"));
    await settle();
  }
  assert.deepEqual([ref.incarnation, stage.sup.isAlive], [4, false]);
  assert.equal(stage.exitOf(stage.sup), "shutdown");
});

test("Restarts, and further attempts after one that failed, follow at once unless the child's spec has a backoff; one that waits can be ended by request.", async (t) => {
  const { terminateChild } = await import("airssys-rt");
  let failures = 0;
  const crashing = actor<Word>(() => {
    throw new Error("crash");
  });
  const start = (): Actor<Word> => {
    if (failures-- > 0) throw new Error("not yet");
    return (crashing as () => Actor<Word>)();
  };
  const { stage, ref } = await child(t, start, { backoff: { minMs: 100, maxMs: 1_000, jitter: 0 } });

  for (const [waitMs, incarnation] of [
    [100, 2],
    [200, 3],
    [400, 4],
  ] as const) {
    ref.tell(word("crash"));
    await stage.clock.advance(waitMs - 1);
    assert.equal(ref.incarnation, incarnation - 1);
    await stage.clock.advance(1);
    assert.equal(ref.incarnation, incarnation);
  }
  await stage.clock.advance(1_000);
  failures = 2;
  ref.tell(word("crash"));
  for (const [waitMs, attempts] of [
    [100, 1],
    [200, 2],
    [400, 3],
  ] as const) {
    await stage.clock.advance(waitMs - 1);
    assert.equal(ref.incarnation, 3 + attempts);
    await stage.clock.advance(1);
    assert.deepEqual([ref.incarnation, stage.eventsOf("restartFailed").length], [4 + attempts, Math.min(attempts, 2)]);
  }

  ref.tell(word("crash"));
  await settle();
  await terminateChild(stage.sup, "child");
  await stage.clock.advance(10_000);

  assert.deepEqual(await stage.children(), ["child:down"]);
});
