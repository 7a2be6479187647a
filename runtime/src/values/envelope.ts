/** A message on its way: the user's value and what the runtime knows about it. */
import type { AnyActorRef } from "./ref.ts";

/**
 * One accepted message. Serialisable: `JSON.stringify(envelope)` gives ids instead of references.
 */
export interface Envelope<M = unknown> {
  /** Unique in this process; made when it is read, so that sending costs a counter. */
  readonly messageId: string;
  /** Whoever sent it, when it was sent by an actor's turn. */
  readonly sender: AnyActorRef | undefined;
  readonly recipient: AnyActorRef;
  readonly message: M;
  /**
   * Milliseconds since the epoch, as of the last time the runtime read the clock: a few milliseconds ago while turns run, or when the
   * first of several messages was sent by one stretch of code outside of actors.
   */
  readonly timestamp: number;
}
