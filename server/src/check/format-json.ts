/** For programs: one object, stable. */
import type { Report, Summary } from "./report.ts";

export function formatJson(reports: readonly Report[], summary: Summary): string {
  const diagnostics = reports.map(({ sourceLine: _, ...report }) => report);
  return `${JSON.stringify({ version: 1, summary, diagnostics }, undefined, 2)}\n`;
}
