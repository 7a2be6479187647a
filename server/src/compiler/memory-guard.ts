/** Keeps what a checker learns within the memory there is: it is forgotten between files, and a file that alone needs too much is given up. */
import { getHeapStatistics } from "node:v8";
import { ts } from "ts-morph";

export interface Heap {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Shares of the heap. From here on is forgotten between two files, … */
const FULL = 0.6;
/** … but not again before so much has been learnt, … */
const WORTH_FORGETTING = 0.1;
/** … and here a file is given up. */
const TOO_FULL = 0.9;

export class MemoryGuard {
  readonly #heap: () => Heap;
  #usedAtStart: number;

  constructor(heap: () => Heap = ownHeap) {
    this.#heap = heap;
    this.#usedAtStart = heap().usedBytes;
  }

  /** A new checker begins to learn. */
  begin(): void {
    this.#usedAtStart = this.#heap().usedBytes;
  }

  /** Whether it is time to begin with a new checker. */
  isFull(): boolean {
    const { usedBytes, limitBytes } = this.#heap();
    return usedBytes > FULL * limitBytes && usedBytes - this.#usedAtStart > WORTH_FORGETTING * limitBytes;
  }

  /**
   * Works with a checker. It looks at the memory at every function and class it checks.
   * @returns `undefined` when there was too little memory; the checker must not be used again then.
   */
  attempt<T>(checker: ts.TypeChecker, work: () => T): T | undefined {
    const isCancellationRequested = (): boolean => {
      const { usedBytes, limitBytes } = this.#heap();
      return usedBytes > TOO_FULL * limitBytes;
    };
    const token: ts.CancellationToken = {
      isCancellationRequested,
      throwIfCancellationRequested: () => {
        if (isCancellationRequested()) throw new ts.OperationCanceledException();
      },
    };
    try {
      return checker.runWithCancellationToken(token, work);
    } catch (cause) {
      if (cause instanceof ts.OperationCanceledException) return undefined;
      throw cause;
    }
  }
}

function ownHeap(): Heap {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return { usedBytes: used_heap_size, limitBytes: heap_size_limit };
}
