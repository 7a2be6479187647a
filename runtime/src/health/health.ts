/** How a system is, in numbers for people and answers for probes. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { EventLoopHealth, Watchdog } from "./watchdog.ts";

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

export interface HealthStatus {
  /**
   * | status | when |
   * |---|---|
   * | `down` | the system has stopped, or is stopping |
   * | `degraded` | a child waits for its restart, or a supervisor has used up its restarts: one crash more and it gives up |
   * | `up` | otherwise |
   */
  readonly status: "up" | "degraded" | "down";
  readonly actors: number;
  /** Messages handled per second since the check before, or since the start. */
  readonly throughput: number;
  /** Messages handled since the start. */
  readonly handled: number;
  readonly restarts: number;
  readonly deadLetters: number;
  readonly supervisors: readonly SupervisorHealth[];
  /** Since the check before; only with a watchdog (see `ActorSystemOptions.watchdog`). */
  readonly eventLoop?: EventLoopHealth;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Health of one actor system. */
export class ActorSystemHealth {
  readonly #env: Environment;
  readonly #top: Cell;
  readonly #watchdog: Watchdog | undefined;
  #lastHandled = 0;
  #lastMs: number;

  constructor(env: Environment, top: Cell, watchdog?: Watchdog) {
    this.#env = env;
    this.#top = top;
    this.#watchdog = watchdog;
    this.#lastMs = env.clock.monotonicMs();
  }

  /** Looks at everything now; costs as much as there are supervisors. */
  check(): HealthStatus {
    const { clock, handled, actorCount, restarts, deadLetters } = this.#env;
    const now = clock.monotonicMs();
    const seconds = (now - this.#lastMs) / 1_000;
    const throughput = seconds > 0 ? (handled - this.#lastHandled) / seconds : 0;
    this.#lastHandled = handled;
    this.#lastMs = now;
    const supervisors = [...healthOf(this.#env.supervisors)];
    const { status } = this;
    return {
      status,
      actors: actorCount,
      throughput,
      handled,
      restarts,
      deadLetters: deadLetters.count,
      supervisors,
      ...(this.#watchdog && { eventLoop: this.#watchdog.take() }),
      timestamp: clock.now(),
    };
  }

  get status(): HealthStatus["status"] {
    if (!this.isLive) return "down";
    for (const supervisor of healthOf(this.#env.supervisors)) if (isStrained(supervisor)) return "degraded";
    return "up";
  }

  /** For a liveness probe: false once the system has stopped or given up. */
  get isLive(): boolean {
    return !this.#top.hasEnded && !this.#env.isStopping;
  }

  /** For a readiness probe: live, and no child waits for its restart. */
  get isReady(): boolean {
    if (!this.isLive) return false;
    for (const supervisor of healthOf(this.#env.supervisors)) if (supervisor.restarting > 0) return false;
    return true;
  }
}

function isStrained(supervisor: SupervisorHealth): boolean {
  const { restarting, restartsInWindow, maxRestarts } = supervisor;
  return restarting > 0 || (restartsInWindow > 0 && restartsInWindow >= maxRestarts);
}

function* healthOf(supervisors: Iterable<AnyActorRef>): IterableIterator<SupervisorHealth> {
  for (const ref of supervisors) {
    const { behavior } = cellOf(ref);
    if (!(behavior instanceof Supervisor)) continue;
    const { strategy, restartsInWindow, maxRestarts, maxRestartPeriodMs } = behavior.status;
    const { childCount: children, restartingCount: restarting } = behavior;
    yield { path: ref.id, strategy, children, restarting, restartsInWindow, maxRestarts, maxRestartPeriodMs };
  }
}
