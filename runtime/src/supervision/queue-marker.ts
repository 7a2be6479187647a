/** A mark at the end of an actor's queue: tells when all that waited before it has been handled. */
import type { Cell } from "../actor/cell.ts";
import type { Origin } from "../environment/letter.ts";

/** Milliseconds after which a mailbox that was full is tried again. */
const RETRY_MS = 10;

/** A letter of it is void: the actor skips it, and its handler never sees it. */
class QueueMarker implements Origin {
  readonly isWanted = false;
  readonly #onPassed: () => void;

  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
  }

  /** Nothing before it waits any more. */
  take(): false {
    this.#onPassed();
    return false;
  }

  unanswered(): void {}

  undelivered(): void {
    this.#onPassed();
  }
}

/**
 * Resolves when the actor has handled everything that waits in its mailbox now, or has ended for good.
 *
 * @param signal gives up: nothing is tried again then, and the promise stays pending.
 */
export function queuePassed(cell: Cell, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const mark = (): void => {
      if (signal.aborted) return;
      if (cell.hasEnded && !cell.isAlive) resolve();
      else if (cell.mailboxDepth >= cell.mailboxCapacity) cell.env.clock.setTimer(mark, RETRY_MS);
      else cell.sendSelf({ type: "queue marker" }, new QueueMarker(resolve));
    };
    mark();
  });
}
