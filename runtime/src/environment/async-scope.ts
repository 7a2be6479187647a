/** Whose work an asynchronous continuation is: a value that follows promises. The only user of `node:async_hooks`. */
import { AsyncLocalStorage, AsyncResource, createHook } from "node:async_hooks";
import { isInstance } from "../values/instance.ts";

const storage = new AsyncLocalStorage<unknown>();

/**
 * Runs functions so that everything asynchronous they start belongs to `owner`. Made once for each owner, since entering a made
 * scope costs a twentieth of making one.
 */
export class AsyncScope {
  readonly #resource: AsyncResource;

  constructor(owner: object) {
    this.#resource = storage.run(owner, () => new AsyncResource("airssys.actor"));
  }

  run<T, This, Args extends unknown[]>(fn: (this: This, ...args: Args) => T, self: This, ...args: Args): T {
    return this.#resource.runInAsyncScope(fn, self, ...args);
  }
}

/** Calls back as a microtask that is nobody's, whoever asks for it. */
export function inMicrotask(callback: () => void): void {
  if (storage.getStore() === undefined) void resolved.then(callback);
  else storage.run(undefined, () => void resolved.then(callback));
}

const resolved = Promise.resolve();

/** The owner of the running continuation, if it was started in a scope. */
export function currentOwner(): unknown {
  return storage.getStore();
}

/**
 * Hears when the synchronous parts of asynchronous work begin and end: what follows an `await`, a timer, input and output. Every promise
 * of the process costs more meanwhile. What is called must not throw.
 *
 * @param end gets whose work it was, if it was started in a scope.
 * @returns what ends it.
 */
export function watchContinuations(
  begin: (asyncId: number) => void,
  end: (asyncId: number, owner: unknown) => void,
): () => void {
  const hook = createHook({ before: begin, after: (asyncId) => end(asyncId, currentOwner()) }).enable();
  return () => void hook.disable();
}

const AsyncFunction = (async () => {}).constructor;

/** True for a function declared `async`. */
export function isAsyncFunction(fn: unknown): boolean {
  return typeof fn === "function" && isInstance(fn, AsyncFunction as new () => unknown);
}
