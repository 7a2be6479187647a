// Preloaded: a viewer follows every message of this process, with what is in it.
import assert from "node:assert/strict";
import type { observeSystems as observeSystemsType } from "../../runtime/src/health/systems.ts";
import type { Follow as FollowType } from "../../runtime/src/inspect/follow.ts";

/** The runtime as the suites load it, built. */
const built = (file: string): Promise<unknown> => import(new URL(file, import.meta.resolve("airssys-rt")).href);
const { Follow } = (await built("inspect/follow.js")) as { readonly Follow: typeof FollowType };
const { observeSystems } = (await built("health/systems.js")) as {
  readonly observeSystems: typeof observeSystemsType;
};

const outlet = { push: (text: string): unknown => JSON.parse(text), isCongested: false, limit: 2 ** 20 };
const follow = new Follow(outlet, { rate: Number.POSITIVE_INFINITY, heap: 1, heapUsed: () => 0 });
// A message is held until it is told: here at once, since some suites look at what is let go.
const { setInterval: repeat } = globalThis;
globalThis.setInterval = ((callback: () => void) => repeat(callback, 1)) as typeof setInterval;
follow.begin({ type: "follow", id: 1, level: "payloads" });
globalThis.setInterval = repeat;
observeSystems(({ env }, isRunning) => {
  if (isRunning) assert.ok(env.trace !== undefined, "a system is not followed");
});
// Else it would end by itself: nobody is heard of here.
setInterval(() => follow.heard(), 1).unref();
