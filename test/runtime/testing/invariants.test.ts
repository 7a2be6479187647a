// The checker is checked: each promise is broken by hand, on a system that keeps them all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, SHUTDOWN, supervisor } from "airssys-rt";
import { InvariantError, TestSystem } from "airssys-rt/testing";

type Note = { readonly type: "note"; readonly text?: string };

let behaviors: Actor<Note>[] = [];

class Clerk extends Actor<Note> {
  readonly #handle: (message: Note, context: ActorContext<Note>) => void | Promise<void>;
  constructor(handle: (message: Note, context: ActorContext<Note>) => void | Promise<void> = () => {}) {
    super();
    this.#handle = handle;
    behaviors.push(this);
  }
  override handleMessage(message: Note, context: ActorContext<Note>): void | Promise<void> {
    return this.#handle(message, context);
  }
}

/** A system with one clerk, and the clerk's first behavior. */
async function open(
  start: () => Clerk = () => new Clerk(),
): Promise<{ run: TestSystem; clerk: ActorRef<Note>; behavior: Actor<Note> }> {
  behaviors = [];
  const root = supervisor({ maxRestarts: 10, children: [{ id: "clerk", start, name: "clerk" }] });
  const run = await TestSystem.start({ root });
  const clerk = run.system.whereis<Note>("clerk") as ActorRef<Note>;
  return { run, clerk, behavior: behaviors[0] as Actor<Note> };
}

const contexts: ActorContext<Note>[] = [];
const keeping = (): Clerk => new Clerk((_message, context) => void contexts.push(context));

async function violations(run: TestSystem): Promise<string> {
  const error: unknown = await run.stop().then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof InvariantError, `a violation is found, got ${String(error)}`);
  return error.violations.join("\n");
}

test("a run that keeps every promise passes, with restarts, timers, stashes and blocked senders", async () => {
  type Job = Note | { readonly type: "crash" } | { readonly type: "open" };
  class Busy extends Actor<Job> {
    #isOpen = false;
    override preStart(context: ActorContext<Job>): void {
      context.timers.startPeriodic("tick", { type: "note" }, 7);
      context.timers.startOnce("late", { type: "note" }, 1_000);
    }
    override async handleMessage(message: Job, context: ActorContext<Job>): Promise<void> {
      if (message.type === "crash") throw new Error("crash");
      if (message.type === "open") {
        this.#isOpen = true;
        context.timers.cancel("tick");
        context.unstashAll();
      } else if (!this.#isOpen) context.stash();
      await Promise.resolve();
    }
  }
  const mailbox = { capacity: 3, overflow: "block" } as const;
  const root = supervisor({ maxRestarts: 10, children: [{ id: "busy", start: () => new Busy(), mailbox }] });
  const run = await TestSystem.start({ root });
  const busy = run.system.whereis<Job>("busy") as ActorRef<Job>;
  const sends = (["note", "crash", "note", "note", "open", "note"] as const).map((type) => busy.tellAsync({ type }));
  busy.tell({ type: "note" });

  await run.advance(50);
  await Promise.all(sends);

  await run.stop();
});

test("a second message while the first is under way is found", async () => {
  let finish: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { run, clerk, behavior } = await open(() => {
    return new Clerk((_message, context) => {
      contexts.push(context);
      return waiting;
    });
  });
  clerk.tell({ type: "note" });
  await run.settle();

  void behavior.handleMessage({ type: "note" }, contexts.at(-1) as ActorContext<Note>);
  finish();

  assert.match(await violations(run), /handleMessage of incarnation 1 of test\/clerk began while handleMessage ran/);
});

test("a message to an incarnation that has ended is found", async () => {
  const { run, clerk, behavior } = await open(keeping);
  clerk.tell({ type: "note" });
  await run.settle();
  run.system.kill(clerk);
  await run.settle();

  void behavior.handleMessage({ type: "note" }, contexts.at(-1) as ActorContext<Note>);

  assert.match(await violations(run), /handleMessage of incarnation 1 of test\/clerk began after its end/);
});

test("a message that was accepted and vanished is found", async () => {
  const { run, clerk } = await open();
  clerk.tell({ type: "note", text: "lost" });
  (clerk as unknown as { clear(): void }).clear();

  assert.match(await violations(run), /accepted and lost: .*note.* to test\/clerk/);
});

test("a message that is delivered twice is found", async () => {
  const letters: unknown[] = [];
  const { run, clerk, behavior } = await open(() => {
    return new Clerk((_message, context) => {
      contexts.push(context);
      letters.push(context.envelope);
    });
  });
  clerk.tell({ type: "note" });
  await run.settle();

  const context = contexts.at(-1) as ActorContext<Note>;
  Object.defineProperty(context, "letter", { value: letters[0] });
  void behavior.handleMessage({ type: "note" }, context);

  assert.match(await violations(run), /delivered twice/);
});

test("an incarnation that ends twice, or before its children, is found", async () => {
  const { run, clerk } = await open();

  run.invariants.onEvent({ type: "ended", actor: clerk, incarnation: 1, reason: SHUTDOWN });

  assert.match(await violations(run), /ended twice/);

  const second = await open();
  second.run.invariants.onEvent({ type: "ended", actor: second.run.system.root, incarnation: 1, reason: SHUTDOWN });

  assert.match(await violations(second.run), /incarnation 1 of test ended before its children/);
});

test("an incarnation that never ends is found", async () => {
  const { run, clerk } = await open();

  run.invariants.instrument(new Clerk() as Actor<unknown>, clerk);

  assert.match(await violations(run), /incarnations have not ended although the system has/);
});

test("a name that is not free at the end of its holder is found", async () => {
  const { run, clerk } = await open();

  run.invariants.onEvent({ type: "ended", actor: clerk, incarnation: 1, reason: SHUTDOWN });

  assert.match(await violations(run), /ended and still had the name "clerk"/);
});
