import assert from "node:assert/strict";
import {
  type ActorContext,
  type ActorRef,
  ActorSystem,
  SHUTDOWN,
  SystemStoppedError,
  supervisor,
  terminateChild,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import { Stage, settle, stageWith, test } from "../otp/fixtures.ts";
import { actor, gate, type Word, word } from "./actors.ts";

const quiet = actor<Word>(() => undefined);

test("Children end in reverse start order, one at a time, and before their supervisor.", async (t) => {
  const log: string[] = [];
  const slow = (id: string) => ({
    id,
    start: actor<Word>(() => undefined, {
      postStop: async () => {
        log.push(`${id} ends`);
        await stage.wait(10);
        log.push(`${id} has ended`);
      },
    }),
  });
  const stage = await stageWith(t, { children: [slow("a"), slow("b"), slow("c")] });

  const ending = terminateChild(stage.system.root, "sup").then(() => log.push("sup has ended"));
  await stage.clock.advance(30);
  await ending;

  const expected = ["c", "b", "a"].flatMap((id) => [`${id} ends`, `${id} has ended`]);
  assert.deepEqual(log, [...expected, "sup has ended"]);
});

test("The instances of a simple_one_for_one supervisor end all at once.", async (t) => {
  const { startInstance } = await import("airssys-rt");
  const log: string[] = [];
  const start = actor<Word>(() => undefined, {
    postStop: async () => {
      log.push("ends");
      await stage.wait(10);
      log.push("has ended");
    },
  });
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [{ id: "child", start }] });
  for (let i = 0; i < 2; i++) await startInstance(stage.sup);

  const ending = terminateChild(stage.system.root, "sup");
  await stage.clock.advance(10);
  await ending;

  assert.deepEqual(log, ["ends", "ends", "has ended", "has ended"]);
});

test("An actor told to end finishes the turn it is in; messages that still wait are dead letters.", async (t) => {
  const { opened, open } = gate();
  const log: string[] = [];
  const start = actor<Word>(async ({ type }) => {
    log.push(`${type} begins`);
    await opened;
    log.push(`${type} ends`);
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  const ref = stage.child("child") as never as ActorRef<Word>;
  for (const type of ["first", "second"]) ref.tell(word(type));
  await settle();

  const ending = terminateChild(stage.sup, "child");
  await settle();
  assert.deepEqual(log, ["first begins"]);
  open();
  await ending;

  assert.deepEqual(log, ["first begins", "first ends"]);
  assert.deepEqual(
    stage.eventsOf("deadLetter").map(({ envelope }) => envelope.message),
    [word("second")],
  );
  assert.equal(stage.exitOf(ref), "shutdown");
});

test("The context's signal fires when the end is ordered, so that a turn under way can hurry.", async (t) => {
  const log: string[] = [];
  const start = actor<Word>((_, context) => {
    return new Promise<void>((resolve) => {
      context.signal.addEventListener("abort", () => {
        log.push("hurry");
        resolve();
      });
    });
  });
  const stage = await stageWith(t, { children: [{ id: "child", start, shutdown: "infinity" }] });
  stage.child("child").tell(word("wait") as never);
  await settle();

  await terminateChild(stage.sup, "child");

  assert.deepEqual(log, ["hurry"]);
});

test("postStop runs once at the end of each life, with the reason, whatever that is but killed.", async (t) => {
  const log: string[] = [];
  const start = actor<Word>(
    ({ type }, context) => {
      if (type === "stop") context.stop();
      else throw new Error("crash");
    },
    { postStop: ({ incarnation }, { kind }) => void log.push(`${incarnation} ${kind}`) },
  );
  const stage = await stageWith(t, { maxRestarts: 10, children: [{ id: "child", start }] });
  const ref = stage.child("child") as never as ActorRef<Word>;

  ref.tell(word("crash"));
  await settle();
  ref.tell(word("stop"));
  await settle();
  await stage.kill(ref);
  await terminateChild(stage.sup, "child");

  assert.deepEqual(log, ["1 crashed", "2 normal", "4 shutdown"]);
});

test("postStop does not run for an actor that is ended before its preStart has finished.", async (t) => {
  const stage = await Stage.open(t);
  const log: string[] = [];
  const { opened, open } = gate();
  const ref = stage.system.spawn(
    actor<Word>(() => undefined, { preStart: () => opened, postStop: () => void log.push("postStop") }),
  );
  await settle();

  const stopping = stage.system.stop();
  await settle();
  open();
  await stopping;

  assert.deepEqual([log, ref.isAlive], [[], false]);
});

test("A postStop that throws makes the exit reason crashed, and ends nobody else.", async (t) => {
  const start = actor<Word>(() => undefined, {
    postStop: () => {
      throw new Error("no farewell");
    },
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  const ref = stage.child("child");

  await terminateChild(stage.sup, "child");

  assert.equal(stage.exitOf(ref), "crashed in terminate: Error: no farewell");
  assert.equal(stage.sup.isAlive, true);
});

test("A child that has not ended within the milliseconds of its shutdown is killed; 5000 for a worker by default.", async (t) => {
  const never = actor<Word>(() => new Promise(() => {}));
  const stage = await stageWith(t, { children: [{ id: "child", start: never }] });
  const ref = stage.child("child");
  ref.tell(word("wait") as never);
  await settle();

  const ending = terminateChild(stage.sup, "child");
  await stage.clock.advance(4_999);
  assert.equal(stage.exitOf(ref), undefined);
  await stage.clock.advance(1);
  await ending;

  assert.equal(stage.exitOf(ref), "killed");
});

test("brutal_kill ends a child at once and without postStop; infinity waits for it without limit.", async (t) => {
  const log: string[] = [];
  const { opened, open } = gate();
  const postStop = async (): Promise<void> => {
    log.push("begins");
    await opened;
    log.push("ends");
  };
  const start = actor<Word>(() => undefined, { postStop });
  const stage = await stageWith(t, {
    children: [
      { id: "brutal", start, shutdown: "brutal_kill" },
      { id: "patient", start, shutdown: "infinity" },
    ],
  });

  await terminateChild(stage.sup, "brutal");
  assert.deepEqual(log, []);
  const ending = terminateChild(stage.sup, "patient");
  await stage.clock.advance(1_000_000);
  assert.deepEqual(log, ["begins"]);
  open();
  await ending;

  assert.deepEqual(log, ["begins", "ends"]);
});

test("An actor ends after the actors it spawned, whatever ends it.", async (t) => {
  const stage = await Stage.open(t);
  const parent = stage.system.spawn(
    actor<Word>(
      ({ type }) => {
        if (type === "crash") throw new Error("crash");
      },
      { preStart: (context) => void context.spawn(quiet, { id: "below" }) },
    ),
    { id: "above" },
  );
  parent.tell(word("crash"));
  await settle();

  const ends = stage.eventsOf("ended").map(({ actor: ended, reason }) => `${ended.id} ${reason.kind}`);
  assert.deepEqual(ends, ["test/above/below shutdown", "test/above crashed"]);

  const postStop = async (context: ActorContext<Word>): Promise<void> => {
    context.spawn(quiet, { id: "late", name: "late" });
    await settle();
  };
  const ref = stage.system.spawn(
    actor<Word>((_, context) => context.stop(), { postStop }),
    { id: "last" },
  );
  ref.tell(word("stop"));
  await settle();
  await settle();

  const later = stage.eventsOf("ended").map(({ actor: ended, reason }) => `${ended.id} ${reason.kind}`);
  assert.deepEqual(later.slice(2), ["test/last/late shutdown", "test/last normal"]);
  assert.equal(stage.system.whereis("late"), undefined);
});

test("system.stop() resolves when everything has ended, and so does every further call.", async () => {
  const clock = new VirtualClock();
  const log: string[] = [];
  const start = actor<Word>(() => undefined, {
    postStop: () => new Promise((resolve) => void clock.setTimer(resolve, 10)),
  });
  const root = supervisor({ children: [{ id: "child", start }] });
  const system = await ActorSystem.start({ name: "test", root, clock, logger: false });

  const calls = [system.stop(), system.stop()];
  for (const call of calls) void call.then(({ kind }) => log.push(kind));
  await clock.advance(9);
  assert.deepEqual(log, []);
  await clock.advance(1);

  assert.deepEqual(log, ["shutdown", "shutdown"]);
  assert.deepEqual(await system.stop(), SHUTDOWN);
  assert.deepEqual([system.root.isAlive, clock.pendingCount], [false, 0]);
});

test("Nothing can be spawned once the system stops.", async () => {
  const system = await ActorSystem.start({ name: "test", logger: false });
  const stopping = system.stop();

  assert.throws(
    () => system.spawn(quiet),
    (error) => error instanceof SystemStoppedError && error.system === "test",
  );
  await stopping;
});
