/** The folders a client has open: which files speak of actors, which project each belongs to, and what a change makes stale. */
import { builtFileOf } from "../compiler/built-file.ts";
import type { Compiler, CompilerMaker } from "../compiler/compiler.ts";
import { OutputFiles } from "../compiler/output-files.ts";
import { type CompileError, compileErrors } from "../compiler/program-check.ts";
import { ProgramReader } from "../compiler/program-reader.ts";
import type { ProjectConfig } from "../compiler/project-config.ts";
import { ProjectFinder } from "../compiler/project-finder.ts";
import { Reach } from "../compiler/reach.ts";
import { makeCompiler } from "../compiler/ts-project.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { SendableTag } from "../facts/message-type.ts";
import type { ProgramFacts } from "../facts/program-module.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import type { VariantDeclaration } from "../facts/variant-declaration.ts";
import type { ActorMessages } from "../protocol.ts";
import { unknownFacts } from "../reading/extract-facts.ts";
import { isTestFile } from "../rules/test-files.ts";
import {
  isSettingsFile,
  isSourceFile,
  type Mention,
  mentionOf,
  type Sources,
  sourcesIn,
} from "../source/actor-scan.ts";
import { type FileSystem, MAX_FILE_BYTES } from "../source/file-system.ts";
import { Overlay } from "../source/overlay.ts";
import type { SkippedFile } from "./gap.ts";
import type { ProgramSource } from "./program-source.ts";

const SHUT = "cannot be read and is not checked";

interface Project {
  readonly compiler: Compiler;
  /** Those it was made with, as text: with others it is made anew. */
  readonly settings: string;
}

/** Analysis itself is lazy: nothing is compiled before facts are asked for. */
export class Workspace implements ProgramSource {
  readonly files: Overlay;
  readonly #finder: ProjectFinder;
  readonly #programs: ProgramReader;
  readonly #output: OutputFiles;
  readonly #folders = new Set<string>();
  readonly #mentions = new Map<string, Mention>();
  readonly #projects = new Map<string, Project>();
  /** Project of each actor file, by the path of its config. */
  readonly #owners = new Map<string, string>();
  readonly #makeCompiler: CompilerMaker;
  readonly #onReading: (path: string) => void;
  /** Files that are not read, and why. */
  readonly #skipped = new Map<string, string>();
  /** What nobody can read. */
  #shut: Sources["shut"] = [];
  /** Those of them that speak of actors. */
  readonly #unread = new Set<string>();
  /** Files that are left out while they have this text. */
  readonly #leftOut = new Map<string, string | undefined>();
  readonly #stamps = new Map<
    Compiler,
    {
      readonly places: readonly string[];
      readonly paths: readonly string[];
      readonly stamps: readonly (number | undefined)[];
    }
  >();
  #isMapped = false;

  /**
   * @param onReading is told of each file before it is read: an end of the process after that may be the file's doing.
   * @param make what reads the files of a project; default: the compiler that we carry.
   */
  constructor(disk: FileSystem, onReading: (path: string) => void = () => {}, make: CompilerMaker = makeCompiler) {
    this.#makeCompiler = make;
    this.files = new Overlay(disk);
    this.#finder = new ProjectFinder(this.files);
    this.#programs = new ProgramReader(this.files, (path) => this.#finder.projectOf(path, this.#folderOf(path)));
    this.#output = new OutputFiles(this.files);
    this.#onReading = onReading;
  }

  addFolder(path: string): void {
    this.#folders.add(path.replace(/\/$/, ""));
    this.#isMapped = false;
    this.#mentions.clear();
  }

  removeFolder(path: string): void {
    this.#folders.delete(path.replace(/\/$/, ""));
    this.#isMapped = false;
    this.#mentions.clear();
  }

  /** Files that speak of actors. */
  actorFiles(): readonly string[] {
    this.#map();
    return [...this.#owners.keys(), ...this.#unread];
  }

  /** The paths of the configs of all projects with actors. */
  projects(): readonly string[] {
    this.#map();
    return [...this.#projects.keys()];
  }

  /** Files whose reading ended the process: they are not read while they have the text they have now. */
  leaveOut(paths: readonly string[]): void {
    for (const path of paths) this.#leftOut.set(path, this.files.read(path));
    this.#isMapped = false;
  }

  /** Folders in which there is no file to look at, actor or not. */
  emptyFolders(): readonly string[] {
    this.#map();
    const paths = [...this.#mentions.keys()];
    return [...this.#folders].filter((folder) => !paths.some((path) => path.startsWith(`${folder}/`)));
  }

  /** The folder of the nearest `package.json` above a file, within the workspace folder; that folder when there is none. */
  packageOf(path: string): string {
    const folder = this.#folderOf(path);
    const parentOf = (at: string): string => at.slice(0, at.lastIndexOf("/"));
    for (let at = parentOf(path); at !== "" && at !== folder; at = parentOf(at))
      if (this.files.isFile(`${at}/package.json`)) return at;
    return folder ?? parentOf(path);
  }

  /** Files that are not read, and why, for people; whether they speak of actors. */
  skippedFiles(): readonly SkippedFile[] {
    const files = [...this.#skipped].map(([path, why]) => ({ path, why, isActorFile: this.#unread.has(path) }));
    // It is not known whether what nobody may read speaks of actors.
    const shut = this.#shut.map((each) => ({ ...each, why: SHUT, isActorFile: true }));
    return [...files, ...shut];
  }

  /** What is wrong with config files, for people. */
  problems(): readonly { readonly path: string; readonly text: string }[] {
    return this.#finder.problems();
  }

  factsOf(path: string): FileFacts | undefined {
    this.#map();
    if (this.#unread.has(path)) return unknownFacts(path);
    const owner = this.#owners.get(path);
    const compiler = owner === undefined ? undefined : this.#projects.get(owner)?.compiler;
    compiler?.prepare();
    if (compiler !== undefined && owner !== undefined) this.#remember(compiler, owner);
    this.#onReading(path);
    return compiler?.factsOf(path);
  }

  /** Where message variants are declared in a file, also one that does not speak of actors. */
  variantsIn(path: string): readonly VariantDeclaration[] {
    this.#map();
    for (const { compiler } of this.#projects.values()) {
      const found = compiler.variantsIn(path);
      if (found !== undefined) return found;
    }
    return [];
  }

  /** How else the code at a place of an actor file could be written. */
  rewritesAt(path: string, offset: number): readonly Rewrite[] {
    this.#map();
    const owner = this.#owners.get(path);
    return owner === undefined ? [] : (this.#projects.get(owner)?.compiler.rewritesAt(path, offset) ?? []);
  }

  /** What the messages of an actor look like that an actor file defines; `undefined` when not all are known. */
  messagesOf(path: string, actor: string): ActorMessages | undefined {
    this.#map();
    const owner = this.#owners.get(path);
    return owner === undefined ? undefined : this.#projects.get(owner)?.compiler.messagesOf(path, actor);
  }

  /** What can be sent at a place of an actor file where `tell` or `ask` begins, as it is written there. */
  sendableAt(path: string, offset: number): readonly SendableTag[] {
    this.#map();
    const owner = this.#owners.get(path);
    return owner === undefined ? [] : (this.#projects.get(owner)?.compiler.sendableAt(path, offset) ?? []);
  }

  /** What running a file does. It need not speak of actors itself. */
  programAt(path: string): ProgramFacts {
    this.#map();
    this.#programs.forget();
    return this.#programs.read(path);
  }

  /** Files that start a system when they run, and that no other file loads but tests; tests where there are no others. */
  programs(): readonly { readonly path: string; readonly isTest: boolean }[] {
    this.#map();
    this.#programs.forget();
    const reaches = new Map<string, Reach>();
    const candidates = [...this.#mentions.keys()].filter((path) => {
      if (this.#skipped.has(path)) return false;
      const config = this.#finder.projectOf(path, this.#folderOf(path));
      const reach = reaches.get(config.path) ?? new Reach(this.files, config);
      reaches.set(config.path, reach);
      return reach.reachesRuntime(path);
    });
    const loaded = new Set(
      candidates.filter((path) => !this.#isTest(path)).flatMap((path) => this.#programs.importsOf(path)),
    );
    const starting = (isTest: boolean) =>
      candidates
        .filter((path) => this.#isTest(path) === isTest && !loaded.has(path) && this.#programs.startsSystem(path))
        .map((path) => ({ path, isTest }));
    const programs = starting(false);
    return programs.length > 0 ? programs : starting(true);
  }

  /** By the folders below the one that is open. */
  #isTest(path: string): boolean {
    return isTestFile(path.slice(this.#folderOf(path)?.length ?? 0));
  }

  /** Where a build of the project puts the file. */
  builtFileOf(path: string): string | undefined {
    return builtFileOf(path, this.#finder.projectOf(path, this.#folderOf(path)));
  }

  /** Errors of syntax and types in what is loaded when a file runs. */
  errorsIn(path: string): readonly CompileError[] {
    const { files } = this.programAt(path);
    return compileErrors(this.files, this.#finder.projectOf(path, this.#folderOf(path)), files);
  }

  /**
   * Takes in files that have new text, came, or went.
   * @returns the actor files whose facts may have changed; `"all"` when everything has to be looked at anew.
   */
  change(paths: readonly string[]): readonly string[] | "all" {
    const isBack = paths.filter((path) => this.#takeBack(path)).length > 0;
    if (!this.#isMapped || this.lookAgain()) return "all";
    if (isBack) return this.#remap();
    if (paths.some((path) => isSettingsFile(path))) return this.#remap();
    const sources = paths.filter((path) => isSourceFile(path));
    if (sources.some((path) => this.#changesTheMap(path))) return this.#remap();
    const stale = [...this.#projects.values()].flatMap((project) => project.compiler.change(sources));
    return [...new Set(stale)].filter((path) => this.#owners.has(path));
  }

  /**
   * Looks whether packages were installed or changed, which nobody has to tell.
   * @returns whether everything has to be looked at anew.
   */
  lookAgain(): boolean {
    const isSame = [...this.#stamps.values()].every(({ paths, stamps }) =>
      paths.every((path, at) => this.files.stampOf(path) === stamps[at]),
    );
    if (isSame) return false;
    this.#stamps.clear();
    this.#remap();
    return true;
  }

  /** How the packages are now that a program was made with, and a config file that nobody watches as it lies above the folders. */
  #remember(compiler: Compiler, config: string): void {
    const places = compiler.places();
    if (this.#stamps.get(compiler)?.places === places) return;
    const paths = this.#folderOf(config) === undefined ? [...places, config] : places;
    this.#stamps.set(compiler, { places, paths, stamps: paths.map((path) => this.files.stampOf(path)) });
  }

  /** A file that was left out for another text. */
  #takeBack(path: string): boolean {
    return this.#leftOut.has(path) && this.#leftOut.get(path) !== this.files.read(path) && this.#leftOut.delete(path);
  }

  #remap(): "all" {
    this.#isMapped = false;
    return "all";
  }

  /** A file that came, went, or began or ceased to speak of actors. */
  #changesTheMap(path: string): boolean {
    const before = this.#mentions.get(path);
    const text = this.files.read(path);
    const isWanted = this.#folderOf(path) !== undefined || this.files.isOpen(path);
    if (text === undefined || !isWanted) return before !== undefined;
    if (before === undefined) return true;
    const after = this.#mentionIn(path, text);
    this.#mentions.set(path, after);
    return before !== after || (this.#whySkipped(path, text) === undefined) === this.#skipped.has(path);
  }

  #map(): void {
    if (this.#isMapped) return;
    this.#isMapped = true;
    this.#finder.forget();
    this.#output.forget();
    this.#scan();
    const roots = this.#rootsByProject();
    this.#stamps.clear();
    for (const path of this.#projects.keys()) if (!roots.has(path)) this.#projects.delete(path);
    this.#owners.clear();
    for (const [path, { files, config }] of roots) {
      const known = this.#projects.get(path);
      const settings = JSON.stringify([config.options, config.projectReferences]);
      if (known?.settings === settings) known.compiler.reload([...files]);
      else this.#projects.set(path, { compiler: this.#makeCompiler(config, this.files, [...files]), settings });
      for (const file of files) this.#owners.set(file, path);
    }
  }

  #scan(): void {
    this.#mentions.clear();
    this.#skipped.clear();
    const sources = [...this.#folders].map((folder) => sourcesIn(this.files, folder));
    this.#shut = sources.flatMap(({ shut }) => shut);
    const paths = new Set(sources.flatMap(({ found }) => found));
    for (const path of this.files.openPaths()) if (isSourceFile(path)) paths.add(path);
    for (const path of paths) {
      const text = this.files.read(path);
      // It is not known whether one speaks of actors that nobody may read. One that is gone meanwhile does not.
      const isShut = text === undefined && this.files.isFile(path);
      const mention = isShut ? "certain" : this.#mentionIn(path, text ?? "");
      const why = isShut ? SHUT : this.#whySkipped(path, text ?? "");
      if (why !== undefined) this.#skipped.set(path, why);
      this.#mentions.set(path, mention);
    }
  }

  /** What is written by a compiler speaks of actors where its source does. */
  #mentionIn(path: string, text: string): Mention {
    const mention = mentionOf(text);
    return mention !== "none" && this.#output.isOutput(path, text, this.#folderOf(path)) ? "none" : mention;
  }

  #whySkipped(path: string, text: string): string | undefined {
    if (text.length > MAX_FILE_BYTES && !this.#output.isOutput(path, text, this.#folderOf(path)))
      return "is larger than 1 MB and is not checked";
    return this.#leftOut.has(path) ? "ended the analysis twice and is not checked until it changes" : undefined;
  }

  #rootsByProject(): Map<string, { files: Set<string>; config: ProjectConfig }> {
    this.#unread.clear();
    const roots = new Map<string, { files: Set<string>; config: ProjectConfig }>();
    const reaches = new Map<string, Reach>();
    for (const [path, mention] of this.#mentions) {
      if (mention === "none") continue;
      const config = this.#finder.projectOf(path, this.#folderOf(path));
      if (mention === "possible") {
        const reach = reaches.get(config.path) ?? new Reach(this.files, config);
        reaches.set(config.path, reach);
        if (!reach.reachesRuntime(path)) continue;
      }
      if (this.#skipped.has(path)) {
        this.#unread.add(path);
        continue;
      }
      const files = roots.get(config.path)?.files ?? new Set<string>();
      files.add(path);
      roots.set(config.path, { files, config });
    }
    return roots;
  }

  #folderOf(path: string): string | undefined {
    return [...this.#folders].filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
  }
}
