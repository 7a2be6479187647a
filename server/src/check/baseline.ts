/** What was there before: findings by file, rule and message, counted, so that lines may move. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Report } from "./report.ts";

type Counts = Record<string, number>;

export class Baseline {
  readonly #counts: Counts;

  private constructor(counts: Counts) {
    this.#counts = counts;
  }

  /** @throws {Error} when the file cannot be read or is no baseline. */
  static read(path: string): Baseline {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const counts = typeof value === "object" && value !== null ? (value as { findings?: unknown }).findings : undefined;
    if (typeof counts !== "object" || counts === null) throw new Error('it has no "findings"');
    return new Baseline(counts as Counts);
  }

  static write(path: string, reports: readonly Report[]): void {
    const counts: Counts = {};
    for (const report of reports) counts[keyOf(report)] = (counts[keyOf(report)] ?? 0) + 1;
    const findings = Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(path, `${JSON.stringify({ version: 1, findings }, undefined, 2)}\n`);
  }

  /** What is new. */
  filter(reports: readonly Report[]): readonly Report[] {
    const left = { ...this.#counts };
    return reports.filter((report) => {
      const key = keyOf(report);
      const count = left[key] ?? 0;
      left[key] = count - 1;
      return count <= 0;
    });
  }
}

function keyOf({ file, rule, message }: Report): string {
  return `${file} ${rule} ${message}`;
}
