/** The queue of one actor: messages and signals in the order they arrived. Knows nothing of actors or scheduling. */
import type { Letter } from "./letter.ts";
import { DEFAULT_MAILBOX_CAPACITY, type MailboxSpec, type OverflowPolicy } from "./mailbox-spec.ts";

/** Stands for no limit: a small integer, so that comparing with it stays cheap. */
export const UNBOUNDED: number = 2 ** 30 - 1;

/** A `tellAsync` that waits for room. */
export interface Waiter {
  readonly letter: Letter;
  accepted(): void;
  refused(error: Error): void;
}

/**
 * First in, first out, bounded in messages. Signals stand in the same queue and are not counted.
 *
 * Letters are linked through themselves in a circle that is held by its tail, so an empty mailbox is this object alone, a full one
 * allocates nothing more, and taking a letter in and out writes one reference. The letter that is being handled stays at the head
 * until it is {@link drop}ped; it is no longer counted and none of the others.
 */
export class Mailbox {
  /** Messages; {@link UNBOUNDED} for no limit. */
  readonly capacity: number;
  readonly overflow: OverflowPolicy;
  /** Messages waiting. */
  size = 0;
  /** Letters taken, as its actor counts them. Kept here, so that an actor that never had one does not pay for it. */
  handled = 0;
  #tail: Letter | undefined = undefined;
  #isHandling = false;
  #waiters: Waiter[] | undefined = undefined;

  constructor(spec: MailboxSpec | undefined) {
    this.capacity = Math.min(spec?.capacity ?? DEFAULT_MAILBOX_CAPACITY, UNBOUNDED);
    this.overflow = spec?.overflow ?? "reject";
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    const tail = this.#tail;
    return tail === undefined || (this.#isHandling && tail.next === tail);
  }

  /** Whether there is nothing to {@link clear}. */
  get isUnused(): boolean {
    return this.#tail === undefined && this.#waiters === undefined;
  }

  get isFull(): boolean {
    return this.size >= this.capacity;
  }

  /** The letter that is being handled. */
  get inHand(): Letter | undefined {
    return this.#isHandling ? this.#tail?.next : undefined;
  }

  push(letter: Letter): void {
    const tail = this.#tail;
    if (tail === undefined) letter.next = letter;
    else {
      letter.next = tail.next;
      tail.next = letter;
    }
    this.#tail = letter;
    if (letter.seq >= 0) this.size++;
  }

  /** Begins with the letter at the head. The one before must have been dropped. */
  take(): Letter | undefined {
    const tail = this.#tail;
    if (tail === undefined) return undefined;
    const letter = tail.next as Letter;
    this.#isHandling = true;
    if (letter.seq >= 0) this.size--;
    if (this.#waiters !== undefined) this.#admit();
    return letter;
  }

  /** Is done with the letter in hand, if there is one. */
  drop(): void {
    const tail = this.#tail;
    if (!this.#isHandling || tail === undefined) return;
    this.#isHandling = false;
    const letter = tail.next as Letter;
    if (letter === tail) this.#tail = undefined;
    else tail.next = letter.next;
    letter.next = undefined;
  }

  /** Takes the oldest waiting message out, past signals that stand before it. */
  takeOldest(): Letter | undefined {
    return this.#takeFirst((letter) => letter.seq >= 0);
  }

  /** Puts letters before all that wait, keeping their order. They were taken from here, so capacity is not asked again. */
  unshift(letters: readonly Letter[]): void {
    for (let i = letters.length - 1; i >= 0; i--) {
      const letter = letters[i] as Letter;
      const anchor = this.inHand ?? this.#tail;
      if (anchor === undefined) this.#tail = letter.next = letter;
      else {
        letter.next = anchor.next;
        anchor.next = letter;
        if (this.#isHandling && this.#tail === anchor) this.#tail = letter;
      }
      if (letter.seq >= 0) this.size++;
    }
  }

  /** Takes out the first waiting letter that passes `test`, if there is one. */
  remove(test: (letter: Letter) => boolean): boolean {
    return this.#takeFirst(test) !== undefined;
  }

  /** Takes out everything, also the letter in hand and what waits for room. @returns what waited, in order, and the waiters. */
  clear(): { readonly letters: readonly Letter[]; readonly waiters: readonly Waiter[] } {
    const letters = [...this];
    for (const letter of letters) letter.next = undefined;
    const waiters = this.#waiters ?? [];
    this.#tail = undefined;
    this.#isHandling = false;
    this.#waiters = undefined;
    this.size = 0;
    return { letters, waiters };
  }

  /** Waiting letters in order, for inspection. */
  *[Symbol.iterator](): IterableIterator<Letter> {
    const tail = this.#tail;
    if (tail === undefined || this.isEmpty) return;
    for (let letter = this.#isHandling ? tail.next?.next : tail.next; letter !== undefined; letter = letter.next) {
      yield letter;
      if (letter === tail) return;
    }
  }

  /** Queues a sender until there is room. First come, first served. */
  wait(waiter: Waiter): void {
    this.#waiters ??= [];
    this.#waiters.push(waiter);
  }

  #admit(): void {
    while (this.#waiters !== undefined && !this.isFull) {
      const waiter = this.#waiters.shift();
      if (this.#waiters.length === 0) this.#waiters = undefined;
      if (waiter === undefined) return;
      this.push(waiter.letter);
      waiter.accepted();
    }
  }

  #takeFirst(test: (letter: Letter) => boolean): Letter | undefined {
    const tail = this.#tail;
    if (tail === undefined || this.isEmpty) return undefined;
    for (let before = this.inHand ?? tail; ; before = before.next as Letter) {
      const letter = before.next as Letter;
      if (test(letter)) return this.#unlink(before, letter);
      if (letter === tail) return undefined;
    }
  }

  #unlink(before: Letter, letter: Letter): Letter {
    if (letter === before) this.#tail = undefined;
    else {
      before.next = letter.next;
      if (this.#tail === letter) this.#tail = before;
    }
    letter.next = undefined;
    if (letter.seq >= 0) this.size--;
    return letter;
  }
}
