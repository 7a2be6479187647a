/** The queue of one actor: messages and signals in the order they arrived. Knows nothing of actors or scheduling. */
import type { Letter, Origin } from "../environment/letter.ts";
import type { RuntimeFaultError } from "../values/errors.ts";
import { broken } from "../values/invariant.ts";
import { DEFAULT_MAILBOX_CAPACITY, type MailboxSpec, type OverflowPolicy } from "../values/mailbox-spec.ts";

/** Stands for no limit: a small integer, so that counting down from it stays cheap. */
export const UNBOUNDED: number = 2 ** 30 - 1;

/**
 * First in, first out, bounded in messages. Signals stand in the same queue and are not counted.
 *
 * Letters are linked through themselves in a circle that is held by its tail, so an empty mailbox is two fields, a full one
 * allocates nothing more, and taking a letter in and out writes one reference. A letter that is alone has no `next`: the usual case
 * is told by one comparison. The letter that is being handled stays at the head until it is {@link drop}ped; it is no longer counted
 * and none of those that wait. That one is being handled is for the layers above to know: it is a matter of turns. So is a message that
 * was handed over without a letter; it gets one before anybody looks.
 *
 * It is the lowest layer of an actor and not a part of it: a message then finds one object in memory instead of two.
 */
export abstract class Mailbox {
  /** The letter that came last; the one that came first follows it. */
  private tail: Letter | undefined = undefined;
  /**
   * Capacity less the messages that stand behind the head: an actor that keeps up with its messages has nothing to count. Below 0
   * when messages were put back, or the capacity was lowered.
   */
  private room: number;

  constructor(spec: MailboxSpec | undefined) {
    this.room = spec === undefined ? DEFAULT_MAILBOX_CAPACITY : capacityOf(spec);
  }

  protected abstract get mailboxSpec(): MailboxSpec | undefined;
  /** Whether the letter at the head has been {@link take}n and is being handled. */
  protected abstract get hasLetterInHand(): boolean;
  /** Whether a message was handed over without a letter: it comes before all that are in the queue, and is counted as their head. */
  protected abstract get isHanded(): boolean;
  /** Makes the letter of that message, which is then no longer one that was handed over. */
  protected abstract letterOfHanded(): Letter;

  /** Messages; {@link UNBOUNDED} for no limit. */
  get mailboxCapacity(): number {
    return capacityOf(this.mailboxSpec);
  }

  get overflow(): OverflowPolicy {
    return this.mailboxSpec?.overflow ?? "reject";
  }

  /** Messages waiting. */
  get mailboxDepth(): number {
    return this.mailboxCapacity - this.room + this.waitingAtHead;
  }

  /** Whether there is no room, looked at closely. */
  protected get isFull(): boolean {
    return this.room <= this.waitingAtHead;
  }

  /** Whether there is room, told at a glance; if not, {@link isFull} knows. */
  protected get hasRoom(): boolean {
    return this.room > 1;
  }

  private get waitingAtHead(): 0 | 1 {
    if (this.isHanded) this.writeDown();
    const { head } = this;
    return head === undefined || head.seq < 0 || this.hasLetterInHand ? 0 : 1;
  }

  /** Whether as many messages wait as its room says. */
  protected isCountRight(): boolean {
    const { mailboxDepth } = this;
    return this.queued.reduce((count, { seq }) => (seq < 0 ? count : count + 1), 0) === mailboxDepth;
  }

  /** Whether all of its room is free, as it must be while it is vacant. If not, it is from now on. */
  protected checkRoom(): boolean {
    const capacity = this.mailboxCapacity;
    if (this.room === capacity) return true;
    this.room = capacity;
    return false;
  }

  /** The spec has changed. @param capacityBefore what it was. */
  protected resize(capacityBefore: number): void {
    this.room += this.mailboxCapacity - capacityBefore;
  }

  /** Whether nothing waits. */
  get isQueueEmpty(): boolean {
    const tail = this.last;
    return tail === undefined || (tail.next === undefined && this.hasLetterInHand);
  }

  /** Whether there is nothing in it, not even a letter in hand. */
  protected get isVacant(): boolean {
    return this.tail === undefined;
  }

  /** The letter that is being handled. */
  get letterInHand(): Letter | undefined {
    if (!this.hasLetterInHand) return undefined;
    if (this.isHanded) this.writeDown();
    return this.head;
  }

  /**
   * What the letter that is being handled comes from; it is not worth a letter to know that what was handed over comes from nothing.
   * Each answer asks, so it is a method: how often a getter is called is not counted, and an engine inlines it last, if there is room.
   */
  originInHand(): Origin | undefined {
    return this.hasLetterInHand && !this.isHanded ? this.head?.origin : undefined;
  }

  /** Letters that wait, in order. */
  get queued(): Letter[] {
    return this.firstQueued(Number.POSITIVE_INFINITY);
  }

  /** The same, as many as `count` of them. */
  firstQueued(count: number): Letter[] {
    const tail = this.last;
    const letters: Letter[] = [];
    if (tail === undefined || this.isQueueEmpty || count < 1) return letters;
    let letter = this.letterInHand ?? tail;
    do {
      // Where the circle is torn, nothing follows.
      if (letter.next === undefined && letter !== tail) break;
      letter = letter.next ?? letter;
      letters.push(letter);
    } while (letter !== tail && letters.length < count);
    return letters;
  }

  /** When the message that waits longest was sent: its tick; `undefined` if none waits. */
  get waitingSince(): number | undefined {
    const tail = this.last;
    if (tail === undefined || this.isQueueEmpty) return undefined;
    for (let letter = this.letterInHand ?? tail; ; ) {
      letter = letter.next ?? letter;
      if (letter.seq >= 0) return letter.tick;
      if (letter === tail) return undefined;
    }
  }

  /** Puts a message that was handed over into the queue: from now on it is one that came in a letter. */
  protected writeDown(): void {
    const { tail } = this;
    const letter = this.letterOfHanded();
    if (tail === undefined) this.tail = letter;
    else {
      letter.next = tail.next ?? tail;
      tail.next = letter;
    }
  }

  /** What was handed over is done with. @returns whether others wait. */
  protected goOn(): boolean {
    if (this.tail === undefined) return false;
    this.advance();
    return true;
  }

  private get last(): Letter | undefined {
    if (this.isHanded) this.writeDown();
    return this.tail;
  }

  private get head(): Letter | undefined {
    const { tail } = this;
    return tail === undefined || tail.next === undefined ? tail : tail.next;
  }

  /** Puts a letter at the end. Whether there is room is the caller's to ask. */
  protected enqueue(letter: Letter): void {
    const { tail } = this;
    if (tail !== undefined) {
      letter.next = tail.next === undefined ? tail : tail.next;
      tail.next = letter;
    }
    if ((tail !== undefined || this.isHanded) && letter.seq >= 0) this.room--;
    this.tail = letter;
  }

  /** The letter at the head, to be handled; it stays there. None must be in hand. */
  protected take(): Letter | undefined {
    return this.head;
  }

  /** Is done with the letter in hand. @returns whether others wait. */
  protected drop(): boolean {
    const { tail } = this;
    if (tail === undefined) return false;
    const letter = tail.next;
    if (letter === undefined) {
      this.tail = undefined;
      return false;
    }
    this.unchain(tail, letter);
    this.advance();
    return true;
  }

  /** Takes the oldest waiting message out, past signals that stand before it. */
  protected takeOldest(): Letter | undefined {
    return this.takeFirst((letter) => letter.seq >= 0);
  }

  /** Puts letters before all that wait, keeping their order. They were taken from here, so there is always room for them. */
  protected unshift(letters: readonly Letter[]): void {
    if (this.isHanded) this.writeDown();
    for (let i = letters.length - 1; i >= 0; i--) {
      const letter = letters[i] as Letter;
      const inHand = this.letterInHand;
      const anchor = inHand ?? this.tail;
      if (anchor === undefined) {
        this.tail = letter;
        continue;
      }
      // Either it stands behind the head, or what was the head does.
      const behind = inHand === undefined ? (this.head as Letter) : letter;
      letter.next = anchor.next ?? anchor;
      anchor.next = letter;
      if (inHand !== undefined && this.tail === anchor) this.tail = letter;
      if (behind.seq >= 0) this.room--;
    }
  }

  /** Takes out the first waiting letter that passes `test`. @returns whether there was one. */
  protected remove(test: (letter: Letter) => boolean): boolean {
    return this.takeFirst(test) !== undefined;
  }

  /** Takes out everything, also the letter in hand. @returns what waited, in order. */
  protected clear(): readonly Letter[] {
    const letters = this.queued;
    for (const letter of letters) letter.next = undefined;
    this.tail = undefined;
    this.room = this.mailboxCapacity;
    return letters;
  }

  private takeFirst(test: (letter: Letter) => boolean): Letter | undefined {
    const tail = this.last;
    if (tail === undefined || this.isQueueEmpty) return undefined;
    for (let before = this.letterInHand ?? tail; ; before = before.next as Letter) {
      const letter = before.next ?? before;
      if (test(letter)) {
        this.takeOut(before, letter);
        return letter;
      }
      if (letter === tail) return undefined;
    }
  }

  private takeOut(before: Letter, letter: Letter): void {
    const { head } = this;
    if (letter === before) this.tail = undefined;
    else this.unchain(before, letter);
    if (letter === head) this.advance();
    else if (letter.seq >= 0) this.room++;
  }

  /** Another letter is at the head, and no longer behind it. */
  private advance(): void {
    const { head } = this;
    if (head !== undefined && head.seq >= 0) this.room++;
  }

  /** Keeps the one letter that is known, so that the next life begins with a queue that is whole. */
  private torn(known: Letter): RuntimeFaultError {
    known.next = undefined;
    this.tail = known;
    this.room = this.mailboxCapacity;
    return broken("queue");
  }

  private unchain(before: Letter, letter: Letter): void {
    const after = letter.next;
    if (after === undefined) throw this.torn(before);
    before.next = after === before ? undefined : after;
    if (this.tail === letter) this.tail = before;
    letter.next = undefined;
  }
}

function capacityOf(spec: MailboxSpec | undefined): number {
  return Math.min(spec?.capacity ?? DEFAULT_MAILBOX_CAPACITY, UNBOUNDED);
}
