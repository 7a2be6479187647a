/** For people: the place, what is wrong, and the line it stands in. */
import type { GapReport, Report, Summary } from "./report.ts";

const LABELS = { error: "error", warning: "warning", information: "info", hint: "hint" } as const;

export function formatText(reports: readonly Report[], gaps: readonly GapReport[], summary: Summary): string {
  const blank = gaps.length === 0 ? "" : "\n";
  return `${reports.map(formatOne).join("")}${gaps.map(formatGap).join("")}${blank}${formatSummary(summary)}\n`;
}

function formatGap({ file, range, level, message }: GapReport): string {
  const at = range === undefined ? "" : `:${range.start.line + 1}:${range.start.character + 1}`;
  return `${file}${at} ${level} not checked: ${message} (not-checked)\n`;
}

function formatOne({ file, range, severity, message, rule, sourceLine, related }: Report): string {
  const { line, character } = range.start;
  const width = range.end.line === line ? Math.max(1, range.end.character - character) : 1;
  const lead = sourceLine.slice(0, character).replace(/[^\t]/g, " ");
  const places = related
    .map((one) => `    ${one.file}:${one.range.start.line + 1}:${one.range.start.character + 1} ${one.message}\n`)
    .join("");
  return `${file}:${line + 1}:${character + 1} ${LABELS[severity]} ${message} (${rule})\n    ${sourceLine}\n    ${lead}${"^".repeat(width)}\n${places}\n`;
}

function formatSummary({ errors, warnings, others, files, actors, milliseconds, fixed, unread }: Summary): string {
  const counts = [count(errors, "error"), count(warnings, "warning"), ...(others === 0 ? [] : [count(others, "note")])];
  const nothing = unread === 0 ? "nothing to complain about" : "nothing found in what could be read";
  const missed = unread === 0 ? "" : `; ${count(unread, "place")} not checked`;
  const found = `${errors + warnings + others === 0 ? nothing : counts.join(", ")}${missed}`;
  const done = fixed === 0 ? "" : ` ${count(fixed, "fix", "fixes")} applied;`;
  return `${done.trimStart()}${done === "" ? "" : " "}${found} (${count(actors, "actor")} in ${count(files, "file")}, ${milliseconds} ms)`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
