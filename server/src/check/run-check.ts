/** `airssys check`: the analysis once, its findings printed, an exit code. The same engine and rules as in the editor. */
import path from "node:path";
import { Analysis } from "../engine/analysis.ts";
import type { ProgramSource } from "../engine/program-source.ts";
import { DEFAULT_RULE_SETTINGS, parseRuleChanges } from "../engine/rule-settings.ts";
import { SETTINGS_NAME } from "../engine/settings-file.ts";
import { safeFixes } from "../features/code-actions.ts";
import type { Diagnostic } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import { isSettingsFile, isSourceFile } from "../source/actor-scan.ts";
import { buildIn } from "../source/build.ts";
import { DISK } from "../source/file-system.ts";
import { pathOfNative, uriOfPath } from "../source/path-uri.ts";
import { readRulePage, rulePageIn, rulePagesNear } from "../source/rule-pages.ts";
import { VERSION } from "../source/version.ts";
import { type WatchFolders, watchDisk } from "../source/watch-folders.ts";
import type { CheckOptions } from "./arguments.ts";
import { Baseline } from "./baseline.ts";
import { formatGithub } from "./format-github.ts";
import { formatJson } from "./format-json.ts";
import { formatSarif } from "./format-sarif.ts";
import { formatText } from "./format-text.ts";
import type { Output } from "./output.ts";
import { Progress } from "./progress.ts";
import { type GapReport, type Report, Reporter, type Summary } from "./report.ts";
import { repositoryOf } from "./repository.ts";
import { styleFor } from "./style.ts";
import { type Targets, targetsOf } from "./targets.ts";
import { messageOf, UsageError } from "./usage-error.ts";
import { writeEdits } from "./write-edits.ts";

/** Fixes make room for further fixes; more rounds than that mean that two of them quarrel. */
const MAX_FIX_ROUNDS = 8;
const CHANGE_QUIET_MS = 100;
/** Packages are not watched: there are too many of their files. */
const LOOK_AGAIN_MS = 1_000;

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
  /** Variables that say how text may look; default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Folder of the program: the pages of the rules lie beside or above it. */
  readonly home?: string;
}

function homeOf({ home = path.join(import.meta.dirname, "..") }: Surroundings): string {
  return home;
}

/** @returns the exit code; with `watch`, that of the last check when the signal ends it. */
export async function runCheck(
  options: CheckOptions,
  out: Output,
  err: Output,
  surroundings: Surroundings = {},
): Promise<number> {
  try {
    const directory = pathOfNative(surroundings.directory ?? process.cwd());
    const targets = targetsOf(options.targets, directory, DISK);
    const program = await programOf(options, directory, targets.folders, homeOf(surroundings));
    return await new Check(options, out, err, surroundings, targets, program).run();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    err.write(`airssys: ${cause.message}\n`);
    return 2;
  }
}

/** What is checked, and how it is kept for the next time. */
interface CheckedProgram {
  readonly source: ProgramSource;
  keep(): void;
}

/** The compiler is by far the largest part of this program: it is loaded when there is something to read. */
async function programOf(
  { cache: place, fix, watch }: CheckOptions,
  directory: string,
  folders: readonly string[],
  home: string,
): Promise<CheckedProgram> {
  // What writes files, or waits for them to change, needs more than facts.
  if (place === undefined || fix || watch) {
    const { plainProgram } = await import("./compiled-program.ts");
    return { source: plainProgram(DISK), keep: () => {} };
  }
  const { FactsFile } = await import("../engine/facts-file.ts");
  const attempt = <T>(done: string, act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw new UsageError(`the facts in ${place} cannot be ${done}: ${messageOf(cause)}`);
    }
  };
  const file = path.resolve(directory, place);
  const cache = attempt("read", () => new FactsFile(file, buildIn(home)));
  const known = cache.unchanged(folders, DISK);
  if (known !== undefined) return { source: known, keep: () => {} };
  const { compiledProgram } = await import("./compiled-program.ts");
  const { program, toSave } = compiledProgram(cache.kept, DISK);
  const keep = (): void => {
    const saved = toSave(folders);
    if (saved !== undefined) attempt("written", () => cache.write(saved));
  };
  return { source: program, keep };
}

class Check {
  readonly #options: CheckOptions;
  readonly #out: Output;
  readonly #err: Output;
  readonly #surroundings: Surroundings;
  readonly #now: () => number;
  readonly #directory: string;
  /** What the paths of reports are relative to. */
  readonly #root: string;
  readonly #pages: string;
  readonly #targets: Targets;
  readonly #program: CheckedProgram;
  readonly #analysis: Analysis<ProgramSource>;

  constructor(
    options: CheckOptions,
    out: Output,
    err: Output,
    surroundings: Surroundings,
    targets: Targets,
    program: CheckedProgram,
  ) {
    const { directory = process.cwd(), now = () => performance.now(), environment = {} } = surroundings;
    this.#surroundings = surroundings;
    this.#now = now;
    this.#directory = pathOfNative(directory);
    const isForHost = options.format === "github" || options.format === "sarif";
    this.#root = isForHost ? repositoryOf(this.#directory, environment["GITHUB_WORKSPACE"]) : this.#directory;
    this.#pages = rulePagesNear(homeOf(surroundings));
    this.#options = options;
    this.#out = out;
    this.#err = err;
    this.#targets = targets;
    this.#program = program;
    this.#analysis = new Analysis(program.source, (text) => err.write(`airssys: ${text}\n`), RULES, DISK);
  }

  async run(): Promise<number> {
    for (const folder of this.#targets.folders) this.#analysis.addFolder(folder);
    for (const note of this.#targets.notes) this.#err.write(`airssys: ${note}\n`);
    this.#configure();
    if (this.#options.watch) return this.#watch();
    return this.#once();
  }

  #configure(): void {
    const { preset, rules, config } = this.#options;
    const { changes, problems } = parseRuleChanges({ ...(preset === undefined ? {} : { preset }), rules }, RULES);
    if (problems.length > 0) throw new UsageError(problems.join("; "));
    this.#analysis.configure(DEFAULT_RULE_SETTINGS, { over: changes, ...this.#only(config) });
    // A file that is broken is told before anything is read, and where there is nothing to read.
    for (const folder of this.#targets.folders) this.#analysis.isIgnored(`${folder}/_`);
    this.#refuseBrokenSettings();
  }

  #only(config: string | undefined): { only?: { path: string; folder: string } } {
    if (config === undefined) return {};
    const file = pathOfNative(path.resolve(this.#directory, config));
    return { only: { path: file, folder: file.slice(0, file.lastIndexOf("/")) } };
  }

  #refuseBrokenSettings(): void {
    const problems = this.#analysis.settingsProblems().map(({ path: file, text }) => `the settings ${file}: ${text}`);
    if (problems.length > 0) throw new UsageError(problems.join("; "));
  }

  #once(): number {
    const start = this.#now();
    this.#work();
    const fixed = this.#options.fix ? this.#fix() : 0;
    this.#program.keep();
    return this.#print(fixed, start);
  }

  #work(): void {
    const progress = new Progress(this.#err, this.#now);
    const work = this.#analysis.work();
    for (let step = work.next(); step.done !== true; step = work.next())
      progress.tell(step.value.done, step.value.total);
    this.#refuseBrokenSettings();
  }

  #fix(): number {
    let fixed = 0;
    for (let round = 0; round < MAX_FIX_ROUNDS; round++) {
      const edits = safeFixes(this.#shown(this.#diagnostics()));
      if (edits.length === 0) break;
      const files = writeEdits(edits);
      fixed += edits.length;
      this.#analysis.touch(files);
      this.#work();
    }
    return fixed;
  }

  #isTarget(file: string): boolean {
    return this.#targets.files?.has(file) ?? true;
  }

  #diagnostics(): readonly Diagnostic[] {
    return this.#analysis.workspace
      .actorFiles()
      .filter((file) => this.#isTarget(file))
      .toSorted()
      .flatMap((file) => this.#analysis.diagnosticsOf(file));
  }

  #shown<T extends { readonly severity: string }>(found: readonly T[]): readonly T[] {
    return this.#options.quiet ? found.filter((one) => one.severity === "error") : found;
  }

  /** A baseline is the same from wherever the check is started: its names are relative to its own folder. */
  #withoutBaseline(found: readonly Diagnostic[]): readonly Diagnostic[] {
    const { baseline, updateBaseline, pruneBaseline } = this.#options;
    if (baseline === undefined) return found;
    const file = path.resolve(this.#directory, baseline);
    const reporter = new Reporter(pathOfNative(path.dirname(file)), DISK);
    const reports = found.map((one) => reporter.report(one));
    const isChecked = (name: string): boolean => this.#isTarget(reporter.pathOf(name));
    const attempt = <T>(done: string, act: () => T): T => {
      try {
        return act();
      } catch (cause) {
        throw new UsageError(`the baseline ${baseline} cannot be ${done}: ${messageOf(cause)}`);
      }
    };
    const read = (): Baseline => attempt("read", () => Baseline.read(file));
    if (updateBaseline) {
      const before = this.#targets.files === undefined || !DISK.isFile(pathOfNative(file)) ? undefined : read();
      attempt("written", () => Baseline.of(reports, before, isChecked).write(file));
    }
    const known = read();
    const pruned = known.pruned(reports, isChecked);
    const gone = known.size - pruned.size;
    if (pruneBaseline && gone > 0) attempt("written", () => pruned.write(file));
    if (gone > 0) this.#tellGone(gone, baseline, pruneBaseline);
    const fresh = new Set(known.filter(reports));
    return found.filter((_, at) => fresh.has(reports[at] as Report));
  }

  #tellGone(gone: number, baseline: string, isPruned: boolean): void {
    const what = `${gone} ${gone === 1 ? "finding" : "findings"} of the baseline ${baseline}`;
    const are = gone === 1 ? "is" : "are";
    const told = isPruned
      ? `${what} ${are} taken out`
      : `${what} ${are} not found any longer: --prune-baseline takes them out`;
    this.#err.write(`airssys: ${told}\n`);
  }

  #gapsOfTargets(reporter: Reporter): readonly GapReport[] {
    const { files, folders, whole = [] } = this.#targets;
    if (files === undefined) return this.#analysis.gaps().map((one) => reporter.gap(one));
    const concerns = (place: string): boolean =>
      files.has(place) ||
      whole.some((folder) => `${place}/`.startsWith(`${folder}/`)) ||
      // A config file concerns what is below it. That a folder is empty does not concern a file in another.
      (place.endsWith(".json") &&
        [...files].some((file) => file.startsWith(place.slice(0, place.lastIndexOf("/") + 1)))) ||
      (folders.includes(place) && files.size === 0);
    return this.#analysis.gaps(concerns).map((one) => reporter.gap(one));
  }

  #print(fixed: number, start: number): number {
    const reporter = new Reporter(this.#root, DISK);
    const reports = this.#shown(this.#withoutBaseline(this.#diagnostics())).map((one) => reporter.report(one));
    const gaps = this.#targets.files?.size === 0 ? [] : this.#gapsOfTargets(reporter);
    const errors = reports.filter((one) => one.severity === "error").length;
    const warnings = reports.filter((one) => one.severity === "warning").length;
    const files = this.#analysis.index.files.filter((one) => this.#isTarget(one.path));
    const summary: Summary = {
      errors,
      warnings,
      others: reports.length - errors - warnings,
      files: files.length,
      actors: files.flatMap((one) => one.actors).length,
      milliseconds: Math.round(this.#now() - start),
      fixed,
      fixable: reports.filter((one) => one.isFixable).length,
      unread: gaps.length,
    };
    const code = exitCode(summary, gaps, this.#options.maxWarnings);
    this.#out.write(this.#formatted(reports, gaps, summary, code));
    return code;
  }

  #formatted(reports: readonly Report[], gaps: readonly GapReport[], summary: Summary, code: number): string {
    switch (this.#options.format) {
      case "text":
        return formatText(reports, gaps, summary, {
          style: styleFor(this.#out.isTTY === true, this.#surroundings.environment ?? {}),
          uriOf: (file) => uriOfPath(pathOfNative(path.resolve(this.#root, file))),
          pageOf: (rule) => {
            const page = rulePageIn(this.#pages, rule);
            return page === undefined ? undefined : uriOfPath(page);
          },
        });
      case "json":
        return formatJson(reports, gaps, summary);
      case "sarif":
        return formatSarif(reports, gaps, {
          version: VERSION,
          exitCode: code,
          pageOf: (rule) => readRulePage(this.#pages, rule),
        });
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
    const stop = await watch(this.#targets.folders, (file) => {
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
    return file.endsWith(`/${SETTINGS_NAME}`);
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
