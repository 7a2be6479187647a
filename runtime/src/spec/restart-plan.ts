/** What a supervisor does when a child ends: pure decisions, shared with the editor, which shows them before they happen. */

import { type ExitReason, isOrderly } from "../values/exit-reason.ts";
import { isFields, isList, readField, readList, UNREADABLE } from "../values/fields.ts";
import { ArgumentCheck } from "./argument-check.ts";
import { type AutoShutdown, type RestartType, STRATEGIES, type Strategy } from "./child-spec.ts";

/**
 * What happens to the child itself.
 *
 * | restart | `normal`, `shutdown` | `killed`, `crashed`, `noproc` |
 * |---|---|---|
 * | `permanent` | restart | restart |
 * | `transient` | keep | restart |
 * | `temporary` | forget | forget |
 *
 * @see OTP `supervisor:do_restart/3`
 */
export function afterExit(restart: RestartType, reason: ExitReason): "restart" | "keep" | "forget" {
  switch (restart) {
    case "permanent":
      return "restart";
    case "transient":
      return isOrderly(reason) ? "keep" : "restart";
    case "temporary":
      return "forget";
  }
}

/** A child as the plan sees it. */
export interface PlannedChild {
  readonly id: string;
  readonly restart: RestartType;
  /** False when it is down: it is then started only if the strategy starts it. */
  readonly running: boolean;
}

export interface RestartPlan {
  /** Ids of children to end, in this order. The failed child has ended already. */
  readonly stop: readonly string[];
  /** Ids of children whose specs are forgotten: temporary bystanders. */
  readonly forget: readonly string[];
  /** Ids of children to start, in this order. */
  readonly start: readonly string[];
}

/**
 * Who is stopped and who is started when `failed` is restarted.
 *
 * | strategy | stop, in reverse start order | start, in start order |
 * |---|---|---|
 * | `one_for_one`, `simple_one_for_one` | – | `failed` |
 * | `rest_for_one` | those after `failed` | `failed` and those after it |
 * | `one_for_all` | all others | all |
 *
 * Temporary bystanders that are stopped are forgotten, not started (OTP: `del_child` in `terminate_children`).
 * @param children all children in start order, `failed` among them.
 * @throws {InvalidArgumentError} for what is no strategy or no list of children.
 */
export function restartPlan(strategy: Strategy, children: readonly PlannedChild[], failed: string): RestartPlan {
  checkPlan(strategy, children);
  const index = children.findIndex((child) => child.id === failed);
  const group = groupOf(strategy, children, index);
  const bystanders = group.filter((child) => child.id !== failed);
  return {
    stop: bystanders
      .filter((child) => child.running)
      .map((child) => child.id)
      .reverse(),
    forget: bystanders.filter((child) => child.restart === "temporary").map((child) => child.id),
    start: group.filter((child) => child.id === failed || child.restart !== "temporary").map((child) => child.id),
  };
}

function checkPlan(strategy: unknown, children: unknown): void {
  const check = new ArgumentCheck("restartPlan");
  if (!STRATEGIES.includes(strategy as Strategy)) check.fault(`strategy must be one of ${STRATEGIES.join(", ")}`);
  const list = isList(children) ? readList(children) : children;
  if (!(isList(list) && list.every((child) => isFields(child) && readField(child, "id") !== UNREADABLE)))
    check.fault("children must be a list of children");
  check.throwIfFaulty();
}

function groupOf(strategy: Strategy, children: readonly PlannedChild[], index: number): readonly PlannedChild[] {
  if (index < 0) return [];
  switch (strategy) {
    case "one_for_one":
    case "simple_one_for_one":
      return children.slice(index, index + 1);
    case "rest_for_one":
      return children.slice(index);
    case "one_for_all":
      return children;
  }
}

/**
 * Whether a supervisor ends by itself after a child ended by itself and is not restarted.
 *
 * | mode | the child was significant | other significant children are left | ends |
 * |---|---|---|---|
 * | `never` | any | any | no |
 * | any | no | any | no |
 * | `any_significant` | yes | any | yes |
 * | `all_significant` | yes | no | yes |
 *
 * @see OTP 24, `supervisor:do_auto_shutdown/2`
 */
export function endsBySignificance(mode: AutoShutdown, significant: boolean, othersLeft: boolean): boolean {
  if (!significant) return false;
  return mode === "any_significant" || (mode === "all_significant" && !othersLeft);
}
