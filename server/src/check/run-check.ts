/** `airssys check`: the analysis once, its findings printed, an exit code. The same engine and rules as in the editor. */
import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { Analysis } from "../analysis.ts";
import type { Diagnostic, TextEdit } from "../diagnostic.ts";
import { safeFixes } from "../features/code-actions.ts";
import { parseRuleSettings } from "../rule-settings.ts";
import { RULES } from "../rules/index.ts";
import { isSettingsFile, isSourceFile } from "../source/actor-scan.ts";
import { DISK } from "../source/file-system.ts";
import { withLineEndsOf } from "../source/line-ends.ts";
import { LineMap } from "../source/line-map.ts";
import type { CheckOptions } from "./arguments.ts";
import { Baseline } from "./baseline.ts";
import { formatGithub } from "./format-github.ts";
import { formatJson } from "./format-json.ts";
import { formatSarif } from "./format-sarif.ts";
import { formatText } from "./format-text.ts";
import type { Report, Summary } from "./report.ts";

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

const VERSION = "0.1.0";
/** Fixes make room for further fixes; more rounds than that mean that two of them quarrel. */
const MAX_FIX_ROUNDS = 8;
const CHANGE_QUIET_MS = 100;

/**
 * @param directory what folders and files are relative to.
 * @returns the exit code; with `watch`, only when it is ended from outside.
 */
export async function runCheck(
  options: CheckOptions,
  out: Output,
  err: Output,
  directory: string = process.cwd(),
): Promise<number> {
  try {
    return await new Check(options, out, err, directory).run();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    err.write(`airssys: ${cause.message}\n`);
    return 2;
  }
}

class UsageError extends Error {
  override readonly name = "UsageError";
}

class Check {
  readonly #options: CheckOptions;
  readonly #out: Output;
  readonly #err: Output;
  readonly #root: string;
  readonly #folders: readonly string[];
  readonly #analysis: Analysis;

  constructor(options: CheckOptions, out: Output, err: Output, directory: string) {
    this.#root = slashed(directory);
    this.#options = options;
    this.#out = out;
    this.#err = err;
    this.#folders = options.folders.map((folder) => slashed(path.resolve(directory, folder)));
    this.#analysis = new Analysis(DISK, (text) => err.write(`airssys: ${text}\n`));
  }

  async run(): Promise<number> {
    for (const folder of this.#folders) {
      if (!DISK.isDirectory(folder)) throw new UsageError(`${folder} is not a folder`);
      this.#analysis.addFolder(folder);
    }
    this.#configure();
    const code = this.#once();
    if (!this.#options.watch) return code;
    await this.#watch();
    return code;
  }

  #configure(): void {
    const { config, preset, rules } = this.#options;
    const file = config === undefined ? undefined : path.resolve(this.#root, config);
    const found = file ?? this.#folders.map((folder) => `${folder}/airssys.json`).find((one) => existsSync(one));
    const written = found === undefined ? {} : readSettings(found);
    const merged = {
      ...written,
      ...(preset === undefined ? {} : { preset }),
      rules: { ...(written.rules ?? {}), ...rules },
    };
    const { settings, problems } = parseRuleSettings(
      merged,
      RULES.map((rule) => rule.name),
    );
    if (problems.length > 0) throw new UsageError(problems.join("; "));
    this.#analysis.configure(settings);
  }

  #once(): number {
    const start = performance.now();
    this.#work();
    const fixed = this.#options.fix ? this.#fix() : 0;
    for (const { path: file, text } of this.#analysis.workspace.problems())
      this.#err.write(`airssys: ${file}: ${text}; defaults are used for what is not understood\n`);
    for (const file of this.#analysis.workspace.skippedFiles())
      this.#err.write(`airssys: ${file} is larger than 1 MB and is not checked\n`);
    return this.#print(this.#reports(), fixed, Math.round(performance.now() - start));
  }

  /** With progress on a terminal: a large workspace takes seconds. */
  #work(): void {
    const work = this.#analysis.work();
    const isShown = this.#err.isTTY === true;
    for (let step = work.next(); step.done !== true; step = work.next()) {
      const { done, total } = step.value;
      if (isShown && (done % 50 === 0 || done === total))
        this.#err.write(`\r${done} of ${total} files${done === total ? "\r\x1b[K" : ""}`);
    }
  }

  #fix(): number {
    let fixed = 0;
    for (let round = 0; round < MAX_FIX_ROUNDS; round++) {
      const edits = safeFixes(this.#diagnostics());
      if (edits.length === 0) break;
      const files = applyAll(edits);
      fixed += edits.length;
      this.#analysis.touch(files);
      this.#work();
    }
    return fixed;
  }

  #diagnostics(): readonly Diagnostic[] {
    const all = this.#analysis.workspace
      .actorFiles()
      .toSorted()
      .flatMap((file) => this.#analysis.diagnosticsOf(file));
    return this.#options.quiet ? all.filter((one) => one.severity === "error") : all;
  }

  #reports(): readonly Report[] {
    const maps = new Map<string, { map: LineMap; lines: readonly string[] }>();
    const at = (file: string): { map: LineMap; lines: readonly string[] } => {
      const text = DISK.read(file) ?? "";
      const entry = maps.get(file) ?? { map: new LineMap(text), lines: text.split(/\r\n|\r|\n/) };
      maps.set(file, entry);
      return entry;
    };
    const reports = this.#diagnostics().map((one): Report => {
      const range = at(one.path).map.range(one.span);
      return {
        file: this.#relative(one.path),
        range,
        rule: one.rule,
        code: one.code,
        severity: one.severity,
        message: one.message,
        related: (one.related ?? []).map((place) => ({
          file: this.#relative(place.path),
          range: at(place.path).map.range(place.span),
          message: place.message,
        })),
        sourceLine: at(one.path).lines[range.start.line] ?? "",
        isFixable: one.fixes?.some((fix) => fix.isSafe) ?? false,
      };
    });
    return this.#withoutBaseline(reports);
  }

  #withoutBaseline(reports: readonly Report[]): readonly Report[] {
    const { baseline, updateBaseline } = this.#options;
    if (baseline === undefined) return reports;
    const file = path.resolve(this.#root, baseline);
    try {
      if (updateBaseline) Baseline.write(file, reports);
      return Baseline.read(file).filter(reports);
    } catch (cause) {
      throw new UsageError(
        `the baseline ${baseline} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  #print(reports: readonly Report[], fixed: number, milliseconds: number): number {
    const errors = reports.filter((one) => one.severity === "error").length;
    const warnings = reports.filter((one) => one.severity === "warning").length;
    const { files, actors } = this.#analysis.index;
    const summary: Summary = {
      errors,
      warnings,
      others: reports.length - errors - warnings,
      files: files.length,
      actors: actors.size,
      milliseconds,
      fixed,
    };
    this.#out.write(this.#formatted(reports, summary));
    return errors > 0 || warnings > this.#options.maxWarnings ? 1 : 0;
  }

  #formatted(reports: readonly Report[], summary: Summary): string {
    switch (this.#options.format) {
      case "text":
        return formatText(reports, summary);
      case "json":
        return formatJson(reports, summary);
      case "sarif":
        return formatSarif(reports, VERSION);
      case "github":
        return formatGithub(reports, summary);
    }
  }

  #watch(): Promise<never> {
    const changed = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    const again = (): void => {
      this.#analysis.touch([...changed]);
      changed.clear();
      this.#once();
    };
    for (const folder of this.#folders) {
      watch(folder, { recursive: true }, (_event, name) => {
        const file = name === null ? "" : `${folder}/${slashed(name)}`;
        if (file.includes("/node_modules/") || !(isSourceFile(file) || isSettingsFile(file))) return;
        changed.add(file);
        clearTimeout(timer);
        timer = setTimeout(again, CHANGE_QUIET_MS);
      });
    }
    return new Promise(() => {});
  }

  #relative(file: string): string {
    return slashed(path.relative(this.#root, file));
  }
}

function readSettings(file: string): { preset?: string; rules?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { preset?: string; rules?: Record<string, string> };
  } catch (cause) {
    throw new UsageError(
      `the settings ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** Writes the edits. Line ends and a byte order mark stay as they are. @returns the files written. */
function applyAll(edits: readonly TextEdit[]): readonly string[] {
  const files = new Set(edits.map((edit) => edit.path));
  for (const file of files) {
    const raw = readFileSync(file, "utf8");
    const mark = raw.charCodeAt(0) === 0xfeff ? "\ufeff" : "";
    let text = raw.slice(mark.length);
    const own = edits.filter((edit) => edit.path === file).sort((a, b) => b.span.start - a.span.start);
    for (const { span, newText } of own)
      text = text.slice(0, span.start) + withLineEndsOf(raw, newText) + text.slice(span.end);
    writeFileSync(file, mark + text);
  }
  return [...files];
}

function slashed(file: string): string {
  return file.replaceAll("\\", "/");
}
