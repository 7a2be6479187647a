/** What OTP's suite of timers and Pekko's of timers and stashes ask, and both together with restarts. */
import assert from "node:assert/strict";
import {
  type ActorContext,
  type ActorRef,
  become,
  crashed,
  defineActor,
  type MailboxSpec,
  StaleContextError,
  terminateChild,
} from "airssys-rt";
import { gate } from "../guarantees/actors.ts";
import { Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { CRASH, inTurn, lost, note, outcome, puppet, QUESTION, type Told } from "./puppet.ts";

/** An actor that keeps the texts of the notes it gets. */
function listener(stage: Stage): { readonly heard: string[]; readonly ref: ActorRef<Told> } {
  const heard: string[] = [];
  const ref = stage.system.spawn(puppet((message) => void (message.type === "note" && heard.push(message.text))));
  return { heard, ref };
}

/** A supervised actor, told to do things by `handle`. */
async function child(
  t: Parameters<typeof stageWith>[0],
  handle: (text: string, context: ActorContext<Told>) => unknown,
  more: { readonly mailbox?: MailboxSpec; readonly preStart?: (context: ActorContext<Told>) => void } = {},
): Promise<{ readonly stage: Stage; readonly ref: ActorRef<Told> }> {
  const { mailbox, preStart } = more;
  const start = puppet(
    (message, context) => handle(message.type === "note" ? message.text : message.type, context),
    preStart === undefined ? {} : { preStart },
  );
  const stage = await stageWith(t, {
    maxRestarts: 50,
    children: [{ id: "child", start, ...(mailbox && { mailbox }) }],
  });
  return { stage, ref: stage.system.whereis<Told>("sup/child") as ActorRef<Told> };
}

// --- Timers ---

test("timers: one of no delay comes, and not within the call", async (t) => {
  const stage = await Stage.open(t);
  const { heard, ref } = listener(stage);
  const during = await inTurn(ref, (context) => {
    context.timers.startOnce("k", note("tick"), 0);
    return heard.length;
  });
  await stage.clock.advance(0);

  assert.deepEqual([during, heard], [0, ["tick"]]);
});

test("timers: a periodic one that is cancelled at its third tick gives three", async (t) => {
  const stage = await Stage.open(t);
  let ticks = 0;
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      if (++ticks === 3) context.timers.cancel("k");
    }),
  );
  await inTurn(ref, (context) => context.timers.startPeriodic("k", note("tick"), 2));
  await stage.clock.advance(100);

  assert.equal(ticks, 3);
});

test("timers: to cancel none, or one twice, is false and touches no other", async (t) => {
  const stage = await Stage.open(t);
  const { heard, ref } = listener(stage);
  const said = await inTurn(ref, ({ timers }) => {
    timers.startOnce("a", note("a"), 5);
    timers.startOnce("b", note("b"), 5);
    return [timers.cancel("none"), timers.cancel("a"), timers.cancel("a"), timers.isActive("b")];
  });
  await stage.clock.advance(10);

  assert.deepEqual([said, heard], [[false, true, false, true], ["b"]]);
});

test("timers: a thousand that are set and cancelled leave ten periodic ones alone", async (t) => {
  const stage = await Stage.open(t);
  const { heard, ref } = listener(stage);
  await inTurn(ref, ({ timers }) => {
    for (let n = 0; n < 10; n++) timers.startPeriodic(`${n}`, note(`${n}`), 3);
    for (let n = 0; n < 1_000; n++) {
      timers.startOnce("one", note("one"), 3);
      timers.cancel("one");
    }
  });
  await stage.clock.advance(6);

  assert.equal(heard.length, 20);
  assert.equal(new Set(heard).size, 10);
});

test("timers: a tick of a replaced timer that already waits is dropped", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const heard: string[] = [];
  const ref = stage.system.spawn(puppet((message) => void (message.type === "note" && heard.push(message.text))));
  await inTurn(ref, ({ timers }) => timers.startPeriodic("k", note("old"), 2));
  ref.tell({
    type: "run",
    run: async ({ timers }) => {
      await opened;
      timers.startPeriodic("k", note("new"), 2);
    },
  });
  await stage.clock.advance(10);
  open();
  await settle();
  await stage.clock.advance(10);

  assert.deepEqual(new Set(heard), new Set(["new"]));
});

for (const how of ["a crash", "a kill", "an exit signal"] as const) {
  test(`timers: those of a life that ended by ${how} are gone, with the ticks that wait`, async (t) => {
    const { opened, open } = gate();
    const heard: string[] = [];
    const { stage, ref } = await child(t, (text) => void heard.push(text), {
      preStart: ({ timers, incarnation }) => timers.startPeriodic("k", note(`tick of ${incarnation}`), 2),
    });
    ref.tell({
      type: "run",
      run: async () => {
        await opened;
        throw new Error("crash");
      },
    });
    await stage.clock.advance(10);
    if (how === "a kill") stage.system.kill(ref);
    if (how === "an exit signal") stage.system.exit(ref, crashed("exit"));
    open();
    await settle();
    await stage.clock.advance(10);

    assert.deepEqual([ref.incarnation, new Set(heard)], [2, new Set(["tick of 2"])]);
  });
}

test("timers: those of an actor that becomes something else meet its new handlers", async (t) => {
  type Message = { readonly type: "tick" } | { readonly type: "turn" };
  const stage = await Stage.open(t);
  const heard: string[] = [];
  const ref = stage.system.spawn(
    defineActor<Message, number>({
      init: ({ timers }) => {
        timers.startPeriodic("k", { type: "tick" }, 2);
        return 0;
      },
      handlers: {
        tick: () => void heard.push("old"),
        turn: () => become<Message, number>({ tick: () => void heard.push("new"), turn: () => undefined }),
      },
    }),
  );
  await settle();
  await stage.clock.advance(4);
  ref.tell({ type: "turn" });
  await settle();
  await stage.clock.advance(4);

  assert.deepEqual(heard, ["old", "old", "new", "new"]);
});

test("timers: none fires after the end, and one that is set in postStop does not outlive it", async (t) => {
  const stage = await Stage.open(t);
  const heard: string[] = [];
  const ref = stage.system.spawn(
    puppet((message) => void heard.push(message.type), {
      preStart: ({ timers }) => timers.startPeriodic("k", note("tick"), 10),
      postStop: ({ timers }) => timers.startPeriodic("late", note("late"), 1),
    }),
  );
  await inTurn(ref, (context) => context.stop());
  await settle();
  const before = lost(stage).length;
  await stage.clock.advance(100);

  assert.deepEqual([ref.isAlive, heard, before, lost(stage).length], [false, [], 0, 0]);
});

testOnce("timers: ten thousand periods of virtual time drift by nothing", async (t) => {
  const stage = await Stage.open(t);
  const { heard, ref } = listener(stage);
  await inTurn(ref, ({ timers }) => timers.startPeriodic("k", note("tick"), 3));
  await stage.clock.advance(30_000);

  assert.equal(heard.length, 10_000);
});

// --- Stash ---

test("stash: what was set aside a few at a time, and again, keeps its order", async (t) => {
  const stage = await Stage.open(t);
  const heard: string[] = [];
  let may = 0;
  const ref = stage.system.spawn(
    puppet((message, context) => {
      if (message.type !== "note") return;
      if (message.text === "two") {
        may = 2;
        context.unstashAll();
      } else if (may > 0) {
        may--;
        heard.push(message.text);
      } else context.stash();
    }),
  );
  for (const text of ["a", "b", "c", "d", "e", "two"]) ref.tell(note(text));
  await settle();
  for (let n = 0; n < 2; n++) {
    ref.tell(note("two"));
    await settle();
  }

  assert.deepEqual(heard, ["a", "b", "c", "d", "e"]);
});

test("stash: one that is full refuses, and the actor lives if it catches that", async (t) => {
  const stage = await Stage.open(t);
  const codes: unknown[] = [];
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      try {
        context.stash();
      } catch (error) {
        codes.push((error as { readonly code?: string }).code);
      }
    }),
    { mailbox: { capacity: 3 } },
  );
  for (let n = 0; n < 5; n++) {
    ref.tell(note("m"));
    await settle();
  }

  assert.deepEqual([codes, ref.isAlive], [["ERR_STASH_FULL", "ERR_STASH_FULL"], true]);
});

test("stash: what was set aside before a crash is handled first by the next life, and what crashed is not", async (t) => {
  const heard: string[] = [];
  const { stage, ref } = await child(t, (text, context) =>
    context.incarnation === 1 ? context.stash() : heard.push(text),
  );
  for (const message of [note("a"), note("b"), CRASH, note("c")]) ref.tell(message);
  await settle();

  assert.deepEqual([heard, lost(stage)], [["a", "b", "c"], ["crash: crashed"]]);
});

test("stash: a message that is set aside in the turn that crashes is lost, and not handled twice", async (t) => {
  const heard: string[] = [];
  const { stage, ref } = await child(t, (text, context) => {
    heard.push(`${text}${context.incarnation}`);
    if (context.incarnation > 1) return;
    context.stash();
    throw new Error("crash");
  });
  ref.tell(note("a"));
  await settle();

  assert.deepEqual([heard, lost(stage)], [["a1"], ["a: crashed"]]);
});

test("stash: through ten restarts nothing is lost and nothing comes twice", async (t) => {
  const heard: string[] = [];
  const { ref } = await child(t, (text, context) => (context.incarnation < 11 ? context.stash() : heard.push(text)));
  for (let n = 0; n < 100; n++) {
    ref.tell(note(`${n}`));
    if (n % 10 === 9) ref.tell(CRASH);
  }
  for (let n = 0; n < 5; n++) await settle();

  assert.deepEqual(
    heard,
    Array.from({ length: 100 }, (_, n) => `${n}`),
  );
});

test("stash: that of a child that is terminated becomes dead letters, and questions in it are told", async (t) => {
  const { stage, ref } = await child(t, (_text, context) => context.stash());
  const asked = outcome(ref.ask(QUESTION));
  ref.tell(note("m"));
  await settle();
  await terminateChild(stage.sup, "child");

  assert.deepEqual([await asked, lost(stage).toSorted()], ["ERR_ACTOR_STOPPED", ["m: stopped", "question: stopped"]]);
});

test("stash: a message that is set aside and brought back twice in one turn comes once", async (t) => {
  const stage = await Stage.open(t);
  let times = 0;
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      if (++times > 1) return;
      for (let n = 0; n < 2; n++) context.stash();
      for (let n = 0; n < 2; n++) context.unstashAll();
    }),
  );
  ref.tell(note("m"));
  await settle();

  assert.equal(times, 2);
});

test("stash: outside of a turn and of a signal it is nothing, after the end it throws", async (t) => {
  const stage = await Stage.open(t);
  let kept: ActorContext<Told> | undefined;
  const ref = stage.system.spawn(
    puppet(undefined, {
      preStart: (context) => {
        kept = context;
        context.stash();
      },
      handleSignal: (_signal, context) => {
        context.stash();
        context.unstashAll();
      },
    }),
  );
  const other = stage.system.spawn(puppet());
  await inTurn(ref, (context) => context.monitor(other));
  stage.system.kill(other);
  await settle();
  assert.equal(ref.isAlive, true);

  stage.system.kill(ref);
  await settle();
  assert.throws(() => kept?.stash(), StaleContextError);
  assert.throws(() => kept?.unstashAll(), StaleContextError);
});

test("stash: to bring it back into a full mailbox drops nothing", async (t) => {
  const stage = await Stage.open(t);
  const heard: string[] = [];
  let isOpen = false;
  const ref = stage.system.spawn(
    puppet((message, context) => {
      if (message.type !== "note") return;
      if (message.text === "open") {
        isOpen = true;
        context.unstashAll();
      } else if (isOpen) heard.push(message.text);
      else context.stash();
    }),
    { mailbox: { capacity: 3, overflow: "drop_oldest" } },
  );
  for (const text of ["a", "b", "c"]) {
    ref.tell(note(text));
    await settle();
  }
  for (const text of ["open", "d", "e"]) ref.tell(note(text));
  await settle();

  assert.deepEqual([heard, lost(stage)], [["a", "b", "c", "d", "e"], []]);
});
