/** What the crash of an actor takes along, as supervision plans it: a fate for each actor that is not left as it is. Pure. */
import {
  type AutoShutdown,
  afterExit,
  type ExitReason,
  endsBySignificance,
  type PlannedChild,
  type RestartType,
  restartPlan,
  type Strategy,
} from "airssys-rt/spec";
import type { ProgramTree } from "./model.ts";
import type { SeenRow } from "./row.ts";

/** `restarts`: stops, and starts again without its state. `staysDown`: stops for good. */
export type Fate = "restarts" | "staysDown";

export interface BlastPlan {
  /** Whose crash it is. */
  readonly key: string;
  /** Keys of all that stop, the crashed one included. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** Keys of supervisors that give up, or end because a significant child has, from below. */
  readonly fallen: readonly string[];
  /** The top of the system is among those that stay down. */
  readonly endsSystem: boolean;
}

const CRASHED: ExitReason = { kind: "crashed", cause: undefined, where: "receive" };
const SHUTDOWN: ExitReason = { kind: "shutdown" };

/**
 * @param limits whether a supervisor that has used its restarts gives up; without them: what the strategies alone would do
 * @returns `undefined` when there is no such actor.
 */
export function blastPlanOf(tree: ProgramTree, key: string, limits = true): BlastPlan | undefined {
  if (tree.row(key) === undefined) return undefined;
  const fates = new Map<string, Fate>();
  const fallen: string[] = [];
  let failed = tree.row(key);
  let reason = CRASHED;
  while (failed !== undefined) {
    const falling = fall(tree, failed, reason, limits, fates);
    if (falling === undefined) break;
    fallen.push(falling.key);
    failed = falling;
    reason = SHUTDOWN;
  }
  const top = [...tree.way(key)].at(-1);
  return { key, fates, fallen, endsSystem: top !== undefined && fates.get(top) === "staysDown" };
}

/**
 * Notes what the end of one actor means below its parent.
 *
 * @returns the supervisor that ends with it.
 */
function fall(
  tree: ProgramTree,
  failed: SeenRow,
  reason: ExitReason,
  limits: boolean,
  fates: Map<string, Fate>,
): SeenRow | undefined {
  const above = failed.parent === undefined ? undefined : tree.row(failed.parent);
  const { supervisor } = above ?? {};
  if (above === undefined || supervisor === undefined || failed.restart === undefined) {
    spread(tree, failed.key, "staysDown", fates);
    return undefined;
  }
  const siblings = tree.children(above.key).flatMap((each) => liveRow(tree, each, failed.key));
  if (afterExit(failed.restart as RestartType, reason) !== "restart") {
    spread(tree, failed.key, "staysDown", fates);
    const isLast = !siblings.some(
      (other) => other.key !== failed.key && other.significant && other.state !== "stopped",
    );
    const ends = endsBySignificance(supervisor.autoShutdown as AutoShutdown, failed.significant === true, !isLast);
    return ends ? above : undefined;
  }
  if (limits && supervisor.restartsInWindow >= supervisor.maxRestarts) {
    spread(tree, failed.key, "staysDown", fates);
    return above;
  }
  const plan = restartPlan(supervisor.strategy as Strategy, siblings.map(planned), failed.key);
  for (const each of plan.stop) spread(tree, each, "staysDown", fates);
  for (const each of plan.start) spread(tree, each, "restarts", fates);
  return undefined;
}

function liveRow(tree: ProgramTree, key: string, failed: string): SeenRow[] {
  const row = tree.row(key);
  return row === undefined || (row.left && key !== failed) ? [] : [row];
}

function planned({ key, restart, state }: SeenRow): PlannedChild {
  return { id: key, restart: (restart ?? "temporary") as RestartType, running: state !== "stopped" };
}

/** All below share the fate, but for those whom nobody would start again: instances of a template, and what an actor has spawned. */
export function spread(tree: ProgramTree, key: string, fate: Fate, fates: Map<string, Fate>): void {
  const waiting: (readonly [key: string, fate: Fate])[] = [[key, fate]];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [at, own] = next;
    const row = tree.row(at);
    if (row === undefined || seen.has(at) || (row.left && at !== key)) continue;
    seen.add(at);
    fates.set(at, own);
    const starts =
      own === "restarts" && row.supervisor !== undefined && row.supervisor.strategy !== "simple_one_for_one";
    for (const child of tree.children(at)) waiting.push([child, starts ? "restarts" : "staysDown"]);
  }
}
