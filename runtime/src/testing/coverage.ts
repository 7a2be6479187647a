/** What the runs of an exploration have shown so far: how many orders, and which message after which. */

/** That an actor handled one type of message right after another. */
export interface MessagePair {
  /** Path below the root. */
  readonly recipient: string;
  readonly first: string;
  readonly second: string;
}

/** How much of what can happen was seen. */
export interface ExplorationCoverage {
  /** Each once, in the order they were seen. */
  readonly pairs: readonly MessagePair[];
  /** The number of the last run in which an order was seen that no run before had; 0 before the first. */
  readonly lastNewRun: number;
}

export class Coverage {
  readonly #orders = new Set<string>();
  readonly #seen = new Map<string, Map<string, Set<string>>>();
  readonly #pairs: MessagePair[] = [];
  #lastNewRun = 0;

  /** Orders that differ: by actor, who sent what it handled, one after the other. */
  get distinct(): number {
    return this.#orders.size;
  }

  addOrder(signature: string, run: number): void {
    if (this.#orders.has(signature)) return;
    this.#orders.add(signature);
    this.#lastNewRun = run;
  }

  addPair(recipient: string, first: string, second: string): void {
    let ofRecipient = this.#seen.get(recipient);
    if (ofRecipient === undefined) {
      ofRecipient = new Map();
      this.#seen.set(recipient, ofRecipient);
    }
    let after = ofRecipient.get(first);
    if (after === undefined) {
      after = new Set();
      ofRecipient.set(first, after);
    }
    if (after.has(second)) return;
    after.add(second);
    this.#pairs.push({ recipient, first, second });
  }

  report(): ExplorationCoverage {
    return { pairs: [...this.#pairs], lastNewRun: this.#lastNewRun };
  }
}
