/** The queue of one actor: messages and signals in the order they arrived. Knows nothing of actors or scheduling. */
import type { Letter } from "./letter.ts";
import { DEFAULT_MAILBOX_CAPACITY, type MailboxSpec, type OverflowPolicy } from "./mailbox-spec.ts";

/** A `tellAsync` that waits for room. */
export interface Waiter {
  readonly letter: Letter;
  accepted(): void;
  refused(error: Error): void;
}

/**
 * First in, first out, bounded in messages. Signals stand in the same queue and are not counted.
 *
 * Letters are linked through themselves, so an empty mailbox is this object alone and a full one allocates nothing more.
 */
export class Mailbox {
  readonly capacity: number;
  readonly overflow: OverflowPolicy;
  /** Messages waiting. */
  size = 0;
  #head: Letter | undefined = undefined;
  #tail: Letter | undefined = undefined;
  #waiters: Waiter[] | undefined = undefined;

  constructor(spec: MailboxSpec | undefined) {
    this.capacity = spec?.capacity ?? DEFAULT_MAILBOX_CAPACITY;
    this.overflow = spec?.overflow ?? "reject";
  }

  get isEmpty(): boolean {
    return this.#head === undefined;
  }

  get isFull(): boolean {
    return this.size >= this.capacity;
  }

  push(letter: Letter): void {
    if (this.#tail === undefined) this.#head = letter;
    else this.#tail.next = letter;
    this.#tail = letter;
    if (letter.seq >= 0) this.size++;
  }

  /** Takes the letter at the head. */
  shift(): Letter | undefined {
    const letter = this.#head;
    if (letter === undefined) return undefined;
    this.#head = letter.next;
    if (this.#head === undefined) this.#tail = undefined;
    else letter.next = undefined;
    if (letter.seq >= 0) this.size--;
    if (this.#waiters !== undefined) this.#admit();
    return letter;
  }

  /** Takes the oldest message, past signals that stand before it. */
  shiftMessage(): Letter | undefined {
    return this.#takeFirst((letter) => letter.seq >= 0);
  }

  /** Puts letters at the head, keeping their order. They were taken from here, so capacity is not asked again. */
  unshift(letters: readonly Letter[]): void {
    for (let i = letters.length - 1; i >= 0; i--) {
      const letter = letters[i] as Letter;
      letter.next = this.#head;
      this.#head = letter;
      this.#tail ??= letter;
      if (letter.seq >= 0) this.size++;
    }
  }

  /** Takes out the first letter that passes `test`, if there is one. */
  remove(test: (letter: Letter) => boolean): boolean {
    return this.#takeFirst(test) !== undefined;
  }

  /** Takes everything out, also what waits for room. @returns letters in order, and the waiters. */
  clear(): { readonly letters: readonly Letter[]; readonly waiters: readonly Waiter[] } {
    const letters: Letter[] = [];
    for (let letter = this.#head; letter !== undefined; letter = letter.next) letters.push(letter);
    for (const letter of letters) letter.next = undefined;
    const waiters = this.#waiters ?? [];
    this.#head = this.#tail = undefined;
    this.#waiters = undefined;
    this.size = 0;
    return { letters, waiters };
  }

  /** Letters in order, for inspection. */
  *[Symbol.iterator](): IterableIterator<Letter> {
    for (let letter = this.#head; letter !== undefined; letter = letter.next) yield letter;
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
    let before: Letter | undefined;
    for (let letter = this.#head; letter !== undefined; before = letter, letter = letter.next) {
      if (!test(letter)) continue;
      if (before === undefined) this.#head = letter.next;
      else before.next = letter.next;
      if (this.#tail === letter) this.#tail = before;
      letter.next = undefined;
      if (letter.seq >= 0) this.size--;
      return letter;
    }
    return undefined;
  }
}
