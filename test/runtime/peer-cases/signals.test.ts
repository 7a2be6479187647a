/** What OTP's suites of signals, links, monitors and exits ask. */
import assert from "node:assert/strict";
import { type ActorContext, type ActorRef, crashed, KILLED, NORMAL } from "airssys-rt";
import { gate } from "../guarantees/actors.ts";
import { type Case, Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { CRASH, deaths, inTurn, note, puppet, type Told, watcher } from "./puppet.ts";

/** The causes or kinds that a watcher was told. */
const told = (
  signals: readonly { readonly reason: { readonly kind: string; readonly cause?: unknown } }[],
): unknown[] => signals.map(({ reason }) => reason.cause ?? reason.kind);

test("signals: what was sent before an exit signal may be handled, what came after it never is", async (t) => {
  const stage = await Stage.open(t);
  for (let round = 0; round < 50; round++) {
    const seen: string[] = [];
    const ref = stage.system.spawn(puppet((message) => void (message.type === "note" && seen.push(message.text))));
    const { signals, start } = watcher();
    await inTurn(stage.system.spawn(start), (context) => {
      context.monitor(ref);
      ref.tell(note("before"));
      context.exit(ref, crashed("meant"));
      ref.tell(note("after"));
    });
    await settle();

    assert.equal(seen.includes("after"), false);
    assert.deepEqual(told(signals), ["meant"]);
  }
});

for (const dodge of ["unlinks", "begins to trap", "handles something else", "exits by itself"] as const) {
  test(`signals: an exit signal that has arrived is not dodged by an actor that ${dodge} in the same turn`, async (t) => {
    const stage = await Stage.open(t);
    const { signals, start } = watcher();
    const [by, ref, other] = [start, puppet(), puppet()].map((one) => stage.system.spawn(one)) as [
      ActorRef<Told>,
      ActorRef<Told>,
      ActorRef<Told>,
    ];
    await inTurn(by, (context) => context.monitor(ref));
    await inTurn(ref, (context) => {
      context.link(other);
      stage.system.exit(ref, crashed("by signal"));
      if (dodge === "unlinks") context.unlink(other);
      if (dodge === "begins to trap") context.trapExit(true);
      if (dodge === "exits by itself") context.exit(crashed("by itself"));
    });
    await settle();

    assert.deepEqual(told(signals), ["by signal"]);
  });
}

for (const length of [1, 2, 9, 10]) {
  for (const how of ["is killed", "exits with killed"] as const) {
    test(`signals: the last of a line of ${length} linked actors ${how}: who traps at its head hears killed`, async (t) => {
      const stage = await Stage.open(t);
      const { signals, start } = watcher();
      const head = stage.system.spawn(start);
      const line: ActorRef<Told>[] = [head];
      for (let n = 0; n < length; n++) {
        const next = stage.system.spawn(puppet());
        await inTurn(line.at(-1) as ActorRef<Told>, (context) => context.link(next));
        line.push(next);
      }
      const last = line.at(-1) as ActorRef<Told>;
      if (how === "is killed") stage.system.kill(last);
      else await inTurn(last, (context) => context.exit(KILLED));
      await settle();

      assert.deepEqual(told(signals), ["killed"]);
      assert.deepEqual(
        line.map(({ isAlive }) => isAlive),
        line.map((ref) => ref === head),
      );
    });
  }
}

test("links: a ring of a thousand ends when one ends, each with the same reason", async (t) => {
  const stage = await Stage.open(t);
  const ring = Array.from({ length: 1_000 }, () => stage.system.spawn(puppet()));
  for (const [n, ref] of ring.entries())
    ref.tell({ type: "run", run: (context) => context.link(ring[(n + 1) % ring.length] as ActorRef<Told>) });
  await settle();
  stage.system.exit(ring[500] as ActorRef<Told>, crashed("ring"));
  await settle();

  const causes = stage.eventsOf("ended").map(({ reason }) => (reason as { readonly cause?: unknown }).cause);
  assert.deepEqual([causes.length, new Set(causes)], [1_000, new Set(["ring"])]);
});

test("links: of fifty that are all linked to each other, each hears of an end once", async (t) => {
  const stage = await Stage.open(t);
  const watchers = Array.from({ length: 50 }, watcher);
  const refs = watchers.map(({ start }) => stage.system.spawn(start));
  for (const ref of refs)
    ref.tell({
      type: "run",
      run: (context) => {
        for (const other of refs) context.link(other);
      },
    });
  await settle();
  stage.system.kill(refs[0] as ActorRef<Told>);
  await settle();

  assert.deepEqual(
    watchers.slice(1).map(({ signals }) => signals.length),
    Array.from({ length: 49 }, () => 1),
  );
});

test("links: a link to the dead says noproc and ends who does not trap; one to itself does nothing", async (t) => {
  const stage = await Stage.open(t);
  const [dead, ref, self] = [puppet(), puppet(), puppet()].map((start) => stage.system.spawn(start)) as [
    ActorRef<Told>,
    ActorRef<Told>,
    ActorRef<Told>,
  ];
  stage.system.kill(dead);
  await settle();
  await inTurn(ref, (context) => context.link(dead));
  await inTurn(self, (context) => {
    context.link(context.self);
    context.unlink(context.self);
  });
  await settle();

  assert.deepEqual([deaths(stage, ref), self.isAlive], [["noproc"], true]);
});

test("links: a link to one that was spawned and has not begun holds", async (t) => {
  const stage = await Stage.open(t);
  const { signals, start } = watcher();
  await inTurn(stage.system.spawn(start), (context) => {
    const other = stage.system.spawn(() => {
      throw new Error("never born");
    });
    context.link(other);
    context.monitor(other);
  });
  await settle();

  assert.deepEqual(signals.map(({ type, reason }) => `${type} ${reason.kind}`).toSorted(), [
    "down crashed",
    "exit crashed",
  ]);
});

/** Ties an actor to another that is killed within the same turn, and undoes it before the turn ends. @returns what is heard of it. */
async function untied(
  t: Case,
  tie: (context: ActorContext<Told>, other: ActorRef<Told>) => () => void,
): Promise<unknown[]> {
  const stage = await Stage.open(t);
  const { opened, open } = gate();
  const { signals, start } = watcher();
  const other = stage.system.spawn(puppet());
  const run = async (context: ActorContext<Told>): Promise<void> => {
    const untie = tie(context, other);
    await opened;
    untie();
  };
  stage.system.spawn(start).tell({ type: "run", run });
  await settle();
  stage.system.kill(other);
  await settle();
  open();
  await settle();
  return signals;
}

test("links: unlink takes back an exit that already waits", async (t) => {
  const heard = await untied(t, (context, other) => {
    context.link(other);
    return () => context.unlink(other);
  });

  assert.deepEqual(heard, []);
});

test("monitors: demonitor takes back a down that already waits", async (t) => {
  const heard = await untied(t, (context, other) => {
    const monitor = context.monitor(other);
    return () => context.demonitor(monitor);
  });

  assert.deepEqual(heard, []);
});

testOnce("monitors: each of 100,000 on one actor gives exactly one down", async (t) => {
  const stage = await Stage.open(t);
  const target = stage.system.spawn(puppet());
  let downs = 0;
  const by = stage.system.spawn(puppet(undefined, { handleSignal: () => void downs++ }));
  await inTurn(by, (context) => {
    for (let n = 0; n < 100_000; n++) context.monitor(target);
  });
  stage.system.kill(target);
  while (downs < 100_000) await settle();
  await settle();

  assert.equal(downs, 100_000);
});

testOnce("monitors: the end of one actor reaches each of 20,000 that watch it", async (t) => {
  const stage = await Stage.open(t);
  const target = stage.system.spawn(puppet());
  let downs = 0;
  const start = puppet(undefined, {
    preStart: (context) => void context.monitor(target),
    handleSignal: () => void downs++,
  });
  for (let n = 0; n < 20_000; n++) stage.system.spawn(start);
  while (stage.eventsOf("started").length < 20_000) await settle();
  stage.system.kill(target);
  while (downs < 20_000) await settle();

  assert.equal(downs, 20_000);
});

test("monitors: an actor that watches itself hears nothing, and ends as it should", async (t) => {
  const stage = await Stage.open(t);
  const handleSignal = (): void => assert.fail("it heard of its own end");
  const ref = stage.system.spawn(puppet(undefined, { handleSignal }));
  await inTurn(ref, (context) => {
    context.monitor(context.self);
    context.stop();
  });
  await settle();

  assert.deepEqual(deaths(stage, ref), ["normal"]);
});

test("monitors: a child that waits for its back-off is alive, and who begins to watch it hears noproc", async (t) => {
  const backoff = { minMs: 5_000, maxMs: 5_000 };
  const stage = await stageWith(t, { maxRestarts: 5, children: [{ id: "child", start: puppet(), backoff }] });
  const ref = stage.system.whereis<Told>("sup/child") as ActorRef<Told>;
  const { signals, start } = watcher();
  ref.tell(CRASH);
  await settle();
  await inTurn(stage.system.spawn(start), (context) => context.monitor(ref));
  await settle();

  assert.deepEqual([ref.isAlive, told(signals)], [true, ["noproc"]]);
});

test("monitors: to end another's, one that has ended or what is none changes nothing", async (t) => {
  const stage = await Stage.open(t);
  const [first, second] = [watcher(), watcher()];
  const [owner, thief] = [stage.system.spawn(first.start), stage.system.spawn(second.start)];
  const target = stage.system.spawn(puppet());
  const monitor = await inTurn(owner, (context) => context.monitor(target));
  await inTurn(thief, (context) => {
    context.demonitor(monitor);
    context.demonitor({ ...monitor });
    context.demonitor({} as never);
  });
  stage.system.kill(target);
  await settle();

  assert.deepEqual([first.signals.length, second.signals.length], [1, 0]);
});

test("exits: normal from another is ignored unless trapped, normal to itself ends an actor", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  stage.system.exit(ref, NORMAL);
  await settle();
  assert.equal(ref.isAlive, true);

  await inTurn(ref, (context) => context.exit(context.self, NORMAL));
  await settle();
  assert.equal(ref.isAlive, false);
});

test("exits: to be killed in the turn in which it stops is one death", async (t) => {
  const stage = await Stage.open(t);
  const ref = stage.system.spawn(puppet());
  await inTurn(ref, (context) => {
    context.stop();
    stage.system.kill(context.self);
  });
  await settle();

  assert.equal(deaths(stage, ref).length, 1);
});

test("exits: a postStop that kills its own actor and its parent is one death for each", async (t) => {
  const stage = await Stage.open(t);
  const parent = stage.system.spawn(puppet());
  const postStop = (context: { readonly self: ActorRef<Told> }): void => {
    stage.system.kill(parent);
    stage.system.kill(context.self);
  };
  const child = await inTurn(parent, (context) => context.spawn(puppet((_message, own) => own.stop(), { postStop })));
  child.tell(note("stop"));
  await settle();

  assert.deepEqual([deaths(stage, parent).length, deaths(stage, child).length], [1, 1]);
});

test("names: a name is free when its actor's end is heard, so that who hears can take it", async (t) => {
  const stage = await Stage.open(t);
  const taken: ActorRef<Told>[] = [];
  const by = stage.system.spawn(
    puppet(undefined, { handleSignal: (_signal, context) => void taken.push(context.spawn(puppet(), { name: "n" })) }),
  );
  const ref = stage.system.spawn(puppet(), { name: "n" });
  await inTurn(by, (context) => context.monitor(ref));
  stage.system.kill(ref);
  await settle();

  assert.equal(stage.system.whereis("n"), taken[0]);
  assert.equal(taken[0]?.isAlive, true);
});
