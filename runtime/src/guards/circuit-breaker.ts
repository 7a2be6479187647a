/** Stops calling what keeps failing, and tries it again after a while. Needs a clock, not actors. */

import { ArgumentCheck } from "../spec/argument-check.ts";
import { type Backoff, backoffDelayMs, checkBackoff, ownBackoff, resolveBackoff } from "../spec/backoff.ts";
import type { BackoffSpec } from "../spec/child-spec.ts";
import { describeFault } from "../spec/spec-fault.ts";
import { hasFired, throwIfFired } from "../values/abort-watch.ts";
import { type Clock, realTime } from "../values/clock.ts";
import { Listeners } from "../values/listeners.ts";
import { type Random, realRandom } from "../values/random.ts";
import type { Breaker, Outcome } from "./breaker.ts";
import { ConsecutiveBreaker } from "./consecutive-breaker.ts";
import { CircuitOpenError } from "./fault-errors.ts";
import { checkCall, type GuardedCall, type Policy } from "./policy.ts";

/** Milliseconds a circuit stays open when nothing else is said. */
export const DEFAULT_CIRCUIT_OPEN_MS = 10_000;
/** Trial calls that have to succeed to close a circuit when nothing else is said. */
export const DEFAULT_CIRCUIT_TRIAL_CALLS = 1;

/**
 * What a circuit breaker does with calls. Each state carries its own data only. `sinceMs` is in milliseconds since the epoch.
 *
 * | state | a call | leaves it |
 * |---|---|---|
 * | `closed` | runs | to `open`, when the algorithm says so after a failure |
 * | `open` | is refused | to `half_open`, at the first call after the open time |
 * | `half_open` | runs if a trial is free, else is refused | to `closed`, when all trials have succeeded; to `open`, when one failed |
 */
export type CircuitState =
  | { readonly kind: "closed"; readonly sinceMs: number }
  | {
      readonly kind: "open";
      readonly sinceMs: number;
      /** Milliseconds it stays open, from `sinceMs` on. */
      readonly openMs: number;
      /** How many times it has opened without closing: 1 at first. */
      readonly openings: number;
      /** The failure that opened it. */
      readonly cause: unknown;
    }
  | {
      readonly kind: "half_open";
      readonly sinceMs: number;
      readonly openings: number;
      /** Trial calls that run. */
      readonly running: number;
      /** Trial calls that have succeeded. */
      readonly succeeded: number;
      /** The failure that opened the circuit. */
      readonly cause: unknown;
    };

/** One change of state. `atMs` is in milliseconds since the epoch. */
export type CircuitEvent =
  | {
      readonly type: "opened";
      readonly circuit: string;
      readonly atMs: number;
      readonly from: "closed" | "half_open";
      readonly openMs: number;
      readonly cause: unknown;
    }
  | { readonly type: "half_opened"; readonly circuit: string; readonly atMs: number; readonly from: "open" }
  | { readonly type: "closed"; readonly circuit: string; readonly atMs: number; readonly from: "half_open" };

export interface CircuitBreakerOptions {
  /** For people: errors, events. Default `circuit`. */
  readonly name?: string;
  /** When to open; a fresh one for each circuit. Default: five failures in a row ({@link ConsecutiveBreaker}). */
  readonly breaker?: Breaker;
  /**
   * How long the circuit stays open: milliseconds > 0, or a back-off that grows while trial calls go on failing.
   * Default {@link DEFAULT_CIRCUIT_OPEN_MS}.
   */
  readonly openMs?: number | BackoffSpec;
  /**
   * Trial calls that have to succeed before the circuit closes, and how many of them run at the same time; a whole number
   * >= 1. Default {@link DEFAULT_CIRCUIT_TRIAL_CALLS}.
   */
  readonly trialCalls?: number;
  /** Whether an error speaks against the service. One that does not counts as success. Default: every error does. */
  readonly isFailure?: (error: unknown) => boolean;
  readonly clock?: Clock;
  readonly random?: Random;
}

const OPTIONS = ["name", "breaker", "openMs", "trialCalls", "isFailure", "clock", "random"];

/** A call that was let through, by identity: all calls of one closed state share one, each trial has its own. */
class Pass {
  /** When a trial's patience is over, on the monotonic clock. */
  readonly dueMs: number;

  constructor(dueMs: number) {
    this.dueMs = dueMs;
  }
}

/**
 * Guards a service that can fail: after too many failures it refuses calls at once, instead of letting them wait and fail.
 *
 * Outcomes count in the state in which the call began: a slow call from before the circuit opened neither keeps it open nor
 * closes it. A call given up by its caller (the signal fired) counts as neither. A trial call that has not ended after the
 * open time loses its place to the next call, so that one that hangs cannot keep the circuit half open for ever; how it ends
 * counts no more.
 *
 * What a breaker of your own throws is reported on `console.error`, never to the caller: the circuit then stays closed.
 *
 * @example
 * const circuit = new CircuitBreaker({ name: "payments", openMs: 30_000 });
 * const answer = await circuit.execute((signal) => fetch(url, { signal: signal ?? null }));
 *
 * @see https://martinfowler.com/bliki/CircuitBreaker.html
 * @see https://github.com/connor4312/cockatiel (algorithm apart from state machine)
 */
export class CircuitBreaker implements Policy {
  readonly name: string;
  readonly #breaker: Breaker;
  readonly #open: Backoff;
  readonly #trialCalls: number;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #clock: typeof realTime;
  readonly #random: Random;
  readonly #listeners: Listeners<CircuitEvent> = new Listeners();
  #state: CircuitState;
  /** What calls get while the circuit is closed; another one each time it is. */
  #closedPass: Pass = new Pass(Number.POSITIVE_INFINITY);
  /** The trials that have a place, the oldest first. */
  readonly #trials: Set<Pass> = new Set();
  /** When an open circuit may be tried, on the monotonic clock. */
  #dueMs = 0;

  /** @throws {InvalidArgumentError} with every fault of the options. */
  constructor(options: CircuitBreakerOptions = {}) {
    const check = new ArgumentCheck("CircuitBreaker");
    const own = check.options(options, OPTIONS);
    const { name = "circuit", trialCalls = DEFAULT_CIRCUIT_TRIAL_CALLS, isFailure, clock, random } = own;
    const openMs = ownBackoff(own.openMs ?? DEFAULT_CIRCUIT_OPEN_MS);
    check.optionalText("name", name);
    if (typeof openMs === "object") check.fault(...checkBackoff(openMs, ["openMs"]).map(describeFault));
    else check.number("openMs", openMs, { above: 0 });
    check.number("trialCalls", trialCalls, { min: 1, isWhole: true });
    check.optionalFunction("isFailure", isFailure).optionalFunction("random", random);
    check.optionalClock(clock);
    const { breaker = new ConsecutiveBreaker() } = own;
    check.optionalPort("breaker", breaker, "a Breaker", ["record", "reset"]).throwIfFaulty();

    this.name = name;
    this.#breaker = breaker;
    this.#open = resolveBackoff(typeof openMs === "object" ? openMs : { minMs: openMs, maxMs: openMs, jitter: 0 });
    this.#trialCalls = trialCalls;
    this.#isFailure = isFailure ?? (() => true);
    this.#clock = clock ?? realTime;
    this.#random = random ?? realRandom;
    this.#state = { kind: "closed", sinceMs: this.#clock.now() };
  }

  /** The state now. An open circuit becomes half open at the next call, not by itself: there is no timer. */
  get state(): CircuitState {
    return this.#state;
  }

  /**
   * Has `listener` called at every change of state, after the change. What it throws is reported and changes nothing.
   * @returns a function that ends it.
   */
  subscribe(listener: (event: CircuitEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Runs `call` if the circuit lets it through.
   * @throws {CircuitOpenError} as a rejection, when it does not; `call` has then not run.
   */
  async execute<T>(call: GuardedCall<T>, signal?: AbortSignal): Promise<T> {
    checkCall("CircuitBreaker", call, signal);
    throwIfFired(signal);
    const pass = this.#admit();
    let value: T;
    try {
      value = await call(signal);
    } catch (error) {
      if (hasFired(signal)) this.#giveUp(pass);
      else if (this.#counts(error, pass)) this.#conclude(pass, "failure", error);
      else this.#conclude(pass, "success", undefined);
      throw error;
    }
    this.#conclude(pass, "success", undefined);
    return value;
  }

  /** @throws {CircuitOpenError} */
  #admit(): Pass {
    const state = this.#state;
    if (state.kind === "closed") return this.#closedPass;
    if (state.kind === "open") {
      const leftMs = this.#dueMs - this.#clock.monotonicMs();
      if (leftMs > 0) throw new CircuitOpenError(this.name, leftMs, state.cause);
      const { openings, cause } = state;
      this.#enter({ ...this.#since("half_open"), openings, running: 0, succeeded: 0, cause });
      this.#emit({ type: "half_opened", circuit: this.name, atMs: this.#clock.now(), from: "open" });
    }
    return this.#admitTrial();
  }

  #admitTrial(): Pass {
    const state = this.#state;
    // A listener of the change to half open may have made a call of its own, and that call may have decided already.
    if (state.kind !== "half_open") return this.#admit();
    const nowMs = this.#clock.monotonicMs();
    const isFull = this.#trials.size + state.succeeded >= this.#trialCalls;
    const hung = isFull ? this.#hungTrial(nowMs) : undefined;
    if (isFull && hung === undefined) throw new CircuitOpenError(this.name, 0, state.cause);
    const pass = new Pass(nowMs + this.#openMsOf(state.openings));
    if (hung !== undefined) this.#trials.delete(hung);
    this.#trials.add(pass);
    this.#count(state, state.succeeded);
    return pass;
  }

  /** The oldest trial whose patience is over. */
  #hungTrial(nowMs: number): Pass | undefined {
    for (const trial of this.#trials) if (nowMs >= trial.dueMs) return trial;
    return undefined;
  }

  /** Whether how a call ends says something of the state that the circuit is in. */
  #isCurrent(pass: Pass): boolean {
    return this.#state.kind === "half_open"
      ? this.#trials.has(pass)
      : this.#state.kind === "closed" && pass === this.#closedPass;
  }

  /** Asks the user's classification; one that throws counts the error as a failure. */
  #counts(error: unknown, pass: Pass): boolean {
    if (!this.#isCurrent(pass)) return false;
    try {
      return this.#isFailure(error);
    } catch {
      return true;
    }
  }

  /** Takes in how a call ended. That is the caller's, whatever goes wrong here. */
  #conclude(pass: Pass, outcome: Outcome, cause: unknown): void {
    try {
      if (this.#isCurrent(pass)) this.#settle(pass, outcome, cause);
    } catch (error) {
      console.error("airssys: what a circuit was made with threw:", this.name, error);
    }
  }

  #settle(pass: Pass, outcome: Outcome, cause: unknown): void {
    const state = this.#state;
    if (state.kind === "closed") {
      if (this.#breaker.record(outcome, this.#clock.monotonicMs())) this.#openUp("closed", 1, cause);
    } else if (state.kind === "half_open") {
      this.#trials.delete(pass);
      const succeeded = outcome === "success" ? state.succeeded + 1 : state.succeeded;
      this.#count(state, succeeded);
      if (outcome === "failure") this.#openUp("half_open", state.openings + 1, cause);
      else if (succeeded >= this.#trialCalls) this.#close();
    }
  }

  /** Notes how many trials run and how many have succeeded. */
  #count(state: CircuitState & { kind: "half_open" }, succeeded: number): void {
    this.#state = { ...state, running: this.#trials.size, succeeded };
  }

  #close(): void {
    this.#closedPass = new Pass(Number.POSITIVE_INFINITY);
    this.#enter(this.#since("closed"));
    try {
      this.#breaker.reset();
    } finally {
      this.#emit({ type: "closed", circuit: this.name, atMs: this.#clock.now(), from: "half_open" });
    }
  }

  /** The caller gave up: the trial's place, if it still has one, is free again, and nothing was learned. */
  #giveUp(pass: Pass): void {
    const state = this.#state;
    if (this.#trials.delete(pass) && state.kind === "half_open") this.#count(state, state.succeeded);
  }

  #openUp(from: "closed" | "half_open", openings: number, cause: unknown): void {
    const openMs = this.#openMsOf(openings);
    this.#enter({ ...this.#since("open"), openMs, openings, cause });
    this.#dueMs = this.#clock.monotonicMs() + openMs;
    this.#emit({ type: "opened", circuit: this.name, atMs: this.#clock.now(), from, openMs, cause });
  }

  #openMsOf(openings: number): number {
    return backoffDelayMs(this.#open, openings, this.#random);
  }

  #since<K extends CircuitState["kind"]>(kind: K): { readonly kind: K; readonly sinceMs: number } {
    return { kind, sinceMs: this.#clock.now() };
  }

  #enter(state: CircuitState): void {
    this.#state = state;
    this.#trials.clear();
  }

  #emit(event: CircuitEvent): void {
    this.#listeners.emit(event);
  }
}
