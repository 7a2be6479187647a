import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Addressee, Letter } from "../../runtime/src/letter.ts";
import { Mailbox } from "../../runtime/src/mailbox.ts";

const nobody = {} as Addressee;
let seq = 0;
const message = (): Letter => new Letter({ type: "m" }, undefined, nobody, 0, ++seq, undefined);
const signal = (): Letter => new Letter({ type: "down" }, undefined, nobody, 0, -1, undefined);

/** What a mailbox should be: a list, and perhaps a letter in hand. */
interface Model {
  inHand: Letter | undefined;
  waiting: Letter[];
}

const sizeOf = (model: Model): number => model.waiting.filter((letter) => !letter.isSignal).length;

/** One thing that can be done to a mailbox and to its model. */
type Step = (mailbox: Mailbox, model: Model) => void;

const STEPS: readonly fc.Arbitrary<Step>[] = [
  fc.constant<Step>((mailbox, model) => {
    const letter = message();
    mailbox.push(letter);
    model.waiting.push(letter);
  }),
  fc.constant<Step>((mailbox, model) => {
    const letter = signal();
    mailbox.push(letter);
    model.waiting.push(letter);
  }),
  fc.constant<Step>((mailbox, model) => {
    mailbox.drop();
    model.inHand = undefined;
  }),
  fc.constant<Step>((mailbox, model) => {
    mailbox.drop();
    model.inHand = model.waiting.shift();
    assert.equal(mailbox.take(), model.inHand);
  }),
  fc.constant<Step>((mailbox, model) => {
    const at = model.waiting.findIndex((letter) => !letter.isSignal);
    assert.equal(mailbox.takeOldest(), at < 0 ? undefined : model.waiting.splice(at, 1)[0]);
  }),
  fc.nat(3).map<Step>((count) => (mailbox, model) => {
    const letters = Array.from({ length: count }, message);
    mailbox.unshift(letters);
    model.waiting.unshift(...letters);
  }),
  fc.nat(6).map<Step>((at) => (mailbox, model) => {
    const letter = model.waiting[at];
    assert.equal(
      mailbox.remove((other) => other === letter),
      letter !== undefined,
    );
    if (letter !== undefined) model.waiting.splice(at, 1);
  }),
  fc.constant<Step>((mailbox, model) => {
    assert.deepEqual(mailbox.clear().letters, model.waiting);
    model.waiting = [];
    model.inHand = undefined;
  }),
];

function agrees(mailbox: Mailbox, model: Model): void {
  assert.deepEqual([...mailbox], model.waiting);
  assert.equal(mailbox.inHand, model.inHand);
  assert.equal(mailbox.isEmpty, model.waiting.length === 0);
  assert.equal(mailbox.size, sizeOf(model));
}

test("a mailbox does whatever a list would do", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(...STEPS), { maxLength: 60 }), (steps) => {
      const mailbox = new Mailbox(undefined);
      const model: Model = { inHand: undefined, waiting: [] };
      for (const step of steps) {
        step(mailbox, model);
        agrees(mailbox, model);
      }
    }),
    { numRuns: 500 },
  );
});

test("capacity counts messages that wait, not signals, and not the one in hand", () => {
  const mailbox = new Mailbox({ capacity: 2 });
  for (const letter of [message(), signal(), signal()]) mailbox.push(letter);
  assert.equal(mailbox.isFull, false);
  mailbox.push(message());
  assert.equal(mailbox.isFull, true);

  mailbox.take();

  assert.equal(mailbox.isFull, false);
});

test("senders that wait for room are let in first come, first served, and never above capacity", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(12), (capacity, senders) => {
      const mailbox = new Mailbox({ capacity, overflow: "block" });
      const letters = Array.from({ length: capacity + senders }, message);
      const accepted: Letter[] = [];
      for (const letter of letters) {
        if (mailbox.isFull) mailbox.wait({ letter, accepted: () => accepted.push(letter), refused: () => {} });
        else mailbox.push(letter);
      }
      for (const letter of letters) {
        assert.ok(mailbox.size <= capacity);
        assert.equal(mailbox.take(), letter);
        mailbox.drop();
      }
      assert.deepEqual(accepted, letters.slice(capacity));
    }),
  );
});

test("clear hands out the senders that wait for room", () => {
  const mailbox = new Mailbox({ capacity: 1, overflow: "block" });
  const waiter = { letter: message(), accepted: () => {}, refused: () => {} };
  mailbox.push(message());
  mailbox.wait(waiter);

  assert.deepEqual(mailbox.clear().waiters, [waiter]);
  assert.deepEqual(mailbox.clear(), { letters: [], waiters: [] });
});
