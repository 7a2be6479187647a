/** A question under way: the promise its asker waits for, and the one answer it takes. */
import type { Deadline, DeadlineBatch } from "./deadlines.ts";
import { AlreadyRepliedError, AskTimeoutError, NoReplyError } from "./errors.ts";
import { freezeDeeply } from "./freeze.ts";
import { type Addressee, Letter, type Origin } from "./letter.ts";
import type { AnyActorRef } from "./ref.ts";

const unheard = (): void => {};

/** The question is the letter: one object for both, and it is its own origin. */
export class PendingAsk extends Letter implements Origin, Deadline {
  private resolve: (value: unknown) => void = unheard;
  /** `deferred`: the answer is owed by a reply port. */
  state: "open" | "deferred" | "answered" | "given_up" = "open";
  after: Deadline | undefined = undefined;
  batch: DeadlineBatch | undefined = undefined;

  constructor(message: unknown, sender: AnyActorRef | undefined, recipient: Addressee, tick: number, seq: number) {
    super(message, sender, recipient, tick, seq, undefined);
    this.origin = this;
  }

  /** Makes the promise of the answer. To be called once, at the start. */
  promise(): Promise<unknown> {
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  get isWanted(): boolean {
    return true;
  }

  /** True while the asker waits. */
  get isPending(): boolean {
    return this.state === "open" || this.state === "deferred";
  }

  /** Gives up when `signal` fires. */
  follow(signal: AbortSignal): void {
    const giveUp = (): void => this.giveUp(signal.reason);
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener("abort", giveUp, { once: true });
    const { resolve } = this;
    this.resolve = (value) => {
      signal.removeEventListener("abort", giveUp);
      resolve(value);
    };
  }

  /** @throws {AlreadyRepliedError} */
  reply(value: unknown): void {
    if (!this.isPending) {
      this.comeTooLate();
      return;
    }
    if (this.recipient.postOffice.freezesMessages) freezeDeeply(value);
    this.settle("answered", value);
  }

  /** Answers with a rejection. @throws {AlreadyRepliedError} */
  fail(error: unknown): void {
    if (this.isPending) this.settle("answered", rejection(error));
    else this.comeTooLate();
  }

  expire(timeoutMs: number): void {
    this.giveUp(new AskTimeoutError(this.recipient.id, timeoutMs, this.message));
  }

  unanswered(recipient: AnyActorRef): void {
    if (this.state === "open") this.giveUp(new NoReplyError(recipient.id, this.message));
  }

  undelivered(error: Error): void {
    this.giveUp(error);
  }

  private giveUp(error: unknown): void {
    if (this.isPending) this.settle("given_up", rejection(error));
  }

  /** An answer that reaches nobody: the second is a mistake, the first a dead letter. */
  private comeTooLate(): void {
    if (this.state === "answered") throw new AlreadyRepliedError(this.recipient.id);
    this.recipient.postOffice.bury(this, "late_reply");
  }

  private settle(state: "answered" | "given_up", answer: unknown): void {
    this.state = state;
    this.batch?.clear(this);
    this.resolve(answer);
  }
}

/** To resolve with, rather than to keep a function that rejects for each ask, most of which are answered. */
function rejection(error: unknown): Promise<never> {
  return Promise.reject(error);
}

/** A `tellAsync` under way: waits for room in a mailbox. */
export class PendingTell {
  readonly letter: Letter;
  readonly promise: Promise<void>;
  accepted!: () => void;
  refused!: (error: Error) => void;

  constructor(letter: Letter) {
    this.letter = letter;
    this.promise = new Promise((resolve, reject) => {
      this.accepted = resolve;
      this.refused = reject;
    });
  }
}
