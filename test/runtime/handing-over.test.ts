/** A message to an actor that waits for one and is next is handed over without a letter, and nobody can tell. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type ActorContext, type ActorRef, ActorSystem, SHUTDOWN, type Start, supervisor } from "airssys-rt";
import fc from "fast-check";
import { actor, gate, type Word, word } from "./guarantees/actors.ts";
import { type Case, Stage, settle, test } from "./otp/fixtures.ts";

/** An actor that has had its first message and waits for the next. */
async function waiting(
  t: Case,
  start: Start<Word>,
  mailbox?: { readonly capacity: number },
): Promise<{ readonly stage: Stage; readonly ref: ActorRef<Word> }> {
  const stage = await Stage.open(t, false);
  await stage.start({
    maxRestarts: 100,
    children: [{ id: "w", start, ...(mailbox === undefined ? {} : { mailbox }) }],
  });
  const ref = stage.system.whereis<Word>("sup/w") as ActorRef<Word>;
  ref.tell(word("first"));
  await settle();
  return { stage, ref };
}

/** What only whoever inspects can do. */
interface Inner {
  readonly mailboxDepth: number;
  suspend(): void;
  resume(): void;
}

const inner = (ref: ActorRef<Word>): Inner => ref as unknown as Inner;

/** Does something in the turn of an actor: what it sends first to one that waits is handed over. */
async function inTurn(stage: Stage, act: () => unknown): Promise<void> {
  const sender = stage.system.spawn(
    actor<Word>((_message, context) => {
      act();
      context.stop();
    }),
    { id: "sender" },
  );
  await settle();
  sender.tell(word("go"));
  await settle();
}

const deadLetters = (stage: Stage): unknown[] =>
  stage.eventsOf("deadLetter").map(({ envelope, reason }) => [envelope.message, envelope.recipient.id, reason]);

test("what was handed over has an envelope like any other message", async (t) => {
  const seen: unknown[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>((message, context) => {
      const { envelope } = context;
      assert.ok(envelope);
      assert.equal(envelope, context.envelope);
      assert.equal(envelope.message, message);
      seen.push([message.type, envelope.sender?.id, envelope.recipient.id, envelope.messageId.length]);
    }),
  );

  ref.tell(word("from outside"));
  await settle();
  await inTurn(stage, () => ref.tell(word("from an actor")));

  assert.deepEqual(seen.slice(1), [
    ["from outside", undefined, "test/sup/w", 36],
    ["from an actor", "test/sender", "test/sup/w", 36],
  ]);
});

test("an envelope that is looked at only after something was sent on is still that of what was handed over", async (t) => {
  const seen: unknown[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, { envelope, sender }) => void seen.push([type, sender?.id, envelope?.message])),
  );
  const relay = stage.system.spawn(
    actor<Word>((message, context) => {
      ref.tell(word(`${message.type}, passed on`));
      seen.push([context.sender?.id, context.envelope?.message]);
    }),
    { id: "relay" },
  );
  await settle();

  await inTurn(stage, () => relay.tell(word("x")));

  assert.deepEqual(seen.slice(1), [
    ["test/sender", word("x")],
    ["x, passed on", "test/relay", word("x, passed on")],
  ]);
});

test("the first message of a life can be handed over", async (t) => {
  const stage = await Stage.open(t, false);
  const seen: unknown[] = [];
  const ref = stage.system.spawn(actor<Word>(({ type }, { sender }) => void seen.push([type, sender?.id])));
  await settle();

  await inTurn(stage, () => ref.tell(word("first")));

  assert.deepEqual(seen, [["first", "test/sender"]]);
});

test("what an actor's start function sends is from that actor, also when its supervisor runs it", async (t) => {
  const stage = await Stage.open(t, false);
  const senders: unknown[] = [];
  const hub = stage.system.spawn(actor<Word>((_message, { sender }) => void senders.push(sender?.id)));
  hub.tell(word("first"));
  await settle();

  await stage.start({
    children: [{ id: "w", start: actor<Word>(() => {}, { preStart: () => void hub.tell(word("up")) }) }],
  });
  await settle();

  assert.deepEqual(senders, [undefined, "test/sup/w"]);
});

test("what was handed over waits while its actor is suspended, and others come to their turns", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }) => void seen.push(type)),
  );

  await inTurn(stage, () => {
    ref.tell(word("handed"));
    inner(ref).suspend();
  });
  assert.deepEqual(seen, ["first"]);
  inner(ref).resume();
  await settle();

  assert.deepEqual(seen, ["first", "handed"]);
});

test("who looks at a mailbox sees what was handed over", async (t) => {
  const depths: number[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(() => {}),
  );

  await inTurn(stage, () => {
    ref.tell(word("a"));
    depths.push(inner(ref).mailboxDepth);
    ref.tell(word("b"));
    depths.push(inner(ref).mailboxDepth);
  });

  assert.deepEqual([...depths, inner(ref).mailboxDepth], [1, 2, 0]);
});

test("what was handed over survives a restart that comes before its turn", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, { self }) => void seen.push(`${type} in ${self.incarnation}`)),
  );

  await inTurn(stage, () => {
    ref.tell(word("second"));
    stage.system.exit(ref, SHUTDOWN);
  });

  assert.deepEqual(seen, ["first in 1", "second in 2"]);
});

test("what was handed over is a dead letter when its handler crashes, and what follows is for the next incarnation", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }) => {
      seen.push(type);
      if (type === "bad") throw new Error(type);
    }),
  );

  await inTurn(stage, () => {
    for (const type of ["bad", "good"]) ref.tell(word(type));
  });

  assert.deepEqual(deadLetters(stage), [[word("bad"), "test/sup/w", "crashed"]]);
  assert.deepEqual(seen, ["first", "bad", "good"]);
  assert.equal(ref.incarnation, 2);
});

test("what was handed over to an actor that is killed for good before its turn is a dead letter", async (t) => {
  const stage = await Stage.open(t, false);
  const seen: string[] = [];
  const ref = stage.system.spawn(
    actor<Word>(({ type }) => void seen.push(type)),
    { id: "w" },
  );
  ref.tell(word("first"));
  await settle();

  await inTurn(stage, () => {
    ref.tell(word("second"));
    stage.system.kill(ref);
  });

  assert.deepEqual(seen, ["first"]);
  assert.deepEqual(deadLetters(stage), [[word("second"), "test/w", "stopped"]]);
});

test("what was handed over can be stashed, and comes back before what followed", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, context) => {
      seen.push(type);
      if (type === "later" && seen.filter((other) => other === type).length === 1) context.stash();
      if (type === "now") context.unstashAll();
    }),
  );

  await inTurn(stage, () => {
    for (const type of ["later", "now", "last"]) ref.tell(word(type));
  });

  assert.deepEqual(seen, ["first", "later", "now", "later", "last"]);
});

test("what was handed over counts as waiting: a mailbox for one is full with it", async (t) => {
  const { stage, ref } = await waiting(
    t,
    actor<Word>(() => {}),
    { capacity: 1 },
  );

  await inTurn(stage, () => {
    assert.deepEqual([ref.tell(word("second")), ref.tell(word("third"))], [true, false]);
  });

  assert.deepEqual(deadLetters(stage), [[word("third"), "test/sup/w", "mailbox_full"]]);
});

test("messages that an actor sends itself while it handles what was handed over follow in order", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, { self }) => {
      seen.push(type);
      if (type === "second") for (const next of ["a", "b"]) self.tell(word(next));
    }),
  );

  await inTurn(stage, () => {
    ref.tell(word("second"));
    ref.tell(word("third"));
  });

  assert.deepEqual(seen, ["first", "second", "third", "a", "b"]);
});

test("a handler that turns out to be asynchronous keeps what was handed over in hand until its promise settles", async (t) => {
  const { opened, open } = gate();
  const seen: unknown[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>((message, context) => {
      seen.push(message.type);
      if (message.type !== "slow") return undefined;
      return opened.then(() => seen.push([context.envelope?.message]));
    }),
  );

  await inTurn(stage, () => ref.tell(word("slow")));
  ref.tell(word("third"));
  await settle();
  assert.deepEqual(seen, ["first", "slow"]);
  open();
  await settle();

  assert.deepEqual(seen, ["first", "slow", [word("slow")], "third"]);
});

test("who asks after a message was handed over is answered after it", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, context) => {
      seen.push(type);
      if (type === "question") (context as { reply(value: unknown): void }).reply(seen.length);
    }),
  );

  let answer: Promise<unknown> | undefined;
  await inTurn(stage, () => {
    ref.tell(word("second"));
    answer = (ref as ActorRef<never>).ask(word("question") as never);
  });

  assert.equal(await answer, 3);
});

test("who is handed messages again and again lets others come to their turns, and loses nothing", async (t) => {
  const seen: string[] = [];
  const { stage, ref } = await waiting(
    t,
    actor<Word>(({ type }, { sender }) => {
      seen.push(type);
      if (type.length < 200) (sender as ActorRef<Word>).tell(word(`${type}.`));
    }),
  );
  const other = stage.system.spawn(
    actor<Word>(({ type }) => {
      seen.push(type);
      if (type.length < 200) ref.tell(word(`${type}.`));
    }),
  );
  const bystander = stage.system.spawn(actor<Word>(({ type }) => void seen.push(type)));
  other.tell(word("the last word was said"));
  await settle();

  await inTurn(stage, () => {
    other.tell(word("-"));
    bystander.tell(word("bystander"));
  });

  assert.deepEqual(
    seen.filter((type) => type.startsWith("-")),
    Array.from({ length: 200 }, (_, i) => `-${".".repeat(i)}`),
  );
  assert.ok(seen.indexOf("bystander") < seen.indexOf(`-${".".repeat(199)}`));
});

/** What an actor is told to do, in order. */
type Deed =
  | { readonly does: "look" | "stash" | "unstash" | "crash" | "stop" | "wait" }
  | { readonly does: "exit" | "kill"; readonly whom: number }
  | { readonly does: "tell"; readonly whom: number; readonly deeds: readonly Deed[] };

interface Orders {
  readonly type: string;
  readonly deeds: readonly Deed[];
}

const ACTORS = 4;

const deeds = fc.letrec<{ deeds: readonly Deed[]; deed: Deed }>((tie) => ({
  deeds: fc.array(tie("deed"), { maxLength: 4 }),
  deed: fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constantFrom("look", "stash", "unstash", "crash", "stop", "wait") }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("exit", "kill"), whom: fc.nat(ACTORS - 1) }) },
    {
      weight: 6,
      arbitrary: fc.record({ does: fc.constant("tell"), whom: fc.nat(ACTORS - 1), deeds: tie("deeds") }),
    },
  ) as fc.Arbitrary<Deed>,
})).deeds;

/** Runs orders on four actors that restart. @returns everything that happened, in order. */
async function run(program: readonly Deed[], freezeMessages: boolean): Promise<readonly string[]> {
  const log: string[] = [];
  const refs: ActorRef<Orders>[] = [];
  let told = 0;
  const tell = (whom: number, list: readonly Deed[]): void => {
    const type = `m${++told}`;
    log.push(`${type} to ${whom}: ${refs[whom]?.tell({ type, deeds: list })}`);
  };
  const stashed = new Set<string>();
  const perform = (deed: Deed, type: string, context: ActorContext<Orders>): Promise<void> | undefined => {
    // To look at the envelope makes a letter of what was handed over: only who is told to do that does it.
    const look = (): string => `${context.envelope?.message.type} from ${context.envelope?.sender?.id}`;
    if (deed.does === "tell") tell(deed.whom, deed.deeds);
    else if (deed.does === "look") log.push(look());
    else if (deed.does === "crash") throw new Error("crash");
    else if (deed.does === "stop") context.stop();
    else if (deed.does === "unstash") context.unstashAll();
    else if (deed.does === "wait") return Promise.resolve().then(() => void log.push(`in the end ${look()}`));
    else if (deed.does === "exit") context.exit(refs[deed.whom] as ActorRef<Orders>, SHUTDOWN);
    else if (deed.does === "kill") context.kill(refs[deed.whom] as ActorRef<Orders>);
    else if (!stashed.has(type)) {
      stashed.add(type);
      context.stash();
    }
    return undefined;
  };
  const start = (name: number): Start<Orders> =>
    actor<Orders>(({ type, deeds }, context) => {
      log.push(`${name} in ${context.self.incarnation} handles ${type}`);
      let last: Promise<void> | undefined;
      for (const deed of deeds) last = perform(deed, type, context) ?? last;
      return last;
    });
  const children = Array.from({ length: ACTORS }, (_, i) => ({ id: `${i}`, start: start(i) }));
  const system = await ActorSystem.start({
    name: "test",
    root: supervisor({ maxRestarts: 1_000, children }),
    logger: false,
    freezeMessages,
  });
  system.subscribe((event) => {
    if (event.type === "deadLetter") log.push(`dead: ${(event.envelope.message as Orders).type}, ${event.reason}`);
    if (event.type === "ended") log.push(`${event.actor.id} ended: ${event.reason.kind}`);
  });
  for (let i = 0; i < ACTORS; i++) refs.push(system.whereis<Orders>(`${i}`) as ActorRef<Orders>);
  for (let i = 0; i < ACTORS; i++) tell(i, []);
  await new Promise((resolve) => setImmediate(resolve));
  tell(0, program);
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setImmediate(resolve));
  log.push(`waiting: ${refs.map((ref) => (ref as unknown as Inner).mailboxDepth)}`);
  await system.stop();
  return log;
}

nodeTest("whatever actors do, it is the same whether messages are handed over or all go in letters", async () => {
  // Frozen messages go in letters.
  const both = async (program: readonly Deed[]) => [await run(program, false), await run(program, true)] as const;
  await fc.assert(
    fc.asyncProperty(deeds, async (program) => {
      // A slice that the machine holds up ends early, and what awaits comes sooner: that is not so twice in a row, a fault is.
      let [handed, inLetters] = await both(program);
      for (let again = 0; again < 3 && !isDeepStrictEqual(handed, inLetters); again++)
        [handed, inLetters] = await both(program);
      assert.deepEqual(handed, inLetters);
    }),
    { numRuns: 1_000 },
  );
});
