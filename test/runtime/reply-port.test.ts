import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ActorSystem, type Ask } from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";
import { actor } from "./guarantees/actors.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

type Question = Ask<{ readonly type: "question" }, number>;

test("a question whose asker gave up is let go, although its answer was deferred and never came", async () => {
  const clock = new VirtualClock();
  const system = await ActorSystem.start({ name: "test", clock, logger: false });
  const ref = system.spawn(actor<Question>((_, context) => void context.deferReply()));
  const ask = (): WeakRef<Question> => {
    const question: Question = { type: "question" };
    ref.ask(question, { timeoutMs: 10 }).catch(() => {});
    return new WeakRef(question);
  };
  const held = ask();
  ask();
  await clock.advance(10);

  for (let i = 0; i < 10 && held.deref() !== undefined; i++) {
    await setImmediate();
    collect();
  }

  assert.equal(held.deref(), undefined);
  await system.stop();
});
