/** The engine's façade: files in, diagnostics out. Knows neither the LSP nor the compiler; never throws on user code. */

import type { FileFacts } from "../facts/file-facts.ts";
import { ProgramIndex } from "../facts/program-index.ts";
import type { Diagnostic, Finding } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import type { FileRule, ProgramRule, Rule } from "../rules/rule.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type Gap, gapsOf } from "./gap.ts";
import { DEFAULT_RULE_SETTINGS, type RuleSettings, severityOf } from "./rule-settings.ts";
import { applySuppressions } from "./suppress.ts";
import { Workspace } from "./workspace.ts";

interface FileResult {
  readonly facts: FileFacts;
  readonly findings: readonly Diagnostic[];
}

export class Analysis {
  readonly workspace: Workspace;
  readonly #rules: readonly Rule[];
  readonly #onFailure: (text: string) => void;
  readonly #results = new Map<string, FileResult>();
  readonly #stale = new Set<string>();
  readonly #diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly #failed = new Set<string>();
  #settings: RuleSettings = DEFAULT_RULE_SETTINGS;
  #allStale = true;
  #index: ProgramIndex = new ProgramIndex([]);

  /**
   * @param onFailure is told what a rule or reader failed with, once for each.
   * @param onReading is told of each file before it is read.
   */
  constructor(
    files: FileSystem,
    onFailure: (text: string) => void = () => {},
    rules: readonly Rule[] = RULES,
    onReading: (path: string) => void = () => {},
  ) {
    this.workspace = new Workspace(files, onReading);
    this.#onFailure = onFailure;
    this.#rules = rules;
  }

  get settings(): RuleSettings {
    return this.#settings;
  }

  /** The facts of all actor files, as of the last {@link work}. */
  get index(): ProgramIndex {
    return this.#index;
  }

  configure(settings: RuleSettings): void {
    this.#settings = settings;
    for (const path of this.#results.keys()) this.#stale.add(path);
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
    const stale = this.workspace.change(paths);
    if (stale === "all") this.#allStale = true;
    else for (const path of stale) this.#stale.add(path);
  }

  /** Takes in packages that were installed since. @returns whether there were any. */
  lookAgain(): boolean {
    const isNew = this.workspace.lookAgain();
    if (isNew) this.#allStale = true;
    return isNew;
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

  /** What could not be looked at, as of the last {@link work}. */
  gaps(): readonly Gap[] {
    const { workspace } = this;
    return gapsOf({
      files: this.#index.files,
      emptyFolders: workspace.emptyFolders(),
      skipped: workspace.skippedFiles(),
      problems: workspace.problems(),
      packageOf: (path) => workspace.packageOf(path),
    });
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
    const rules = this.#rules.filter((rule): rule is FileRule => rule.scope === "file");
    this.#results.set(path, { facts, findings: rules.flatMap((rule) => this.#run(rule, () => rule.check(facts))) });
  }

  /** Runs the rules over the whole program and settles what each file has. */
  #judge(): readonly string[] {
    this.#index = new ProgramIndex(
      [...this.#results.values()].map((result) => result.facts),
      (path) => this.workspace.files.read(path),
    );
    const rules = this.#rules.filter((rule): rule is ProgramRule => rule.scope === "program");
    const found = rules.flatMap((rule) => this.#run(rule, () => rule.check(this.#index)));
    const byPath = new Map<string, Diagnostic[]>();
    for (const one of found) byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
    const changed: string[] = [];
    for (const [path, { facts, findings }] of this.#results) {
      const all = applySuppressions([...findings, ...(byPath.get(path) ?? [])], facts, this.#settings);
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

  /** A rule that fails costs that rule, not the file. */
  #run(rule: Rule, check: () => readonly Finding[]): readonly Diagnostic[] {
    const severity = severityOf(this.#settings, rule);
    if (severity === undefined) return [];
    try {
      return check().map((finding) => ({ ...finding, rule: rule.name, code: rule.code, severity }));
    } catch (cause) {
      this.#fail(`rule ${rule.name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      return [];
    }
  }

  #fail(text: string): void {
    if (this.#failed.has(text)) return;
    this.#failed.add(text);
    this.#onFailure(text);
  }
}
