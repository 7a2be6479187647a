/** What was there before: findings by file, rule and message, counted, so that lines may move. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Report } from "./report.ts";

const VERSION = 2;

/** By file, then by rule and message: how often. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Whether a file, named as in a {@link Report}, was looked at. */
type IsChecked = (file: string) => boolean;

export class Baseline {
  readonly #counts: Counts;

  private constructor(counts: Counts) {
    this.#counts = counts;
  }

  /** Of what is found now. Files that were not looked at keep what `before` says of them. */
  static of(reports: readonly Report[], before?: Baseline, isChecked: IsChecked = () => true): Baseline {
    const old = before === undefined ? [] : [...before.#counts].filter(([file]) => !isChecked(file));
    return new Baseline(new Map([...old, ...countsOf(reports)]));
  }

  /** @throws {Error} when the file cannot be read or is no baseline. */
  static read(path: string): Baseline {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { version, findings } = recordOf(value);
    if (typeof findings !== "object" || findings === null) throw new Error('it has no "findings"');
    if (version !== VERSION)
      throw new Error(`it has version ${String(version)}, not ${VERSION}: --update-baseline makes it anew`);
    const counts = Object.entries(findings).map(([file, own]): [string, ReadonlyMap<string, number>] => {
      return [file, new Map(Object.entries(recordOf(own)).map(([key, count]) => [key, Number(count)]))];
    });
    return new Baseline(new Map(counts));
  }

  write(path: string): void {
    const findings = sorted(this.#counts).map(([file, own]) => [file, Object.fromEntries(sorted(own))]);
    const value = { version: VERSION, findings: Object.fromEntries(findings) };
    writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** What is new. */
  filter(reports: readonly Report[]): readonly Report[] {
    const seen = new Map<string, number>();
    return reports.filter((report) => {
      const nth = (seen.get(`${report.file}\n${keyOf(report)}`) ?? 0) + 1;
      seen.set(`${report.file}\n${keyOf(report)}`, nth);
      return nth > (this.#counts.get(report.file)?.get(keyOf(report)) ?? 0);
    });
  }

  /** Without what is not found any longer, in files that were looked at. Nothing is added. */
  pruned(reports: readonly Report[], isChecked: IsChecked): Baseline {
    const now = countsOf(reports);
    const kept = [...this.#counts].map(([file, own]): [string, ReadonlyMap<string, number>] => {
      if (!isChecked(file)) return [file, own];
      const left = [...own].map(([key, count]): [string, number] => [
        key,
        Math.min(count, now.get(file)?.get(key) ?? 0),
      ]);
      return [file, new Map(left.filter(([, count]) => count > 0))];
    });
    return new Baseline(new Map(kept.filter(([, own]) => own.size > 0)));
  }

  /** How many findings it lists. */
  get size(): number {
    return [...this.#counts.values()].flatMap((own) => [...own.values()]).reduce((sum, count) => sum + count, 0);
  }
}

function countsOf(reports: readonly Report[]): Counts {
  const counts = new Map<string, Map<string, number>>();
  for (const report of reports) {
    const own = counts.get(report.file) ?? new Map<string, number>();
    own.set(keyOf(report), (own.get(keyOf(report)) ?? 0) + 1);
    counts.set(report.file, own);
  }
  return counts;
}

function keyOf({ rule, message }: Report): string {
  return `${rule}: ${message}`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
