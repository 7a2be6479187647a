/** The envelope as the runtime carries it: one small object of one shape, linked to the next in its mailbox. */
import type { Envelope } from "../values/envelope.ts";
import { describeType } from "../values/errors.ts";
import type { DeadLetterReason } from "../values/event.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** Who gives letters their ids and times, and keeps those that cannot be delivered; see `Environment`. */
export interface PostOffice {
  messageIdOf(seq: number): string;
  timeOf(tick: number): number;
  bury(letter: Letter, reason: DeadLetterReason): void;
}

/** A recipient that can tell what the numbers on a letter mean. */
export interface Addressee extends AnyActorRef {
  readonly postOffice: PostOffice;
}

/** Where a letter comes from, when somebody must hear what becomes of it. */
export interface Origin {
  /** False: the letter is void and is skipped (a cancelled timer). */
  readonly isWanted: boolean;
  /** It leaves the mailbox: its turn has come, or the mailbox is emptied. @returns {@link isWanted}. */
  take(): boolean;
  /** The letter's turn ended without an answer. */
  unanswered(recipient: AnyActorRef): void;
  /** The letter was not handled, for that reason. */
  undelivered(error: Error): void;
}

export class Letter implements Envelope {
  readonly message: unknown;
  readonly sender: AnyActorRef | undefined;
  readonly recipient: Addressee;
  /** Milliseconds since the start of the system: a small integer. */
  readonly tick: number;
  /** Its number; negative for a signal: the incarnation it is for, negated. */
  readonly seq: number;
  readonly origin: Origin | undefined;
  next: Letter | undefined = undefined;

  constructor(
    message: unknown,
    sender: AnyActorRef | undefined,
    recipient: Addressee,
    tick: number,
    seq: number,
    origin: Origin | undefined,
  ) {
    this.message = message;
    this.sender = sender;
    this.recipient = recipient;
    this.tick = tick;
    this.seq = seq;
    this.origin = origin;
  }

  /** The same letter, to stand in a queue while this one is still in hand. */
  copy(): Letter {
    return new Letter(this.message, this.sender, this.recipient, this.tick, this.seq, this.origin);
  }

  get messageId(): string {
    return this.recipient.postOffice.messageIdOf(this.seq);
  }

  get timestamp(): number {
    return this.recipient.postOffice.timeOf(this.tick);
  }

  get isSignal(): boolean {
    return this.seq < 0;
  }

  toJSON(): object {
    const { messageId, sender, recipient, message, timestamp } = this;
    return { messageId, ...(sender ? { sender: sender.id } : {}), recipient: recipient.id, message, timestamp };
  }

  toString(): string {
    return `${describeType(this.message)} to ${this.recipient.id}`;
  }
}
