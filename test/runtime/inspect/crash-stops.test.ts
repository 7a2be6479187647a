import assert from "node:assert/strict";
import { test } from "node:test";
import { Debugger } from "./debugger.ts";

const KINDS = [
  ...["child", "sync", "early", "late", "signal", "postStop", "postStop late", "pipeToSelf", "timer", "stray"],
  ...["preStart", "preStart late", "init", "init late"],
  ...["functional sync", "functional late", "functional early"],
  ...["functional init", "functional postStop", "functional signal"],
];

for (const scheduler of ["real", "seeded"])
  test(`a debugger that stops at crashes stops at each throw before anybody acts on it, under the ${scheduler} scheduler`, async (t) => {
    const debug = await Debugger.run("crash-program.ts", [scheduler]);
    t.after(() => debug.end());
    const stoppedAt: string[] = [];
    const late: string[] = [];
    const outside: string[] = [];
    debug.onPause = async ({ data, callFrames }) => {
      const name = data?.description?.match(/^RangeError: (.*)/)?.[1] ?? String(data?.description);
      stoppedAt.push(name);
      if (callFrames[0]?.functionName !== "boom") outside.push(name);
      if (debug.output.includes(`crashed ${name}`)) late.push(name);
      if (!(await debug.hook<boolean>("isInActor"))) outside.push(name);
    };
    await debug.said("ready");
    assert.equal((await debug.say({ type: "stopOn", id: 1, crash: true })).ok, true);
    assert.equal((await debug.say({ type: "causes", id: 2, on: true })).ok, true);
    await debug.call("Debugger.setPauseOnExceptions", { state: "uncaught" });
    await debug.evaluate("begin()");
    await debug.said("done");

    assert.deepEqual(stoppedAt, KINDS);
    assert.deepEqual([late, outside], [[], []]);
    assert.deepEqual(
      debug.output.filter((line) => line.startsWith("crashed")),
      KINDS.map((name) => `crashed ${name}`),
    );
  });
