// What the lens over a handler says of the message breakpoints for it.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Armed } from "airssys-rt/inspect";
import type { ActorStop } from "../../extension/src/debug/actor-stops.ts";
import { handleWords, stopLensText } from "../../extension/src/debug/stop-words.ts";

const stop = (change: Partial<ActorStop> = {}): ActorStop => ({
  ...{ id: "a", messageType: "charge", definition: "cards", isOn: true },
  ...change,
});
const says = (change: Partial<ActorStop>, said?: Partial<Armed>): string =>
  stopLensText([stop(change)], said && { id: "a", state: "armed", ...said });

suite("the lens over a handler with a breakpoint", () => {
  test("says when it stops, or what it logs", () => {
    assert.equal(says({}), "● stops at every charge");
    assert.equal(says({ condition: "message.cents > 10_000" }), "● stops if message.cents > 10_000");
    assert.equal(says({ hits: 3 }), "● stops at match 3");
    assert.equal(says({ condition: "a", hits: 1_200 }), "● stops if a · match 1,200");
    assert.equal(says({ path: "desk/cards", sender: "desk/*" }), "● stops at every charge · desk/cards · from desk/*");
    assert.equal(says({ log: "order {message.id}", condition: "a" }), '◆ logs "order {message.id}"');
    assert.equal(
      stopLensText([stop(), stop({ id: "b" }), stop({ id: "c" })], undefined),
      "● stops at every charge · 2 more",
    );
  });

  test("says why it cannot, before anything else", () => {
    const failed = { state: "badCondition", text: "cent is not defined" } as const;
    assert.equal(says({ condition: "cent" }, failed), "● condition failed: cent is not defined");
    assert.equal(says({}, { state: "noHandler" }), "○ armed when cards starts");
    const lacks = { state: "noHandler", text: "desk/cards has no handler for charge" } as const;
    assert.equal(says({}, lacks), "○ desk/cards has no handler for charge");
  });

  test("shows what was written as text in one line, without icons and marks that turn it", () => {
    assert.equal(says({ condition: "a\n  && $(bug) \u202E b" }), "● stops if a && $ (bug) b");
    assert.equal(says({ condition: "x".repeat(5_000) }), `● stops if ${"x".repeat(80)}…`);
    const failed = { state: "badCondition", text: `$(error)\n${"y".repeat(2_000)}` } as const;
    assert.equal(says({}, failed).length < 130, true);
  });
});

suite("a program that stands before a handler", () => {
  test("says who is about to handle what, and from whom, by their last names", () => {
    const at = { key: "a", path: "desk/payments/cards", messageType: "charge" };
    assert.equal(handleWords({ ...at, sender: "desk/sales/orders" }), "cards is about to handle charge from orders.");
    assert.equal(handleWords(at), "cards is about to handle charge from outside.");
    assert.equal(handleWords({ key: "a", path: "desk/payments/cards" }), undefined);
    assert.equal(handleWords({ ...at, messageType: "a\n\u202E b" }), "cards is about to handle a b from outside.");
  });
});
