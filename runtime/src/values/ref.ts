/** The handle of an actor: the only thing others hold of it. Contract only; knows nothing of how an actor runs. */
import type { AskMap, ReplyMap } from "./message.ts";

/** How an {@link ActorRef.ask} waits. */
export interface AskOptions {
  /** Milliseconds; > 0; default {@link DEFAULT_ASK_TIMEOUT_MS} (OTP's). */
  readonly timeoutMs?: number;
  /** Gives up when it fires; the promise rejects with the signal's reason. Nothing is sent when it has fired already. */
  readonly signal?: AbortSignal;
}

/** How an {@link ActorRef.tellAsync} waits for room. */
export interface TellOptions {
  /** Milliseconds; > 0; default: as long as it takes. */
  readonly timeoutMs?: number;
  /** Gives up when it fires; the promise rejects with the signal's reason. Nothing is sent when it has fired already. */
  readonly signal?: AbortSignal;
}

/** Milliseconds an ask waits when nothing else is said (OTP's `gen_server:call`). */
export const DEFAULT_ASK_TIMEOUT_MS = 5_000;

/**
 * A handle of whatever actor. It names a place in the supervision tree, not one life: after a restart it reaches the new
 * incarnation. It can be passed around, sent in messages and printed, and never keeps a dead actor's state alive.
 */
export interface AnyActorRef {
  /** Path in the tree, such as `bank/workers/w1`; equal for every incarnation. */
  readonly id: string;
  /** Milliseconds since the epoch at which the current incarnation was created. */
  readonly createdAt: number;
  /** Counts lives: 1 for the first, one more after each restart. */
  readonly incarnation: number;
  /** False once the actor has ended and no restart is under way. */
  readonly isAlive: boolean;
  toString(): string;
  toJSON(): { readonly actor: string; readonly incarnation: number };
}

/**
 * The handle of an actor that accepts messages of type `M`. A ref of a larger protocol is a ref of each part of it, and not the
 * other way round. (That is why `tell` is declared as a property: the compiler is lenient with parameters of methods.)
 */
export interface ActorRef<M> extends AnyActorRef {
  /**
   * Sends a message and does not wait. Delivery is never synchronous.
   * From one actor to another, everything arrives in the order sent.
   *
   * @returns whether the mailbox took the message. `false`: the mailbox is full (overflow `reject`, and `drop_newest`) or the
   * actor has ended; the message is then a dead letter.
   */
  readonly tell: (message: M) => boolean;

  /**
   * Sends a message and waits for room, for mailboxes with overflow `block`. With another overflow policy it is {@link tell}
   * that reports refusal as a rejection. A message that is given up is a dead letter.
   *
   * @throws {InvalidArgumentError} at once, for a time-out that is not a positive number, or a signal that is none.
   * @throws {MailboxFullError} as a rejection, when there is no room and the policy is not `block`, or none in time.
   * @throws {SelfAskError} as a rejection, when an actor would wait for room in its own mailbox within its own turn.
   * @throws {ActorStoppedError} as a rejection, when the actor has ended, or ends before there is room.
   * @throws {NotStartedError} as a rejection, when the actor has not started yet.
   * @throws {StaleContextError} as a rejection, when the incarnation that sends has ended.
   */
  readonly tellAsync: (message: M, options?: TellOptions) => Promise<void>;

  /**
   * Sends a message and waits for the reply; for one that is a promise, until that has settled.
   *
   * @throws {InvalidArgumentError} at once, for a time-out that is not a positive number, or a signal that is none.
   * @throws {SelfAskError} as a rejection, when an actor asks itself within its own turn.
   * @throws {AskTimeoutError} as a rejection; a reply that comes later is a dead letter.
   * @throws {MailboxFullError} as a rejection.
   * @throws {ActorStoppedError} as a rejection, when the actor has ended or ends before it replies, with its exit reason.
   * @throws {NotStartedError} as a rejection, when the actor has not started yet.
   */
  ask<const K extends keyof AskMap<M> & keyof ReplyMap<M>>(
    message: { readonly type: K } & AskMap<M>[K],
    options?: AskOptions,
  ): Promise<ReplyMap<M>[K]>;
}
