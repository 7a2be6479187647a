/** The engine's façade: files in, diagnostics out. Knows neither the LSP nor the compiler; never throws on user code. */

import type { FileFacts } from "../facts/file-facts.ts";
import { ProgramIndex } from "../facts/program-index.ts";
import type { FeatureSettings } from "../features/feature-settings.ts";
import type { Diagnostic, Finding, Severity } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import type { FileRule, ProgramRule, Rule, RuleOptions } from "../rules/rule.ts";
import type { FileSystem } from "../source/file-system.ts";
import { FileSettings, type GivenSettings } from "./file-settings.ts";
import { type Gap, gapsOf } from "./gap.ts";
import type { ProgramSource } from "./program-source.ts";
import { type RuleSettings, severityOf } from "./rule-settings.ts";
import { SETTINGS_NAME } from "./settings-file.ts";
import { applySuppressions } from "./suppress.ts";
import type { Workspace } from "./workspace.ts";

const NO_OPTIONS: RuleOptions = {};

interface FileResult {
  readonly facts: FileFacts;
  readonly findings: readonly Diagnostic[];
}

/** @typeParam Source what it judges: a workspace, which answers editors too, or facts from elsewhere. */
export class Analysis<Source extends ProgramSource = Workspace> {
  readonly workspace: Source;
  readonly #rules: readonly Rule[];
  readonly #onFailure: (text: string) => void;
  readonly #results = new Map<string, FileResult>();
  readonly #stale = new Set<string>();
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly #failed = new Set<string>();
  readonly #settings: FileSettings;
  #allStale = true;
  #index: ProgramIndex = new ProgramIndex([]);

  /**
   * @param onFailure is told what a rule or reader failed with, once for each.
   * @param settingsFiles where settings files are read; default: with the others.
   */
  constructor(
    workspace: Source,
    onFailure: (text: string) => void = () => {},
    rules: readonly Rule[] = RULES,
    settingsFiles: FileSystem = workspace.files,
  ) {
    this.workspace = workspace;
    this.#onFailure = onFailure;
    this.#rules = rules;
    this.#settings = new FileSettings(settingsFiles, rules);
  }

  /** The facts of all actor files, as of the last {@link work}. */
  get index(): ProgramIndex {
    return this.#index;
  }

  /** @param settings for files that no settings file speaks of, with what may be said besides. */
  configure(settings: RuleSettings, others: Omit<GivenSettings, "base"> = {}): void {
    this.#settings.configure({ ...others, base: settings });
    this.#judgeAnew();
  }

  /** What the settings file of a file says to editors. */
  featuresFor(path: string): Partial<FeatureSettings> {
    return this.#settings.featuresFor(path);
  }

  /** Whether the settings want nothing to be reported in a file. */
  isIgnored(path: string): boolean {
    return this.#settings.of(path) === "ignored";
  }

  addFolder(path: string): void {
    this.workspace.addFolder(path);
    this.#allStale = true;
  }

  removeFolder(path: string): void {
    this.workspace.removeFolder(path);
    this.#allStale = true;
  }

  /** Files whose reading ended the process are not read again before they change. */
  leaveOut(paths: readonly string[]): void {
    this.workspace.leaveOut(paths);
    this.#allStale = true;
  }

  /** An editor shows the file with this text. */
  open(path: string, text: string): void {
    this.workspace.files.set(path, text);
    this.touch([path]);
  }

  /** The editor is closed: what is saved counts again. */
  close(path: string): void {
    this.workspace.files.delete(path);
    this.touch([path]);
  }

  /** Files were written, made or deleted. */
  touch(paths: readonly string[]): void {
    this.#lookAtSettings(paths.some((path) => path.endsWith(`/${SETTINGS_NAME}`)));
    const stale = this.workspace.change(paths);
    if (stale === "all") this.#allStale = true;
    else for (const path of stale) this.#stale.add(path);
  }

  /** Takes in packages that were installed since, and settings files that changed. @returns whether there were any. */
  lookAgain(): boolean {
    const isOtherwise = this.#lookAtSettings();
    const isNew = this.workspace.lookAgain();
    if (isNew) this.#allStale = true;
    return isNew || isOtherwise;
  }

  #lookAtSettings(isTold = false): boolean {
    if (!isTold && !this.#settings.isOutdated()) return false;
    this.#settings.forget();
    this.#judgeAnew();
    return true;
  }

  #judgeAnew(): void {
    for (const path of this.#results.keys()) this.#stale.add(path);
  }

  /** Whether {@link work} has something to do. */
  get isStale(): boolean {
    return this.#allStale || this.#stale.size > 0;
  }

  /**
   * Brings all diagnostics up to date, a file at a time: the caller may stop between two steps and begin anew later.
   * Files named first are done first.
   * @returns the files whose diagnostics are new.
   */
  *work(
    first: readonly string[] = [],
  ): Generator<{ readonly done: number; readonly total: number }, readonly string[]> {
    this.#takeInAll();
    const order = [...first.filter((path) => this.#stale.has(path)), ...this.#stale];
    const total = this.#stale.size;
    for (const path of order) {
      if (!this.#stale.has(path)) continue;
      this.#readFile(path);
      this.#stale.delete(path);
      yield { done: total - this.#stale.size, total };
    }
    return this.#judge();
  }

  /** {@link work} to the end. */
  workThrough(): readonly string[] {
    const work = this.work();
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
    }
  }

  diagnosticsOf(path: string): readonly Diagnostic[] {
    return this.#diagnostics.get(path) ?? [];
  }

  /**
   * What could not be looked at, as of the last {@link work}.
   * @param concerns whether a file or folder matters to who asks; default: all that are not ignored.
   */
  gaps(concerns: (path: string) => boolean = () => true): readonly Gap[] {
    const { workspace } = this;
    const matters = (path: string): boolean => concerns(path) && !this.isIgnored(path);
    return gapsOf({
      files: this.#index.files.filter(({ path }) => matters(path)),
      emptyFolders: workspace.emptyFolders().filter(concerns),
      skipped: workspace.skippedFiles().filter(({ path }) => matters(path)),
      problems: workspace.problems().filter(({ path }) => concerns(path)),
      settings: this.#settings.problems(),
      packageOf: (path) => workspace.packageOf(path),
    });
  }

  /** What is wrong with the settings files looked at so far, for people. */
  settingsProblems(): readonly { readonly path: string; readonly text: string }[] {
    return this.#settings.problems();
  }

  factsOf(path: string): FileFacts | undefined {
    return this.#results.get(path)?.facts;
  }

  #takeInAll(): void {
    if (!this.#allStale) return;
    this.#allStale = false;
    const files = new Set(this.workspace.actorFiles());
    for (const path of this.#results.keys()) if (!files.has(path)) this.#results.delete(path);
    for (const path of this.#stale) if (!files.has(path)) this.#stale.delete(path);
    for (const path of files) this.#stale.add(path);
  }

  #readFile(path: string): void {
    const facts = this.workspace.factsOf(path);
    if (facts === undefined) {
      this.#results.delete(path);
      return;
    }
    for (const failure of facts.failures) this.#fail(`while reading ${path}: ${failure}`);
    const rules = this.#rules.filter((rule): rule is FileRule => rule.scope === "file" && this.#isOn(rule, path));
    const findings = rules.flatMap((rule) => this.#run(rule, () => rule.check(facts, this.#optionsOf(rule, path))));
    this.#results.set(path, { facts, findings });
  }

  /** Runs the rules over the whole program and settles what each file has. */
  #judge(): readonly string[] {
    this.#index = new ProgramIndex(
      [...this.#results.values()].map((result) => result.facts),
      (path) => this.workspace.files.read(path),
    );
    const paths = [...this.#results.keys()];
    const rules = this.#rules.filter(
      (rule): rule is ProgramRule => rule.scope === "program" && paths.some((path) => this.#isOn(rule, path)),
    );
    const found = rules.flatMap((rule) =>
      this.#run(rule, () => rule.check(this.#index, (path) => this.#optionsOf(rule, path))),
    );
    const byPath = new Map<string, Diagnostic[]>();
    for (const one of found) byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
    const changed: string[] = [];
    for (const [path, { facts, findings }] of this.#results) {
      const settings = this.#settings.of(path);
      const all =
        settings === "ignored" ? [] : applySuppressions([...findings, ...(byPath.get(path) ?? [])], facts, settings);
      if (this.#settle(path, all)) changed.push(path);
    }
    for (const path of this.#diagnostics.keys()) {
      if (!this.#results.has(path) && this.#settle(path, [])) changed.push(path);
    }
    return changed;
  }

  #settle(path: string, diagnostics: readonly Diagnostic[]): boolean {
    const before = this.#diagnostics.get(path) ?? [];
    if (diagnostics.length === 0) this.#diagnostics.delete(path);
    else this.#diagnostics.set(path, diagnostics);
    return JSON.stringify(before) !== JSON.stringify(diagnostics);
  }

  /** A rule that fails costs that rule, not the file. What it finds where it is off does not count. */
  #run(rule: Rule, check: () => readonly Finding[]): readonly Diagnostic[] {
    try {
      return check().flatMap((finding) => {
        const severity = this.#severityOf(rule, finding.path);
        return severity === undefined ? [] : [{ ...finding, rule: rule.name, code: rule.code, severity }];
      });
    } catch (cause) {
      this.#fail(`rule ${rule.name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      return [];
    }
  }

  #isOn(rule: Rule, path: string): boolean {
    return this.#severityOf(rule, path) !== undefined;
  }

  #severityOf(rule: Rule, path: string): Severity | undefined {
    const settings = this.#settings.of(path);
    return settings === "ignored" ? undefined : severityOf(settings, rule);
  }

  #optionsOf(rule: Rule, path: string): RuleOptions {
    const settings = this.#settings.of(path);
    return (settings === "ignored" ? undefined : settings.options?.[rule.name]) ?? NO_OPTIONS;
  }

  #fail(text: string): void {
    if (this.#failed.has(text)) return;
    this.#failed.add(text);
    this.#onFailure(text);
  }
}
