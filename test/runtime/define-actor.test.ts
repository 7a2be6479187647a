import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type Ask, defineActor, SHUTDOWN } from "airssys-rt";
import { BehaviorKit, TestSystem } from "airssys-rt/testing";

type CounterMessage = { readonly type: "add"; readonly amount: number } | Ask<{ readonly type: "sum" }, number>;

interface Word {
  readonly type: "go";
}

/** What libraries return that begin their work when it is waited for: no `Promise`, although it is typed as one. */
function lazily<T>(value: T): Promise<T> {
  // biome-ignore lint/suspicious/noThenProperty: that it is a thenable is the point
  return { then: (resolve: (value: T) => unknown) => resolve(value) } as unknown as Promise<T>;
}

const counter = defineActor<CounterMessage, number>({
  init: () => lazily(1),
  handlers: {
    add: (sum, { amount }) => lazily(sum + amount),
    sum: (sum, _, context) => context.reply(sum),
  },
});

test("what init and a handler give back may be any thenable: the state is what it brings", async () => {
  await using run = await TestSystem.start();
  const ref = run.system.spawn(counter);

  ref.tell({ type: "add", amount: 2 });

  assert.equal(await ref.ask({ type: "sum" }), 3);
});

test("a thenable that can be called, as query builders are, is waited for in every callback", async () => {
  const waited: string[] = [];
  const callable = (what: string, value?: unknown): never =>
    // biome-ignore lint/suspicious/noThenProperty: that it is a thenable is the point
    Object.defineProperty(() => {}, "then", {
      value: (resolve: (value: unknown) => void) => {
        waited.push(what);
        resolve(value);
      },
    }) as never;
  class Asking extends Actor<Word> {
    override preStart(): Promise<void> {
      return callable("preStart");
    }
    override handleMessage(): Promise<void> {
      return callable("handleMessage");
    }
    override handleSignal(): Promise<void> {
      return callable("handleSignal");
    }
    override postStop(): Promise<void> {
      return callable("postStop");
    }
  }
  class Watching extends Asking {
    override preStart(context?: ActorContext<Word>): Promise<void> {
      context?.monitor(ended);
      return super.preStart();
    }
  }
  await using run = await TestSystem.start();
  const ended = run.system.spawn(() => new Asking());
  run.system.kill(ended);
  await run.settle();

  const ref = run.system.spawn(() => callable("start", new Watching()));
  ref.tell({ type: "go" });
  await run.settle();
  run.system.exit(ref, SHUTDOWN);
  await run.settle();

  assert.deepEqual(waited, ["start", "preStart", "handleMessage", "handleSignal", "postStop"]);
});

test("a kit waits for any thenable", async () => {
  const kit = await BehaviorKit.startAsync(counter);

  await kit.runAsync({ type: "add", amount: 2 });

  assert.deepEqual(await kit.runAsync({ type: "sum" }), [{ type: "replied", value: 3 }]);
  assert.throws(() => kit.run({ type: "add", amount: 2 }), { code: "ERR_EXPECTATION" });
});
