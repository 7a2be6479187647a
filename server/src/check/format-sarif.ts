/**
 * SARIF 2.1.0, for code scanning.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { createHash } from "node:crypto";
import type { SourceRange } from "../protocol.ts";
import { RULES } from "../rules/index.ts";
import type { GapReport, Report } from "./report.ts";

const LEVELS = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

export interface SarifOptions {
  readonly version: string;
  /** Of the command. A run in which something could not be looked at was no success. */
  readonly exitCode: number;
  /** The page of a rule, in Markdown. */
  readonly pageOf: (rule: string) => string | undefined;
}

export function formatSarif(
  reports: readonly Report[],
  gaps: readonly GapReport[],
  { version, exitCode, pageOf }: SarifOptions,
): string {
  const rules = RULES.map(({ name, code, title, severity }) => ({
    id: name,
    name: name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    ...descriptionOf(pageOf(name)),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { number: code, tags: ["actors"] },
  }));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "airssys", semanticVersion: version, rules } },
        invocations: [
          {
            executionSuccessful: !gaps.some(({ level }) => level === "error"),
            exitCode,
            toolExecutionNotifications: gaps.map(({ kind, level, message, file, range }) => ({
              descriptor: { id: `not-checked/${kind}` },
              level,
              message: { text: message },
              locations: [location(file, range)],
            })),
          },
        ],
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { description: { text: "The root of the repository" } } },
        results: results(reports),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** What a code host shows beside a finding: the page as it is, and its first paragraph. */
function descriptionOf(page: string | undefined): object {
  if (page === undefined) return {};
  const [, , first = ""] = page.split(/\n\n/);
  const text = page.replace(/^#+ /gm, "");
  return { fullDescription: { text: first.replaceAll("\n", " ").trim() }, help: { text, markdown: page } };
}

function results(reports: readonly Report[]): readonly object[] {
  const seen = new Map<string, number>();
  return reports.map((report) => {
    const { file, rule, message, sourceLine } = report;
    const key = [file, rule, message, sourceLine.trim()].join("\n");
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return result(report, createHash("sha256").update(`${key}\n${nth}`).digest("hex").slice(0, 32));
  });
}

/** @param fingerprint stays the same when lines move, so that what was dismissed stays dismissed. */
function result({ rule, severity, message, file, range, related }: Report, fingerprint: string): object {
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex((one) => one.name === rule),
    level: LEVELS[severity],
    message: { text: message },
    locations: [location(file, range)],
    partialFingerprints: { "airssysFinding/v1": fingerprint },
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            ...location(one.file, one.range),
            message: { text: one.message },
          })),
        }),
  };
}

function location(file: string, range: SourceRange | undefined): object {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  const artifactLocation = { uri, uriBaseId: "ROOT" };
  return { physicalLocation: { artifactLocation, ...(range === undefined ? {} : { region: regionOf(range) }) } };
}

function regionOf({ start, end }: SourceRange): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
