/** Recordings of the workspace as rows: what they are called, how old and how large they are. Pure. */
import type { RecordingFile } from "../commands.ts";
import { number, say } from "../sentence.ts";
import { duration } from "../text.ts";

/** The newest first. */
export function inOrder(files: readonly RecordingFile[]): RecordingFile[] {
  return files.toSorted((one, other) => other.writtenAt - one.writtenAt || (one.name < other.name ? -1 : 1));
}

/** Such as `3 min ago · 12 kB`. */
export function fileDescription({ bytes, writtenAt }: RecordingFile, nowMs: number): string {
  return `${age(nowMs - writtenAt)} · ${size(bytes)}`;
}

function age(ms: number): string {
  if (ms < 1_000) return say("now");
  const hours = Math.round(ms / 3_600_000);
  if (ms < 5_400_000) return say("{0} ago", duration(ms < 120_000 ? Math.trunc(ms / 1_000) * 1_000 : ms));
  return hours < 48 ? say("{0} h ago", number(hours)) : say("{0} days ago", number(Math.round(hours / 24)));
}

function size(bytes: number): string {
  if (bytes < 1_000) return say("{0} bytes", number(bytes));
  return bytes < 1_000_000
    ? say("{0} kB", number(Math.round(bytes / 1_000)))
    : say("{0} MB", number(Number((bytes / 1_000_000).toPrecision(3))));
}

/** `main-2026-01-01-12-00-00.airssys`, of the program's main script. */
export function fileNameFor(program: string, at: Date): string {
  const name = (program.split(/[\\/]/).at(-1) ?? "").replace(/\.[^.]*$/, "").replace(/[^\w.-]/g, "_") || "program";
  const when = at.toISOString().slice(0, 19).replace(/[:T]/g, "-");
  return `${name}-${when}.airssys`;
}
