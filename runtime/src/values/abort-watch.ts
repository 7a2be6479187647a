/** Listening to an `AbortSignal` that came from outside: checked and begun before anything depends on it. */

/** Whether it can be used as an `AbortSignal`, of whatever realm or library. Never throws. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== "object" || value === null) return false;
  try {
    const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
    return (
      typeof aborted === "boolean" &&
      typeof addEventListener === "function" &&
      typeof removeEventListener === "function"
    );
  } catch {
    return false;
  }
}

/** Whether a signal has fired; one that can no longer be read has not. For whoever has something else to say if it has not. */
export function hasFired(signal: AbortSignal | undefined): boolean {
  try {
    return signal?.aborted === true;
  } catch {
    return false;
  }
}

/** @throws the signal's reason, when it has fired. */
export function throwIfFired(signal: AbortSignal | undefined): void {
  if (signal !== undefined && hasFired(signal)) throw reasonOf(signal);
}

/**
 * Listens to one signal until it fires, or until nobody needs it any more. Made first of all: a signal that cannot be listened to
 * throws here, while there is nothing yet that would be left behind.
 */
export class AbortWatch {
  readonly #signal: AbortSignal;
  #onFire: ((reason: unknown) => void) | undefined = undefined;
  #hasFired: boolean;
  #reason: unknown = undefined;

  /** @throws whatever the signal throws when it is listened to. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#hasFired = false;
    if (!hasFired(signal)) signal.addEventListener("abort", this.#fire, { once: true });
    // It may have fired while it was asked, and then tells nobody.
    if (hasFired(signal)) this.#fire();
  }

  get hasFired(): boolean {
    return this.#hasFired;
  }

  /** What the signal gave as its reason; `undefined` before it has fired. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Calls back once: when the signal fires, or now if it has. */
  onFire(callback: (reason: unknown) => void): void {
    if (this.#hasFired) callback(this.#reason);
    else this.#onFire = callback;
  }

  /** Listens no more. */
  end(): void {
    this.#onFire = undefined;
    try {
      this.#signal.removeEventListener("abort", this.#fire);
    } catch {
      // It keeps a function that does nothing any more; whoever was waited for is not to suffer for it.
    }
  }

  #fire = (): void => {
    if (this.#hasFired) return;
    this.#hasFired = true;
    this.#reason = reasonOf(this.#signal);
    const callback = this.#onFire;
    this.#onFire = undefined;
    callback?.(this.#reason);
  };
}

/** The signal's reason; what reading it throws is a reason too. Never throws. */
export function reasonOf(signal: AbortSignal): unknown {
  try {
    return signal.reason;
  } catch (error) {
    return error;
  }
}
