import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, ActorSystem, type Instrument, supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import { combineInstruments, innermost, surround } from "../../runtime/src/environment/instrument.ts";

type Note = { readonly type: "note" } | { readonly type: "fail" };

class Clerk extends Actor<Note> {
  readonly log: string[];
  constructor(log: string[]) {
    super();
    this.log = log;
  }
  override preStart(): void {
    this.log.push("preStart");
  }
  override handleMessage(message: Note): void {
    this.log.push(message.type);
    if (message.type === "fail") throw new Error("failed");
  }
}

test("an instrument sees every incarnation of every actor, supervisors too, before its preStart", async () => {
  const log: string[] = [];
  const root = supervisor({ children: [{ id: "clerk", start: () => new Clerk(log) }] });
  const instrument: Instrument = (_behavior, actor) => log.push(`${actor.id}#${actor.incarnation}`);
  await using run = await TestSystem.start({ root, instrument });

  run.system.whereis<Note>("clerk")?.tell({ type: "fail" });
  await run.settle();
  run.system.spawn(() => new Clerk([]), { id: "other" });
  await run.settle();

  assert.deepEqual(log, ["test#1", "test/clerk#1", "preStart", "fail", "test/clerk#2", "preStart", "test/other#1"]);
});

test("what is put around a callback sees its arguments and its result, and the actor's state stays its own", async () => {
  const log: string[] = [];
  const seen: unknown[] = [];
  const instrument: Instrument = (behavior) => {
    surround(behavior, "handleMessage", (original) => {
      return function (this: Actor<unknown>, ...args: never[]): unknown {
        seen.push((args as readonly unknown[])[0]);
        return original?.apply(this, args);
      };
    });
  };
  await using run = await TestSystem.start({ instrument });
  run.system.spawn(() => new Clerk(log)).tell({ type: "note" });

  await run.settle();

  assert.deepEqual(seen, [{ type: "note" }]);
  assert.deepEqual(log, ["preStart", "note"]);
});

test("several instruments see a behavior in order; the last one stands outermost", () => {
  const log: string[] = [];
  const named =
    (name: string): Instrument =>
    (behavior) => {
      surround(behavior, "handleMessage", (original) => {
        return function (this: Actor<unknown>, ...args: never[]): unknown {
          log.push(name);
          return original?.apply(this, args);
        };
      });
    };
  const clerk = new Clerk(log);

  combineInstruments([named("inner"), undefined, named("outer")])?.(clerk as Actor<unknown>, {} as never);
  clerk.handleMessage({ type: "note" });

  assert.deepEqual(log, ["outer", "inner", "note"]);
  assert.equal(combineInstruments([undefined]), undefined);
});

test("behind all that was put around a callback, the one its author wrote is still found", () => {
  const clerk = new Clerk([]) as Actor<unknown>;
  const written = clerk.handleMessage;
  for (let i = 0; i < 2; i++) surround(clerk, "handleMessage", () => () => undefined);

  assert.notEqual(clerk.handleMessage, written);
  assert.equal(innermost(clerk.handleMessage), written);
  assert.equal(innermost(written), written);
  assert.equal(innermost(undefined), undefined);
});

test("a behavior that is frozen is left alone", () => {
  const clerk = Object.freeze(new Clerk([])) as Actor<unknown>;

  assert.equal(
    surround(clerk, "handleMessage", () => () => undefined),
    false,
  );
});

test("a callback that cannot be read or replaced, and those of a proxy that refuses, are left alone", () => {
  const boom = (): never => {
    throw new Error("hands off");
  };
  const around = (): (() => undefined) => () => undefined;
  const handleMessage = (): void => {};
  const unreadable = Object.defineProperty({ handleMessage }, "postStop", { get: boom, configurable: true });
  const fixed = Object.defineProperty({ handleMessage }, "postStop", { value: handleMessage });
  for (const behavior of [
    unreadable,
    fixed,
    new Proxy({ handleMessage }, { isExtensible: boom }),
    new Proxy({ handleMessage }, { defineProperty: boom }),
  ])
    assert.equal(surround(behavior as never, "postStop", around), false);

  assert.equal((fixed as { readonly postStop?: unknown }).postStop, handleMessage);
  assert.equal(surround(unreadable as never, "handleMessage", around), true);
});

test("a listener given at the start hears events from the very first start on", async () => {
  const started: string[] = [];
  const root = supervisor({ children: [{ id: "clerk", start: () => new Clerk([]) }] });
  const system = await ActorSystem.start({
    name: "test",
    root,
    logger: false,
    onEvent: (event) => {
      if (event.type === "started") started.push(event.actor.id);
    },
  });

  assert.deepEqual(started, ["test/clerk", "test"]);
  await system.stop();
});

test("what an instrument wraps may end its actor, as the actor itself may", async () => {
  const instrument: Instrument = (behavior, actor) => {
    if (actor.id !== "test/strict") return;
    surround(behavior, "handleMessage", () => {
      return function (this: Actor<unknown>, _message: never, context: never): void {
        (context as ActorContext).stop();
      } as never;
    });
  };
  await using run = await TestSystem.start({ instrument });
  const strict = run.system.spawn(() => new Clerk([]), { id: "strict" });
  strict.tell({ type: "note" });

  await run.settle();

  assert.equal(strict.isAlive, false);
});
