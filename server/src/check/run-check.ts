/** `airssys check`: the analysis once, its findings printed, an exit code. The same engine and rules as in the editor. */
import { existsSync } from "node:fs";
import path from "node:path";
import { Analysis } from "../engine/analysis.ts";
import { parseRuleSettings } from "../engine/rule-settings.ts";
import { safeFixes } from "../features/code-actions.ts";
import type { Diagnostic } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import { isSettingsFile, isSourceFile } from "../source/actor-scan.ts";
import { DISK } from "../source/file-system.ts";
import { LineMap } from "../source/line-map.ts";
import { pathOfNative } from "../source/path-uri.ts";
import { type WatchFolders, watchDisk } from "../source/watch-folders.ts";
import { type CheckOptions, VERSION } from "./arguments.ts";
import { Baseline } from "./baseline.ts";
import { formatGithub } from "./format-github.ts";
import { formatJson } from "./format-json.ts";
import { formatSarif } from "./format-sarif.ts";
import { formatText } from "./format-text.ts";
import type { Output } from "./output.ts";
import { Progress } from "./progress.ts";
import type { GapReport, Report, Summary } from "./report.ts";
import { readSettingsFile } from "./settings-file.ts";
import { messageOf, UsageError } from "./usage-error.ts";
import { writeEdits } from "./write-edits.ts";

/** Fixes make room for further fixes; more rounds than that mean that two of them quarrel. */
const MAX_FIX_ROUNDS = 8;
const CHANGE_QUIET_MS = 100;
/** Packages are not watched: there are too many of their files. */
const LOOK_AGAIN_MS = 1_000;
const SETTINGS_NAME = "airssys.json";

/** Where the check runs. */
export interface Surroundings {
  /** What folders and files are relative to; default: the current one. */
  readonly directory?: string;
  /** Default: the disk. */
  readonly watch?: WatchFolders;
  /** Ends the watching. */
  readonly signal?: AbortSignal;
  /** Milliseconds; default: the clock of the process. */
  readonly now?: () => number;
}

/** @returns the exit code; with `watch`, that of the last check when the signal ends it. */
export async function runCheck(
  options: CheckOptions,
  out: Output,
  err: Output,
  surroundings: Surroundings = {},
): Promise<number> {
  try {
    return await new Check(options, out, err, surroundings).run();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    err.write(`airssys: ${cause.message}\n`);
    return 2;
  }
}

class Check {
  readonly #options: CheckOptions;
  readonly #out: Output;
  readonly #err: Output;
  readonly #surroundings: Surroundings;
  readonly #now: () => number;
  readonly #root: string;
  readonly #folders: readonly string[];
  readonly #analysis: Analysis;

  constructor(options: CheckOptions, out: Output, err: Output, surroundings: Surroundings) {
    const { directory = process.cwd(), now = () => performance.now() } = surroundings;
    this.#surroundings = surroundings;
    this.#now = now;
    this.#root = pathOfNative(directory);
    this.#options = options;
    this.#out = out;
    this.#err = err;
    this.#folders = options.folders.map((folder) => pathOfNative(path.resolve(directory, folder)));
    this.#analysis = new Analysis(DISK, (text) => err.write(`airssys: ${text}\n`));
  }

  async run(): Promise<number> {
    for (const folder of this.#folders) {
      if (!DISK.isDirectory(folder)) throw new UsageError(`${folder} is not a folder`);
      this.#analysis.addFolder(folder);
    }
    this.#configure();
    if (this.#options.watch) return this.#watch();
    return this.#once();
  }

  #settingsFile(): string | undefined {
    const { config } = this.#options;
    if (config !== undefined) return pathOfNative(path.resolve(this.#root, config));
    return this.#folders.map((folder) => `${folder}/${SETTINGS_NAME}`).find((one) => existsSync(one));
  }

  #configure(): void {
    const { preset, rules } = this.#options;
    const found = this.#settingsFile();
    const written = found === undefined ? {} : readSettingsFile(found);
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
    const start = this.#now();
    this.#work();
    const fixed = this.#options.fix ? this.#fix() : 0;
    return this.#print(this.#reports(), this.#gaps(), fixed, Math.round(this.#now() - start));
  }

  #work(): void {
    const progress = new Progress(this.#err, this.#now);
    const work = this.#analysis.work();
    for (let step = work.next(); step.done !== true; step = work.next())
      progress.tell(step.value.done, step.value.total);
  }

  #fix(): number {
    let fixed = 0;
    for (let round = 0; round < MAX_FIX_ROUNDS; round++) {
      const edits = safeFixes(this.#diagnostics());
      if (edits.length === 0) break;
      const files = writeEdits(edits);
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
        `the baseline ${baseline} cannot be ${updateBaseline ? "written" : "read"}: ${messageOf(cause)}`,
      );
    }
  }

  #gaps(): readonly GapReport[] {
    return this.#analysis.gaps().map(({ kind, level, path: file, span, text }) => ({
      kind,
      level,
      file: this.#relative(file) || ".",
      ...(span === undefined ? {} : { range: new LineMap(DISK.read(file) ?? "").range(span) }),
      message: text,
    }));
  }

  #print(reports: readonly Report[], gaps: readonly GapReport[], fixed: number, milliseconds: number): number {
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
      unread: gaps.length,
    };
    const code = exitCode(summary, gaps, this.#options.maxWarnings);
    this.#out.write(this.#formatted(reports, gaps, summary, code));
    return code;
  }

  #formatted(reports: readonly Report[], gaps: readonly GapReport[], summary: Summary, code: number): string {
    switch (this.#options.format) {
      case "text":
        return formatText(reports, gaps, summary);
      case "json":
        return formatJson(reports, gaps, summary);
      case "sarif":
        return formatSarif(reports, gaps, { version: VERSION, exitCode: code });
      case "github":
        return formatGithub(reports, gaps, summary);
    }
  }

  /** Checks at once and after each change, between two lines that programs can look for. */
  async #watch(): Promise<number> {
    const { watch = watchDisk, signal } = this.#surroundings;
    const changed = new Set<string>();
    let code = 0;
    let timer: NodeJS.Timeout | undefined;
    const again = (): void => {
      code = this.#onceMore([...changed]);
      changed.clear();
    };
    const stop = await watch(this.#folders, (file) => {
      if (!(isSourceFile(file) || isSettingsFile(file) || this.#isOwnSettings(file))) return;
      changed.add(file);
      clearTimeout(timer);
      timer = setTimeout(again, CHANGE_QUIET_MS);
    }).catch((cause: unknown) => {
      throw new UsageError(`the folders cannot be watched: ${messageOf(cause)}`);
    });
    again();
    const looking = setInterval(() => {
      if (this.#analysis.lookAgain()) again();
    }, LOOK_AGAIN_MS).unref();
    await new Promise<void>((resolve) => {
      if (signal?.aborted === true) resolve();
      signal?.addEventListener("abort", () => resolve(), { once: true });
    });
    clearTimeout(timer);
    clearInterval(looking);
    await stop();
    return code;
  }

  /** What the user can put right does not end the watching: the next change may have done it. */
  #onceMore(changed: readonly string[]): number {
    const why =
      changed.length === 0 ? "" : ` after ${changed.length} changed ${changed.length === 1 ? "file" : "files"}`;
    this.#out.write(`airssys: checking${why} ...\n`);
    let code = 2;
    try {
      if (changed.some((file) => this.#isOwnSettings(file))) this.#configure();
      this.#analysis.touch(changed);
      code = this.#once();
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      this.#err.write(`airssys: ${cause.message}\n`);
    }
    this.#out.write("airssys: waiting for changes\n");
    return code;
  }

  #isOwnSettings(file: string): boolean {
    return file === this.#settingsFile() || file.endsWith(`/${SETTINGS_NAME}`);
  }

  #relative(file: string): string {
    return pathOfNative(path.relative(this.#root, file));
  }
}

/**
 * | what there is                                             | exit code |
 * | --------------------------------------------------------- | --------- |
 * | errors                                                    | 1         |
 * | no errors, and something that could not be looked at      | 2         |
 * | more warnings than are allowed, lesser gaps counted       | 1         |
 * | else                                                      | 0         |
 */
function exitCode({ errors, warnings }: Summary, gaps: readonly GapReport[], maxWarnings: number): number {
  if (errors > 0) return 1;
  if (gaps.some(({ level }) => level === "error")) return 2;
  return warnings + gaps.length > maxWarnings ? 1 : 0;
}
