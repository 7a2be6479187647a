/** A question under way: the promise its asker waits for, and the one answer it takes. */
import type { Deadline, DeadlineBatch } from "../environment/deadlines.ts";
import { type Addressee, Letter, type Origin } from "../environment/letter.ts";
import type { AbortWatch } from "../values/abort-watch.ts";
import { AlreadyRepliedError, AskTimeoutError, NoReplyError } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { isThenable } from "../values/thenable.ts";

// What has become of a question.
const OPEN = 0;
/** The answer is owed by a reply port. */
const DEFERRED = 1;
const ANSWERED = 2;
const GIVEN_UP = 3;
/** The bits in which it stands. */
const STATE = 3;
/** The bit of those that nobody waits for. */
const SETTLED = 2;
/** Beside it: the reply is there, and is a promise that has not settled. */
const PROMISED = 4;
/** The bits of those that take no other reply. */
const REPLIED = SETTLED | PROMISED;
const STATE_BITS = 3;

/** Something that was sent and whose sender waits for what becomes of it. */
export interface Awaited {
  readonly sender: AnyActorRef | undefined;
  /** The life of the sender that waits; negative for one that had ended. */
  readonly senderIncarnation: number;
}

/** What failed, by the promises that were rejected: should nobody listen to one of them, it is known whose it was. */
export const failures: WeakMap<Promise<unknown>, Awaited> = new WeakMap();

/**
 * The question is the letter: one object for both, and it is its own origin.
 *
 * It has all that a letter has and does not derive from it: an engine makes what derives from nothing at the place where it is needed,
 * and calls three functions for anything else.
 */
export class PendingAsk implements Letter, Origin, Deadline, Awaited {
  declare readonly messageId: string;
  declare readonly timestamp: number;
  declare readonly isSignal: boolean;
  declare readonly copy: () => Letter;
  declare readonly toJSON: () => object;
  readonly message: unknown;
  readonly sender: AnyActorRef | undefined;
  readonly recipient: Addressee;
  readonly seq: number;
  next: Letter | undefined;
  promise!: Promise<unknown>;
  private resolve!: (value: unknown) => void;
  /** The {@link senderIncarnation}, and in the lowest bits what has become of it: one number, since there may be very many. */
  private bits: number;
  readonly batch: DeadlineBatch;
  before: Deadline | undefined;

  constructor(
    message: unknown,
    sender: AnyActorRef | undefined,
    recipient: Addressee,
    seq: number,
    batch: DeadlineBatch,
  ) {
    this.message = message;
    this.sender = sender;
    this.recipient = recipient;
    this.seq = seq;
    this.next = undefined;
    this.bits = sender === undefined ? OPEN : (sender.incarnation << STATE_BITS) | OPEN;
    this.batch = batch;
    this.before = batch.newest;
  }

  /**
   * Makes the promise of the answer, and starts the time. Apart, since a constructor whose `this` a function keeps is slow. To be
   * called once, at the start.
   */
  begin(): void {
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.batch.add(this);
  }

  get tick(): number {
    return this.batch.tick;
  }

  get origin(): Origin {
    return this;
  }

  get senderIncarnation(): number {
    return this.bits >> STATE_BITS;
  }

  get isWanted(): boolean {
    return true;
  }

  take(): boolean {
    return true;
  }

  /** It has a reply, perhaps one that is still to come, or its asker has given up: no other counts. */
  get isReplied(): boolean {
    return (this.bits & REPLIED) !== 0;
  }

  /** The asker waits no more, and had no answer. */
  get isGivenUp(): boolean {
    return (this.bits & STATE) === GIVEN_UP;
  }

  /** True while the asker waits. */
  get isPending(): boolean {
    return (this.bits & SETTLED) === 0;
  }

  /** From now on the end of the turn is no answer. @throws {AlreadyRepliedError} */
  defer(): void {
    if (this.wasAnswered) throw new AlreadyRepliedError(this.recipient.id);
    if ((this.bits & STATE) === OPEN) this.bits |= DEFERRED;
  }

  /** Gives up when the signal fires. */
  follow(watch: AbortWatch): void {
    watch.onFire((reason) => this.giveUp(reason));
    this.whenSettled(() => watch.end());
  }

  /** Calls back once nobody waits for the answer any more. `hasFailed`: there is none, or it is an error. */
  whenSettled(callback: (hasFailed: boolean) => void): void {
    const { resolve } = this;
    this.resolve = (value) => {
      // Answers are values: what is a promise was rejected here.
      callback(value instanceof Promise);
      resolve(value);
    };
  }

  /** Answers; with a promise, once that settles, if the asker still waits then. @throws {AlreadyRepliedError} */
  reply(value: unknown): void {
    if (this.isReplied) this.comeTooLate();
    else if (isPromised(value)) this.replyLater(value);
    else this.settle(ANSWERED, value);
  }

  /** Answers with a rejection. @throws {AlreadyRepliedError} */
  fail(error: unknown): void {
    if (this.isReplied) this.comeTooLate();
    else this.reject(ANSWERED, error);
  }

  /** Until the promise settles the asker waits as before, within its own limits. */
  private replyLater(promise: PromiseLike<unknown>): void {
    this.bits |= PROMISED | DEFERRED;
    Promise.resolve(promise).then(
      (value) => (this.isPending ? this.settle(ANSWERED, value) : this.buryReply()),
      (error: unknown) => (this.isPending ? this.reject(ANSWERED, error) : this.buryReply()),
    );
  }

  expire(timeoutMs: number): void {
    this.giveUp(new AskTimeoutError(this.recipient.id, timeoutMs, this.message));
  }

  unanswered(recipient: AnyActorRef): void {
    if ((this.bits & STATE) === OPEN) this.giveUp(new NoReplyError(recipient.id, this.message));
  }

  /** A reply that is still to come does not need the actor any more. */
  undelivered(error: Error): void {
    if ((this.bits & PROMISED) === 0) this.giveUp(error);
  }

  private giveUp(error: unknown): void {
    if (this.isPending) this.reject(GIVEN_UP, error);
  }

  /** An answer that reaches nobody: the second is a mistake, the first a dead letter. */
  private comeTooLate(): void {
    if (this.wasAnswered) throw new AlreadyRepliedError(this.recipient.id);
    this.buryReply();
  }

  private get wasAnswered(): boolean {
    return (this.bits & STATE) === ANSWERED || (this.bits & PROMISED) !== 0;
  }

  private buryReply(): void {
    this.recipient.postOffice.bury(this, "late_reply");
  }

  /** To reject directly would mean to keep another function for each ask, most of which are answered. */
  private reject(state: typeof ANSWERED | typeof GIVEN_UP, error: unknown): void {
    failures.set(this.promise, this);
    this.settle(state, Promise.reject(error));
  }

  private settle(state: typeof ANSWERED | typeof GIVEN_UP, answer: unknown): void {
    this.bits = (this.bits & ~STATE) | state;
    this.batch.clear();
    this.resolve(answer);
  }
}

Object.setPrototypeOf(PendingAsk.prototype, Letter.prototype);

/** Whether a reply is still to come. A `then` that cannot be read is for the promise of the answer to find out. */
function isPromised(value: unknown): value is PromiseLike<unknown> {
  // Asked here, since each reply asks: what has no fields needs no guard.
  if (typeof value !== "object" && typeof value !== "function") return false;
  try {
    return isThenable(value);
  } catch {
    return true;
  }
}

/** A `tellAsync` under way: waits for room in a mailbox. */
export class PendingTell implements Awaited {
  readonly letter: Letter;
  readonly senderIncarnation: number;
  readonly promise: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: unknown) => void;
  /** What ends its limits. */
  private endLimits: () => void = () => {};

  constructor(letter: Letter) {
    this.letter = letter;
    this.senderIncarnation = letter.sender?.incarnation ?? 0;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Calls back once it waits no more. */
  whenOver(callback: () => void): void {
    this.endLimits = callback;
  }

  accepted(): void {
    this.endLimits();
    this.resolve();
  }

  get sender(): AnyActorRef | undefined {
    return this.letter.sender;
  }

  refused(error: unknown): void {
    this.endLimits();
    failures.set(this.promise, this);
    this.reject(error);
  }
}
