/** The rows of messages: those that wait, those that were set aside, those that were handled. Pure. */
import type { Details, LetterDetails, Listed, RecentDetails } from "airssys-rt/inspect";
import { isCrowded, LONG_WAIT_MS, lagOf } from "../programs/health.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { duration, seenText } from "../text.ts";
import { lastPart } from "../tree/words.ts";
import { type Entry, leaf, section } from "./entry.ts";
import { oneLine } from "./state-entries.ts";

/** Messages that are shown at once; the others unfold. */
const FIRST = 3;

export function mailboxSection({ mailbox }: Details, row: SeenRow, now: number): Entry | undefined {
  if (mailbox === undefined || mailbox.total + mailbox.items.length === 0) return undefined;
  const { capacity } = row.mailbox;
  const size = capacity === null ? number(mailbox.total) : say("{0} of {1}", number(mailbox.total), number(capacity));
  const lag = lagOf(row, now);
  const isLate = lag >= LONG_WAIT_MS;
  return section(
    {
      id: "mailbox",
      label: say("Mailbox"),
      description: isLate ? say("{0} · lag {1}", size, duration(lag)) : size,
      icon: { id: "inbox", ...(isCrowded(row) ? { color: "problemsWarningIcon.foreground" } : {}) },
      ...(isCrowded(row) ? { tone: "warning" as const } : {}),
      spoken: [
        counted(mailbox.total, "Mailbox, {0} message waits", "Mailbox, {0} messages wait"),
        isLate ? say("the oldest for {0}", duration(lag)) : "",
      ]
        .filter((part) => part !== "")
        .join(", "),
      children: letterEntries("mailbox", mailbox),
    },
    "open",
  );
}

export function setAsideSection({ setAside }: Details): Entry | undefined {
  if (setAside === undefined || setAside.total === 0) return undefined;
  return section(
    {
      id: "setAside",
      label: say("Set aside"),
      description: number(setAside.total),
      icon: { id: "archive" },
      spoken: counted(setAside.total, "{0} message set aside", "{0} messages set aside"),
      children: letterEntries("setAside", setAside),
    },
    "closed",
  );
}

/** The first ones, then one row for the others: of those it unfolds as many as the program tells. */
function letterEntries(id: string, { total, items }: Listed<LetterDetails>): readonly Entry[] {
  const entries = items.map((letter, at) => letterEntry(`${id}/${at}`, letter));
  // Signals stand in the same queue, and are not counted.
  const all = Math.max(total, items.length);
  if (all <= FIRST) return entries;
  const untold = all - items.length;
  const others = entries.slice(FIRST);
  if (untold > 0) others.push(leaf({ id: `${id}/untold`, label: moreWords(untold), description: "" }));
  const more = section(
    { id: `${id}/more`, label: moreWords(all - FIRST), description: "", icon: { id: "ellipsis" }, children: others },
    "closed",
  );
  return [...entries.slice(0, FIRST), more];
}

function moreWords(count: number): string {
  return say("{0} more", number(count));
}

function letterEntry(id: string, { messageType, isSignal, sender, ageMs, text }: LetterDetails): Entry {
  const from = sender === undefined ? say("outside") : lastPart(sender);
  const type = oneLine(messageType);
  return leaf({
    id,
    label: isSignal ? say("signal {0}", type) : type,
    description: `${oneLine(from)} · ${duration(ageMs)}`,
    icon: { id: isSignal ? "zap" : "mail" },
    spoken: say("{0} from {1}, waits {2}", type, oneLine(from), duration(ageMs)),
    tooltip: [sender === undefined ? say("from outside") : say("from {0}", oneLine(sender)), seenText(text)]
      .filter((part) => part !== "")
      .join("\n"),
  });
}

export function recentSection({ recent }: Details): Entry | undefined {
  if (recent === undefined || recent.length === 0) return undefined;
  return section(
    {
      id: "recent",
      label: say("Recent messages"),
      description: number(recent.length),
      icon: { id: "arrow-swap" },
      spoken: counted(recent.length, "{0} recent message", "{0} recent messages"),
      children: recent.map((message) => recentEntry(message)),
    },
    "closed",
  );
}

function recentEntry({ messageType, seq, sender, agoMs, waitedMs, ranMs, outcome, text }: RecentDetails): Entry {
  const type = oneLine(messageType);
  const from = sender === undefined ? say("outside") : oneLine(lastPart(sender));
  const hasCrashed = outcome === "crashed";
  const parts = [
    hasCrashed ? say("crashed") : undefined,
    from,
    say("{0} ago", duration(agoMs)),
    ranMs >= 1 ? say("ran {0}", duration(ranMs)) : undefined,
    waitedMs >= LONG_WAIT_MS ? say("waited {0}", duration(waitedMs)) : undefined,
  ].filter((part) => part !== undefined);
  return leaf({
    id: `recent/${seq}`,
    label: type,
    description: parts.join(" · "),
    icon: hasCrashed ? { id: "error", color: "problemsErrorIcon.foreground" } : { id: "pass" },
    ...(hasCrashed ? { tone: "error" as const } : {}),
    spoken: [type, hasCrashed ? parts : [say("handled"), ...parts]].flat().join(", "),
    tooltip: [
      sender === undefined ? say("from outside") : say("from {0}", oneLine(sender)),
      say("waited {0}, ran {1}", duration(waitedMs), duration(ranMs)),
      seenText(text),
    ].join("\n"),
  });
}
