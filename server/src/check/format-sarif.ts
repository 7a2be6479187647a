/**
 * SARIF 2.1.0, for code scanning.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import type { SourceRange } from "../protocol.ts";
import { RULES } from "../rules/index.ts";
import type { GapReport, Report } from "./report.ts";

const LEVELS = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

/** @param exitCode of the command. A run in which something could not be looked at was no success. */
export function formatSarif(
  reports: readonly Report[],
  gaps: readonly GapReport[],
  { version, exitCode }: { readonly version: string; readonly exitCode: number },
): string {
  const rules = RULES.map(({ name, code, title, severity }) => ({
    id: name,
    name: name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { number: code },
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
        originalUriBaseIds: { ROOT: { description: { text: "The folder the check was started in" } } },
        results: reports.map((report) => result(report)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result({ rule, severity, message, file, range, related }: Report): object {
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex((one) => one.name === rule),
    level: LEVELS[severity],
    message: { text: message },
    locations: [location(file, range)],
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
