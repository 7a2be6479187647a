/** The rows of messages: those that wait, those that were set aside, those that were handled. Pure. */
import type { Details, LetterDetails, Listed, RecentDetails, RoomWaitDetails } from "airssys-rt/inspect";
import { isCrowded, LONG_WAIT_MS, lagOf } from "../programs/health.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { duration, seenText } from "../text.ts";
import { lastPart } from "../tree/words.ts";
import { type Entry, leaf, section } from "./entry.ts";
import { oneLine } from "./state-entries.ts";

const YELLOW = "problemsWarningIcon.foreground";

/** Messages that are shown at once; the others unfold. */
const FIRST = 3;

export function mailboxSection({ mailbox, roomWaits }: Details, row: SeenRow, now: number): Entry | undefined {
  if (mailbox === undefined) return undefined;
  const waiting = roomWaits?.total ?? 0;
  if (mailbox.total + mailbox.items.length + waiting === 0) return undefined;
  const { capacity } = row.mailbox;
  const lag = lagOf(row, now);
  const words = [
    capacity === null ? number(mailbox.total) : say("{0} of {1}", number(mailbox.total), number(capacity)),
    ...(lag >= LONG_WAIT_MS ? [say("lag {0}", duration(lag))] : []),
    ...(waiting > 0 ? [counted(waiting, "{0} waits for room", "{0} wait for room")] : []),
  ];
  const spoken = [
    counted(mailbox.total, "Mailbox, {0} message waits", "Mailbox, {0} messages wait"),
    ...(lag >= LONG_WAIT_MS ? [say("the oldest for {0}", duration(lag))] : []),
    ...(waiting > 0 ? [counted(waiting, "{0} more waits for room", "{0} more wait for room")] : []),
  ];
  const isTrouble = isCrowded(row) || waiting > 0;
  return section(
    {
      id: "mailbox",
      label: say("Mailbox"),
      description: words.join(" · "),
      icon: { id: "inbox", ...(isTrouble ? { color: YELLOW } : {}) },
      ...(isTrouble ? { tone: "warning" as const } : {}),
      spoken: spoken.join(", "),
      children: [...letterEntries("mailbox", mailbox), ...roomSection(roomWaits)],
    },
    "open",
  );
}

/** Who keeps a message until there is room for it: the longest first. */
function roomSection(waits: Listed<RoomWaitDetails> | undefined): readonly Entry[] {
  const [longest] = waits?.items ?? [];
  if (waits === undefined || longest === undefined) return [];
  const time = duration(longest.ageMs);
  return [
    section(
      {
        id: "mailbox/room",
        label: say("Wait for room"),
        description: say("{0}, longest {1}", number(waits.total), time),
        icon: { id: "watch", color: YELLOW },
        tone: "warning",
        spoken: counted(
          waits.total,
          "{0} message waits for room, longest {1}",
          "{0} messages wait for room, longest {1}",
          time,
        ),
        children: shortened(
          "mailbox/room",
          waits.total,
          waits.items.map((wait, at) => roomEntry(`mailbox/room/${at}`, wait)),
        ),
      },
      "open",
    ),
  ];
}

function roomEntry(id: string, { messageType, sender, senderKey, ageMs, text }: RoomWaitDetails): Entry {
  const from = senderName(sender);
  const type = oneLine(messageType);
  return leaf({
    id,
    label: from,
    description: `${type} · ${duration(ageMs)}`,
    icon: { id: "arrow-left" },
    spoken: say("{0} waits {1} for room for {2}", from, duration(ageMs), type),
    tooltip: letterTooltip(sender, text),
    ...(senderKey === undefined ? {} : { action: { kind: "showActor" as const, key: senderKey } }),
  });
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

function letterEntries(id: string, { total, items }: Listed<LetterDetails>): readonly Entry[] {
  const entries = items.map((letter, at) => letterEntry(`${id}/${at}`, letter));
  // Signals stand in the same queue, and are not counted.
  return shortened(id, Math.max(total, items.length), entries);
}

/** The first ones, then one row for the others: of those it unfolds as many as the program tells. */
function shortened(id: string, all: number, entries: readonly Entry[]): readonly Entry[] {
  if (all <= FIRST) return entries;
  const untold = all - entries.length;
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
  const from = senderName(sender);
  const type = oneLine(messageType);
  return leaf({
    id,
    label: isSignal ? say("signal {0}", type) : type,
    description: `${from} · ${duration(ageMs)}`,
    icon: { id: isSignal ? "zap" : "mail" },
    spoken: say("{0} from {1}, waits {2}", type, from, duration(ageMs)),
    tooltip: letterTooltip(sender, text),
  });
}

function senderName(sender: string | undefined): string {
  return sender === undefined ? say("outside") : oneLine(lastPart(sender));
}

function letterTooltip(sender: string | undefined, text: string): string {
  const from = sender === undefined ? say("from outside") : say("from {0}", oneLine(sender));
  return [from, seenText(text)].filter((part) => part !== "").join("\n");
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
  const from = senderName(sender);
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
