import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  AlreadyRepliedError,
  type Ask,
  crashed,
  describeExit,
  type ExitReason,
  IGNORE,
  KILLED,
  NORMAL,
  SHUTDOWN,
  type Signal,
} from "airssys-rt";
import { BehaviorKit, type Effect, EffectRef, ExpectationError } from "airssys-rt/testing";

type AccountMessage =
  | { readonly type: "deposit"; readonly amount: number }
  | { readonly type: "report"; readonly to: ActorRef<{ readonly type: "balance"; readonly amount: number }> }
  | { readonly type: "freeze"; readonly ms: number }
  | { readonly type: "thaw" }
  | { readonly type: "close" }
  | Ask<{ readonly type: "balance" }, number>;

class Account extends Actor<AccountMessage> {
  #balance = 0;
  #isFrozen = false;
  override preStart(context: ActorContext<AccountMessage>): void {
    context.trapExit(true);
  }
  override handleMessage(message: AccountMessage, context: ActorContext<AccountMessage>): void {
    switch (message.type) {
      case "deposit":
        if (this.#isFrozen) {
          context.stash();
          return;
        }
        if (message.amount < 0) throw new RangeError("negative");
        this.#balance += message.amount;
        return;
      case "report":
        message.to.tell({ type: "balance", amount: this.#balance });
        return;
      case "freeze":
        this.#isFrozen = true;
        context.timers.startOnce("thaw", { type: "thaw" }, message.ms);
        return;
      case "thaw":
        this.#isFrozen = false;
        context.unstashAll();
        return;
      case "close":
        context.stop();
        return;
      case "balance":
        context.reply(this.#balance);
        return;
    }
  }
  override postStop(context: ActorContext<AccountMessage>): void {
    context.whereis<{ readonly type: "closed" }>("bank")?.tell({ type: "closed" });
  }
}

test("an actor runs alone: what it does is given back as effects", () => {
  const kit = BehaviorKit.start(() => new Account());
  const teller = kit.ref<{ readonly type: "balance"; readonly amount: number }>("teller");

  assert.deepEqual(kit.effects, [{ type: "trapsExit", on: true }]);
  assert.deepEqual(kit.run({ type: "deposit", amount: 5 }), []);
  assert.deepEqual(kit.run({ type: "balance" }), [{ type: "replied", value: 5 }]);
  assert.deepEqual(kit.run({ type: "report", to: teller }), [
    { type: "sent", to: teller, message: { type: "balance", amount: 5 } },
  ]);
});

test("timers wait for the test to fire them, and stashed messages for their release", () => {
  const kit = BehaviorKit.start(() => new Account());

  assert.deepEqual(kit.run({ type: "freeze", ms: 500 }), [
    { type: "timerStarted", key: "thaw", message: { type: "thaw" }, delayMs: 500, isPeriodic: false },
  ]);
  const deposit = { type: "deposit", amount: 7 } as const;
  assert.deepEqual(kit.run(deposit), [{ type: "stashed", message: deposit }]);
  assert.deepEqual(kit.run({ type: "balance" }), [{ type: "replied", value: 0 }]);

  assert.deepEqual(kit.fire("thaw"), [{ type: "unstashed", messages: [deposit] }]);

  assert.deepEqual(kit.run({ type: "balance" }), [{ type: "replied", value: 7 }]);
  assert.throws(() => kit.fire("thaw"), ExpectationError);
});

test("an actor that stops says goodbye, and takes no more", () => {
  const heard: Effect[] = [];
  const bank = new EffectRef("bank", (effect) => heard.push(effect));
  const kit = BehaviorKit.start(() => new Account(), { names: { bank } });

  assert.deepEqual(kit.run({ type: "close" }), [{ type: "stopped", reason: { kind: "normal" } }]);

  assert.deepEqual(heard, [{ type: "sent", to: bank, message: { type: "closed" } }]);
  assert.equal(kit.isAlive, false);
  assert.throws(() => kit.run({ type: "thaw" }), ExpectationError);
});

test("a handler that throws ends the actor and not the test", () => {
  const kit = BehaviorKit.start(() => new Account());

  const [last] = kit.run({ type: "deposit", amount: -1 });

  assert.ok(last?.type === "stopped" && last.reason.kind === "crashed");
  assert.ok(last.reason.cause instanceof RangeError);
  assert.equal(last.reason.where, "receive");
});

test("what a dead actor left behind cannot act", () => {
  let kept: ActorContext<AccountMessage> | undefined;
  const kit = BehaviorKit.start(() => {
    return new (class extends Account {
      override preStart(context: ActorContext<AccountMessage>): void {
        kept = context;
      }
    })();
  });

  kit.stop();

  assert.equal(kept?.signal.aborted, true);
  assert.throws(() => kept?.stop(), { code: "ERR_STALE_CONTEXT" });
});

test("asks, spawns, links, watches and deferred replies are effects too", async () => {
  type Message = Ask<{ readonly type: "total" }, number>;
  const kit = BehaviorKit.start(() => {
    return new (class extends Actor<Message> {
      override async handleMessage(_message: Message, context: ActorContext<Message>): Promise<void> {
        const port = context.deferReply();
        const child = context.spawn(() => new Account(), { id: "child" });
        context.link(child);
        context.monitor(child);
        port.reply((await child.ask({ type: "balance" })) + 1);
      }
    })();
  });

  const pending = kit.runAsync({ type: "total" });
  const asked = kit.effects.find((effect) => effect.type === "asked");
  asked?.reply(41);

  const effects = await pending;
  assert.deepEqual(
    effects.map((effect) => effect.type),
    ["replyDeferred", "spawned", "linked", "watched", "asked", "replied"],
  );
  assert.deepEqual(effects.at(-1), { type: "replied", value: 42 });
  assert.throws(() => kit.run({ type: "total" }), ExpectationError);
});

test("a second reply and a reply outside of a turn are the actor's faults, as in a system", () => {
  let kept: ActorContext<AccountMessage> | undefined;
  const kit = BehaviorKit.start(() => {
    return new (class extends Account {
      override handleMessage(_message: AccountMessage, context: ActorContext<AccountMessage>): void {
        kept = context;
        context.reply(1);
        context.reply(2);
      }
    })();
  });

  const [, end] = kit.run({ type: "balance" });

  assert.ok(end?.type === "stopped" && end.reason.kind === "crashed");
  assert.equal((end.reason.cause as { readonly code?: string }).code, "ERR_ALREADY_REPLIED");
  assert.throws(() => kept?.reply(3), { code: "ERR_STALE_CONTEXT" });
});

test("what is no actor cannot be held", async () => {
  assert.throws(() => BehaviorKit.start(() => IGNORE), ExpectationError);
  assert.throws(() => BehaviorKit.start(async () => new Account()), ExpectationError);
  assert.throws(() => BehaviorKit.start((() => 5) as never), ExpectationError);
  assert.equal((await BehaviorKit.startAsync(async () => new Account())).isAlive, true);
});

type Order = { readonly type: "go" };

/** What an actor does that is told to go. */
function doing(act: (context: ActorContext<Order>) => void): readonly Effect[] {
  class Doing extends Actor<Order> {
    override handleMessage(_: Order, context: ActorContext<Order>): void {
      act(context);
    }
  }
  return BehaviorKit.start(() => new Doing()).run({ type: "go" });
}

test("a reply may be deferred and then given directly, and a message is set aside once in a turn, as in a system", () => {
  const typesOf = (effects: readonly Effect[]): readonly string[] => effects.map(({ type }) => type);
  const errors: unknown[] = [];
  const deferred = doing((context) => {
    const port = context.deferReply();
    (context.reply as (value: number) => void).call(context, 1);
    try {
      (port.reply as (value: number) => void)(2);
    } catch (error) {
      errors.push(error);
    }
  });
  const stashed = doing((context) => {
    context.stash();
    context.stash();
  });

  assert.deepEqual(typesOf(deferred), ["replyDeferred", "replied"]);
  assert.deepEqual(typesOf(stashed), ["stashed"]);
  assert.ok(errors[0] instanceof AlreadyRepliedError);
});

test("an exit reason that is none is the actor's fault, as in a system", () => {
  const [end] = doing((context) => context.exit("died" as never));

  assert.equal(end?.type === "stopped" && describeExit(end.reason).startsWith("crashed in receive: Invalid"), true);
});

test("what an asynchronous postStop rejects with is why the actor ended", async () => {
  class Failing extends Actor<Order> {
    override handleMessage(): void {}
    override async postStop(): Promise<void> {
      throw new Error("late");
    }
  }
  const kit = BehaviorKit.start(() => new Failing());

  kit.stop();
  await setImmediate();

  assert.equal(kit.exitReason && describeExit(kit.exitReason), "crashed in terminate: Error: late");
});

/** An actor that sets aside all but `go`, until a signal or a `go` comes, and notes what it handled, and of whom. */
function patient(seen: string[]): Actor<{ readonly type: string }> {
  return new (class extends Actor<{ readonly type: string }> {
    #isReady = false;
    override handleMessage(
      { type }: { readonly type: string },
      context: ActorContext<{ readonly type: string }>,
    ): void {
      if (type === "go") this.#open(context);
      else if (this.#isReady) seen.push(`${type} of ${context.sender?.id}`);
      else context.stash();
    }
    override handleSignal(_signal: Signal, context: ActorContext<{ readonly type: string }>): void {
      this.#open(context);
    }
    #open(context: ActorContext<{ readonly type: string }>): void {
      this.#isReady = true;
      context.unstashAll();
    }
  })();
}

test("a message that was set aside comes back with its own sender", () => {
  const seen: string[] = [];
  const kit = BehaviorKit.start(() => patient(seen));

  kit.run({ type: "first" }, kit.ref("one"));
  kit.run({ type: "second" }, kit.ref("two"));
  kit.run({ type: "go" }, kit.ref("three"));

  assert.deepEqual(seen, ["first of one", "second of two"]);
});

test("what a signal handler puts back is handled before what comes next, as in a system", () => {
  const seen: string[] = [];
  const kit = BehaviorKit.start(() => patient(seen));
  const other = kit.ref("other");

  kit.run({ type: "first" }, other);
  kit.signal({ type: "exit", from: other, incarnation: 1, reason: NORMAL });
  kit.run({ type: "second" }, other);

  assert.deepEqual(seen, ["first of other", "second of other"]);
});

test("a kill runs no callback, and what a handler under way does after the end changes nothing", async () => {
  const seen: string[] = [];
  let fail = (_cause: Error): void => {};
  const start = (): Actor<{ readonly type: "go" }> =>
    new (class extends Actor<{ readonly type: "go" }> {
      override handleMessage(): Promise<void> {
        return new Promise((_, reject) => {
          fail = reject;
        });
      }
      override postStop(_: unknown, { kind }: ExitReason): void {
        seen.push(kind);
      }
    })();
  const killed = BehaviorKit.start(start);
  const stopped = BehaviorKit.start(start);

  assert.deepEqual(killed.stop(KILLED), [{ type: "stopped", reason: KILLED }]);
  const pending = stopped.runAsync({ type: "go" });
  stopped.stop();
  fail(new Error("late"));
  await pending;

  assert.deepEqual(seen, ["shutdown"]);
  assert.deepEqual(stopped.effects, [{ type: "stopped", reason: SHUTDOWN }]);
});

test("a piped promise whose message cannot be made ends the actor, as in a system", async () => {
  const cause = new Error("no message");
  const kit = BehaviorKit.start<{ readonly type: "go" }>(() => {
    return new (class extends Actor<{ readonly type: "go" }> {
      override handleMessage(_: unknown, context: ActorContext<{ readonly type: "go" }>): void {
        context.pipeToSelf(Promise.resolve(), () => {
          throw cause;
        });
      }
    })();
  });

  kit.run({ type: "go" });
  await setImmediate();

  assert.deepEqual(kit.effects, [{ type: "stopped", reason: crashed(cause, "receive") }]);
  assert.equal(kit.isAlive, false);
});

test("whereis finds what the test has named, and nothing that every object has", () => {
  let found: unknown = "nothing was asked";
  const kit = BehaviorKit.start<{ readonly type: "go" }>(() => {
    return new (class extends Actor<{ readonly type: "go" }> {
      override handleMessage(_: unknown, context: ActorContext<{ readonly type: "go" }>): void {
        found = context.whereis("toString");
      }
    })();
  });

  kit.run({ type: "go" });

  assert.equal(found, undefined);
});
