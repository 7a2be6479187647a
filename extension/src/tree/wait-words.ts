/** Says in words what an actor waits for: a line for each question, and in one sentence what everything hangs on. Pure. */
import type { Bottleneck } from "../programs/bottleneck.ts";
import type { Wait, WaitChain, WaitKind } from "../programs/wait-chain.ts";
import { counted, say } from "../sentence.ts";
import { escapeMarkdown, roughly } from "../text.ts";
import { lastPart } from "./words.ts";

/** `orders waits for inventory`, and beside it `reserve · 4 s`. */
export function waitLine({ row, kind, path, messageType, ms }: Wait): {
  readonly label: string;
  readonly description: string;
} {
  const time = ms > 0 ? roughly(ms) : undefined;
  return {
    label: LINES[kind](row.id, lastPart(path)),
    description: [messageType, time].filter((part) => part !== undefined).join(" · "),
  };
}

const LINES: { readonly [K in WaitKind]: (who: string, whom: string) => string } = {
  ask: (who, whom) => say("{0} waits for {1}", who, whom),
  room: (who, whom) => say("{0} waits for room in the mailbox of {1}", who, whom),
  start: (who, whom) => say("{0} waits for {1} to start", who, whom),
  end: (who, whom) => say("{0} waits for {1} to end", who, whom),
};

/** Beside the name of who waits for a child: `waits for cards to start`. */
export function childWaitWords({ kind, path }: Wait): string | undefined {
  if (kind !== "start" && kind !== "end") return undefined;
  return kind === "start" ? say("waits for {0} to start", lastPart(path)) : say("waits for {0} to end", lastPart(path));
}

/**
 * A chain in Markdown, a line for each wait.
 *
 * @param links where a wait was begun, as a link, by its place in the chain
 */
export function waitTooltip(chain: WaitChain, links: ReadonlyMap<number, string>): string | undefined {
  if (chain.waits.length === 0) return undefined;
  const lines = chain.waits.slice(0, LINES_SHOWN).map((wait, at) => {
    const { label, description } = waitLine(wait);
    const place = links.get(at);
    return `- ${escapeMarkdown(label)}${description && ` · ${escapeMarkdown(description)}`}${place === undefined ? "" : ` · ${place}`}`;
  });
  return `${lines.join("\n")}\n\n${escapeMarkdown(hangsOn(chain))}`;
}

/** Waits that a tooltip tells. */
const LINES_SHOWN = 10;

/** `orders and inventory wait for each other: neither can go on.` */
export function circleWords(circles: readonly (readonly string[])[]): string {
  const [names = [], ...others] = circles;
  const first =
    names.length === 2
      ? say("{0} wait for each other: neither can go on.", listed(names))
      : say("{0} wait for each other: none can go on.", listed(names));
  if (others.length === 0) return first;
  return `${first} ${counted(others.length, "There is {0} more circle.", "There are {0} more circles.")}`;
}

/** `ledger handles append for 4 s, and asks nobody. orders and 2 others wait for it.` */
export function bottleneckWords({ chain, waiters }: Bottleneck): string {
  const [first, second, ...rest] = waiters.map(({ id }) => id);
  const who =
    second === undefined
      ? say("{0} waits for it.", first ?? "")
      : rest.length === 0
        ? say("{0} and {1} wait for it.", first ?? "", second)
        : counted(rest.length + 1, "{1} and {0} other wait for it.", "{1} and {0} others wait for it.", first ?? "");
  return `${hangsOn(chain)} ${who}`;
}

/** `a and b`, `a, b and c`; of many the first ones. */
function listed(names: readonly string[]): string {
  const left = names.length - NAMED;
  if (left > 1) return say("{0} and {1} more", names.slice(0, NAMED).join(", "), left);
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? (last ?? "") : say("{0} and {1}", others.reverse().join(", "), last ?? "");
}

/** Names said before the rest is counted. */
const NAMED = 5;

/** Who waits before the circle is no part of it. */
function circleOf(waits: readonly Wait[]): readonly Wait[] {
  const closes = waits.at(-1)?.asked?.key;
  return waits.slice(waits.findIndex(({ row }) => row.key === closes));
}

/**
 * | the end of the chain | says |
 * |---|---|
 * | one of those before | who waits for each other |
 * | a child that starts or ends | that it has not yet |
 * | is gone, or down | that no reply can come |
 * | suspended | that it takes no message |
 * | handles a message | which, and for how long |
 * | has others before it | how many |
 * | has room meanwhile | so |
 * | anything else | that it owes the reply |
 */
export function hangsOn({ waits, isCircle, handlesMs }: WaitChain): string {
  const last = waits.at(-1);
  if (last === undefined) return say("It waits for nobody.");
  if (isCircle) return circleWords([circleOf(waits).map(({ row }) => row.id)]);
  const { asked, kind } = last;
  const name = lastPart(last.path);
  if (kind === "start") return say("{0} has not started yet, and asks nobody.", name);
  if (kind === "end") return say("{0} has not ended yet, and asks nobody.", name);
  if (asked === undefined || asked.left === true) return say("{0} is gone: no reply will come.", name);
  if (asked.state === "stopped" || asked.state === "restarting") return say("{0} is down.", name);
  if (asked.state === "suspended") return say("{0} is suspended, and takes no message.", name);
  if (asked.handling)
    return say("{0} handles {1} for {2}, and asks nobody.", name, asked.handling.messageType, roughly(handlesMs));
  const { depth } = asked.mailbox;
  if (depth > 0) return counted(depth, "{0} message waits for {1}.", "{0} messages wait for {1}.", name);
  if (kind === "room") return say("There is room in the mailbox of {0}.", name);
  return say("{0} has handled the question, and owes the reply.", name);
}
