/** What the crash of a child means for its siblings, computed by the very plan the run time carries out. */
import { type PlannedChild, type RestartPlan, type RestartType, restartPlan, type Strategy } from "airssys-rt/spec";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";

export interface BlastRadius extends RestartPlan {
  /** So many crashes within the period end the supervisor: one more than it restarts. */
  readonly givesUpAt: number;
  readonly periodMs: number;
}

/** @returns `undefined` when the source does not say enough: an id, a restart type or the strategy is not known. */
export function blastRadius(supervisor: SupervisorFact, child: ChildFact): BlastRadius | undefined {
  const { strategy, maxRestarts, maxRestartPeriodMs, children, moreChildren } = supervisor;
  const planned = children.map(plan);
  if (
    moreChildren !== undefined ||
    !strategy.known ||
    !maxRestarts.known ||
    !maxRestartPeriodMs.known ||
    !child.id.known
  )
    return undefined;
  if (planned.some((one) => one === undefined)) return undefined;
  const restarted = restartPlan(strategy.value as Strategy, planned as readonly PlannedChild[], child.id.value);
  return { ...restarted, givesUpAt: maxRestarts.value + 1, periodMs: maxRestartPeriodMs.value };
}

/** In words, for hovers. */
export function describeBlast({ stop, start, givesUpAt, periodMs }: BlastRadius, isTemporary: boolean): string {
  if (isTemporary) return "When it ends it is not started again; its siblings go on.";
  const stopped =
    stop.length === 0 ? "no sibling stops" : `${list(stop)} ${stop.length === 1 ? "stops" : "stop"} first`;
  const limit =
    givesUpAt === 1
      ? "The first crash ends the supervisor."
      : `Crash ${givesUpAt} within ${periodMs / 1_000} s ends the supervisor.`;
  return `When it crashes ${stopped}, then ${list(start)} ${start.length === 1 ? "starts" : "start"}. ${limit}`;
}

function plan(child: ChildFact): PlannedChild | undefined {
  if (!child.id.known || !child.restart.known) return undefined;
  return { id: child.id.value, restart: child.restart.value as RestartType, running: true };
}

function list(ids: readonly string[]): string {
  return ids.map((id) => `\`${id}\``).join(", ");
}
