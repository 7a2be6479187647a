/** What ties an actor to others: children, links, monitors, and who waits for its end. Made with the first tie. */

import type { ExitReason } from "../values/exit-reason.ts";
import type { Monitor } from "../values/signal.ts";
import type { PendingTell } from "./pending-ask.ts";

export class Ties<Place> {
  /** The others follow through `older`. */
  youngestChild: Place | undefined = undefined;
  /** Children with an id of their own; numbered ids cannot clash. Made with the first. */
  namedChildren: Map<string, Place> | undefined = undefined;
  /** Those it shares fate with, apart from parent and children. */
  links: Set<Place> | undefined = undefined;
  /** Watches of others over this actor. */
  watchers: Map<Monitor, Place> | undefined = undefined;
  /** Its own watches over others. */
  watching: Map<Monitor, Place> | undefined = undefined;
  /** Senders that wait for room in its mailbox, first come, first served; one that gives up leaves at no cost. */
  waiters: Set<PendingTell> | undefined = undefined;
  /** Messages that its earlier incarnations handled. */
  handledBefore = 0;
  /** Called once, when this incarnation has ended, after the signals. */
  endListeners: readonly ((reason: ExitReason) => void)[] = [];
}
