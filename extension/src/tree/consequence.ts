/** What happens when the user acts on an actor: to it, now, and to those that fall with it. Pure. */
import { type BlastPlan, blastPlanOf } from "../programs/blast-plan.ts";
import type { ProgramTree } from "../programs/model.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { duration } from "../text.ts";
import { thenWords } from "./blast-radius.ts";

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
  if (!row) return say("It has ended already.");
  const below = sizeBelow(tree, key);
  switch (action) {
    case "kill":
      return sentences(killed(below), afterKill(tree, row));
    case "restart":
      return sentences(restarted(below), lostMessages(row));
    case "stop":
      if (row.parent !== undefined) return sentences(stopped(below), lostMessages(row));
      return counted(
        below + 1,
        "The whole system ends in order, all {0} actor.",
        "The whole system ends in order, all {0} actors.",
      );
    case "suspend":
      return sentences(say("It takes no message until it is resumed."), roomLeft(row));
    case "resume":
      if (row.mailbox.depth === 0) return say("It goes on with what comes.");
      return counted(
        row.mailbox.depth,
        "It goes on with the {0} message that waited.",
        "It goes on with the {0} messages that waited.",
      );
  }
}

function killed(below: number): string {
  if (below === 0) return say("It ends at once, and cannot clean up.");
  return counted(
    below,
    "It ends at once, with {0} actor below it, and cannot clean up.",
    "It ends at once, with {0} actors below it, and cannot clean up.",
  );
}

function restarted(below: number): string {
  if (below === 0) return say("It ends in order, and starts again. Its state is lost.");
  return counted(
    below,
    "It ends in order, with {0} actor below it, and starts again. Its state is lost.",
    "It ends in order, with {0} actors below it, and starts again. Its state is lost.",
  );
}

function stopped(below: number): string {
  if (below === 0) return say("It ends in order, and is not started again.");
  return counted(
    below,
    "It ends in order, with {0} actor below it, and is not started again.",
    "It ends in order, with {0} actors below it, and is not started again.",
  );
}

/** What would follow if it crashed now: who starts it again, and who falls with it. */
export function crashConsequence(tree: ProgramTree, key: string): string {
  const row = tree.row(key);
  return row ? afterKill(tree, row) : "";
}

function afterKill(tree: ProgramTree, row: SeenRow): string {
  const plan = blastPlanOf(tree, row.key);
  return plan === undefined
    ? ""
    : sentences(company(tree, row, plan), thenWords(plan, tree), patience(tree, row, plan));
}

/** Which siblings stop with it, and why. */
function company(tree: ProgramTree, row: SeenRow, { fates, fallen }: BlastPlan): string | undefined {
  const above = row.parent === undefined ? undefined : tree.row(row.parent);
  if (above?.supervisor === undefined || fallen.length > 0) return undefined;
  const siblings = tree.children(above.key).filter((key) => key !== row.key && fates.has(key));
  if (siblings.length === 0) return undefined;
  const names = siblings.map((key) => tree.row(key)?.id ?? key);
  return say("{0} is {1}: with it stop {2}.", above.id, above.supervisor.strategy, named(names));
}

function named(ids: readonly string[]): string {
  const rest = ids.length - NAMED;
  return rest > 0 ? say("{0} and {1} more", ids.slice(0, NAMED).join(", "), number(rest)) : ids.join(", ");
}

/** What is left of its supervisor's patience, once it has started it again. */
function patience(tree: ProgramTree, row: SeenRow, { fates, fallen }: BlastPlan): string | undefined {
  const above = row.parent === undefined ? undefined : tree.row(row.parent);
  const limit = above?.supervisor;
  if (above === undefined || limit === undefined || fallen.length > 0 || fates.get(row.key) !== "restarts")
    return undefined;
  const { restartsInWindow, maxRestarts, maxRestartPeriodMs } = limit;
  const used = counted(
    maxRestarts,
    "{1} has then used {2} of {0} restart within {3}.",
    "{1} has then used {2} of {0} restarts within {3}.",
    above.id,
    number(restartsInWindow + 1),
    duration(maxRestartPeriodMs),
  );
  return sentences(used, restartsInWindow + 1 === maxRestarts ? say("One more ends {0}.", above.id) : undefined);
}

function lostMessages({ mailbox, owes = 0 }: SeenRow): string | undefined {
  const parts = [
    mailbox.depth > 0
      ? counted(
          mailbox.depth,
          "{0} message that waits becomes a dead letter",
          "{0} messages that wait become dead letters",
        )
      : undefined,
    owes > 0 ? counted(owes, "{0} who asked gets an error", "{0} who asked get an error") : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `${parts.join("; ")}.`;
}

function roomLeft({ mailbox: { depth, capacity, overflow } }: SeenRow): string | undefined {
  if (capacity === null) return undefined;
  const room = Math.max(0, capacity - depth);
  return counted(
    room,
    "Its mailbox has room for {0} more message; then: {1}.",
    "Its mailbox has room for {0} more messages; then: {1}.",
    overflow.replaceAll("_", " "),
  );
}

function sizeBelow(tree: ProgramTree, key: string): number {
  const seen = new Set([key]);
  for (const at of seen) for (const child of tree.children(at)) if (!tree.row(child)?.left) seen.add(child);
  return seen.size - 1;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}
