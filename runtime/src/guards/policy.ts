/** What the ways of guarding a call have in common: circuit breaker, retry, bulkhead, rate limit. Types only. */

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
   */
  execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T>;
}
