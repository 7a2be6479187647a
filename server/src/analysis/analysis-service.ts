/** The analysis as the server calls it: keeps itself up to date in small steps, answers when it is. Runs in its own process. */
import { Analysis } from "../engine/analysis.ts";
import type { FolderFacts } from "../engine/folder-facts.ts";
import type { Gap } from "../engine/gap.ts";
import { parseRuleSettings, type RuleSettings } from "../engine/rule-settings.ts";
import { Workspace } from "../engine/workspace.ts";
import { fixesAt, safeFixes } from "../features/code-actions.ts";
import {
  ALL_FEATURES,
  type Feature,
  type FeatureSettings,
  parseFeatureSettings,
} from "../features/feature-settings.ts";
import { supervisionTree } from "../features/supervision-tree.ts";
import { suppressionEdit } from "../features/suppression-edit.ts";
import { testList } from "../features/test-list.ts";
import type { ServerStatus, SourceSpan } from "../protocol.ts";
import type { Diagnostic } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import { specifiersIn } from "../source/actor-scan.ts";
import type { FileSystem } from "../source/file-system.ts";
import { withLineEndsOf } from "../source/line-ends.ts";
import { LineMap } from "../source/line-map.ts";
import { uriOfPath } from "../source/path-uri.ts";
import { selectedRange } from "../source/selected-range.ts";
import type { FileSpan, Span } from "../source/span.ts";
import type { TextEdit } from "../source/text-edit.ts";
import type { Action, Events, Notices, PlacedRange, RangedDiagnostic, RangedEdit, Requests } from "./analysis-calls.ts";
import { EditorFeatures } from "./editor-features.ts";
import { FactsKeeper } from "./facts-keeper.ts";
import { quietTime } from "./quiet-time.ts";

/** Facts are kept when nothing has changed for so long. */
const KEEP_AFTER_MS = 10_000;

type Emit = <K extends keyof Events>(name: K, params: Events[K]) => void;
type Answer<K extends keyof Requests> = Requests[K]["result"];

export class AnalysisService {
  readonly #analysis: Analysis;
  readonly #features: EditorFeatures;
  readonly #emit: Emit;
  readonly #now: () => number;
  readonly #versions = new Map<string, number>();
  /** Of texts as the analysis knows them, until it is told of a change. */
  readonly #maps = new Map<string, LineMap>();
  #isOn: FeatureSettings = ALL_FEATURES;
  #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isTold = false;
  #generation = 0;
  /** What the last analysis took, in milliseconds. */
  #costMs: number | undefined;
  /** The tree as it was asked for; `undefined` when it was told since that there is another. */
  #tree: string | undefined = "";
  /** The tests as they were told last, as the tree is. */
  #tests: string | undefined = "";
  #status = "";
  /** Files that were opened and not told of since. */
  readonly #opened = new Set<string>();
  /** Open files whose diagnostics are answered, not told. */
  readonly #asked = new Set<string>();
  #told = new Set<string>();
  readonly #keeper: FactsKeeper;
  readonly #folders = new Set<string>();
  #settings: RuleSettings | undefined;
  /** Who waits to hear what saved facts say; `undefined` when that is known. */
  #waitingForEarly: (() => void)[] | undefined = [];
  /** Diagnostics of files whose saved facts hold, until all files are read. */
  readonly #early = new Map<string, readonly RangedDiagnostic[]>();
  /** Those that somebody knows, as JSON. */
  readonly #toldEarly = new Map<string, string>();
  #keeping: NodeJS.Timeout | undefined;

  /**
   * @param now milliseconds of work, from any beginning; default: those of the processors, which other programs do not prolong.
   * @param facts where facts are kept for the next time; default: nowhere.
   */
  constructor(files: FileSystem, emit: Emit, now: () => number = processorTime, facts?: FolderFacts) {
    this.#emit = emit;
    this.#now = now;
    this.#keeper = new FactsKeeper(facts, (text) => emit("log", { level: "warning", text }));
    const workspace = new Workspace(files, (path) => emit("reading", { path }), this.#keeper.make);
    this.#analysis = new Analysis(workspace, (text) => emit("log", { level: "error", text }));
    this.#features = new EditorFeatures(this.#analysis, (path) => this.#mapOf(path));
  }

  readonly notices: { readonly [K in keyof Notices]: (params: Notices[K]) => void } = {
    open: ({ path, text, version }) => {
      const isEdit = this.#versions.has(path);
      const changesImports = isEdit && String(specifiersIn(text)) !== String(specifiersIn(this.#textOf(path)));
      if (!isEdit) this.#opened.add(path);
      if (this.#early.has(path) && text !== this.#textOf(path)) this.#early.delete(path);
      this.#versions.set(path, version);
      this.#maps.delete(path);
      const quietMs = quietTime(isEdit ? this.#costMs : undefined, changesImports);
      this.#change(() => this.#analysis.open(path, text), quietMs);
    },
    close: ({ path }) => {
      this.#versions.delete(path);
      this.#opened.delete(path);
      this.#early.delete(path);
      this.#maps.delete(path);
      this.#change(() => this.#analysis.close(path));
    },
    filesChanged: ({ paths }) => {
      for (const path of paths) {
        this.#maps.delete(path);
        this.#early.delete(path);
      }
      this.#change(() => this.#analysis.touch(paths));
    },
    folders: ({ added, removed }) =>
      this.#change(() => {
        for (const path of removed) {
          this.#folders.delete(path);
          this.#analysis.removeFolder(path);
        }
        for (const path of added) {
          this.#folders.add(path);
          this.#analysis.addFolder(path);
        }
      }),
    keepFacts: ({ isAllowed }) => this.#keeper.allow(isAllowed),
    leaveOut: ({ paths }) => this.#change(() => this.#analysis.leaveOut(paths)),
    configure: ({ settings: value }) =>
      this.#change(() => {
        const { settings, problems } = parseRuleSettings(value, RULES);
        const { features, problems: others } = parseFeatureSettings(value);
        this.#isOn = { ...ALL_FEATURES, ...features };
        for (const text of [...problems, ...others]) this.#emit("log", { level: "warning", text: `settings: ${text}` });
        this.#settings = settings;
        this.#analysis.configure(settings);
      }),
  };

  readonly requests: { readonly [K in keyof Requests]: (params: Requests[K]["params"]) => Promise<Answer<K>> } = {
    diagnostics: async ({ path, isTold, mayBeEarly = false }) => {
      if (!isTold && this.#versions.has(path)) this.#asked.add(path);
      const quiet = this.#quiet();
      const early = mayBeEarly ? await this.#earlyOf(path, quiet) : undefined;
      if (early === undefined) await quiet;
      this.#asked.delete(path);
      return early ?? this.#analysis.diagnosticsOf(path).map((one) => this.#ranged(one));
    },
    actions: async ({ path, range }) => {
      await this.#settled();
      const map = this.#mapOf(path);
      return this.#actions(path, { start: map.offset(range.start), end: map.offset(range.end) });
    },
    hover: (at) => this.#feature("hover", at.path, undefined, () => this.#features.hover(at)),
    definition: (at) => this.#feature("navigation", at.path, [], () => this.#features.definition(at)),
    implementation: (at) => this.#feature("navigation", at.path, [], () => this.#features.implementation(at)),
    references: (at) => this.#feature("navigation", at.path, [], () => this.#features.references(at)),
    prepareRename: (at) => this.#feature("navigation", at.path, undefined, () => this.#features.prepareRename(at)),
    rename: (at) => this.#feature("navigation", at.path, undefined, () => this.#features.rename(at)),
    symbols: ({ path }) => this.#feature("symbols", path, [], () => this.#features.symbols(path)),
    workspaceSymbols: ({ query }) =>
      this.#feature("symbols", undefined, [], () => this.#features.workspaceSymbols(query)),
    lenses: ({ path }) => this.#feature("codeLens", path, [], () => this.#features.lenses(path)),
    hints: (place) => this.#feature("inlayHints", place.path, [], () => this.#features.hints(place)),
    hierarchyItems: (at) => this.#feature("navigation", at.path, [], () => this.#features.hierarchyItems(at)),
    incoming: ({ variant }) => this.#feature("navigation", undefined, [], () => this.#features.incoming(variant)),
    outgoing: ({ variant }) => this.#feature("navigation", undefined, [], () => this.#features.outgoing(variant)),
    completion: (at) => this.#feature("completion", at.path, [], () => this.#features.completion(at)),
    messages: (definition) => this.#fresh(() => this.#features.messages(definition)),
    askPlaces: (asked) => this.#fresh(() => this.#features.askPlaces(asked)),
    actorsAt: (at) => this.#fresh(() => this.#features.actorsAt(at)),
    program: async ({ path }) => {
      const facts = this.#analysis.workspace.programAt(path);
      if (facts.files.length === 0) return undefined;
      const needs = facts.needs.map(({ kind, path, span, what }) => ({ kind, at: this.#locate({ path, span }), what }));
      const { startsSystem, files, conditions } = facts;
      const named = conditions.length === 0 ? {} : { conditions };
      return { startsSystem, needs, files: files.map(uriOfPath), ...named, ...this.#built(path) };
    },
    programs: async () => ({
      programs: this.#analysis.workspace
        .programs()
        .map(({ path, isTest }) => ({ uri: uriOfPath(path), isTest, ...this.#built(path) })),
    }),
    tests: async () => {
      await this.#settled();
      const tests = this.#testList();
      this.#tests = JSON.stringify(tests);
      return tests;
    },
    programErrors: async ({ path }) => ({
      errors: this.#analysis.workspace
        .errorsIn(path)
        .map(({ path, span, message }) => ({ at: this.#locate({ path, span }), message })),
    }),
    supervisionTree: async () => {
      await this.#settled();
      const tree = this.#supervisionTree();
      this.#tree = JSON.stringify(tree);
      return tree;
    },
  };

  /**
   * @param path of the file that is asked about; what its settings file says counts.
   * @param off the answer when the settings say that nobody wants it.
   */
  async #feature<T>(feature: Feature, path: string | undefined, off: T, answer: () => T): Promise<T> {
    const own = path === undefined ? undefined : this.#analysis.featuresFor(path)[feature];
    if (!(own ?? this.#isOn[feature])) return off;
    return this.#fresh(answer);
  }

  async #fresh<T>(answer: () => T): Promise<T> {
    await this.#settled();
    return answer();
  }

  #change(apply: () => void, quietMs: number = quietTime(undefined, false)): void {
    apply();
    this.#generation++;
    clearTimeout(this.#keeping);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, quietMs);
  }

  /** Resolves when the diagnostics are those of the newest texts. Whoever asks about a place wants to know now. */
  #settled(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#quiet();
  }

  /** The same, after nothing has been typed for a moment. */
  #quiet(): Promise<void> {
    if (!this.#analysis.isStale && !this.#isRunning) return Promise.resolve();
    const settled = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#timer === undefined) void this.#run();
    return settled;
  }

  /** One file at a time, giving way to what comes in between. After a change it begins anew, when it is quiet again. */
  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let isDone = false;
    try {
      await this.#tellStart();
      while (!isDone && this.#timer === undefined) isDone = (await this.#attempt()) !== undefined;
    } catch (cause) {
      isDone = true;
      this.#emit("log", {
        level: "error",
        text: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
      });
    }
    this.#isRunning = false;
    this.#emit("reading", {});
    if (isDone) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The first program takes seconds, in which nothing can be told. */
  async #tellStart(): Promise<void> {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tellStatus("loading", "looking for actors");
    await new Promise((resolve) => setImmediate(resolve));
    this.#tellEarly();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** What saved facts say, before the first program is made. */
  #tellEarly(): void {
    const { workspace } = this.#analysis;
    for (const [path, found] of this.#keeper.early(workspace, [...this.#folders], this.#settings)) {
      const diagnostics = found.map((one) => this.#ranged(one));
      this.#early.set(path, diagnostics);
      if (diagnostics.length === 0 || this.#asked.has(path)) continue;
      this.#toldEarly.set(path, JSON.stringify(diagnostics));
      const version = this.#versions.get(path);
      this.#emit("diagnostics", { path, ...(version === undefined ? {} : { version }), isFirst: false, diagnostics });
    }
    for (const resolve of this.#waitingForEarly ?? []) resolve();
    this.#waitingForEarly = undefined;
  }

  async #earlyOf(path: string, settled: Promise<void>): Promise<readonly RangedDiagnostic[] | undefined> {
    const waiting = this.#waitingForEarly;
    if (waiting !== undefined) await Promise.race([settled, new Promise<void>((resolve) => waiting.push(resolve))]);
    const early = this.#early.get(path);
    if (early !== undefined) this.#toldEarly.set(path, JSON.stringify(early));
    return early;
  }

  /** @returns `undefined` when something has changed meanwhile. */
  async #attempt(): Promise<readonly string[] | undefined> {
    const generation = this.#generation;
    const start = this.#now();
    const work = this.#analysis.work([...this.#versions.keys()]);
    for (let told = 0; ; ) {
      const step = work.next();
      this.#costMs = this.#now() - start;
      if (step.done === true) {
        this.#publish(step.value);
        return step.value;
      }
      const { done, total } = step.value;
      if (total > 20 && Date.now() - told > 250) {
        told = Date.now();
        this.#tellStatus("loading", `reading actors, ${done} of ${total} files`);
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (generation !== this.#generation) return undefined;
    }
  }

  #publish(paths: readonly string[]): void {
    const isNew = new Set(paths);
    for (const path of new Set([...paths, ...this.#toldEarly.keys(), ...this.#opened])) {
      if (this.#asked.has(path)) continue;
      const version = this.#versions.get(path);
      const diagnostics = this.#analysis.diagnosticsOf(path).map((one) => this.#ranged(one));
      const early = this.#toldEarly.get(path);
      const isKnown = early === undefined ? !isNew.has(path) : early === JSON.stringify(diagnostics);
      if (isKnown && !this.#opened.has(path)) continue;
      this.#emit("diagnostics", { path, ...(version === undefined ? {} : { version }), isFirst: isKnown, diagnostics });
    }
    this.#early.clear();
    this.#toldEarly.clear();
    this.#opened.clear();
    this.#tellProblems();
    this.#tellStatus("ready", this.#summary(), this.#unread());
    this.#tellTree();
    this.#tellTests();
    this.#keepLater();
  }

  /** When nobody has worked for a while. */
  #keepLater(): void {
    if (!this.#keeper.isOn) return;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keeper.keep(this.#analysis.workspace, [...this.#folders]), KEEP_AFTER_MS);
  }

  #tellStatus(state: ServerStatus["state"], text: string, unread: ServerStatus["unread"] = []): void {
    const status: ServerStatus = { state, text, ...(unread.length === 0 ? {} : { unread }) };
    const known = JSON.stringify(status);
    if (known !== this.#status) this.#emit("status", status);
    this.#status = known;
  }

  /** A tree that nobody has asked for since it was last told of is nobody's. */
  #tellTree(): void {
    if (this.#tree === undefined || JSON.stringify(this.#supervisionTree()) === this.#tree) return;
    this.#tree = undefined;
    this.#emit("supervisionTreeChanged", {});
  }

  #tellTests(): void {
    if (this.#tests === undefined || JSON.stringify(this.#testList()) === this.#tests) return;
    this.#tests = undefined;
    this.#emit("testsChanged", {});
  }

  #testList(): Answer<"tests"> {
    return testList(this.#analysis.index, (place) => this.#locate(place), !this.#analysis.isStale);
  }

  /** Without syntax errors: an editor shows those itself, and code that is being typed is full of them. */
  #gaps(): readonly Gap[] {
    return this.#analysis.gaps().filter(({ kind }) => kind !== "syntax");
  }

  #summary(): string {
    const { actors, files } = this.#analysis.index;
    const gaps = this.#gaps();
    if (files.length === 0 && gaps.length === 0) return "no actors here";
    const [first, ...others] = gaps;
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    return [
      ...(files.length === 0 ? [] : [`${count(actors.size, "actor")} in ${count(files.length, "file")}`]),
      ...(first === undefined ? [] : [`${headOf(first)}${first.text}${more}`]),
    ].join("; ");
  }

  #unread(): NonNullable<ServerStatus["unread"]> {
    const gaps = this.#gaps().map((gap) => ({ uri: uriOfPath(gap.package), text: gap.text }));
    return [...new Map(gaps.map((one) => [JSON.stringify(one), one])).values()];
  }

  /** Once for each: what could not be looked at, and which other files are left out. */
  #tellProblems(): void {
    const texts = [
      ...this.#gaps().map(({ path, text }) => `${path}: ${text}`),
      ...this.#analysis.workspace
        .skippedFiles()
        .filter(({ isActorFile }) => !isActorFile)
        .map(({ path, why }) => `${path} ${why}`),
    ];
    for (const text of texts) if (!this.#told.has(text)) this.#emit("log", { level: "warning", text });
    this.#told = new Set(texts);
  }

  #actions(path: string, span: Span): readonly Action[] {
    const diagnostics = this.#analysis.diagnosticsOf(path);
    const here = fixesAt(diagnostics, span).map(
      ({ title, diagnostic, isPreferred, edits }): Action => ({
        title,
        kind: "quickfix",
        ...(diagnostic === undefined ? {} : { fixes: this.#ranged(diagnostic) }),
        isPreferred,
        edits: edits.map((edit) => this.#rangedEdit(edit)),
        ...this.#selectionAfter(edits),
      }),
    );
    const silencing = diagnostics
      .filter((one) => one.rule !== "unused-suppression" && one.span.start <= span.end && span.start <= one.span.end)
      .map(
        (one): Action => ({
          title: `Ignore ${one.rule} in this line, with a reason`,
          kind: "quickfix",
          fixes: this.#ranged(one),
          isPreferred: false,
          edits: [this.#rangedEdit(suppressionEdit(one, this.#textOf(path)))],
        }),
      );
    const all = safeFixes(diagnostics).map((edit) => this.#rangedEdit(edit));
    const fixAll: Action = {
      title: "Fix all that is safe to fix",
      kind: "source.fixAll.airssys",
      isPreferred: false,
      edits: all,
    };
    const assists = this.#features.assists(path, span.start).map(
      ({ title, edits }): Action => ({
        title,
        kind: "refactor.rewrite",
        isPreferred: false,
        edits: edits.map((edit) => this.#rangedEdit(edit)),
        ...this.#selectionAfter(edits),
      }),
    );
    return [...here, ...silencing, ...assists, ...(all.length === 0 ? [] : [fixAll])];
  }

  #supervisionTree(): Answer<"supervisionTree"> {
    return supervisionTree(this.#analysis.index, (place) => this.#locate(place), !this.#analysis.isStale);
  }

  #built(path: string): { built?: string } {
    const built = this.#analysis.workspace.builtFileOf(path);
    return built === undefined ? {} : { built: uriOfPath(built) };
  }

  #locate({ path, span }: FileSpan): SourceSpan {
    return { uri: uriOfPath(path), range: this.#mapOf(path).range(span) };
  }

  #ranged(diagnostic: Diagnostic): RangedDiagnostic {
    const { rule, code, severity, message, path, span } = diagnostic;
    return {
      range: this.#mapOf(path).range(span),
      rule,
      code,
      severity,
      message,
      related: (diagnostic.related ?? []).map((one) => ({
        path: one.path,
        range: this.#mapOf(one.path).range(one.span),
        message: one.message,
      })),
      isUnnecessary: diagnostic.isUnnecessary ?? false,
    };
  }

  /** Where the first piece that a person writes on lies when the edits are made. */
  #selectionAfter(edits: readonly TextEdit[]): { selection?: PlacedRange } {
    const edit = edits.find(({ selection }) => selection !== undefined);
    if (edit === undefined) return {};
    const own = edits.filter(({ path }) => path === edit.path);
    return { selection: { path: edit.path, range: selectedRange(this.#textOf(edit.path), own, edit) } };
  }

  #rangedEdit({ path, span, newText }: TextEdit): RangedEdit {
    return { path, range: this.#mapOf(path).range(span), newText: withLineEndsOf(this.#textOf(path), newText) };
  }

  #textOf(path: string): string {
    return this.#analysis.workspace.files.read(path) ?? "";
  }

  #mapOf(path: string): LineMap {
    const map = this.#maps.get(path) ?? new LineMap(this.#textOf(path));
    this.#maps.set(path, map);
    return map;
  }
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What a gap is about, where its text does not say it. */
function headOf({ kind, path }: Gap): string {
  if (kind === "no-sources") return "";
  return kind === "config" || kind === "left-out" ? `${path}: ` : "not checked: ";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
