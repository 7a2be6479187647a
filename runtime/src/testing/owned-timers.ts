/** Timers of whoever owns time here: `setTimeout` and its like, and those of `node:timers/promises`. */
import type { Owner } from "./owner.ts";
import { VirtualImmediate, VirtualTimeout } from "./virtual-timeout.ts";

type Callback = (...args: unknown[]) => unknown;

/** A timer that was not set: the callback is none, and the machine's own function says so. */
export const NOT_SET: unique symbol = Symbol("not set");

export function setVirtual(owner: Owner, isRepeated: boolean, [callback, delay, ...args]: unknown[]): unknown {
  if (typeof callback !== "function") return NOT_SET;
  return new VirtualTimeout(owner.clock, () => void (callback as Callback)(...args), delay, isRepeated);
}

export function setSoon(owner: Owner, [callback, ...args]: unknown[]): unknown {
  if (typeof callback !== "function") return NOT_SET;
  return new VirtualImmediate(owner.soon(() => void (callback as Callback)(...args)));
}

interface PromiseOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

interface Closing {
  close(): unknown;
}

/** As `setTimeout` of `node:timers/promises`. */
export function sleep(owner: Owner, [delay, value, options]: unknown[]): Promise<unknown> {
  return settled((done) => new VirtualTimeout(owner.clock, done, delay, false), value, options);
}

/** As `setImmediate` of `node:timers/promises`. */
export function breathe(owner: Owner, [value, options]: unknown[]): Promise<unknown> {
  return settled((done) => new VirtualImmediate(owner.soon(done)), value, options);
}

function settled(set: (done: () => void) => Closing, value: unknown, options: unknown): Promise<unknown> {
  const { signal } = (options ?? {}) as PromiseOptions;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted(signal));
      return;
    }
    const timer = set(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve(value);
    });
    const giveUp = (): void => {
      timer.close();
      reject(aborted(signal as AbortSignal));
    };
    signal?.addEventListener("abort", giveUp, { once: true });
  });
}

/** As `setInterval` of `node:timers/promises`: a period that passes while nobody waits is made up for. */
export async function* ticks(owner: Owner, [delay, value, options]: unknown[]): AsyncGenerator {
  const { signal } = (options ?? {}) as PromiseOptions;
  signal?.throwIfAborted();
  let due = 0;
  let wake: (() => void) | undefined;
  const call = (): void => wake?.();
  const timer = new VirtualTimeout(
    owner.clock,
    () => {
      due++;
      call();
    },
    delay,
    true,
  );
  signal?.addEventListener("abort", call, { once: true });
  try {
    for (;;) {
      while (due === 0 && signal?.aborted !== true)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      for (; due > 0; due--) yield value;
      if (signal?.aborted === true) throw aborted(signal);
    }
  } finally {
    timer.close();
    signal?.removeEventListener("abort", call);
  }
}

/** The error that Node's own timers reject with. */
function aborted(signal: AbortSignal): Error {
  const error = new Error("The operation was aborted", { cause: signal.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

/** As `AbortSignal.timeout`. */
export function expiring(owner: Owner, delayMs: number): AbortSignal {
  const controller = new AbortController();
  const expire = (): void =>
    controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  new VirtualTimeout(owner.clock, expire, delayMs, false).unref();
  return controller.signal;
}
