/** Says in words what an actor waits for: a line for each question, and in one sentence what everything hangs on. Pure. */
import type { Wait, WaitChain } from "../programs/wait-chain.ts";
import { counted, say } from "../sentence.ts";
import { duration } from "../text.ts";
import { lastPart } from "./words.ts";

/** `orders waits for inventory`, and beside it `reserve · 4 s`. */
export function waitLine({ row, path, messageType, ms }: Wait): {
  readonly label: string;
  readonly description: string;
} {
  return {
    label: say("{0} waits for {1}", row.id, lastPart(path)),
    description: `${messageType} · ${duration(rough(ms))}`,
  };
}

/**
 * | the end of the chain | says |
 * |---|---|
 * | one of those before | that they wait for each other |
 * | is gone, or down | that no reply can come |
 * | suspended | that it takes no message |
 * | handles a message | which, and for how long |
 * | has others before it | how many |
 * | anything else | that it owes the reply |
 */
export function hangsOn({ waits, isCircle, handlesMs }: WaitChain): string {
  const last = waits.at(-1);
  if (last === undefined) return say("It waits for nobody.");
  if (isCircle && waits.length === 2) return say("They wait for each other: neither can go on.");
  if (isCircle) return say("They wait for each other: none can go on.");
  const { asked } = last;
  const name = lastPart(last.path);
  if (asked === undefined || asked.left === true) return say("{0} is gone: no reply will come.", name);
  if (asked.state === "stopped" || asked.state === "restarting") return say("{0} is down.", name);
  if (asked.state === "suspended") return say("{0} is suspended, and takes no message.", name);
  if (asked.handling)
    return say(
      "{0} handles {1} for {2}, and asks nobody.",
      name,
      asked.handling.messageType,
      duration(rough(handlesMs)),
    );
  const { depth } = asked.mailbox;
  if (depth > 0) return counted(depth, "{0} message waits for {1}.", "{0} messages wait for {1}.", name);
  return say("{0} has handled the question, and owes the reply.", name);
}

function rough(ms: number): number {
  return ms < 10_000 ? Math.floor(ms / 100) * 100 : Math.floor(ms / 1_000) * 1_000;
}
