/** Workflow commands of GitHub Actions: annotations in the changed files. */
import type { GapReport, Report, Summary } from "./report.ts";

const COMMANDS = { error: "error", warning: "warning", information: "notice", hint: "notice" } as const;

export function formatGithub(reports: readonly Report[], gaps: readonly GapReport[], summary: Summary): string {
  const lines = reports.map(({ file, range, severity, rule, message }) => {
    const place = `file=${property(file)},line=${range.start.line + 1},col=${range.start.character + 1},endLine=${range.end.line + 1},endColumn=${range.end.character + 1}`;
    return `::${COMMANDS[severity]} ${place},title=${property(`airssys ${rule}`)}::${data(message)}\n`;
  });
  const unread = gaps.map(({ level, kind, file, range, message }) => {
    const at = range === undefined ? "" : `,line=${range.start.line + 1},col=${range.start.character + 1}`;
    return `::${level} file=${property(file)}${at},title=${property(`airssys: not checked (${kind})`)}::${data(message)}\n`;
  });
  const missed = gaps.length === 0 ? "" : `, ${gaps.length} not checked`;
  return `${unread.join("")}${lines.join("")}airssys: ${summary.errors} errors, ${summary.warnings} warnings${missed} in ${summary.files} files\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
