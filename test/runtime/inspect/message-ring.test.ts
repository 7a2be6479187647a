import assert from "node:assert/strict";
import { test } from "node:test";
import { MESSAGE_OUTCOMES } from "../../../runtime/src/inspect/message-protocol.ts";
import { COLUMN, MessageRing, TOLD } from "../../../runtime/src/inspect/message-ring.ts";

function told(ring: MessageRing): number[] {
  const numbers: number[] = [];
  ring.takeChanged((slot) => numbers.push(ring.get(slot, COLUMN.number) - 1));
  return numbers;
}

function enter(ring: MessageRing, seq: number, outcome: number = MESSAGE_OUTCOMES.handled): number {
  const slot = ring.enter(seq, seq, 0);
  ring.set(slot, COLUMN.outcome, outcome);
  ring.mark(slot, TOLD);
  ring.touch(slot);
  return slot;
}

test("a message is found by its number until a newer one has its row", () => {
  const ring = new MessageRing(4);
  for (const seq of [0, 1, 2, 3]) enter(ring, seq);
  told(ring);

  enter(ring, 4);

  assert.equal(ring.find(0), -1);
  assert.deepEqual(
    [1, 2, 3, 4].map((seq) => ring.sentMs(ring.find(seq))),
    [1, 2, 3, 4],
  );
});

test("a message is told once for all that has happened to it since it was told last", () => {
  const ring = new MessageRing(4);
  const slot = enter(ring, 7);
  ring.touch(slot);

  assert.deepEqual(told(ring), [7]);
  assert.deepEqual(told(ring), []);
  ring.touch(slot);
  assert.deepEqual(told(ring), [7]);
});

test("a ring grows, and loses nothing, while its rows have something to tell or have not ended", () => {
  const ring = new MessageRing(4);
  const count = 1_000;
  for (let seq = 0; seq < count; seq++) ring.keep(enter(ring, seq), `message ${seq}`);

  const messages: unknown[] = [];
  ring.takeChanged((slot) => messages.push(ring.message(slot)));

  assert.equal(ring.lost, 0);
  assert.deepEqual(
    messages,
    Array.from({ length: count }, (_, seq) => `message ${seq}`),
  );
  assert.equal(ring.message(ring.find(999)), undefined, "what was told is let go of");
});

test("a ring that may not grow any more counts the rows that were to be told", () => {
  const ring = new MessageRing();
  const [most, more] = [65_536, 100];
  for (let seq = 0; seq < most + more; seq++) enter(ring, seq);

  assert.equal(ring.lost, more);
  const numbers = told(ring);
  assert.equal(numbers.length, most);
  assert.equal(new Set(numbers).size, most);
  assert.equal(Math.min(...numbers), more);
});
