/** For programs: one object, stable. */
import type { GapReport, Report, Summary } from "./report.ts";

export function formatJson(reports: readonly Report[], gaps: readonly GapReport[], summary: Summary): string {
  const diagnostics = reports.map(({ sourceLine: _, ...report }) => report);
  return `${JSON.stringify({ version: 1, summary, gaps, diagnostics }, undefined, 2)}\n`;
}
