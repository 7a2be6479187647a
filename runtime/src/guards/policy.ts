/** What the ways of guarding a call have in common: circuit breaker, retry, bulkhead, rate limit. */

import { isAbortSignal } from "../values/abort-watch.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { describeValue } from "../values/safe-text.ts";

/** A call to guard. It is given the signal that was handed to `execute`, to pass on to `fetch` and the like. */
export type GuardedCall<T> = (signal: AbortSignal | undefined) => T | PromiseLike<T>;

/**
 * Guards calls. Policies nest: the outer one runs the inner one as its call.
 *
 * @example
 * const answer = await retry.execute((signal) => circuit.execute(callGateway, signal), context.signal);
 */
export interface Policy {
  /**
   * Runs `call`, or refuses to.
   *
   * @param signal gives up when it fires: a call that has not begun never begins, and the promise rejects with the signal's
   * reason. A call that runs is not interrupted; it has the signal too.
   * @returns what the call returns; rejects with what it throws.
   * @throws {InvalidArgumentError} as a rejection, for what is no function or no signal.
   */
  execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T>;
}

/** Checks what was handed to `execute`, before anything is begun. @throws {InvalidArgumentError} with every fault. */
export function checkCall(policy: string, call: unknown, signal: unknown): void {
  const isCallable = typeof call === "function";
  const isSignal = signal === undefined || isAbortSignal(signal);
  if (isCallable && isSignal) return;
  const faults: string[] = [];
  if (!isCallable) faults.push(`call must be a function, got ${describeValue(call)}`);
  if (!isSignal) faults.push(`signal must be an AbortSignal, got ${describeValue(signal)}`);
  throw new InvalidArgumentError(`${policy}.execute`, faults);
}
