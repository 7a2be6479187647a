import assert from "node:assert/strict";
import { test } from "node:test";
import { ActorStops } from "../../extension/src/debug/actor-stops.ts";
import { withCrashes } from "../../extension/src/debug/exception-filters.ts";

test("the user's filters for exceptions are added to, and never taken away", () => {
  const crash = { filterId: "uncaught", condition: "inActor" };
  assert.deepEqual(withCrashes({ filters: [] }, "inActor"), { filters: [], filterOptions: [crash] });
  assert.deepEqual(withCrashes({ filters: ["all"] }, "inActor"), { filters: ["all"], filterOptions: [crash] });
  const all = { filterId: "all", condition: "error.isBad" };
  assert.deepEqual(withCrashes({ filters: [], filterOptions: [all] }, "inActor").filterOptions, [all, crash]);
  const own = { filters: [], filterOptions: [{ filterId: "uncaught", condition: "mine" }] };
  assert.deepEqual(withCrashes(own, "inActor").filterOptions, [
    { filterId: "uncaught", condition: "(mine) || (inActor)" },
  ]);
});

test("a user's filter for all uncaught exceptions stays as it is", () => {
  for (const own of [{ filters: ["uncaught"] }, { filters: [], filterOptions: [{ filterId: "uncaught" }] }])
    assert.equal(withCrashes(own, "inActor"), own);
});

test("breakpoints are read as they were kept, whatever was kept, and told without those that are off", () => {
  const stop = { id: "1", messageType: "pack", condition: "message.id === 2", isOn: true };
  const kept = {
    stops: [stop, { ...stop, id: "2", isOn: false }, { id: 3 }, null],
    switches: { crash: false, mailbox: true, other: 1 },
    mailboxDepth: 7,
  };
  const { requests } = new ActorStops(kept);
  assert.deepEqual(requests, [
    { type: "arm", stops: [{ id: "1", messageType: "pack", condition: "message.id === 2" }] },
    { type: "stopOn", crash: false, deadLetter: false, escalation: false, mailboxDepth: 7 },
  ]);
  for (const nonsense of [undefined, null, 1, "x", { stops: 1, switches: [], mailboxDepth: "many" }])
    assert.deepEqual(new ActorStops(nonsense).kept.stops, []);
});

test("of what several programs say of a breakpoint, what is wrong counts most, then that it can be hit", () => {
  const stops = new ActorStops(undefined);
  const [one, other] = [{}, {}];
  stops.state(one, [{ id: "a", state: "noHandler" }]);
  assert.equal(stops.stateOf("a")?.state, "noHandler");
  stops.state(other, [{ id: "a", state: "armed" }]);
  assert.equal(stops.stateOf("a")?.state, "armed");
  stops.state(one, [{ id: "a", state: "badCondition", text: "no" }]);
  assert.equal(stops.stateOf("a")?.text, "no");
  const at = { file: "/cards.ts", line: 45, column: 5 };
  stops.forget(one);
  stops.state(other, [{ id: "a", state: "armed", at }]);
  stops.state(other, [{ id: "a", state: "armed" }]);
  assert.deepEqual(
    stops.stateOf("a")?.at,
    at,
    "the answer to `arm` may come after the frame that tells where it stands",
  );
  stops.put({ id: "a", messageType: "refund", isOn: true });
  assert.equal(stops.stateOf("a"), undefined, "what was said was said of another one");
  stops.forget(other);
  assert.equal(stops.stateOf("a"), undefined);
});
