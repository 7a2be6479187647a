/** Fan-out of runtime events: synchronous, and a subscriber that throws or rejects is not the publisher's trouble. */
import type { RuntimeEvent } from "../values/event.ts";
import { isThenable } from "../values/thenable.ts";

export type EventListener = (event: RuntimeEvent) => void;

/** The event stream of a system. Who publishes asks {@link isWatched} first, so that events nobody hears are never made. */
export class EventHub {
  #listeners: readonly EventListener[] = [];
  readonly #onListenerError: (error: unknown) => void;
  isWatched = false;
  /** Somebody wants to know of every start and every end. */
  hearsLives = false;
  #livesHeardBy = 0;

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  /**
   * Hears every event from now on, within the call that caused it. What a listener itself causes, those after it hear before what it
   * heard.
   *
   * @param wantsLives whether `started` and `ended` are to be made for it; if not, it hears them only where another wants them.
   * @returns what ends it.
   */
  subscribe(listener: EventListener, wantsLives = true): () => void {
    // One that is subscribed twice hears twice, and each subscription ends by itself.
    const own: EventListener = (event) => listener(event);
    this.#listeners = [...this.#listeners, own];
    this.isWatched = true;
    if (wantsLives) this.#livesHeardBy++;
    this.hearsLives = this.#livesHeardBy > 0;
    return () => {
      if (!this.#listeners.includes(own)) return;
      if (wantsLives) this.#livesHeardBy--;
      this.hearsLives = this.#livesHeardBy > 0;
      this.#listeners = this.#listeners.filter((other) => other !== own);
      this.isWatched = this.#listeners.length > 0;
    };
  }

  publish(event: RuntimeEvent): void {
    for (const listener of this.#listeners) {
      try {
        const done: unknown = listener(event);
        if (isThenable(done)) done.then(undefined, this.#onListenerError);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
