/**
 * Calls whose failures nobody seems to catch: a debugger that stops at uncaught exceptions then stops where they are thrown, with all
 * their frames. The engine looks down the stack for a `catch`, and along promises for somebody who hears that they reject; what is here
 * hears of failures in ways that it takes for none.
 *
 * | who hears of the failure | how | what the engine sees |
 * |---|---|---|
 * | who called | the executor of a promise threw: the promise keeps it | a promise nobody listens to |
 * | who waits for a promise | a `finally` that does not throw on | an `await` without `catch` |
 */
import { AsyncScope, inMicrotask } from "./async-scope.ts";
import { isThenable } from "./thenable.ts";

/** What a call came to: its result, or, when it threw, a promise that has rejected with that. */
export interface Attempt<T> {
  readonly result: T | undefined;
  readonly failure: Promise<never> | undefined;
}

/** Calls, and keeps what is thrown. There must be no `catch` below it on the stack. The caller hears of the failure at once. */
export function attempt<T>(call: () => T): Attempt<T> {
  let result: T | undefined;
  let hasReturned = false;
  // Nobody waits for one that has not failed: it need not be settled.
  const outcome = new Promise<void>(() => {
    result = call();
    hasReturned = true;
  });
  return { result, failure: hasReturned ? undefined : (outcome as Promise<never>) };
}

/** A promise that settles as this one does, and that the engine does not know of: who listens to it is not taken to catch. */
export function detached<T>(pending: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    void follow(pending, resolve, reject);
  });
}

/** Calls back when a promise has settled, and is not taken to catch its failure. */
export async function whenSettled(pending: Promise<unknown>, callback: (hasFailed: boolean) => void): Promise<void> {
  let hasFailed = true;
  try {
    await pending;
    hasFailed = false;
  } finally {
    callback(hasFailed);
    // oxlint-disable-next-line no-unsafe-finally
    // biome-ignore lint/correctness/noUnsafeFinally: that it swallows the failure is its purpose
    return;
  }
}

async function follow<T>(
  pending: Promise<T>,
  resolve: (value: T) => void,
  reject: (cause: unknown) => void,
): Promise<void> {
  let hasFailed = true;
  try {
    const value = await pending;
    hasFailed = false;
    resolve(value);
  } finally {
    if (hasFailed) void pending.then(undefined, reject);
    // oxlint-disable-next-line no-unsafe-finally
    // biome-ignore lint/correctness/noUnsafeFinally: that it swallows the failure is its purpose
    return;
  }
}

/**
 * The scope of an incarnation whose single calls run in microtasks of their own, with nothing below them on the stack. Such a call gives
 * back a promise of what it came to, whatever that is.
 */
export class BareScope extends AsyncScope {
  readonly #within: (call: () => unknown) => unknown;

  /** @param within makes it known, while the call runs, whose it is. */
  constructor(owner: object, within: (call: () => unknown) => unknown) {
    super(owner);
    this.#within = within;
  }

  override runOnce<T, This, Args extends unknown[]>(
    fn: (this: This, ...args: Args) => T,
    self: This,
    ...args: Args
  ): T {
    const called = new Promise((resolve, reject) => {
      inMicrotask(() => {
        const { result, failure } = attempt(() => this.#within(() => this.run(fn, self, ...args)));
        if (failure !== undefined) void failure.then(undefined, reject);
        else if (isThenable<unknown>(result))
          void follow(
            this.run(() => Promise.resolve(result), undefined),
            resolve,
            reject,
          );
        else resolve(result);
      });
    });
    return called as T;
  }
}
