/** What a viewer may ask for, and what it is told: all, or, where it only watches, types and numbers. Pure. */
import type { ActorRow } from "./actor-row.ts";
import type { ProcessInfo } from "./process-row.ts";
import type { Capability, ViewerFrame } from "./protocol.ts";
import { WATCH_LIMITS } from "./watch-protocol.ts";

export type Access = "all" | "watching";

/** What a viewer can do that only watches. */
export const WATCHING: readonly Capability[] = [
  ...(["tree", "counts", "health", "ping", "who", "quiet"] as const),
  ...(["crash", "leave", "details", "messages", "stats"] as const),
];

/**
 * A frame of a viewer that only watches, as it is answered. Whatever changes the program, starts something in it, reaches for a debugger
 * or tells values is refused.
 *
 * | frame | answered |
 * |---|---|
 * | `welcome`, `error`, `leave`, `unsubscribe`, `snapshot`, `health`, `ping`, `crash` | as it is |
 * | `subscribe` | at most one report in {@link WATCH_LIMITS.intervalMs} |
 * | `follow` | without payloads, at most {@link WATCH_LIMITS.perSecond} messages a second |
 * | `details` | without `state`; messages by type alone |
 * | `who` | as of a program that nobody holds |
 * | any other | refused |
 *
 * @returns why it is refused, in words.
 */
export function watched(frame: ViewerFrame): ViewerFrame | string {
  switch (frame.type) {
    case "welcome":
    case "error":
    case "leave":
    case "unsubscribe":
    case "snapshot":
    case "health":
    case "ping":
    case "crash":
      return frame;
    case "who":
      return { type: "who", id: frame.id };
    case "subscribe":
      return { ...frame, intervalMs: Math.max(WATCH_LIMITS.intervalMs, frame.intervalMs ?? 0) };
    case "follow":
      if (frame.level === "payloads") return "this viewer only watches: it is not told what is in messages";
      return { ...frame, perSecond: Math.min(WATCH_LIMITS.perSecond, frame.perSecond ?? WATCH_LIMITS.perSecond) };
    case "details":
      return { ...frame, parts: frame.parts.filter((part) => part !== "state") };
    default:
      return `this viewer only watches: ${frame.type} is not for it`;
  }
}

/** Rows as they are told. Who only watches is not told what OS processes were given, and what they wrote. */
export function rowsFor(access: Access, rows: readonly ActorRow[]): readonly ActorRow[] {
  return access === "all" ? rows : rows.map(bareRow);
}

function bareRow(row: ActorRow): ActorRow {
  if (row.process === undefined && row.runs === undefined) return row;
  return {
    ...row,
    ...(row.process === undefined ? {} : { process: bareProcess(row.process) }),
    ...(row.runs === undefined ? {} : { runs: row.runs.map(bareProcess) }),
  };
}

function bareProcess({ stderr: _, ...process }: ProcessInfo): ProcessInfo {
  return { ...process, args: "" };
}
