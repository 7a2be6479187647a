/** Text for people: spans of time in words, and what came from a program made safe to show. Pure. */
import { number, say } from "./sentence.ts";

/** Makes text safe inside Markdown: nothing in it is formatting, a link, an icon or HTML. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>&~$:@/]/g, "\\$&").replace(/\s+/g, " ");
}

/**
 * The same within a line, for where VS Code takes the formatting away for a title and leaves each backslash: only what means something
 * there gets one.
 */
export function escapeInLine(text: string): string {
  const signs = /[\\`*[\]<>&~|]|(?<!\w)_|_(?!\w)|(?<=\bwww)\.|:(?=\/\/)|(?<=[\w.+-])@(?=\w)/gi;
  return text.replace(signs, "\\$&").replace(/\s+/g, " ");
}

/** Makes text safe in notifications, where `[text](address)` would become a link. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("](", "] (").slice(0, 300);
}

/** Makes text safe in lists and status items, where `$(name)` would become an icon. */
export function iconless(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("$(", "$ (");
}

/** A line of a list with a codicon before it. */
export function withIcon(icon: string, text: string): string {
  return `$(${icon}) ${iconless(text)}`;
}

/** Text of another program as it may be seen: without control characters, and marks that hide or turn text. Lines and tabs stay. */
export function seenText(text: string): string {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\p{Surrogate}/gu,
    "",
  );
}

/** A code block that its own content cannot close. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${code}\n${fence}`;
}

/** `250 ms`, `2 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return say("{0} ms", Math.round(ms));
  if (ms < 120_000) return say("{0} s", number(Number((ms / 1_000).toFixed(1))));
  return say("{0} min", number(Math.round(ms / 60_000)));
}

/** As {@link duration}, in whole seconds: of what is told each second, tenths are never twice the same. */
export function wholeSeconds(ms: number): string {
  return duration(Math.floor(ms / 1_000) * 1_000);
}

/** As {@link duration}, with tenths of seconds below ten, whole ones above: numbers that change every moment are not read. */
export function roughly(ms: number): string {
  return ms < 10_000 ? duration(Math.floor(ms / 100) * 100) : wholeSeconds(ms);
}

/**
 * A time in words.
 *
 * | microseconds | text |
 * |---|---|
 * | unknown, below 0 | nothing |
 * | below 100 | `20 µs` |
 * | below 10,000 | `0.2 ms` |
 * | below 1,000,000 | `40 ms` |
 * | else | `2.3 s` |
 */
export function spanText(us: number): string {
  if (us < 0) return "";
  if (us < 100) return say("{0} µs", number(Math.round(us)));
  if (us < 10_000) return say("{0} ms", number(Math.round(us / 100) / 10));
  if (us < 1_000_000) return say("{0} ms", number(Math.round(us / 1_000)));
  return say("{0} s", number(Math.round(us / 100_000) / 10));
}
