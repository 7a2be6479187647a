// Each thing that actors can race for: an exploration sees what comes of either order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type Ask, type Signal, topic } from "airssys-rt";
import { explore, type TestSystem } from "airssys-rt/testing";
import { GO, type Go, Scripted, spawn } from "./racy-programs.ts";

type Answering = Ask<Go, string>;

/** What comes of a program in each of the orders that are tried: all there are. */
async function outcomesOf(
  program: (run: TestSystem, say: (what: unknown) => void) => Promise<void>,
): Promise<unknown[]> {
  const outcomes = new Set<unknown>();
  const { isComplete, obstacles } = await explore({ strategy: "systematic", runs: 2_000 }, async (world) => {
    let said: unknown;
    await program(await world.start(), (what) => {
      said = what;
    });
    outcomes.add(said);
  });
  assert.ok(isComplete, obstacles.join());
  return [...outcomes].sort();
}

/** Has two actors act, in either order. */
async function race(run: TestSystem, left: Act, right: Act): Promise<void> {
  spawn<Go>(run, "left", (_message, context) => left(context)).tell(GO);
  spawn<Go>(run, "right", (_message, context) => right(context)).tell(GO);
  await run.settle();
}
type Act = (context: ActorContext<Go>) => void;

/** Notes signals, or dies of them. */
class Mortal extends Actor<Go> {
  readonly #say: (what: unknown) => void;
  constructor(say: (what: unknown) => void) {
    super();
    this.#say = say;
  }
  override handleMessage(_message: Go, context: ActorContext<Go>): void {
    context.trapExit(true);
  }
  override handleSignal(signal: Signal): void {
    this.#say(signal.type);
  }
}

test("a message and the end of its recipient", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    const gone = spawn<Go>(run, "gone", (_message, context) => context.stop());
    await race(
      run,
      () => gone.tell(GO),
      () => setTellLater(run, gone, say),
    );
  });
  assert.deepEqual(outcomes, [false, true]);
});

/** Another actor tells once the first is on its way. */
function setTellLater(run: TestSystem, to: ActorRef<Go>, say: (what: unknown) => void): void {
  spawn<Go>(run, "late", () => say(to.tell(GO))).tell(GO);
}

test("a look whether somebody lives and its end", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    const gone = spawn<Go>(run, "gone", (_message, context) => context.stop());
    await race(
      run,
      () => void gone.tell(GO),
      () => void spawn<Go>(run, "late", () => say(gone.isAlive)).tell(GO),
    );
  });
  assert.deepEqual(outcomes, [false, true]);
});

test("a message that is handled and a kill", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    say("not handled");
    const victim = spawn<Go>(run, "victim", () => say("handled"));
    await race(
      run,
      () => void victim.tell(GO),
      (context) => context.kill(victim),
    );
  });
  assert.deepEqual(outcomes, ["handled", "not handled"]);
});

test("a child's message and the end of its parent", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    say("not handled");
    const parent = spawn<Go>(run, "parent", (_message, context) => {
      context.spawn<Go>(() => new Scripted<Go>(() => say("handled"))).tell(GO);
    });
    await race(
      run,
      () => void parent.tell(GO),
      (context) => context.kill(parent),
    );
  });
  assert.deepEqual(outcomes, ["handled", "not handled"]);
});

test("an exit signal and the turn in which it begins to be trapped", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    say("ended");
    const mortal = run.system.spawn<Go>(() => new Mortal(say), { id: "mortal" });
    await race(
      run,
      () => void mortal.tell(GO),
      (context) => context.exit(mortal, { kind: "shutdown" }),
    );
  });
  assert.deepEqual(outcomes, ["ended", "exit"]);
});

test("two answers to one actor, and two to the test", async () => {
  const answering = (run: TestSystem, id: string): ActorRef<Answering> =>
    spawn<Answering>(run, id, (_message, context) =>
      (context as unknown as ActorContext<never, never> & Replying).reply(id),
    );
  const ofActor = await outcomesOf(async (run, say) => {
    const [one, other] = [answering(run, "one"), answering(run, "other")];
    spawn<Go>(run, "asker", async () => say(await Promise.race([one.ask(GO), other.ask(GO)]))).tell(GO);
    await run.settle();
  });
  const ofTest = await outcomesOf(async (run, say) => {
    say(await Promise.race([answering(run, "one").ask(GO), answering(run, "other").ask(GO)]));
  });
  assert.deepEqual(ofActor, ["one", "other"]);
  assert.deepEqual(ofTest, ["one", "other"]);
});

interface Replying {
  reply(value: string): void;
}

test("an answer and the end of who asked", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    say("not heard");
    const slow = spawn<Answering>(run, "slow", (_message, context) => (context as unknown as Replying).reply("here"));
    const asker = spawn<Go>(run, "asker", async () => say(await slow.ask(GO)));
    await race(
      run,
      () => void asker.tell(GO),
      (context) => context.exit(asker, { kind: "shutdown" }),
    );
  });
  assert.deepEqual(outcomes, ["here", "not heard"]);
});

test("a link and an unlink of the same two, from either side", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    const one = spawn<{ readonly type: "link"; readonly to: ActorRef<never> } | Go>(run, "one", (message, context) => {
      if (message.type === "link") context.link(message.to);
      else throw new Error("ends");
    });
    const other = spawn<Go>(run, "other", (_message, context) => context.unlink(one));
    await race(
      run,
      () => void one.tell({ type: "link", to: other as ActorRef<never> }),
      () => void other.tell(GO),
    );
    one.tell(GO);
    await run.settle();
    say(other.isAlive);
  });
  assert.deepEqual(outcomes, [false, true]);
});

test("a full mailbox and the turn that makes room", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    const narrow = run.system.spawn<Go>(() => new Scripted<Go>(() => {}), { id: "narrow", mailbox: { capacity: 1 } });
    narrow.tell(GO);
    spawn<Go>(run, "late", () => say(narrow.tell(GO))).tell(GO);
    await run.settle();
  });
  assert.deepEqual(outcomes, [false, true]);
});

test("a name and a look for it", async () => {
  const outcomes = await outcomesOf((run, say) =>
    race(
      run,
      (context) => void context.spawn<Go>(() => new Scripted<Go>(() => {}), { name: "known" }),
      (context) => say(context.whereis("known") !== undefined),
    ),
  );
  const ofSystem = await outcomesOf((run, say) =>
    race(
      run,
      (context) => void context.spawn<Go>(() => new Scripted<Go>(() => {}), { id: "child" }),
      () => say(run.system.whereis("left/child") !== undefined),
    ),
  );
  assert.deepEqual(outcomes, [false, true]);
  assert.deepEqual(ofSystem, [false, true]);
});

test("a group and a topic, and who joins, leaves, ends or looks", async () => {
  const news = topic<Go>("news");
  const joined = await outcomesOf((run, say) =>
    race(
      run,
      ({ self }) => void run.system.groups.join("group", self),
      () => say(run.system.groups.members("group").length),
    ),
  );
  const ended = await outcomesOf(async (run, say) => {
    const member = spawn<Go>(run, "member", (_message, context) => context.stop());
    run.system.groups.join("group", member);
    await race(
      run,
      () => void member.tell(GO),
      () => void spawn<Go>(run, "late", () => say(run.system.groups.groups().length)).tell(GO),
    );
  });
  const published = await outcomesOf((run, say) =>
    race(
      run,
      ({ self }) => void run.system.topics.subscribe(news, self),
      () => say(run.system.topics.publish(news, GO)),
    ),
  );
  assert.deepEqual(
    [joined, ended, published],
    [
      [0, 1],
      [0, 1],
      [0, 1],
    ],
  );
});

test("timers that are due at the same time, set in either order", async () => {
  const outcomes = await outcomesOf(async (run, say) => {
    const order: string[] = [];
    const sets = (id: string): Act => {
      return (context) => {
        void context.clock.setTimer(() => {
          order.push(id);
          say(order.join());
        }, 10);
      };
    };
    await race(run, sets("left"), sets("right"));
    await run.advance(10);
  });
  assert.deepEqual(outcomes, ["left,right", "right,left"]);
});
