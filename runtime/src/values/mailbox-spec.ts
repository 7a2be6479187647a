/** How a mailbox is made: plain data. */

/**
 * What a full mailbox does with one message more.
 *
 * | policy | the new message | `tell` returns | dead letter |
 * |---|---|---|---|
 * | `reject` | refused | `false` | the new one |
 * | `drop_newest` | dropped | `false` | the new one |
 * | `drop_oldest` | taken | `true` | the oldest one |
 * | `block` | `tell` refuses; `tellAsync` waits for room | `false` | the new one, for `tell` |
 */
export type OverflowPolicy = "reject" | "drop_newest" | "drop_oldest" | "block";

export interface MailboxSpec {
  /** Messages; a whole number >= 1, or `Infinity`. Default {@link DEFAULT_MAILBOX_CAPACITY}. Signals do not count. */
  readonly capacity?: number;
  /** Default `reject`. */
  readonly overflow?: OverflowPolicy;
}

/** Messages. Large enough for bursts, small enough that a queue that only grows is noticed before memory is gone. */
export const DEFAULT_MAILBOX_CAPACITY = 100_000;

export const OVERFLOW_POLICIES: readonly OverflowPolicy[] = ["reject", "drop_newest", "drop_oldest", "block"];
