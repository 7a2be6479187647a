/** How a system is, in numbers for people and answers for probes. */
import { type Cell, ENDED } from "./cell.ts";
import type { Environment } from "./environment.ts";
import { Supervisor } from "./supervisor.ts";

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
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Health of one actor system. */
export class ActorSystemHealth {
  readonly #env: Environment;
  readonly #top: () => Cell | undefined;
  #lastHandled = 0;
  #lastMs: number;

  constructor(env: Environment, top: () => Cell | undefined) {
    this.#env = env;
    this.#top = top;
    this.#lastMs = env.clock.monotonicMs();
  }

  /** Looks at everything now; costs as much as there are actors. */
  check(): HealthStatus {
    const { clock, handled, actorCount, restarts, deadLetters } = this.#env;
    const now = clock.monotonicMs();
    const seconds = (now - this.#lastMs) / 1_000;
    const throughput = seconds > 0 ? (handled - this.#lastHandled) / seconds : 0;
    this.#lastHandled = handled;
    this.#lastMs = now;
    const supervisors = [...supervisorsBelow(this.#top())];
    const status = this.isLive ? (supervisors.some(isStrained) ? "degraded" : "up") : "down";
    return {
      status,
      actors: actorCount,
      throughput,
      handled,
      restarts,
      deadLetters: deadLetters.count,
      supervisors,
      timestamp: clock.now(),
    };
  }

  /** For a liveness probe: false once the system has stopped or given up. */
  get isLive(): boolean {
    const top = this.#top();
    return top !== undefined && !top.hasEnded && !this.#env.isStopping;
  }

  /** For a readiness probe: live, and no child waits for its restart. */
  get isReady(): boolean {
    if (!this.isLive) return false;
    for (const supervisor of supervisorsBelow(this.#top())) if (supervisor.restarting > 0) return false;
    return true;
  }
}

function isStrained(supervisor: SupervisorHealth): boolean {
  const { restarting, restartsInWindow, maxRestarts } = supervisor;
  return restarting > 0 || (restartsInWindow > 0 && restartsInWindow >= maxRestarts);
}

function* supervisorsBelow(cell: Cell | undefined): IterableIterator<SupervisorHealth> {
  if (cell === undefined) return;
  const children = cell.children as readonly Cell[];
  if (cell.behavior instanceof Supervisor) {
    const { strategy, restartsInWindow, maxRestarts, maxRestartPeriodMs } = cell.behavior.status;
    const restarting = children.filter((child) => child.state === ENDED).length;
    yield {
      path: cell.id,
      strategy,
      children: children.length,
      restarting,
      restartsInWindow,
      maxRestarts,
      maxRestartPeriodMs,
    };
  }
  for (const child of children) yield* supervisorsBelow(child);
}
