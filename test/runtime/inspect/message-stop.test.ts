import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, cellOf } from "../../../runtime/src/actor/cell.ts";
import { defineActor } from "../../../runtime/src/actor/define-actor.ts";
import { Stop } from "../../../runtime/src/inspect/message-stop.ts";
import { Actor } from "../../../runtime/src/values/actor.ts";
import { shop } from "./viewer.ts";

interface Go {
  readonly type: "go";
}

class Walker extends Actor<Go> {
  override handleMessage(): void {}
}
class Runner extends Walker {}

test("a breakpoint for a class is for those that extend it, too, and for functional actors without a name by that of all", async (t) => {
  const walk = { init: () => 0, handlers: { go: () => 1 } };
  const system = await shop(t, [
    { id: "runner", start: () => new Runner() },
    { id: "nameless", start: defineActor<Go, number>(walk) },
    { id: "named", start: defineActor<Go, number>({ ...walk, name: "walk" }) },
    { id: "veiled", start: () => new Proxy(new Walker(), {}) },
  ]);
  const cells = ["runner", "nameless", "named", "veiled"].map((id): Cell => cellOf(system.whereis(id)));
  const armed = (definition: string, messageType = "go"): string[] =>
    cells
      .filter((cell) => {
        const stop = new Stop({ id: "a", definition, messageType });
        stop.look([cell]);
        return stop.armed.state === "armed";
      })
      .map(({ childId }) => childId);

  assert.deepEqual(armed("Walker"), ["runner", "veiled"]);
  assert.deepEqual(armed("Runner"), ["runner"]);
  assert.deepEqual(armed("actor"), ["nameless"]);
  assert.deepEqual(armed("walk"), ["named"]);
  assert.deepEqual(armed("walk", "come"), []);
});
