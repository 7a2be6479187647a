import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Mailbox } from "../../runtime/src/actor/mailbox.ts";
import { type Addressee, Letter } from "../../runtime/src/environment/letter.ts";
import type { MailboxSpec } from "../../runtime/src/values/mailbox-spec.ts";

const nobody = {} as Addressee;
let seq = 0;
const message = (): Letter => new Letter({ type: "m" }, undefined, nobody, 0, ++seq, undefined);
const signal = (): Letter => new Letter({ type: "down" }, undefined, nobody, 0, -1, undefined);

/** The mailbox by itself, without the actor above it. */
class Alone extends Mailbox {
  mailboxSpec: MailboxSpec | undefined;
  hasLetterInHand = false;
  /** What was handed over: the mailbox does not know of it before it asks. */
  handed: Letter | undefined = undefined;
  constructor(spec?: MailboxSpec) {
    super(spec);
    this.mailboxSpec = spec;
  }
  override enqueue(letter: Letter): void {
    super.enqueue(letter);
  }
  get isHanded(): boolean {
    return this.handed !== undefined;
  }
  letterOfHanded(): Letter {
    const letter = this.handed as Letter;
    this.handed = undefined;
    return letter;
  }
  override take(): Letter | undefined {
    if (this.isHanded) this.writeDown();
    const letter = super.take();
    this.hasLetterInHand = letter !== undefined;
    return letter;
  }
  override drop(): boolean {
    const isMore = this.hasLetterInHand ? super.drop() : !this.isQueueEmpty;
    this.hasLetterInHand = false;
    return isMore;
  }
  override takeOldest(): Letter | undefined {
    return super.takeOldest();
  }
  override unshift(letters: readonly Letter[]): void {
    super.unshift(letters);
  }
  override remove(test: (letter: Letter) => boolean): boolean {
    return super.remove(test);
  }
  override clear(): readonly Letter[] {
    const letters = super.clear();
    this.hasLetterInHand = false;
    return letters;
  }
  override get isFull(): boolean {
    return super.isFull;
  }
  override get hasRoom(): boolean {
    return super.hasRoom;
  }
  become(spec: MailboxSpec): void {
    const { mailboxCapacity } = this;
    this.mailboxSpec = spec;
    this.resize(mailboxCapacity);
  }
}

/** What a mailbox should be: a list, and perhaps a letter in hand. */
interface Model {
  inHand: Letter | undefined;
  waiting: Letter[];
}

const sizeOf = (model: Model): number => model.waiting.filter((letter) => !letter.isSignal).length;

/** One thing that can be done to a mailbox and to its model. */
type Step = (mailbox: Alone, model: Model) => void;

const STEPS: readonly fc.Arbitrary<Step>[] = [
  fc.constant<Step>((mailbox, model) => {
    if (model.inHand !== undefined || model.waiting.length > 0) return;
    mailbox.handed = message();
    model.waiting.push(mailbox.handed);
  }),
  fc.constant<Step>((mailbox, model) => {
    const letter = message();
    mailbox.enqueue(letter);
    model.waiting.push(letter);
  }),
  fc.constant<Step>((mailbox, model) => {
    const letter = signal();
    mailbox.enqueue(letter);
    model.waiting.push(letter);
  }),
  fc.constant<Step>((mailbox, model) => {
    assert.equal(mailbox.drop(), model.waiting.length > 0);
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
    assert.deepEqual(mailbox.clear(), model.waiting);
    model.waiting = [];
    model.inHand = undefined;
  }),
];

function agrees(mailbox: Alone, model: Model): void {
  assert.deepEqual(mailbox.queued, model.waiting);
  assert.equal(mailbox.letterInHand, model.inHand);
  assert.equal(mailbox.isQueueEmpty, model.waiting.length === 0);
  assert.equal(mailbox.mailboxDepth, sizeOf(model));
}

test("a mailbox does whatever a list would do", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(...STEPS), { maxLength: 60 }), (steps) => {
      const mailbox = new Alone();
      const model: Model = { inHand: undefined, waiting: [] };
      for (const step of steps) {
        step(mailbox, model);
        if (mailbox.handed === undefined) agrees(mailbox, model);
      }
      agrees(mailbox, model);
    }),
    { numRuns: 1_000 },
  );
});

test("capacity counts messages that wait, not signals, and not the one in hand", () => {
  const mailbox = new Alone({ capacity: 2 });
  for (const letter of [message(), signal(), signal()]) mailbox.enqueue(letter);
  assert.equal(mailbox.isFull, false);
  mailbox.enqueue(message());
  assert.equal(mailbox.isFull, true);

  mailbox.take();

  assert.equal(mailbox.isFull, false);
});

test("whether there is room is told right, at a glance only where it is certain", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.oneof(...STEPS), { maxLength: 40 }), (capacity, steps) => {
      const mailbox = new Alone({ capacity });
      const model: Model = { inHand: undefined, waiting: [] };
      for (const step of steps) {
        step(mailbox, model);
        const isFull = sizeOf(model) >= capacity;
        assert.equal(mailbox.isFull, isFull);
        assert.ok(!(mailbox.hasRoom && isFull));
      }
      assert.equal(new Alone({ capacity }).hasRoom, capacity > 1);
    }),
    { numRuns: 500 },
  );
});

test("a changed capacity counts from now on", () => {
  const mailbox = new Alone({ capacity: 3 });
  for (let i = 0; i < 2; i++) mailbox.enqueue(message());

  mailbox.become({ capacity: 1 });
  assert.deepEqual([mailbox.isFull, mailbox.mailboxDepth], [true, 2]);
  mailbox.become({ capacity: 3 });

  assert.deepEqual([mailbox.isFull, mailbox.mailboxDepth], [false, 2]);
});
