/** Workflow commands of GitHub Actions: annotations in the changed files. */
import type { Report, Summary } from "./report.ts";

const COMMANDS = { error: "error", warning: "warning", information: "notice", hint: "notice" } as const;

export function formatGithub(reports: readonly Report[], summary: Summary): string {
  const lines = reports.map(({ file, range, severity, rule, message }) => {
    const place = `file=${property(file)},line=${range.start.line + 1},col=${range.start.character + 1},endLine=${range.end.line + 1},endColumn=${range.end.character + 1}`;
    return `::${COMMANDS[severity]} ${place},title=${property(`airssys ${rule}`)}::${data(message)}\n`;
  });
  return `${lines.join("")}airssys: ${summary.errors} errors, ${summary.warnings} warnings in ${summary.files} files\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
