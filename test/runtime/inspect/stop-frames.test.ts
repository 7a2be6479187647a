import assert from "node:assert/strict";
import { test } from "node:test";
import { stopFault } from "../../../runtime/src/inspect/stop-frame.ts";
import { shop, Viewer } from "./viewer.ts";

test("without a debugger nothing can be stopped, and that is said", async (t) => {
  await shop(t);
  const viewer = new Viewer();
  t.after(() => viewer.session.close());
  const frames = [
    { type: "arm", id: 1, stops: [] },
    { type: "step", id: 2, kind: "receiver", seq: 1, key: "shop#1" },
    { type: "stopOn", id: 3, crash: true },
    { type: "causes", id: 4, on: true },
  ];

  for (const frame of frames) {
    const answer = viewer.hears(JSON.stringify(frame));
    assert.deepEqual(answer, {
      type: "reply",
      id: frame.id,
      ok: false,
      code: "ERR_NOT_SUPPORTED",
      message: "no debugger is attached to this program",
    });
  }
});

test("every wrong field of a frame that says where to stop is refused with what is wrong", () => {
  const stop = (fields: object): object => ({ type: "arm", stops: [{ id: "a", ...fields }] });
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ type: "arm" }, /stops must be a list/],
    [{ type: "arm", stops: {} }, /stops must be a list/],
    [{ type: "arm", stops: [1] }, /a stop must be an object/],
    [{ type: "arm", stops: [null] }, /a stop must be an object/],
    [{ type: "arm", stops: [{}] }, /needs an id/],
    [{ type: "arm", stops: [{ id: "a" }, { id: "a" }] }, /an id of its own/],
    [{ type: "arm", stops: Array.from({ length: 501 }, (_, id) => ({ id: String(id) })) }, /at most 500, got 501/],
    [stop({ messageType: 1 }), /messageType must be a text/],
    [stop({ condition: "x".repeat(2_001) }), /condition must be a text of at most 2000/],
    [stop({ log: [] }), /log must be a text/],
    [stop({ path: null }), /path must be a text/],
    [stop({ hits: 0 }), /hits must be a whole number/],
    [stop({ hits: 1.5 }), /hits must be a whole number/],
    [{ type: "step", kind: "back", seq: 1 }, /kind must be receiver or nextMessage, got back/],
    [{ type: "step", kind: "receiver", seq: "1" }, /seq must be the number/],
    [{ type: "stopOn", crash: 1 }, /crash must be true or false/],
    [{ type: "stopOn", mailboxDepth: -1 }, /mailboxDepth must be a whole number/],
    [{ type: "causes" }, /on must be true or false/],
  ];
  for (const [frame, fault] of cases) assert.match(String(stopFault(frame as never)), fault);
  assert.equal(
    stopFault(stop({ messageType: "pack", path: "a/*", condition: "1", log: "{x}", hits: 1 }) as never),
    undefined,
  );
});
