/** Signals, links, monitors, calls and the top: cases that OTP keeps outside the supervisor's suite. */
import assert from "node:assert/strict";
import {
  Actor,
  type ActorContext,
  ActorStoppedError,
  ActorSystem,
  AskTimeoutError,
  crashed,
  type ExitReason,
  type Monitor,
  type RuntimeEvent,
  SelfAskError,
  type Signal,
  startChild,
  terminateChild,
} from "airssys-rt";
import {
  causes,
  REASONS,
  rejection,
  Stage,
  settle,
  stageWith,
  supervisor,
  TestProcess,
  test,
  Worker,
  worker,
} from "./fixtures.ts";

const processes = (stage: Stage, ...ids: string[]): TestProcess[] => ids.map((id) => new TestProcess(stage, id));
const died = crashed("died");

test("otp/processes/unknown_exits_and_messages_do_not_harm_a_supervisor", async (t) => {
  const stage = await stageWith(t, { children: [worker("child")] });
  const [stranger] = processes(stage, "stranger") as [TestProcess];

  await stranger.run((context) => {
    context.link(stage.sup);
    context.exit(stage.sup, died);
  });
  await stranger.run((context) => context.exit(died));
  stage.system.whereis<{ type: string }>("sup")?.tell({ type: "what?" });
  stage.system.whereis<{ type: string }>("sup")?.tell({ type: "whichChildren" });
  await settle();

  assert.deepEqual(await stage.children(), ["child:running"]);
  assert.equal(stage.sup.incarnation, 1);
  assert.deepEqual(
    stage.eventsOf("unexpectedMessage").map(({ actor, message }) => [actor, message]),
    [
      [stage.sup, { type: "what?" }],
      [stage.sup, { type: "whichChildren" }],
    ],
  );
});

test("otp/processes/names_are_free_before_down", async (t) => {
  const stage = await Stage.open(t);
  const named = stage.system.spawn(() => new Worker(), { id: "first", name: "the name" });
  const outcomes: unknown[] = [];
  class Watcher extends Actor<never> {
    override preStart(context: ActorContext<never>): void {
      context.monitor(named);
    }
    override handleMessage(): void {}
    override handleSignal(signal: Signal, context: ActorContext<never>): void {
      outcomes.push(signal.type, context.whereis("the name"));
      outcomes.push(context.spawn(() => new Worker(), { id: "second", name: "the name" }));
    }
  }
  stage.system.spawn(() => new Watcher(), { id: "watcher" });
  await settle();

  await stage.end(named, died);

  assert.deepEqual(outcomes, ["down", undefined, stage.system.whereis("the name")]);
  assert.equal(stage.system.whereis("the name")?.isAlive, true);
});

test("otp/processes/monitors", async (t) => {
  const stage = await Stage.open(t);
  const [watcher, target] = processes(stage, "watcher", "target") as [TestProcess, TestProcess];
  const monitors = await watcher.run((context) => [1, 2, 3].map(() => context.monitor(target.ref)));
  assert.equal(new Set(monitors.map(({ monitorId }) => monitorId)).size, 3);

  await watcher.run((context) => context.demonitor(monitors[1] as Monitor));
  await target.run((context) => context.exit(died));
  assert.deepEqual(watcher.heard, ["down target crashed in exit: died", "down target crashed in exit: died"]);
  assert.deepEqual(
    watcher.signals.map((signal) => signal.type === "down" && signal.monitor),
    [monitors[0], monitors[2]],
  );

  watcher.signals.length = 0;
  await watcher.run((context) => void context.monitor(target.ref));
  assert.deepEqual(watcher.heard, ["down target noproc"]);

  watcher.signals.length = 0;
  await watcher.run((context) => context.demonitor(context.monitor(target.ref)));
  assert.deepEqual(watcher.heard, [], "demonitor flushes a down that waits");
});

test("otp/processes/links", async (t) => {
  const stage = await Stage.open(t);
  const [a, b, trapper, c] = processes(stage, "a", "b", "trapper", "c") as [
    TestProcess,
    TestProcess,
    TestProcess,
    TestProcess,
  ];
  await trapper.run((context) => {
    context.trapExit(true);
    for (let i = 0; i < 2; i++) context.link(a.ref);
    context.link(b.ref);
    context.link(c.ref);
    context.link(context.self);
  });
  await c.run((context) => context.link(b.ref));

  // One link per pair, in both directions, and none once it is undone.
  await trapper.run((context) => context.unlink(c.ref));
  await c.run((context) => context.link(trapper.ref));
  await a.run((context) => context.stop());
  assert.deepEqual(trapper.heard, ["exit a normal"]);
  assert.equal(b.ref.isAlive, true, "a normal exit ends nobody");

  await b.run((context) => context.exit(died));
  assert.equal(c.ref.isAlive, false, "an abnormal exit ends who does not trap");
  assert.equal(trapper.ref.isAlive, true);
  assert.deepEqual(trapper.heard, ["exit a normal", "exit b crashed in exit: died", "exit c crashed in exit: died"]);

  // A link to the dead answers with noproc.
  trapper.signals.length = 0;
  await trapper.run((context) => context.link(c.ref));
  assert.deepEqual(trapper.heard, ["exit c noproc"]);
});

test("otp/processes/exit_signals", async (t) => {
  const rows: [reason: ExitReason, traps: boolean, outcome: string][] = [
    [REASONS.normal, false, "lives"],
    [REASONS.normal, true, "exit sender normal"],
    [REASONS.shutdown, false, "shutdown"],
    [died, false, "crashed in exit: died"],
    [died, true, "exit sender crashed in exit: died"],
    [{ kind: "killed" }, false, "killed"],
    [{ kind: "killed" }, true, "exit sender killed"],
  ];
  const stage = await Stage.open(t);
  const [sender] = processes(stage, "sender") as [TestProcess];
  for (const [i, [reason, traps, outcome]] of rows.entries()) {
    const [target] = processes(stage, `target${i}`) as [TestProcess];
    await target.run((context) => context.trapExit(traps));
    await sender.run((context) => context.exit(target.ref, reason));
    const seen = stage.exitOf(target.ref) ?? target.heard[0] ?? "lives";
    assert.equal(seen, outcome);
  }
  const [self] = processes(stage, "self") as [TestProcess];
  await self.run((context) => context.exit(context.self, REASONS.normal));
  assert.equal(stage.exitOf(self.ref), "normal", "normal sent to itself ends an actor");
  const [trapping] = processes(stage, "trapping") as [TestProcess];
  await trapping.run((context) => {
    context.trapExit(true);
    context.exit(context.self, died);
  });
  assert.deepEqual(trapping.heard, ["exit trapping crashed in exit: died"]);
});

test("otp/processes/kill", async (t) => {
  const stage = await Stage.open(t);
  const [victim, partner, killer] = processes(stage, "victim", "partner", "killer") as TestProcess[] as [
    TestProcess,
    TestProcess,
    TestProcess,
  ];
  await victim.run((context) => context.trapExit(true));
  await partner.run((context) => {
    context.trapExit(true);
    context.link(victim.ref);
  });

  await killer.run((context) => context.kill(victim.ref));

  assert.equal(stage.exitOf(victim.ref), "killed", "a kill cannot be trapped");
  assert.deepEqual(partner.heard, ["exit victim killed"], "through a link it is an ordinary reason");
  assert.equal(partner.ref.isAlive, true);
});

test("otp/processes/signals_keep_their_order_from_one_sender", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  class Receiver extends Actor<{ readonly type: string }> {
    override preStart(context: ActorContext<{ readonly type: string }>): void {
      context.trapExit(true);
    }
    override handleMessage(message: { readonly type: string }): void {
      log.push(message.type);
    }
    override handleSignal(signal: Signal): void {
      log.push(signal.type);
    }
  }
  const receiver = stage.system.spawn(() => new Receiver(), { id: "receiver" });
  const [sender] = processes(stage, "sender") as [TestProcess];
  await settle();

  await sender.run((context) => {
    context.link(receiver);
    receiver.tell({ type: "m1" });
    context.exit(receiver, REASONS.normal);
    receiver.tell({ type: "m2" });
    context.exit(died);
    receiver.tell({ type: "m3" });
  });

  assert.deepEqual(log, ["m1", "exit", "m2", "m3", "exit"]);
});

test("otp/processes/call", async (t) => {
  const stage = await Stage.open(t);
  type Question = import("airssys-rt").Ask<{ readonly type: "answer" | "die" | "never" | "later" }, string>;
  class Server extends Actor<Question> {
    override handleMessage(question: Question, context: ActorContext<Question>): void | Promise<void> {
      switch (question.type) {
        case "answer":
          context.reply("42");
          return undefined;
        case "die":
          throw new Error("died");
        case "never":
          context.deferReply();
          return undefined;
        case "later": {
          const port = context.deferReply();
          stage.clock.setTimer(() => port.reply("too late"), 200);
          return undefined;
        }
      }
    }
  }
  const server = stage.system.spawn(() => new Server(), { id: "server" });
  assert.equal(await server.ask({ type: "answer" }), "42");

  const timedOut = rejection(server.ask({ type: "later" }, { timeoutMs: 100 }));
  await stage.clock.advance(100);
  assert.ok((await timedOut) instanceof AskTimeoutError);
  await stage.clock.advance(100);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ reason }) => reason),
    ["late_reply"],
    "a late reply reaches nobody's mailbox",
  );

  const usual = rejection(server.ask({ type: "never" }));
  await stage.clock.advance(4_999);
  await stage.clock.advance(1);
  const byDefault = await usual;
  assert.equal(byDefault instanceof AskTimeoutError && byDefault.timeoutMs, 5_000);

  const error = await rejection(server.ask({ type: "die" }));
  assert.ok(error instanceof ActorStoppedError);
  assert.equal(error.reason.kind, "crashed");
  const gone = await rejection(server.ask({ type: "answer" }));
  assert.ok(gone instanceof ActorStoppedError);
  assert.deepEqual(gone.undelivered, { type: "answer" });

  const [self] = processes(stage, "self") as [TestProcess];
  const asked = await self.run((context) => rejection(context.self.ask({ type: "run", script: () => 0 })));
  assert.ok(asked instanceof SelfAskError);
});

test("otp/processes/the_end_of_the_top_ends_the_system: the event systemStopped has the chain of reasons", async () => {
  const inner = supervisor({ maxRestarts: 0, children: [worker("child")] });
  const root = supervisor({ maxRestarts: 0, children: [worker("inner", { start: inner })] });
  const system = await ActorSystem.start({ name: "app", root, logger: false });
  const events: RuntimeEvent[] = [];
  system.subscribe((event) => events.push(event));

  system.whereis<{ type: "die" }>("inner/child")?.tell({ type: "die" });

  assert.deepEqual(await system.whenStopped, { kind: "shutdown" });
  const stopped = events.findLast((event) => event.type === "systemStopped");
  assert.ok(stopped?.type === "systemStopped" && stopped.reason.kind === "crashed");
  assert.deepEqual(
    causes(stopped.reason.cause).map(({ message }) => message),
    ["app gave up (shutdown)", "app/inner gave up (shutdown)", "died"],
  );
  assert.deepEqual(
    events.flatMap((event) => (event.type === "escalated" ? [event.supervisor.id] : [])),
    ["app/inner", "app"],
  );
});

test("otp/processes/children_of_an_actor_end_before_it: in order, with shutdown", async (t) => {
  const stage = await Stage.open(t);
  const [parent] = processes(stage, "parent") as [TestProcess];
  await parent.run((context) => {
    for (const id of ["a", "b", "c"]) context.spawn(() => new Worker(), { id });
  });

  await parent.run((context) => context.exit(died));

  const ends = stage.eventsOf("ended").map(({ actor, reason }) => `${actor.id} ${reason.kind}`);
  assert.deepEqual(ends, [
    "test/parent/c shutdown",
    "test/parent/b shutdown",
    "test/parent/a shutdown",
    "test/parent crashed",
  ]);
});

test("otp/processes/a_spawned_child_is_linked_to_its_parent", async (t) => {
  const stage = await Stage.open(t);
  const [parent, careful] = processes(stage, "parent", "careful") as [TestProcess, TestProcess];
  for (const process of [parent, careful]) {
    await process.run((context) => {
      context.trapExit(process === careful);
      context.spawn(() => new Worker(), { id: "child" });
    });
    await stage.end(stage.system.whereis(`${process === parent ? "parent" : "careful"}/child`) as never, died);
  }

  assert.equal(stage.exitOf(parent.ref), "crashed in exit: died");
  assert.deepEqual(careful.heard, ["exit child crashed in exit: died"]);
});

test("otp/processes/signals_do_not_outlive_the_incarnation_they_are_for", async (t) => {
  const log: string[] = [];
  interface Watch {
    readonly type: "watch";
  }
  class Watcher extends Actor<Watch> {
    override handleMessage(_watch: Watch, context: ActorContext<Watch>): void {
      for (const id of ["a", "b"]) context.monitor(context.whereis(`sup/${id}`) as never);
    }
    override handleSignal(signal: Signal, context: ActorContext<Watch>): void {
      log.push(`${signal.type} in life ${context.incarnation}`);
      throw new Error("died");
    }
  }
  const stage = await stageWith(t, {
    maxRestarts: 5,
    children: [worker("a", { restart: "temporary" }), worker("b", { restart: "temporary" })],
  });
  const watcher = await startChild<Watch>(stage.sup, { id: "watcher", start: () => new Watcher() });
  watcher?.tell({ type: "watch" });
  await settle();

  await Promise.all([terminateChild(stage.sup, "a"), terminateChild(stage.sup, "b")]);
  await settle();

  assert.deepEqual(log, ["down in life 1"]);
  assert.equal(watcher?.incarnation, 2);
});
