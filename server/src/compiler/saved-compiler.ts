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
import { AnswerLog, isAnsweredAlike, RecordedFiles } from "../source/recorded-files.ts";
import type { Compiler, CompilerMaker } from "./compiler.ts";
import type { ProjectConfig } from "./project-config.ts";
import type { SavedProject, SavedProjects } from "./saved-project.ts";
import { unchangedFacts } from "./unchanged-facts.ts";

/** Makes compilers that know what is saved, and keeps what is to be saved of them. */
export class SavedCompilers {
  readonly #saved: SavedProjects;
  readonly #make: CompilerMaker;
  readonly #compilers = new Map<string, SavedCompiler>();

  /** @param saved what is read from there instead of the files, where all of a project is the same. */
  constructor(saved: SavedProjects, make: CompilerMaker) {
    this.#saved = saved;
    this.#make = make;
  }

  readonly make: CompilerMaker = (config, files, roots) => {
    const log = new AnswerLog();
    const recorded = new RecordedFiles(files, log);
    const saved = this.#saved.get(config.path);
    const key = keyOf(config);
    const isKnown = saved?.key === key && String(saved.roots) === String(roots) && isAnsweredAlike(saved, recorded);
    const make = (): Compiler => this.#make(config, recorded, roots);
    const compiler = new SavedCompiler({ key, log, files, roots, make, known: isKnown ? saved : undefined });
    this.#compilers.set(config.path, compiler);
    return compiler;
  };

  /**
   * @param configs of the projects there are.
   * @returns them as they are now, by their configs; without those that changed while they were read.
   */
  toSave(configs: readonly string[]): SavedProjects {
    const projects = configs.flatMap((path) => {
      const saved = this.#compilers.get(path)?.toSave();
      return saved === undefined ? [] : [[path, saved] as const];
    });
    return new Map(projects);
  }

  /** Facts that are saved and hold, before a compiler has looked. */
  unchanged(saved: SavedProjects): readonly FileFacts[] {
    return [...this.#compilers].flatMap(([path, compiler]) => {
      const project = saved.get(path);
      return project === undefined ? [] : compiler.unchanged(project);
    });
  }
}

interface Parts {
  readonly key: string;
  /** Of what is asked by the compiler. */
  readonly log: AnswerLog;
  readonly files: FileSystem;
  readonly roots: readonly string[];
  readonly make: () => Compiler;
  readonly known: SavedProject | undefined;
}

class SavedCompiler implements Compiler {
  readonly #parts: Parts;
  #known: SavedProject | undefined;
  #inner: Compiler | undefined;
  #roots: readonly string[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#known = parts.known;
    this.#roots = parts.roots;
  }

  get roots(): readonly string[] {
    return this.#roots;
  }

  files(): readonly string[] {
    return this.#compiler().files();
  }

  imports(): ReadonlyMap<string, readonly string[]> {
    return this.#known?.imports ?? this.#compiler().imports();
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
    this.#parts.log.renew(paths);
    if (this.#known === undefined) return this.#compiler().change(paths);
    this.reload(this.#roots);
    return this.#roots;
  }

  reload(roots: readonly string[]): void {
    this.#parts.log.clear();
    this.#known = undefined;
    this.#roots = roots;
    this.#inner?.reload(roots);
  }

  /** @returns `undefined` when files changed while they were read, or some could not be read, which may be otherwise the next time. */
  toSave(): SavedProject | undefined {
    if (this.#known !== undefined) return this.#known;
    const { key, log } = this.#parts;
    const facts = this.#roots.flatMap((path) => this.factsOf(path) ?? []);
    const isWhole = log.isStable && facts.every(({ failures }) => failures.length === 0);
    if (!isWhole) return undefined;
    return { key, roots: this.#roots, facts, places: this.places(), imports: this.imports(), ...log.noted };
  }

  unchanged(saved: SavedProject): readonly FileFacts[] {
    return saved.key === this.#parts.key ? unchangedFacts(saved, this.#roots, this.#parts.files) : [];
  }

  #compiler(): Compiler {
    if (this.#inner === undefined) {
      this.#inner = this.#parts.make();
      if (this.#roots !== this.#parts.roots) this.#inner.reload(this.#roots);
    }
    return this.#inner;
  }
}

function keyOf(config: ProjectConfig): string {
  const { path, options, projectReferences = [] } = config;
  return JSON.stringify([path, options, projectReferences]);
}
