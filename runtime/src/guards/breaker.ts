/** The question a circuit breaker asks of its algorithm. Contract only. */

export type Outcome = "success" | "failure";

/**
 * Decides from the outcomes of calls when a closed circuit has to open. It holds the memory of one circuit: do not share it.
 * {@link ConsecutiveBreaker}, {@link CountBreaker} and {@link SamplingBreaker} come with the runtime.
 */
export interface Breaker {
  /**
   * Takes in the outcome of one call made while the circuit was closed, in the order in which the calls ended.
   *
   * @param atMs milliseconds on a monotonic clock; never goes back.
   * @returns whether the circuit has to open now.
   */
  record(outcome: Outcome, atMs: number): boolean;
  /** Forgets everything: the circuit has closed again. */
  reset(): void;
}
