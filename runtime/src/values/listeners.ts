/** Synchronous fan-out of events to whoever listens. Knows nothing of what the events mean. */
import { safeText } from "./safe-text.ts";
import { isThenable } from "./thenable.ts";

/** A set of listeners. One that throws or rejects is reported on `console.error` and disturbs neither the others nor the sender. */
export class Listeners<E> {
  readonly #listeners: Set<(event: E) => void> = new Set();

  /** Adds a listener. @returns a function that removes it again. */
  add(listener: (event: E) => void): () => void {
    const own = (event: E): void => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  emit(event: E): void {
    for (const listener of this.#listeners) {
      try {
        const done: unknown = listener(event);
        if (isThenable(done)) done.then(undefined, report);
      } catch (error) {
        report(error);
      }
    }
  }
}

function report(error: unknown): void {
  try {
    console.error("airssys: a listener threw", error);
  } catch {
    console.error("airssys: a listener threw", safeText(error));
  }
}
