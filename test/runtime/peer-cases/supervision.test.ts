/** What Pekko's suites of supervision, life cycle and death watch, ractor's and kameo's of supervisors ask, and what happens when several of these meet. */
import assert from "node:assert/strict";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  type AnyActorRef,
  type AnyChildSpec,
  countChildren,
  crashed,
  deleteChild,
  type Monitor,
  NORMAL,
  restartChild,
  type Signal,
  type Start,
  type SupervisorRequestError,
  startChild,
  startInstance,
  supervisor,
  terminateChild,
  updateSpec,
  whichChildren,
} from "airssys-rt";
import { gate } from "../guarantees/actors.ts";
import { rejection, Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { CRASH, deaths, inTurn, note, outcome, puppet, QUESTION, type Told, watcher } from "./puppet.ts";

/** A child that does what it is told. */
const child = (id: string, start: AnyChildSpec["start"] = puppet(), more: Partial<AnyChildSpec> = {}): AnyChildSpec =>
  ({ id, start, ...more }) as AnyChildSpec;

/** The actor at that path below the supervisor under test. */
function at(stage: Stage, path: string): ActorRef<Told> {
  const ref = stage.system.whereis<Told>(`sup/${path}`);
  assert.ok(ref, `there is an actor ${path}`);
  return ref;
}

/** What a start function gives. */
const made = (start: Start<Told> = puppet()): Actor<Told> => (start as () => Actor<Told>)();

/** A start function that waits first. */
const after = (wait: () => Promise<void> | undefined) => async (): Promise<Actor<Told>> => {
  await wait();
  return made();
};

const incarnations = (stage: Stage, ...ids: string[]): number[] => ids.map((id) => at(stage, id).incarnation);

for (const pauseMs of [0, 2_100]) {
  test(`supervision: the crash beyond the limit, ${pauseMs} ms after the last, ${pauseMs > 0 ? "is one of a new window" : "ends the supervisor"}`, async (t) => {
    const stage = await stageWith(t, { maxRestarts: 2, maxRestartPeriodMs: 2_000, children: [child("w")] });
    const ref = at(stage, "w");
    for (let n = 0; n < 2; n++) {
      ref.tell(CRASH);
      await stage.clock.advance(1);
    }
    await stage.clock.advance(pauseMs);
    ref.tell(CRASH);
    await settle();

    assert.deepEqual([stage.sup.isAlive, ref.isAlive], [pauseMs > 0, pauseMs > 0]);
  });
}

test("supervision: messages wait while starts fail, and are handled in their order when one succeeds", async (t) => {
  let failures = 0;
  const heard: string[] = [];
  const start = (): Actor<Told> => {
    if (failures-- > 0) throw new Error("no start");
    return made(puppet((message) => void (message.type === "note" && heard.push(message.text))));
  };
  const stage = await stageWith(t, {
    maxRestarts: 50,
    children: [child("w", start, { backoff: { minMs: 2, maxMs: 2 } })],
  });
  const ref = at(stage, "w");
  failures = 3;
  ref.tell(CRASH);
  for (let n = 0; n < 5; n++) ref.tell(note(`${n}`));
  await stage.clock.advance(3);
  assert.deepEqual(heard, []);
  for (let n = 5; n < 10; n++) ref.tell(note(`${n}`));
  await stage.clock.advance(100);

  assert.deepEqual(
    heard,
    Array.from({ length: 10 }, (_, n) => `${n}`),
  );
});

test("supervision: the children of one that crashed are gone before its next life begins, however slow they are", async (t) => {
  const log: string[] = [];
  let stage: Stage | undefined;
  const postStop = async (): Promise<void> => {
    await stage?.wait(20);
    log.push("child gone");
  };
  const preStart = (context: ActorContext<Told>): void => {
    log.push(`start ${context.incarnation}`);
    context.spawn(puppet(undefined, { postStop }));
  };
  stage = await stageWith(t, { maxRestarts: 5, children: [child("w", puppet(undefined, { preStart }))] });
  await settle();
  at(stage, "w").tell(CRASH);
  await stage.clock.advance(19);
  assert.deepEqual(log, ["start 1"]);
  await stage.clock.advance(1);

  assert.deepEqual(log, ["start 1", "child gone", "start 2"]);
  stage.system.kill(stage.sup);
  await settle();
});

test(
  "supervision: a start that spawns children and then fails leaves none of them",
  async (t) => {
    const stage = await stageWith(t, { children: [] });
    const preStart = (context: ActorContext<Told>): void => {
      for (let n = 0; n < 5; n++) context.spawn(puppet());
      throw new Error("no start");
    };
    for (let n = 0; n < 20; n++)
      await rejection(startChild(stage.sup, child("w", puppet(undefined, { preStart }), { restart: "temporary" })));
    await settle();

    assert.equal(stage.system.health.check().actors, 2);
    assert.deepEqual(await whichChildren(stage.sup), []);
  },
  "it counts every actor of the system",
);

test("supervision: a stack overflow is a crash like any other", async (t) => {
  const start = puppet((message, context) => {
    const deep = (): number => deep() + 1;
    if (message.type === "note") deep();
    else context.reply(context.incarnation);
  });
  const stage = await stageWith(t, { maxRestarts: 5, children: [child("w", start)] });
  at(stage, "w").tell(note("deep"));

  assert.equal(await at(stage, "w").ask(QUESTION), 2);
});

test("supervision: an asynchronous postStop of one life has ended before the preStart of the next begins", async (t) => {
  const log: string[] = [];
  let stage: Stage | undefined;
  const callbacks = {
    preStart: ({ incarnation }: ActorContext<Told>): void => void log.push(`pre${incarnation}`),
    postStop: async ({ incarnation }: ActorContext<Told>): Promise<void> => {
      await stage?.wait(5);
      log.push(`post${incarnation}`);
    },
  };
  stage = await stageWith(t, { maxRestarts: 5, children: [child("w", puppet(undefined, callbacks))] });
  for (let n = 0; n < 3; n++) {
    at(stage, "w").tell(CRASH);
    await stage.clock.advance(5);
  }

  assert.deepEqual(log, ["pre1", "post1", "pre2", "post2", "pre3", "post3", "pre4"]);
});

test("supervision: to watch an actor twice gives two downs, each of its own monitor", async (t) => {
  const stage = await Stage.open(t);
  const heard: Monitor[] = [];
  const handleSignal = (signal: Signal): void => void (signal.type === "down" && heard.push(signal.monitor));
  const by = stage.system.spawn(puppet(undefined, { handleSignal }));
  const other = stage.system.spawn(puppet());
  const monitors = await inTurn(by, (context) => [context.monitor(other), context.monitor(other)]);
  stage.system.kill(other);
  await settle();

  assert.deepEqual(heard, monitors);
  assert.notEqual(monitors[0], monitors[1]);
});

test("supervision: a watcher without a handler of signals is not ended by them", async (t) => {
  const stage = await Stage.open(t);
  const [by, other] = [stage.system.spawn(puppet()), stage.system.spawn(puppet())];
  await inTurn(by, (context) => context.monitor(other));
  stage.system.kill(other);
  await settle();

  assert.deepEqual([by.isAlive, other.isAlive], [true, false]);
});

test("supervision: a parent that traps hears of its child's failure, with whose it was and the error itself", async (t) => {
  const stage = await Stage.open(t);
  const { signals, start } = watcher();
  const boom = new Error("boom");
  const parent = stage.system.spawn(start);
  const failing = puppet(() => {
    throw boom;
  });
  const ref = await inTurn(parent, (context) => context.spawn(failing, { id: "child" }));
  ref.tell(note("go"));
  await settle();

  assert.deepEqual(
    signals.map(({ from, reason }) => [from, (reason as { readonly cause?: unknown }).cause]),
    [[ref, boom]],
  );
});

test("supervision: the id of a child is taken until its end was heard, and free then", async (t) => {
  const stage = await Stage.open(t);
  const again: AnyActorRef[] = [];
  const parent = stage.system.spawn(
    puppet(undefined, {
      preStart: (context) => context.trapExit(true),
      handleSignal: (_signal, context) => void again.push(context.spawn(puppet(), { id: "a" })),
    }),
  );
  const ref = await inTurn(parent, (context) => {
    const first = context.spawn(puppet(), { id: "a" });
    assert.throws(() => context.spawn(puppet(), { id: "a" }), { code: "ERR_NAME_TAKEN" });
    return first;
  });
  stage.system.kill(ref);
  await settle();

  assert.deepEqual([again.length, again[0]?.id, again[0]?.isAlive], [1, ref.id, true]);
});

test("supervision: the context of a life that has ended can do nothing, whatever it tries", async (t) => {
  const stage = await stageWith(t, { maxRestarts: 5, children: [child("w")] });
  const ref = at(stage, "w");
  const old = await inTurn(ref, (context) => context);
  stage.system.kill(ref);
  await settle();
  const tries: Readonly<Record<string, () => unknown>> = {
    spawn: () => old.spawn(puppet()),
    stop: () => old.stop(),
    exit: () => old.exit(NORMAL),
    kill: () => old.kill(ref),
    link: () => old.link(ref),
    monitor: () => old.monitor(ref),
    trapExit: () => old.trapExit(true),
    startOnce: () => old.timers.startOnce("k", note("late"), 1),
    reply: () => old.reply(1),
    pipeToSelf: () => old.pipeToSelf(Promise.resolve(), () => note("late")),
    unstashAll: () => old.unstashAll(),
  };

  for (const [what, act] of Object.entries(tries)) assert.throws(act, { code: "ERR_STALE_CONTEXT" }, what);
  assert.deepEqual([old.signal.aborted, ref.isAlive, ref.incarnation], [true, true, 2]);
});

const BACKOFF = { backoff: { minMs: 2, maxMs: 2 } } as const;

test("supervision: a child that restarts when its spec is replaced starts from the new one, and meanwhile from none", async (t) => {
  const attempts: string[] = [];
  const version = (name: string) => (): Actor<Told> => {
    attempts.push(name);
    if (name === "old" && attempts.length > 1) throw new Error("the old one does not start again");
    return made();
  };
  const spec = (name: string) => ({ maxRestarts: 1_000, children: [child("w", version(name), BACKOFF)] });
  const stage = await stageWith(t, spec("old"));
  at(stage, "w").tell(CRASH);
  await stage.clock.advance(10);
  const before = attempts.length;
  await updateSpec(stage.sup, spec("new"));
  await stage.clock.advance(10);

  assert.ok(before > 3, `${before} attempts`);
  assert.deepEqual([attempts.slice(before), at(stage, "w").isAlive], [["new"], true]);
  assert.deepEqual(await stage.children(), ["w:running"]);
});

test("supervision: a child that is taken out of the spec while it restarts goes on", async (t) => {
  let [fails, starts] = [true, 0];
  const start = (): Actor<Told> => {
    if (starts++ > 0 && fails) throw new Error("no start");
    return made();
  };
  const stage = await stageWith(t, { maxRestarts: 1_000, children: [child("w", start, BACKOFF)] });
  at(stage, "w").tell(CRASH);
  await stage.clock.advance(5);
  await updateSpec(stage.sup, { maxRestarts: 1_000, children: [] });
  fails = false;
  await stage.clock.advance(10);

  assert.deepEqual([at(stage, "w").isAlive, await stage.children()], [true, ["w:running"]]);
});

test("supervision: a limit that is lowered below what is in the window gives up at the next crash, not before", async (t) => {
  const spec = (maxRestarts: number) => ({ maxRestarts, maxRestartPeriodMs: 60_000, children: [child("w")] });
  const stage = await stageWith(t, spec(10));
  const ref = at(stage, "w");
  for (let n = 0; n < 5; n++) {
    ref.tell(CRASH);
    await settle();
  }
  await updateSpec(stage.sup, spec(2));
  await settle();
  assert.deepEqual([stage.sup.isAlive, ref.incarnation], [true, 6]);
  ref.tell(CRASH);
  await settle();

  assert.equal(stage.sup.isAlive, false);
});

test("supervision: requests to a supervisor that is ended meanwhile are all refused, and none hangs", async (t) => {
  const { opened, open } = gate();
  const inner = { ...child("inner", supervisor({ children: [] })), shutdown: 50 } as AnyChildSpec;
  const stage = await stageWith(t, { children: [inner] });
  const to = at(stage, "inner");
  const start = after(() => opened);
  const requests = [
    startChild(to, child("slow", start)),
    whichChildren(to),
    countChildren(to),
    terminateChild(to, "slow"),
    updateSpec(to, { children: [] }),
  ].map(outcome);
  await settle();
  const ended = terminateChild(stage.sup, "inner");
  await stage.clock.advance(50);
  await ended;
  open();
  await settle();

  assert.deepEqual(
    await Promise.all(requests),
    requests.map(() => "ERR_SUPERVISOR_REQUEST"),
  );
  assert.equal(to.isAlive, false);
});

test("supervision: of ten that start a child of one id at once, one succeeds and the others are told who is there", async (t) => {
  let stage: Stage | undefined;
  stage = await stageWith(t, { children: [] });
  const { sup } = stage;
  const start = after(() => stage?.wait(1));
  const starts = Promise.allSettled(Array.from({ length: 10 }, () => startChild(sup, child("one", start))));
  for (let n = 0; n < 5; n++) await stage.clock.advance(1);
  const ended = await starts;

  const refused = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as SupervisorRequestError] : []));
  assert.equal(refused.length, 9);
  for (const { refusal, ref } of refused) assert.deepEqual([refusal, ref], ["already_started", at(stage, "one")]);
});

test(
  "supervision: a child that crashes, is terminated, restarted, deleted and started at once leaves a whole tree",
  async (t) => {
    const stage = await stageWith(t, { maxRestarts: 100_000, children: [child("w")] });
    const { sup, system } = stage;
    for (let n = 0; n < 50; n++) {
      system.whereis<Told>("sup/w")?.tell(CRASH);
      const requests = [terminateChild(sup, "w"), restartChild(sup, "w"), startChild(sup, child("w"))];
      if (n % 7 === 0) requests.push(deleteChild(sup, "w"));
      await Promise.allSettled(requests);
    }
    await outcome(terminateChild(sup, "w"));
    await outcome(deleteChild(sup, "w"));

    assert.deepEqual([await whichChildren(sup), system.health.check().actors], [[], 2]);
  },
  "it counts every actor of the system",
);

test("supervision: one_for_all with a child whose postStop never ends: its limit holds, and the group comes back", async (t) => {
  const stuck = puppet(undefined, { postStop: () => new Promise<void>(() => {}) });
  const stage = await stageWith(t, {
    strategy: "one_for_all",
    maxRestarts: 5,
    children: [child("a", stuck, { shutdown: 30 }), child("b")],
  });
  at(stage, "b").tell(CRASH);
  await stage.clock.advance(29);
  assert.deepEqual(incarnations(stage, "a", "b"), [1, 1]);
  await stage.clock.advance(1);

  assert.deepEqual(incarnations(stage, "a", "b"), [2, 2]);
  assert.deepEqual(deaths(stage, at(stage, "a")), ["killed"]);
});

test("supervision: rest_for_one, whose first child crashes again and again while the later ones come back, is whole in the end", async (t) => {
  let stage: Stage | undefined;
  const start = after(() => stage?.wait(3));
  stage = await stageWith(t, {
    strategy: "rest_for_one",
    maxRestarts: 50,
    children: [child("a"), child("b", start), child("c", start)],
  });
  for (let n = 0; n < 5; n++) {
    at(stage, "a").tell(CRASH);
    await stage.clock.advance(4);
  }
  await stage.clock.advance(100);

  assert.deepEqual(await stage.children(), ["c:running", "b:running", "a:running"]);
  assert.equal(at(stage, "a").incarnation, 6);
});

test(
  "supervision: a supervisor that is killed while its child starts slowly has one child in the end, never two",
  async (t) => {
    let [living, most] = [0, 0];
    let stage: Stage | undefined;
    const preStart = async (): Promise<void> => {
      living++;
      most = Math.max(most, living);
      await stage?.wait(5);
    };
    const inner = supervisor({
      children: [child("w", puppet(undefined, { preStart }), { name: "only" })],
    });
    stage = await stageWith(t, { maxRestarts: 1_000, children: [child("inner", inner)] });
    const { system } = stage;
    for (let n = 0; n < 10; n++) {
      system.kill(at(stage, "inner"));
      await stage.clock.advance(3);
    }
    await stage.clock.advance(30);

    assert.ok(most > 1, "lives were cut off while they began");
    assert.equal(at(stage, "inner/w").isAlive, true);
    assert.equal(system.whereis("only"), at(stage, "inner/w"));
    assert.deepEqual([(await countChildren(at(stage, "inner"))).active, system.health.check().actors], [1, 4]);
  },
  "it counts every actor of the system",
);

test("supervision: a significant child that ends while another is restarted takes its supervisor along, in order", async (t) => {
  let stage: Stage | undefined;
  const slow = after(() => stage?.wait(5));
  const significant = { restart: "transient", significant: true } as const;
  stage = await stageWith(t, {
    maxRestarts: 5,
    autoShutdown: "any_significant",
    children: [
      child(
        "sig",
        puppet((_message, context) => context.stop()),
        significant,
      ),
      child("w", slow),
    ],
  });
  at(stage, "w").tell(CRASH);
  at(stage, "sig").tell(note("end"));
  await stage.clock.advance(20);

  assert.deepEqual([stage.sup.isAlive, deaths(stage, stage.sup)], [false, ["shutdown"]]);
});

testOnce("supervision: 2,000 instances of one child that crash at once all come back", async (t) => {
  const stage = await stageWith(t, {
    strategy: "simple_one_for_one",
    maxRestarts: 10_000,
    maxRestartPeriodMs: 1_000,
    children: [child("w")],
  });
  const refs = await Promise.all(Array.from({ length: 2_000 }, () => startInstance<Start<Told>>(stage.sup)));
  for (const ref of refs) ref?.tell(CRASH);
  for (let n = 0; n < 100; n++) await settle();

  assert.ok(refs.every((ref) => ref?.isAlive === true && ref.incarnation === 2));
  assert.equal((await countChildren(stage.sup)).active, 2_000);
});

test("supervision: a child that is ended by the child of another is restarted, and who did it is not", async (t) => {
  const stage = await stageWith(t, { maxRestarts: 5, children: [child("a"), child("b")] });
  await inTurn(at(stage, "a"), (context) => context.exit(at(stage, "b"), crashed("meant")));
  await settle();

  assert.deepEqual(incarnations(stage, "a", "b"), [1, 2]);
});

test("supervision: an actor that is linked to its supervisor's supervisor and ends does not end that", async (t) => {
  const inner = supervisor({ maxRestarts: 5, children: [child("w")] });
  const stage = await stageWith(t, { maxRestarts: 5, children: [child("inner", inner)] });
  const ref = at(stage, "inner/w");
  const linkAndCrash: Told = {
    type: "run",
    run: (context) => {
      context.link(stage.sup);
      throw new Error("told to crash");
    },
  };
  ref.tell(linkAndCrash);
  await settle();
  await inTurn(ref, (context) => context.link(stage.sup));
  stage.system.kill(ref);
  await settle();

  assert.deepEqual([stage.sup.isAlive, at(stage, "inner").incarnation, ref.incarnation], [true, 1, 3]);
});

test("supervision: the ref of a temporary child that has ended does not reach the next one of its id", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const temporary = { restart: "temporary" } as const;
  const old = await startChild<Told>(stage.sup, child("w", puppet(), temporary));
  await terminateChild(stage.sup, "w");
  const start = puppet((_message, context) => context.reply("new"));
  const fresh = await startChild<Told>(stage.sup, child("w", start, temporary));

  assert.equal(old?.tell(note("m")), false);
  assert.equal(await fresh?.ask(QUESTION), "new");
});

for (const callback of ["postStop", "handleSignal"] as const) {
  test(`supervision: an actor whose ${callback} cannot be read, as of a strict mock, lives, crashes where it is needed, and comes back`, async (t) => {
    const start = (): Actor<Told> => {
      class Mocked extends Actor<Told> {
        override handleMessage(message: Told, context: ActorContext<Told>): void {
          if (message.type === "run") message.run(context);
          else if (message.type === "note") context.stop();
          else context.reply(context.incarnation);
        }
      }
      return Object.defineProperty(new Mocked(), callback, {
        get() {
          throw new Error("not mocked");
        },
      });
    };
    const stage = await stageWith(t, { maxRestarts: 9, children: [child("w", start)] });
    const other = stage.system.spawn(puppet());
    await inTurn(at(stage, "w"), (context) => context.monitor(other));
    if (callback === "postStop") at(stage, "w").tell(note("stop"));
    else stage.system.kill(other);
    await settle();

    assert.equal(await at(stage, "w").ask(QUESTION), 2);
    const crashes = stage.eventsOf("crashed").map(({ reason }) => [reason.where, (reason.cause as Error).message]);
    assert.deepEqual(crashes, [[callback === "postStop" ? "terminate" : "signal", "not mocked"]]);
    await terminateChild(stage.sup, "w");
    assert.deepEqual(await stage.counts(), [1, 0, 0, 1]);
  });
}
