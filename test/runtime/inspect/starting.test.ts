import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, ActorSystem, supervisor } from "airssys-rt";
import type { ActorRow, InspectionHook } from "airssys-rt/inspect";

test("a system can be seen while it starts, so that a start that hangs is not invisible", async () => {
  let goOn: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  class Slow extends Actor<{ readonly type: "order" }> {
    override preStart(): Promise<void> {
      return held;
    }
    override handleMessage(): void {}
  }
  const root = supervisor({ children: [{ id: "slow", start: () => new Slow() }] });
  const starting = ActorSystem.start({ name: "shop", root, logger: false });

  const before = statesOf("shop");
  goOn();
  await using system = await starting;
  const after = statesOf(system.name);

  assert.deepEqual(before, ["shop starting", "shop/slow starting"]);
  assert.deepEqual(after, ["shop idle", "shop/slow idle"]);
});

function statesOf(system: string): string[] {
  const globals = globalThis as unknown as Record<PropertyKey, unknown>;
  const hook = globals[Symbol.for("airssys.inspect")] as InspectionHook;
  globals["takeFrame"] = () => {};
  hook.attach({ binding: "takeFrame" });
  const { value } = JSON.parse(hook.receive(JSON.stringify({ type: "snapshot", id: 1 }))) as {
    value: { actors: readonly ActorRow[] };
  };
  return value.actors.filter(({ path }) => path.startsWith(system)).map(({ path, state }) => `${path} ${state}`);
}
