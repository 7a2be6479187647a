/** The rows of what an actor lives with and has lived through: whom it waits for, ties, timers, lives, settings. Pure. */
import type { Details, LifeDetails, SettingOrigin, TieDetails, TimerDetails } from "airssys-rt/inspect";
import { LONG_WAIT_MS, since } from "../programs/health.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, ordinal, say } from "../sentence.ts";
import { duration } from "../text.ts";
import { lastPart } from "../tree/words.ts";
import { type Entry, leaf, section } from "./entry.ts";
import { oneLine } from "./state-entries.ts";

const RED = "problemsErrorIcon.foreground";
const YELLOW = "problemsWarningIcon.foreground";

export function waitsSection(row: SeenRow, now: number): Entry | undefined {
  const waits = (row.waitsFor ?? [])
    .map((wait) => ({ ...wait, ms: wait.sinceMs + since(row, now) }))
    .sort((one, other) => other.ms - one.ms);
  const [longest] = waits;
  if (longest === undefined) return undefined;
  const isLong = longest.ms >= LONG_WAIT_MS;
  return section(
    {
      id: "waits",
      label: say("Waits for"),
      description: say("{0}, longest {1}", number(waits.length), duration(longest.ms)),
      icon: { id: "watch", ...(isLong ? { color: YELLOW } : {}) },
      ...(isLong ? { tone: "warning" as const } : {}),
      spoken: waits.some(({ kind }) => kind === "room")
        ? say("Waits for {0}, longest {1}", number(waits.length), duration(longest.ms))
        : counted(
            waits.length,
            "Waits for {0} reply, longest {1}",
            "Waits for {0} replies, longest {1}",
            duration(longest.ms),
          ),
      children: waits.map((wait, at) => waitEntry(wait, at)),
    },
    "open",
  );
}

function waitEntry(
  { path, messageType, kind, ms }: NonNullable<SeenRow["waitsFor"]>[number] & { readonly ms: number },
  at: number,
): Entry {
  const name = oneLine(lastPart(path));
  const type = oneLine(messageType ?? "");
  const isRoom = kind === "room";
  const parts = [duration(ms), ...(isRoom ? [say("room in its mailbox")] : []), type];
  return leaf({
    id: `waits/${at}`,
    label: name,
    description: parts.filter((part) => part !== "").join(" · "),
    icon: { id: "arrow-right", ...(ms >= LONG_WAIT_MS ? { color: YELLOW } : {}) },
    ...(ms >= LONG_WAIT_MS ? { tone: "warning" as const } : {}),
    spoken: isRoom
      ? say("waits {0} for room in the mailbox of {1} for {2}", duration(ms), name, type)
      : say("waits {0} for {1} {2}", duration(ms), name, type),
    tooltip: say("{0} of {1}, since {2}", type, oneLine(path), duration(ms)),
    action: { kind: "openQuestion", messageType: messageType ?? "" },
  });
}

export function tiesSection({ ties }: Details): Entry | undefined {
  if (ties === undefined || ties.total === 0) return undefined;
  const links = ties.items.filter(({ kind }) => kind === "link").length;
  const monitors = ties.items.length - links;
  const parts = [
    links > 0 ? number(links) : undefined,
    monitors > 0 ? counted(monitors, "{0} monitor", "{0} monitors") : undefined,
  ];
  const untold = ties.total - ties.items.length;
  const children = ties.items.map((tie, at) => tieEntry(tie, at));
  if (untold > 0) children.push(leaf({ id: "ties/untold", label: say("{0} more", number(untold)), description: "" }));
  return section(
    {
      id: "ties",
      label: say("Links"),
      description: parts.filter((part) => part !== undefined).join(" · "),
      icon: { id: "link" },
      children,
    },
    "open",
  );
}

function tieEntry({ kind, key, path }: TieDetails, at: number): Entry {
  const words: Record<TieDetails["kind"], string> = {
    link: say("linked: they end together"),
    watches: say("watched by it"),
    watchedBy: say("watches it"),
  };
  return leaf({
    id: `ties/${at}`,
    label: oneLine(lastPart(path)),
    description: words[kind],
    icon: { id: kind === "link" ? "link" : "eye" },
    tooltip: oneLine(path),
    action: { kind: "showActor", key },
  });
}

export function timersSection({ timers }: Details): Entry | undefined {
  if (timers === undefined || timers.total === 0) return undefined;
  const due = timers.items.flatMap(({ dueMs }) => (dueMs === undefined ? [] : [dueMs]));
  const count = number(timers.total);
  return section(
    {
      id: "timers",
      label: say("Timers"),
      description: due.length === 0 ? count : say("{0} · next in {1}", count, duration(Math.min(...due))),
      icon: { id: "history" },
      children: timers.items.map((timer, at) => timerEntry(timer, at)),
    },
    "closed",
  );
}

function timerEntry({ name, messageType, dueMs, periodMs }: TimerDetails, at: number): Entry {
  const parts = [
    dueMs === undefined ? say("sent, not handled yet") : say("in {0}", duration(dueMs)),
    periodMs === undefined ? undefined : say("every {0}", duration(periodMs)),
    oneLine(messageType),
  ];
  return leaf({
    id: `timers/${at}`,
    label: oneLine(name),
    description: parts.filter((part) => part !== undefined).join(" · "),
    icon: { id: "clock" },
  });
}

/** The present life first. An actor that has lived only one, and still does, has nothing to tell. */
export function livesSection({ lives, incarnation }: Details, row: SeenRow): Entry | undefined {
  if (lives === undefined || (lives.ends.length === 0 && incarnation <= 1)) return undefined;
  const { livesMs, ends } = lives;
  const children = ends.map((end) => lifeEntry(end, row));
  if (livesMs !== undefined)
    children.unshift(
      leaf({
        id: `lives/${incarnation}`,
        label: ordinal(incarnation),
        description: say("for {0}", duration(livesMs)),
        icon: { id: "circle-small-filled", color: "charts.green" },
        spoken: say("{0} life, for {1}", ordinal(incarnation), duration(livesMs)),
      }),
    );
  const untold = incarnation - children.length;
  if (untold > 0)
    children.push(
      leaf({
        id: "lives/untold",
        label: counted(untold, "{0} before", "{0} before"),
        description: say("nobody was looking, or too long ago"),
        icon: { id: "ellipsis" },
      }),
    );
  return section(
    {
      id: "lives",
      label: say("Lives"),
      description: livesMs === undefined ? number(incarnation) : say("this is the {0}", ordinal(incarnation)),
      icon: { id: "versions" },
      children,
    },
    "open",
  );
}

function lifeEntry({ incarnation, kind, text, livedMs }: LifeDetails, { lastCrash }: SeenRow): Entry {
  const isFailure = kind === "crashed" || kind === "killed" || kind === "gaveUp";
  const cause = oneLine(text.replace(/^crashed in \w+: /, ""));
  const time = livedMs === undefined ? undefined : say("for {0}", duration(livedMs));
  return leaf({
    id: `lives/${incarnation}`,
    label: ordinal(incarnation),
    description: [time, cause].filter((part) => part !== undefined).join(" · "),
    icon: isFailure ? { id: "error", color: RED } : { id: "circle-slash", color: "disabledForeground" },
    ...(isFailure ? { tone: "error" as const } : {}),
    spoken: [say("{0} life", ordinal(incarnation)), time, cause].filter((part) => part !== undefined).join(", "),
    tooltip: cause,
    ...(kind === "crashed" && lastCrash?.incarnation === incarnation ? { action: { kind: "openCrash" as const } } : {}),
  });
}

export function settingsSection({ settings }: Details): Entry | undefined {
  if (settings === undefined || settings.length === 0) return undefined;
  const origins: Record<SettingOrigin, string> = {
    default: say("default"),
    template: say("from the template"),
    spec: say("from its spec"),
    spawn: say("from spawn"),
  };
  const changed = settings.filter(({ origin }) => origin !== "default").length;
  return section(
    {
      id: "settings",
      label: say("Settings"),
      description: changed === 0 ? say("as by default") : say("{0} not by default", number(changed)),
      icon: { id: "settings" },
      children: settings.map(({ name, text, origin }) =>
        leaf({
          id: `settings/${name}`,
          label: oneLine(name),
          description: `${oneLine(text)} · ${origins[origin]}`,
        }),
      ),
    },
    "closed",
  );
}
