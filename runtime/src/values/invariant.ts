/** What always holds inside the runtime, asserted while it runs, in production too: where it is made true and where it is relied on. */

import { RuntimeFaultError } from "./errors.ts";

/**
 * | invariant | made true | relied on |
 * |---|---|---|
 * | `recipient` | letters are put back | the letter is handled |
 * | `queue` | letters are put back | the letter leaves it |
 * | `room` | a mailbox is emptied | a letter is refused for want of room |
 * | `status` | the status changes | a turn begins |
 * | `siblings` | a child takes its place | it leaves it |
 * | `slot` | an actor asks for a turn | it is given one |
 * | `deadlines` | one is cleared | the rest fall due |
 *
 * One that does not hold is a fault of the runtime. It ends the actor that it concerns, which its supervisor restarts, and asks for an
 * issue; never the process, and nobody else.
 */
const INVARIANTS = {
  recipient: "a letter stands in the mailbox of its recipient",
  queue: "a letter stands in one queue, once, and the queue is a circle",
  room: "the room in a mailbox is its capacity less the messages that wait",
  status: "a status follows from one that can come before it, and a turn belongs to a life that goes on",
  siblings: "children are a list in which each knows the one before and the one after it",
  slot: "whoever asks for a turn waits in a slot of his own, and gets one turn for it",
  deadlines: "as many deadlines are pending as are counted, and one that has expired is not",
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** What to throw, or to report, where an invariant does not hold. @param actor path of whom it concerns. */
export function broken(invariant: Invariant, actor?: string): RuntimeFaultError {
  return new RuntimeFaultError(actor, `the invariant "${invariant}" does not hold (${INVARIANTS[invariant]})`);
}
