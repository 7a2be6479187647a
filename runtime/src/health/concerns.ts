/** What of an actor system gives cause for concern, and from where on it does. Pure. */
import type { ArgumentCheck } from "../spec/argument-check.ts";

/** From where on a system counts as `degraded`. `Infinity` switches a limit off. */
export interface HealthLimits {
  /**
   * Messages, > 0: as many wait for one actor, and the first of them for more than {@link QUEUE_PATIENCE_MS}. Default
   * {@link DEFAULT_QUEUE_LIMIT}.
   */
  readonly queueLength?: number;
  /** Milliseconds, > 0, that an asynchronous turn may last. Default {@link DEFAULT_TURN_LIMIT_MS}. */
  readonly turnMs?: number;
  /** Milliseconds, > 0, by which the event loop may be late; known only with a watchdog. Default {@link DEFAULT_LOOP_DELAY_LIMIT_MS}. */
  readonly loopDelayMs?: number;
}

export const DEFAULT_QUEUE_LIMIT = 1_000;
export const DEFAULT_TURN_LIMIT_MS = 10_000;
export const DEFAULT_LOOP_DELAY_LIMIT_MS = 1_000;
/** Milliseconds that the first message of a long queue may wait: a burst that is worked off is no concern. */
export const QUEUE_PATIENCE_MS = 1_000;

export interface SupervisorHealth {
  readonly path: string;
  readonly strategy: string;
  readonly children: number;
  /** Children whose restart has not succeeded yet. */
  readonly restarting: number;
  readonly restartsInWindow: number;
  readonly maxRestarts: number;
  readonly maxRestartPeriodMs: number;
}

/** Messages that wait for one actor. */
export interface QueueHealth {
  /** Path of the actor. */
  readonly actor: string;
  readonly length: number;
  /** Milliseconds since the first of them was sent. */
  readonly waitedMs: number;
}

/** An asynchronous turn that has not ended. */
export interface TurnHealth {
  /** Path of the actor. */
  readonly actor: string;
  /** `type` of the message that is handled; `undefined` for a signal. */
  readonly messageType: string | undefined;
  /** Milliseconds since the handler gave its promise back. */
  readonly ms: number;
}

/**
 * | what | is a concern when |
 * |---|---|
 * | a supervisor | a child waits for its restart |
 * | | there were restarts, as many as are allowed: one crash more and it gives up |
 * | a queue | {@link HealthLimits.queueLength} or more wait, the first for more than {@link QUEUE_PATIENCE_MS} |
 * | a turn | it lasts {@link HealthLimits.turnMs} or longer |
 * | the event loop | it was {@link HealthLimits.loopDelayMs} late or later |
 *
 * Each in one sentence for people.
 */
export class Concerns {
  readonly #limits: Required<HealthLimits>;

  /** @param limits checked ones. */
  constructor({
    queueLength = DEFAULT_QUEUE_LIMIT,
    turnMs = DEFAULT_TURN_LIMIT_MS,
    loopDelayMs = DEFAULT_LOOP_DELAY_LIMIT_MS,
  }: HealthLimits = {}) {
    this.#limits = { queueLength, turnMs, loopDelayMs };
  }

  ofSupervisor({ path, restarting, restartsInWindow, maxRestarts }: SupervisorHealth): string | undefined {
    if (restarting > 0)
      return `${path}: ${restarting} of its children ${restarting === 1 ? "waits" : "wait"} for a restart`;
    if (restartsInWindow === 0 || restartsInWindow < maxRestarts) return undefined;
    return `${path}: ${restartsInWindow} of ${maxRestarts} restarts are used up`;
  }

  isLong({ length, waitedMs }: Omit<QueueHealth, "actor">): boolean {
    return length >= this.#limits.queueLength && waitedMs > QUEUE_PATIENCE_MS;
  }

  ofQueue({ actor, length, waitedMs }: QueueHealth): string {
    return `${actor}: ${length} messages wait, the first for ${waitedMs} ms`;
  }

  isOverdue(ms: number): boolean {
    return ms >= this.#limits.turnMs;
  }

  ofTurn({ actor, messageType, ms }: TurnHealth): string {
    return `${actor}: ${messageType === undefined ? "a signal" : `"${messageType}"`} has been handled for ${ms} ms`;
  }

  ofLoop(delayMs: number): string | undefined {
    return delayMs >= this.#limits.loopDelayMs ? `the event loop was ${delayMs} ms late` : undefined;
  }
}

/** Adds what is wrong with limits that a caller hands in. */
export function checkHealthLimits(check: ArgumentCheck, limits: HealthLimits | undefined): void {
  if (limits === undefined) return;
  if (typeof limits !== "object" || limits === null) {
    check.fault("health must be an object");
    return;
  }
  for (const [name, value] of Object.entries(limits)) {
    if (!LIMITS.includes(name)) check.fault(`unknown option "health.${name}"`);
    else if (value !== undefined) check.number(`health.${name}`, value, { above: 0, orInfinity: true });
  }
}

const LIMITS: readonly string[] = ["queueLength", "turnMs", "loopDelayMs"];
