import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorRow } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import { type Action, consequenceOf } from "../../extension/src/tree/consequence.ts";
import { actor, snapshot, supervisor } from "./rows.ts";

const flags = {
  strategy: "rest_for_one",
  maxRestarts: 3,
  maxRestartPeriodMs: 5_000,
  restartsInWindow: 1,
  autoShutdown: "never",
};

function say(action: Action, path: string, change: Partial<ActorRow> = {}, used = flags): string {
  const tree = new ProgramTree(() => 0);
  const rows = [
    supervisor("shop", 0, { supervisor: used }),
    actor("shop/ledger", 0),
    supervisor("shop/payments", 1),
    actor("shop/payments/cards", 0),
    actor("shop/payments/vouchers", 1),
    actor("shop/gateway", 2),
    actor("shop/guest", 3, { restart: "temporary" }),
  ];
  tree.apply(snapshot(rows.map((row) => (row.path === path ? { ...row, ...change } : row))));
  return consequenceOf(action, tree, path);
}

suite("before an action, the dialog says what happens to this actor now", () => {
  test("kill: who starts it again, and who falls and rises with it", () => {
    assert.equal(
      say("kill", "shop/payments"),
      "It ends at once, with 2 actors below it, and cannot clean up. shop is rest_for_one: with it stop gateway, guest. Then 4 restart and guest stays down. shop has then used 2 of 3 restarts within 5 s.",
    );
    assert.match(say("kill", "shop/gateway"), /Then it restarts and guest stays down\./);
    assert.match(
      say("kill", "shop/payments/cards"),
      /Then only it restarts\. payments has then used 1 of 3 restarts within 5 s\.$/,
    );
    assert.match(say("kill", "shop/guest"), /Then it stays down\.$/);
    assert.match(
      say("kill", "shop/ledger", { restart: "permanent" }, { ...flags, restartsInWindow: 3 }),
      /cannot clean up\. Then the system ends, all 7 actors\.$/,
    );
    assert.match(
      say("kill", "shop/ledger", { restart: "permanent" }, { ...flags, restartsInWindow: 2 }),
      /shop has then used 3 of 3 restarts within 5 s\. One more ends shop\.$/,
    );
  });

  test("stop and restart: which messages are lost", () => {
    const waiting = { mailbox: { depth: 3, capacity: 10, overflow: "reject" }, owes: 2 };
    assert.equal(
      say("stop", "shop/ledger", waiting),
      "It ends in order, and is not started again. 3 messages that wait become dead letters; 2 who asked get an error.",
    );
    assert.equal(
      say("restart", "shop/payments"),
      "It ends in order, with 2 actors below it, and starts again. Its state is lost.",
    );
    assert.equal(say("stop", "shop"), "The whole system ends in order, all 7 actors.");
  });

  test("suspend: how much room there is", () => {
    assert.equal(
      say("suspend", "shop/ledger", { mailbox: { depth: 3, capacity: 10, overflow: "drop_oldest" } }),
      "It takes no message until it is resumed. Its mailbox has room for 7 more messages; then: drop oldest.",
    );
  });

  test("an actor that has ended meanwhile", () => {
    assert.equal(say("kill", "shop/nobody"), "It has ended already.");
  });
});
