/**
 * The facts of a project as they were saved, while every question that was asked of the files has the answer it had then; else those of
 * a compiler, whose questions are noted for the next time.
 */

import type { FileFacts } from "../facts/file-facts.ts";
import type { SendableTag } from "../facts/message-type.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import type { VariantDeclaration } from "../facts/variant-declaration.ts";
import type { ActorMessages } from "../protocol.ts";
import type { FileSystem } from "../source/file-system.ts";
import { type Answer, type AnswerLog, answerNow, RecordedFiles } from "../source/recorded-files.ts";
import type { Compiler, CompilerMaker } from "./compiler.ts";
import type { ProjectConfig } from "./project-config.ts";

/** What is saved of one project. */
export interface SavedProject {
  /** Its settings and roots. */
  readonly key: string;
  /** Places in the log of what its facts depend on. */
  readonly questions: readonly number[];
  readonly facts: readonly FileFacts[];
  readonly places: readonly string[];
}

/** What is saved of all. */
export interface SavedProjects {
  readonly questions: readonly string[];
  readonly answers: readonly Answer[];
  /** By the path of the config. */
  readonly projects: ReadonlyMap<string, SavedProject>;
}

/** Makes compilers that know what is saved, and keeps what is to be saved of them. */
export class SavedCompilers {
  readonly #log: AnswerLog;
  readonly #saved: SavedProjects | undefined;
  readonly #make: CompilerMaker;
  readonly #compilers = new Map<string, SavedCompiler>();

  constructor(log: AnswerLog, saved: SavedProjects | undefined, make: CompilerMaker) {
    this.#log = log;
    this.#saved = saved;
    this.#make = make;
  }

  readonly make: CompilerMaker = (config, files, roots) => {
    const recorded = new RecordedFiles(files, this.#log);
    const key = keyOf(config, roots);
    const saved = this.#saved?.projects.get(config.path);
    const known = saved?.key === key && this.#holds(saved, recorded) ? saved : undefined;
    const compiler = new SavedCompiler(key, recorded, known, () => this.#make(config, recorded, roots), roots);
    this.#compilers.set(config.path, compiler);
    return compiler;
  };

  /** @returns the projects, as they are now. */
  toSave(): ReadonlyMap<string, SavedProject> {
    return new Map([...this.#compilers].map(([path, compiler]) => [path, compiler.toSave()]));
  }

  /** Asks in the order of then, so that what was asked only because of an answer is asked only when it is the same. */
  #holds({ questions }: SavedProject, files: FileSystem): boolean {
    const { questions: words = [], answers = [] } = this.#saved ?? {};
    return questions.every((place) => answerNow(files, words[place] ?? "") === answers[place]);
  }
}

class SavedCompiler implements Compiler {
  readonly #key: string;
  readonly #files: RecordedFiles;
  readonly #make: () => Compiler;
  #known: SavedProject | undefined;
  #inner: Compiler | undefined;
  #roots: readonly string[];

  constructor(
    key: string,
    files: RecordedFiles,
    known: SavedProject | undefined,
    make: () => Compiler,
    roots: readonly string[],
  ) {
    this.#key = key;
    this.#files = files;
    this.#known = known;
    this.#make = make;
    this.#roots = roots;
  }

  get roots(): readonly string[] {
    return this.#inner?.roots ?? this.#roots;
  }

  files(): readonly string[] {
    return this.#compiler().files();
  }

  prepare(): void {
    if (this.#known === undefined) this.#compiler().prepare();
  }

  places(): readonly string[] {
    return this.#known?.places ?? this.#compiler().places();
  }

  factsOf(path: string): FileFacts | undefined {
    if (this.#known === undefined) return this.#compiler().factsOf(path);
    return this.#known.facts.find((facts) => facts.path === path);
  }

  variantsIn(path: string): readonly VariantDeclaration[] | undefined {
    return this.#compiler().variantsIn(path);
  }

  sendableAt(path: string, offset: number): readonly SendableTag[] {
    return this.#compiler().sendableAt(path, offset);
  }

  rewritesAt(path: string, offset: number): readonly Rewrite[] {
    return this.#compiler().rewritesAt(path, offset);
  }

  messagesOf(path: string, actor: string): ActorMessages | undefined {
    return this.#compiler().messagesOf(path, actor);
  }

  /** What is saved knows no program: which of its facts a change concerns is not known then. */
  change(paths: readonly string[]): readonly string[] {
    if (this.#known === undefined) return this.#compiler().change(paths);
    this.#known = undefined;
    this.#compiler().reload(this.#roots);
    return this.#roots;
  }

  reload(roots: readonly string[]): void {
    this.#known = undefined;
    this.#roots = roots;
    this.#inner?.reload(roots);
  }

  toSave(): SavedProject {
    if (this.#known !== undefined) return { ...this.#known, questions: this.#files.asked };
    const facts = this.#roots.flatMap((path) => this.#compiler().factsOf(path) ?? []);
    return { key: this.#key, questions: this.#files.asked, facts, places: this.#compiler().places() };
  }

  #compiler(): Compiler {
    this.#inner ??= this.#make();
    return this.#inner;
  }
}

function keyOf(config: ProjectConfig, roots: readonly string[]): string {
  const { path, options, projectReferences = [] } = config;
  return JSON.stringify([path, options, projectReferences, roots]);
}
