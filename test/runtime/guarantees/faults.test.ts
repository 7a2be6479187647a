import assert from "node:assert/strict";
import { Actor, type ActorContext, type ActorRef, RuntimeFaultError, startChild } from "airssys-rt";
import { Stage, settle, test, testOnce } from "../otp/fixtures.ts";
import { actor, type Word, word } from "./actors.ts";

testOnce("A tree may be as deep as memory allows: a chain of 100,000 actors ends as one of three does.", async (t) => {
  const stage = await Stage.open(t);
  const refs: ActorRef<Word>[] = [];
  class Link extends Actor<Word> {
    override preStart(context: ActorContext<Word>): void {
      refs.push(context.self);
      if (refs.length < 100_000) context.spawn(() => new Link());
    }
    override handleMessage(): void {
      throw new Error("boom");
    }
  }
  const top = stage.system.spawn<Word>(() => new Link());
  for (let turn = 0; turn < 100_000 && refs.length < 100_000; turn++) await settle();

  top.tell(word("boom"));
  for (let turn = 0; turn < 100_000 && top.isAlive; turn++) await settle();

  assert.equal(refs.length, 100_000);
  assert.ok(refs.every((ref) => !ref.isAlive));
});

test("An end that goes wrong falls back to ending at once and is reported; a supervised actor is restarted all the same.", async (t) => {
  const stage = await Stage.open(t);
  const unreadable = {
    get(this: object) {
      if (hostile.has(this)) throw new Error("unreadable");
      return undefined;
    },
  };
  const hostile = new WeakSet<object>();
  const start = (): Actor<Word> => {
    // It cannot be read any more once it has handled a message.
    const made = (actor<Word>(() => assert.fail("boom")) as () => Actor<Word>)();
    const { handleMessage } = made;
    return Object.defineProperties(made, {
      postStop: { configurable: true, ...unreadable },
      handleMessage: {
        configurable: true,
        writable: true,
        value(this: object, ...args: Parameters<typeof handleMessage>) {
          hostile.add(this);
          return handleMessage.apply(made, args);
        },
      },
    });
  };
  const ref = (await startChild<Word>(stage.system.root, { id: "a", start })) as ActorRef<Word>;

  ref.tell(word("boom"));
  await settle();

  assert.deepEqual([ref.isAlive, ref.incarnation], [true, 2]);
  assert.deepEqual(
    stage.eventsOf("crashed").map(({ reason }) => reason.where),
    ["receive", "terminate"],
  );
});

test("A fault of the runtime itself ends at most the actor that it concerns, with ERR_RUNTIME_FAULT and a request for an issue.", async (t) => {
  const stage = await Stage.open(t, false);
  const start = (): Actor<Word> => (actor<Word>(() => {}) as () => Actor<Word>)();
  const ref = (await startChild<Word>(stage.system.root, { id: "a", start })) as ActorRef<Word>;
  const other = (await startChild<Word>(stage.system.root, { id: "b", start })) as ActorRef<Word>;
  ref.tell(word("hello"));
  await settle();

  // Less room than there is.
  (ref as unknown as { room: number }).room = 0;
  ref.tell(word("hello"));
  ref.tell(word("hello"));
  await settle();

  const [crash, ...more] = stage.eventsOf("crashed");
  assert.ok(crash?.actor === ref && crash.reason.cause instanceof RuntimeFaultError && more.length === 0);
  assert.equal(crash.reason.cause.code, "ERR_RUNTIME_FAULT");
  assert.match(crash.reason.cause.message, /open an issue/);
  assert.deepEqual([ref.isAlive, ref.incarnation, other.incarnation], [true, 2, 1]);
});
