/** What happens when the user acts on an actor: to it, now, and to those that fall with it. Pure. */
import { type PlannedChild, type RestartType, restartPlan, type Strategy } from "airssys-rt/spec";
import type { ProgramTree } from "../programs/model.ts";
import type { SeenRow } from "../programs/row.ts";
import { count, duration } from "../text.ts";

export type Action = "kill" | "restart" | "stop" | "suspend" | "resume";

/** Names said before the rest is counted. */
const NAMED = 5;

/**
 * In sentences, before it happens.
 *
 * | action | the actor | its messages | others |
 * |---|---|---|---|
 * | kill | ends at once, cannot clean up | wait for the next life, if there is one | whom the strategy restarts, or who falls with a supervisor that gives up |
 * | restart | ends in order, starts again | become dead letters | below it |
 * | stop | ends in order, stays down | become dead letters | below it |
 * | suspend | takes no message | wait, while there is room | |
 * | resume | goes on | | |
 */
export function consequenceOf(action: Action, tree: ProgramTree, key: string): string {
  const row = tree.row(key);
  if (!row) return "It has ended already.";
  const below = sizeBelow(tree, key);
  const withBelow = below === 0 ? "" : `, with ${count(below, "actor")} below it`;
  switch (action) {
    case "kill":
      return [`It ends at once${withBelow}, and cannot clean up.`, afterKill(tree, row)].join(" ");
    case "restart":
      return sentences(`It ends in order${withBelow}, and starts again. Its state is lost.`, lostMessages(row));
    case "stop":
      if (row.parent === undefined) return `The whole system ends in order, all ${count(below + 1, "actor")}.`;
      return sentences(`It ends in order${withBelow}, and is not started again.`, lostMessages(row));
    case "suspend":
      return sentences("It takes no message until it is resumed.", roomLeft(row));
    case "resume":
      return `It goes on with ${row.mailbox.depth === 0 ? "what comes" : `the ${count(row.mailbox.depth, "message")} that waited`}.`;
  }
}

function afterKill(tree: ProgramTree, row: SeenRow): string {
  const above = row.parent === undefined ? undefined : tree.row(row.parent);
  const { supervisor } = above ?? {};
  if (!above || !supervisor || row.restart === undefined) return "Nobody starts it again.";
  if (row.restart === "temporary") return "It is temporary: nobody starts it again.";
  const { restartsInWindow, maxRestarts, maxRestartPeriodMs, strategy } = supervisor;
  const used = `${restartsInWindow} of ${count(maxRestarts, "restart")} within ${duration(maxRestartPeriodMs)}`;
  if (restartsInWindow >= maxRestarts) {
    const fallen = sizeBelow(tree, above.key) - sizeBelow(tree, row.key) - 1;
    const others = fallen === 0 ? "" : ` and takes ${count(fallen, "other actor")} along`;
    return `${above.id} has used ${used}: it gives up${others}.`;
  }
  const siblings = tree.children(above.key).flatMap((key) => tree.row(key) ?? []);
  const plan = restartPlan(strategy as Strategy, siblings.filter((each) => !each.left).map(planned), row.key);
  const idOf = (key: string) => tree.row(key)?.id ?? key;
  const restarted = plan.start.filter((key) => key !== row.key).map(idOf);
  const forgotten = plan.forget.map(idOf);
  return sentences(
    `${above.id} starts it again, having used ${used}.`,
    restarted.length > 0 ? `Stopped and started again with it: ${named(restarted)}.` : undefined,
    forgotten.length > 0 ? `Stopped for good: ${named(forgotten)}.` : undefined,
  );
}

function planned({ key, restart, state }: SeenRow): PlannedChild {
  return { id: key, restart: (restart ?? "temporary") as RestartType, running: state !== "stopped" };
}

function lostMessages({ mailbox, owes = 0 }: SeenRow): string | undefined {
  const parts = [
    mailbox.depth > 0
      ? `${count(mailbox.depth, "message")} that ${mailbox.depth === 1 ? "waits becomes a dead letter" : "wait become dead letters"}`
      : undefined,
    owes > 0 ? `${owes} who asked ${owes === 1 ? "gets" : "get"} an error` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `${parts.join("; ")}.`;
}

function roomLeft({ mailbox: { depth, capacity, overflow } }: SeenRow): string | undefined {
  if (capacity === null) return undefined;
  const room = Math.max(0, capacity - depth);
  return `Its mailbox has room for ${count(room, "more message")}; then: ${overflow.replaceAll("_", " ")}.`;
}

function sizeBelow(tree: ProgramTree, key: string): number {
  const seen = new Set([key]);
  for (const at of seen) for (const child of tree.children(at)) if (!tree.row(child)?.left) seen.add(child);
  return seen.size - 1;
}

function named(ids: readonly string[]): string {
  const rest = ids.length - NAMED;
  return rest > 0 ? `${ids.slice(0, NAMED).join(", ")} and ${rest.toLocaleString("en-US")} more` : ids.join(", ");
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}
