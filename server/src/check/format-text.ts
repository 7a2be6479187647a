/** For people: the place, what is wrong, and the line it stands in. */
import type { GapReport, Report, Summary } from "./report.ts";
import { PLAIN, type Style } from "./style.ts";

const LABELS = { error: "error", warning: "warning", information: "info", hint: "hint" } as const;

/** How and where it is shown. */
export interface TextOptions {
  readonly style: Style;
  /** Where a file of a report is, for links. */
  readonly uriOf: (file: string) => string | undefined;
  /** Where the page of a rule is. */
  readonly pageOf: (rule: string) => string | undefined;
}

const PLAIN_TEXT: TextOptions = { style: PLAIN, uriOf: () => undefined, pageOf: () => undefined };

export function formatText(
  reports: readonly Report[],
  gaps: readonly GapReport[],
  summary: Summary,
  options: TextOptions = PLAIN_TEXT,
): string {
  const blank = gaps.length === 0 ? "" : "\n";
  const findings = reports.map((one) => formatOne(one, options)).join("");
  const unread = gaps.map((one) => formatGap(one, options)).join("");
  return `${findings}${unread}${blank}${formatRules(reports, options)}${formatSummary(summary, options.style)}\n`;
}

function formatGap({ file, range, level, message }: GapReport, { style, uriOf }: TextOptions): string {
  const at = range === undefined ? "" : `:${range.start.line + 1}:${range.start.character + 1}`;
  const label = level === "error" ? style.red(level) : style.yellow(level);
  return `${style.link(`${style.bold(file)}${at}`, uriOf(file))} ${label} not checked: ${message} ${style.dim("(not-checked)")}\n`;
}

function formatOne(report: Report, { style, uriOf, pageOf }: TextOptions): string {
  const { file, range, severity, message, rule, sourceLine, related } = report;
  const { line, character } = range.start;
  const width = range.end.line === line ? Math.max(1, range.end.character - character) : 1;
  const lead = sourceLine.slice(0, character).replace(/[^\t]/g, " ");
  const loud = loudness(style, severity);
  const places = related
    .map((one) => {
      const at = `${one.file}:${one.range.start.line + 1}:${one.range.start.character + 1}`;
      return `    ${style.link(at, uriOf(one.file))} ${one.message}\n`;
    })
    .join("");
  const place = style.link(`${style.bold(file)}:${line + 1}:${character + 1}`, uriOf(file));
  const name = style.dim(`(${style.link(rule, pageOf(rule))})`);
  return `${place} ${loud(LABELS[severity])} ${message} ${name}\n    ${sourceLine}\n    ${lead}${loud("^".repeat(width))}\n${places}\n`;
}

function loudness(style: Style, severity: Report["severity"]): (text: string) => string {
  if (severity === "error") return style.red;
  return severity === "warning" ? style.yellow : style.blue;
}

/** How often each rule speaks, the loudest and most frequent first; nothing where there is but one finding. */
function formatRules(reports: readonly Report[], { style, pageOf }: TextOptions): string {
  if (reports.length < 2) return "";
  const order: readonly string[] = Object.keys(LABELS);
  const byRule = new Map<string, Report[]>();
  for (const report of reports) byRule.set(report.rule, [...(byRule.get(report.rule) ?? []), report]);
  const groups = [...byRule].sort(
    ([, a], [, b]) =>
      order.indexOf(a[0]?.severity ?? "hint") - order.indexOf(b[0]?.severity ?? "hint") || b.length - a.length,
  );
  const width = String(Math.max(...groups.map(([, { length }]) => length))).length;
  const lines = groups.map(([rule, { length, [0]: first }]) => {
    const loud = loudness(style, first?.severity ?? "hint");
    return `  ${String(length).padStart(width)} ${loud(style.link(rule, pageOf(rule)))}\n`;
  });
  return `${lines.join("")}\n`;
}

function formatSummary(summary: Summary, style: Style): string {
  const { errors, warnings, others, files, actors, milliseconds, fixed, fixable, unread } = summary;
  const loud = (number: number, text: string, colour: (text: string) => string): string =>
    number === 0 ? text : colour(text);
  const counts = [
    loud(errors, count(errors, "error"), style.red),
    loud(warnings, count(warnings, "warning"), style.yellow),
    ...(others === 0 ? [] : [count(others, "note")]),
  ];
  const nothing = unread === 0 ? "nothing to complain about" : "nothing found in what could be read";
  const missed = unread === 0 ? "" : `; ${style.yellow(`${count(unread, "place")} not checked`)}`;
  const help = fixable === 0 ? "" : `; --fix writes ${count(fixable, "fix", "fixes")}`;
  const found = `${errors + warnings + others === 0 ? nothing : counts.join(", ")}${missed}${help}`;
  const done = fixed === 0 ? "" : ` ${count(fixed, "fix", "fixes")} applied;`;
  const size = style.dim(`(${count(actors, "actor")} in ${count(files, "file")}, ${milliseconds} ms)`);
  return `${done.trimStart()}${done === "" ? "" : " "}${found} ${size}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
