/**
 * Facts that an editor's analysis keeps, so that the next one has something to say before it has read anything.
 *
 * | what is saved holds for     | what is said before all is read                                              |
 * | --------------------------- | ---------------------------------------------------------------------------- |
 * | every file with actors      | everything                                                                   |
 * | some of them                | of these, what their own facts say: what others send and handle is not known |
 * | none, or nothing is saved   | nothing                                                                      |
 */
import { hash } from "node:crypto";
import type { CompilerMaker } from "../compiler/compiler.ts";
import { SavedCompilers } from "../compiler/saved-compiler.ts";
import type { SavedProject, SavedProjects } from "../compiler/saved-project.ts";
import { makeCompiler } from "../compiler/ts-project.ts";
import { Analysis } from "../engine/analysis.ts";
import type { FolderFacts } from "../engine/folder-facts.ts";
import type { RuleSettings } from "../engine/rule-settings.ts";
import { onlyFacts, SavedProgram } from "../engine/saved-program.ts";
import type { Workspace } from "../engine/workspace.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Diagnostic } from "../rules/diagnostic.ts";
import { RULES } from "../rules/index.ts";
import type { FileSystem } from "../source/file-system.ts";

export class FactsKeeper {
  readonly #facts: FolderFacts | undefined;
  readonly #onFailure: (text: string) => void;
  readonly #compilers = new SavedCompilers(new Map(), makeCompiler);
  /** Of what is kept, by folder. */
  readonly #digests = new Map<string, string>();
  #isAllowed = true;

  /**
   * @param facts where they are kept; `undefined`: nowhere.
   * @param onFailure is told why facts cannot be read or kept, and what a rule failed with.
   */
  constructor(facts: FolderFacts | undefined, onFailure: (text: string) => void) {
    this.#facts = facts;
    this.#onFailure = onFailure;
  }

  get isOn(): boolean {
    return this.#facts !== undefined && this.#isAllowed;
  }

  /** A folder that is not trusted is neither believed nor written to. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
  }

  readonly make: CompilerMaker = (config, files, roots) =>
    this.isOn ? this.#compilers.make(config, files, roots) : makeCompiler(config, files, roots);

  /** @returns diagnostics by file, of files whose saved facts hold: those that a whole analysis will find there, or some of them. */
  early(
    workspace: Workspace,
    folders: readonly string[],
    settings: RuleSettings | undefined,
  ): ReadonlyMap<string, readonly Diagnostic[]> {
    const saved = new Map(folders.flatMap((folder) => [...this.#read(folder)]));
    if (saved.size === 0) return new Map();
    const files = workspace.actorFiles();
    const facts = this.#compilers.unchanged(saved);
    return diagnosticsOf(facts, facts.length === files.length, workspace.files, settings, this.#onFailure);
  }

  /** Keeps what a whole analysis has read. */
  keep(workspace: Workspace, folders: readonly string[]): void {
    if (!this.isOn) return;
    const projects = this.#compilers.toSave(workspace.projects());
    for (const folder of folders) {
      const own = new Map([...projects].filter(([config]) => folderOf(config, folders) === folder));
      const digest = digestOf(own);
      if (own.size === 0 || digest === this.#digests.get(folder)) continue;
      // What cannot be written now is not tried again before something changes.
      this.#digests.set(folder, digest);
      this.#attempt("kept", folder, () => this.#facts?.write(folder, own));
    }
  }

  #read(folder: string): SavedProjects {
    const none: SavedProjects = new Map();
    if (!this.isOn) return none;
    const saved = this.#attempt("read", folder, () => this.#facts?.read(folder)) ?? none;
    this.#digests.set(folder, digestOf(saved));
    return saved;
  }

  #attempt<T>(done: string, folder: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#onFailure(`the facts of ${folder} cannot be ${done}: ${why}`);
      return undefined;
    }
  }
}

/** @param isAll whether these are all files with actors. */
function diagnosticsOf(
  facts: readonly FileFacts[],
  isAll: boolean,
  files: FileSystem,
  settings: RuleSettings | undefined,
  onFailure: (text: string) => void,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const rules = isAll ? RULES : RULES.filter(({ scope }) => scope === "file");
  const analysis = new Analysis(new SavedProgram(onlyFacts(facts), files), onFailure, rules);
  if (settings !== undefined) analysis.configure(settings);
  analysis.workThrough();
  // A comment may silence what is found when the other files are known.
  const isSure = ({ rule }: Diagnostic): boolean => isAll || rule !== "unused-suppression";
  return new Map(facts.map(({ path }) => [path, analysis.diagnosticsOf(path).filter(isSure)]));
}

/**
 * The innermost of the folders that a config lies in; a folder without a config stands for it. One that lies above the folders is kept with
 * the first below it.
 */
function folderOf(config: string, folders: readonly string[]): string | undefined {
  const isIn = (folder: string): boolean => `${config}/`.startsWith(folder.replace(/\/?$/, "/"));
  const above = config.slice(0, config.lastIndexOf("/") + 1);
  return (
    folders.filter(isIn).sort((a, b) => b.length - a.length)[0] ?? folders.find((folder) => folder.startsWith(above))
  );
}

/** Of what facts depend on: the same facts follow from the same. */
function digestOf(projects: SavedProjects): string {
  const states = [...projects].map(([config, project]) => [config, ...stateOf(project)]);
  return hash("sha256", JSON.stringify(states.toSorted()), "base64url");
}

function stateOf({ key, roots, questions, answers }: SavedProject): readonly string[] {
  return [key, ...roots, ...questions.map((question, place) => `${question} ${answers[place]}`).toSorted()];
}
