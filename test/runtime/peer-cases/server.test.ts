/** What OTP's suites of gen_server, gen_statem (postpone) and proc_lib ask of a server, asked of an actor. */
import assert from "node:assert/strict";
import {
  Actor,
  type ActorRef,
  type ActorStoppedError,
  become,
  crashed,
  defineActor,
  type Handlers,
  IGNORE,
  type NameTakenError,
  SHUTDOWN,
  shutdown,
  startChild,
  whichChildren,
} from "airssys-rt";
import { gate } from "../guarantees/actors.ts";
import { rejection, Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { CRASH, deaths, inTurn, lost, note, outcome, puppet, QUESTION, type Told, watcher } from "./puppet.ts";

test("gen_server: a name is taken once, whose it is is said, and it is free after the stop", async (t) => {
  const stage = await Stage.open(t);
  const first = stage.system.spawn(
    puppet((_message, context) => context.reply("ok")),
    { name: "me" },
  );

  assert.equal(await first.ask(QUESTION), "ok");
  assert.throws(
    () => stage.system.spawn(puppet(), { name: "me" }),
    (error: NameTakenError) => error.code === "ERR_NAME_TAKEN" && error.holder === first.id,
  );
  stage.system.exit(first, SHUTDOWN);
  await settle();
  assert.equal(stage.system.whereis("me"), undefined);
  assert.equal(await outcome(first.ask(QUESTION)), "ERR_ACTOR_STOPPED");
  assert.ok(stage.system.spawn(puppet(), { name: "me" }).isAlive);
});

test("gen_server: a start that ignores or throws starts nothing and frees its name", async (t) => {
  const stage = await Stage.open(t);
  const ignored = stage.system.spawn(() => IGNORE, { name: "n" });
  const failed = stage.system.spawn(
    () => {
      throw new Error("no");
    },
    { name: "m" },
  );
  await settle();

  assert.deepEqual([ignored.isAlive, failed.isAlive], [false, false]);
  for (const name of ["n", "m"]) {
    assert.equal(stage.system.whereis(name), undefined);
    assert.ok(stage.system.spawn(puppet(), { name }).isAlive);
  }
});

test("gen_server: a start that takes too long is given up, and cannot come to life later", async (t) => {
  const stage = await stageWith(t, { children: [] });
  let wake: (actor: Actor<Told>) => void = () => {};
  const slow = new Promise<Actor<Told>>((resolve) => {
    wake = resolve;
  });
  const starting = rejection(startChild(stage.sup, { id: "sleepy", startTimeoutMs: 20, start: () => slow }));
  await stage.clock.advance(20);

  assert.equal(((await starting) as ActorStoppedError).code, "ERR_START_FAILED");
  const before = stage.system.health.peek().actors;
  wake(
    new (class extends Actor<Told> {
      override handleMessage(): void {}
    })(),
  );
  await settle();
  assert.deepEqual([await whichChildren(stage.sup), stage.system.health.peek().actors], [[], before]);
});

test("gen_server: to stop what has stopped, with whatever reason, changes nothing of how it ended", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  await settle();
  stage.system.exit(ref, crashed("first"));
  await settle();
  stage.system.exit(ref, SHUTDOWN);
  stage.system.kill(ref);
  await settle();

  assert.deepEqual(deaths(stage, ref), ["crashed"]);
});

test("gen_server: what is no exit reason is refused, and the actor lives", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet((_message, context) => context.reply(1)));

  for (const bad of [undefined, null, "normal", {}, { kind: "x" }, 5])
    assert.throws(() => stage.system.exit(ref, bad as never), { code: "ERR_INVALID_ARGUMENT" });
  assert.equal(await ref.ask(QUESTION), 1);
});

for (const [how, answer, kind] of [
  ["exits with a shutdown of its own", "ERR_NO_REPLY", "shutdown"],
  ["replies and then exits", "bye", "shutdown"],
  ["stops", "ERR_NO_REPLY", "normal"],
] as const) {
  test(`gen_server: an actor that ${how} makes no crash report, and whoever asked is told`, async (t) => {
    const stage = await Stage.open(t);
    const ref = stage.system.spawn(
      puppet((_message, context) => {
        if (answer === "bye") context.reply(answer);
        if (kind === "normal") context.stop();
        else context.exit(shutdown("why"));
      }),
    );
    const asked = outcome(ref.ask(QUESTION));
    await settle();

    assert.ok([answer, answer === "bye" ? answer : "ERR_ACTOR_STOPPED"].includes((await asked) as never));
    assert.deepEqual([deaths(stage, ref), stage.eventsOf("crashed")], [[kind], []]);
  });
}

test("gen_server: a crash report has the message and the true stack, and so has who asked", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(
    puppet(function crashHere() {
      throw new Error("crashed");
    }),
  );
  const error = (await rejection(ref.ask(QUESTION))) as ActorStoppedError;
  const [report] = stage.eventsOf("crashed");

  assert.equal(report?.envelope?.message, QUESTION);
  assert.equal(error.cause, report?.reason.cause);
  assert.match((error.cause as Error).stack ?? "", /crashHere/);
});

test("gen_server: an answer that comes too late is a dead letter and harms nobody", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      const port = context.deferReply();
      context.clock.setTimer(() => port.reply("late"), 60);
    }),
  );
  const inTime = outcome(ref.ask(QUESTION, { timeoutMs: 2_000 }));
  const tooLate = outcome(ref.ask(QUESTION, { timeoutMs: 5 }));
  await stage.clock.advance(100);

  assert.deepEqual([await inTime, await tooLate], ["late", "ERR_ASK_TIMEOUT"]);
  assert.deepEqual([lost(stage), ref.isAlive], [["question: late_reply"], true]);
});

test("gen_server: what is sent to the dead and to nobody harms nobody", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  stage.system.kill(ref);
  await settle();

  assert.deepEqual([ref.tell(note("a")), stage.system.router.direct("nobody", note("b"))], [false, false]);
  assert.deepEqual(lost(stage), ["a: stopped", "b: no_recipient"]);
});

testOnce("gen_server: 100,000 messages in a row arrive in order, each once", async (t) => {
  const stage = await Stage.open(t);
  let next = 0;
  const ref = stage.system.spawn(
    puppet((message) => void (message.type === "question" && message.n === next && next++)),
    { mailbox: { capacity: Number.POSITIVE_INFINITY } },
  );
  for (let n = 0; n < 100_000; n++) ref.tell({ type: "question", n });

  assert.equal(await inTurn(ref, () => next), 100_000);
});

test("gen_server: a message that no handler is for ends a functional actor, also one named like what every object has", async (t) => {
  const stage = await Stage.open(t);
  for (const type of ["unknown", "toString", "constructor", "__proto__", "hasOwnProperty", "valueOf"]) {
    const ref = stage.system.spawn(
      defineActor<{ readonly type: "known" }, number>({ init: () => 0, handlers: { known: (n) => n } }),
    ) as unknown as ActorRef<Told>;
    const error = (await rejection(ref.ask({ type } as never))) as ActorStoppedError;

    assert.equal((error.cause as { readonly code?: string }).code, "ERR_UNHANDLED_MESSAGE", type);
    assert.equal(ref.isAlive, false);
  }
});

test("gen_server: a question is answered once, whoever tries again is told", async (t) => {
  const stage = await Stage.open(t);
  const codes: string[] = [];
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      codes.push((error as ActorStoppedError).code);
    }
  };
  const ref = stage.system.spawn(
    puppet((_message, context) => {
      const port = context.deferReply();
      context.reply(1);
      attempt(() => port.reply(2));
      attempt(() => port.fail(3));
    }),
  );

  assert.equal(await ref.ask(QUESTION), 1);
  assert.deepEqual(codes, ["ERR_ALREADY_REPLIED", "ERR_ALREADY_REPLIED"]);
});

test("gen_server: of a hundred that are asked and of which half are dead, each answer is its own", async (t) => {
  const stage = await Stage.open(t);
  const refs = Array.from({ length: 100 }, (_, n) => stage.system.spawn(puppet((_m, context) => context.reply(n))));
  for (const ref of refs.filter((_, n) => n % 2 === 1)) stage.system.kill(ref);
  const answers = await Promise.all(refs.map((ref) => outcome(ref.ask(QUESTION))));

  assert.deepEqual(
    answers,
    refs.map((_, n) => (n % 2 === 1 ? "ERR_ACTOR_STOPPED" : n)),
  );
});

test("gen_server: a start that looks up its own name finds itself", async (t) => {
  const stage = await Stage.open(t);
  const seen: unknown[] = [];
  const preStart = (context: { whereis(name: string): unknown; self: unknown }): void => {
    seen.push(context.whereis("me") === context.self);
  };
  stage.system.spawn(puppet(undefined, { preStart }), { name: "me" });
  await settle();

  assert.deepEqual(seen, [true]);
});

// --- Postponing ---

type Door = { readonly type: "knock"; readonly n: number } | { readonly type: "lock" } | { readonly type: "unlock" };

test("gen_statem: what was postponed comes again after the change of state, in order, before what is new", async (t) => {
  const stage = await Stage.open(t);
  const seen: number[] = [];
  const open: Handlers<Door, number> = {
    knock: (_state, { n }) => void seen.push(n),
    lock: () => become(locked),
    unlock: () => undefined,
  };
  const locked: Handlers<Door, number> = {
    knock: (_state, _message, context) => context.stash(),
    lock: () => undefined,
    unlock: (_state, _message, context) => {
      context.unstashAll();
      return become(open);
    },
  };
  const ref = stage.system.spawn(defineActor<Door, number>({ init: () => 0, handlers: locked }));
  const knock = (n: number): void => void ref.tell({ type: "knock", n });
  knock(1);
  knock(2);
  ref.tell({ type: "unlock" });
  knock(3);
  ref.tell({ type: "lock" });
  knock(4);
  ref.tell({ type: "unlock" });
  await settle();

  assert.deepEqual(seen, [1, 2, 3, 4]);
});

test("gen_statem: what is postponed again in the next state keeps its place", async (t) => {
  const stage = await Stage.open(t);
  const seen: string[] = [];
  let state = 0;
  const ref = stage.system.spawn(
    puppet((message, context) => {
      if (message.type !== "note") return;
      if (message.text === "next") {
        state++;
        context.unstashAll();
      } else if (Number(message.text.slice(1)) > state) context.stash();
      else seen.push(message.text);
    }),
  );
  for (const text of ["x2", "y1", "z2", "w1", "next", "next"]) ref.tell(note(text));
  await settle();

  assert.deepEqual(seen, ["y1", "w1", "x2", "z2"]);
});

test("gen_statem: a question that is postponed is answered later, and its time runs meanwhile", async (t) => {
  const stage = await Stage.open(t);
  let isReady = false;
  const ref = stage.system.spawn(
    puppet((message, context) => {
      if (message.type === "note") {
        isReady = true;
        context.unstashAll();
      } else if (isReady) context.reply("yes");
      else context.stash();
    }),
  );
  const patient = outcome(ref.ask(QUESTION, { timeoutMs: 5_000 }));
  const hasty = outcome(ref.ask(QUESTION, { timeoutMs: 10 }));
  await stage.clock.advance(10);
  ref.tell(note("ready"));

  assert.deepEqual([await hasty, await patient], ["ERR_ASK_TIMEOUT", "yes"]);
});

// --- Starts ---

test("proc_lib: a crash in the start of a spawned actor is told to its parent as crashed in init", async (t) => {
  const stage = await Stage.open(t);
  const { signals, start } = watcher();
  const parent = stage.system.spawn(start);
  await inTurn(parent, (context) => {
    context.spawn(() => {
      throw new Error("init");
    });
  });
  await settle();

  const [signal] = signals;
  assert.ok(signal?.type === "exit" && signal.reason.kind === "crashed");
  assert.equal(signal.reason.where, "init");
});

test("proc_lib: a parent that is killed while its child starts leaves nothing behind", async (t) => {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  let stops = 0;
  class Late extends Actor<Told> {
    override handleMessage(): void {}
    override postStop(): void {
      stops++;
    }
  }
  const before = stage.system.health.peek().actors;
  const parent = stage.system.spawn(puppet());
  await inTurn(parent, (context) => void context.spawn(() => opened.then(() => new Late())));
  await settle();
  stage.system.kill(parent);
  await settle();
  open();
  await settle();

  assert.deepEqual([stage.system.health.peek().actors, stops], [before, 0]);
});

test("proc_lib: a crash in a turn that was asked by nobody is told to no sender", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  const sender = stage.system.spawn(puppet());
  await inTurn(sender, () => ref.tell(CRASH));
  await settle();

  assert.deepEqual([ref.isAlive, sender.isAlive], [false, true]);
});

testOnce(
  "gen_server: an ask out of an actor with 100,000 messages waiting costs about as much as with none",
  async (t) => {
    const stage = await Stage.open(t);
    const asked = stage.system.spawn(puppet((_message, context) => context.reply(1)));
    const costOfAsks = async (waiting: number): Promise<number> => {
      const { opened, open } = gate();
      let cost: number | undefined;
      const run = async (): Promise<void> => {
        await opened;
        const before = process.cpuUsage();
        for (let n = 0; n < 500; n++) await asked.ask(QUESTION);
        const { user, system } = process.cpuUsage(before);
        cost = user + system;
      };
      const asker = stage.system.spawn(puppet(), { mailbox: { capacity: Number.POSITIVE_INFINITY } });
      asker.tell({ type: "run", run });
      for (let n = 0; n < waiting; n++) asker.tell(note("waits"));
      open();
      while (cost === undefined) await settle();
      return cost;
    };
    await costOfAsks(0);
    const few = await costOfAsks(0);
    const many = await costOfAsks(100_000);

    assert.ok(many < few * 10 + 20_000, `${few} µs of the processor against ${many} µs`);
  },
);
