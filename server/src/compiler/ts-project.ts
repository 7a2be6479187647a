/** The compiler behind {@link Compiler}: one TypeScript program for one tsconfig, rooted at the files that speak of actors. */
import { ts } from "ts-morph";
import type { FileFacts } from "../facts/file-facts.ts";
import type { SendableTag } from "../facts/message-type.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import type { VariantDeclaration } from "../facts/variant-declaration.ts";
import type { ActorMessages } from "../protocol.ts";
import { extractFacts, unknownFacts } from "../reading/extract-facts.ts";
import { readMessageForms } from "../reading/read-message-forms.ts";
import { readVariantDeclarations } from "../reading/read-variant-declarations.ts";
import { RuntimePackage } from "../reading/runtime-package.ts";
import { type RuntimeWords, runtimeWords, withNewer } from "../reading/runtime-words.ts";
import { sendableTags } from "../reading/sendable-tags.ts";
import type { SourceUnit } from "../reading/source-unit.ts";
import { readRewrites } from "../rewriting/read-rewrites.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { Compiler, CompilerMaker } from "./compiler.ts";
import { LivingProgram } from "./living-program.ts";
import { MemoryGuard } from "./memory-guard.ts";
import { ProgramHost } from "./program-host.ts";
import { isSeenByAll } from "./seen-by-all.ts";
import { shapeOf } from "./shape.ts";
import { type ProjectSettings, tsOptionsOf } from "./ts-options.ts";

/** The compiler that we carry. */
export const makeCompiler: CompilerMaker = (config, files, roots) => new TsProject(config, files, roots);

export class TsProject implements Compiler {
  readonly #settings: ProjectSettings;
  readonly #host: ProgramHost;
  readonly #runtime: RuntimePackage;
  readonly #memory: MemoryGuard;
  readonly #facts = new Map<string, FileFacts>();
  readonly #variants = new WeakMap<ts.SourceFile, readonly VariantDeclaration[]>();
  readonly #shapes = new Map<string, string>();
  #roots: readonly string[];
  #program: LivingProgram | undefined;
  #places: { readonly of: ts.Program; readonly paths: readonly string[] } | undefined;
  #words: { readonly of: LivingProgram; readonly words: RuntimeWords } | undefined;
  /** Whether the program may still be used; a new one is built when facts are asked for. */
  #fresh = false;

  constructor(
    settings: ProjectSettings,
    files: FileSystem,
    roots: readonly string[],
    memory: MemoryGuard = new MemoryGuard(),
  ) {
    this.#settings = settings;
    this.#memory = memory;
    this.#roots = roots;
    this.#host = new ProgramHost(files, settings.directory, tsOptionsOf(settings));
    this.#runtime = new RuntimePackage(files);
  }

  get roots(): readonly string[] {
    return this.#roots;
  }

  files(): readonly string[] {
    return this.#present()
      .program.getSourceFiles()
      .filter((file) => !file.isDeclarationFile && !file.fileName.includes("/node_modules/"))
      .map((file) => file.fileName);
  }

  imports(): ReadonlyMap<string, readonly string[]> {
    const { program } = this.#present();
    const modules = this.files().filter((path) => {
      const file = program.getSourceFile(path);
      return file !== undefined && !isSeenByAll(file);
    });
    return new Map(modules.map((path) => [path, this.#importsOf(program, path)]));
  }

  prepare(): void {
    this.#present();
  }

  places(): readonly string[] {
    const { program } = this.#present();
    if (this.#places?.of !== program) this.#places = { of: program, paths: this.#host.placesOf(program) };
    return this.#places.paths;
  }

  factsOf(path: string): FileFacts | undefined {
    const known = this.#facts.get(path);
    if (known !== undefined) return known;
    const source = this.#sourceOf(path);
    if (source === undefined) return undefined;
    this.#rememberShape(source.file);
    const facts = this.#extract(source);
    this.#facts.set(path, facts);
    return facts;
  }

  rewritesAt(path: string, offset: number): readonly Rewrite[] {
    const facts = this.factsOf(path);
    const source = this.#sourceOf(path);
    return facts === undefined || source === undefined
      ? []
      : readRewrites({ ...source, reads: new Set() }, facts, offset);
  }

  messagesOf(path: string, actor: string): ActorMessages | undefined {
    const source = this.#sourceOf(path);
    return source && readMessageForms({ ...source, reads: new Set() }, actor);
  }

  sendableAt(path: string, offset: number): readonly SendableTag[] {
    const source = this.#sourceOf(path);
    return source === undefined ? [] : sendableTags({ ...source, reads: new Set() }, offset);
  }

  #sourceOf(path: string): Omit<SourceUnit, "reads"> | undefined {
    if (!this.#present().knows(path)) this.#fresh = false;
    const program = this.#present();
    const file = program.fileOf(path);
    return file === undefined || file.isDeclarationFile
      ? undefined
      : {
          checker: program.checker,
          file,
          fileOf: (one) => program.fileOf(one),
          runtime: this.#runtime,
          runtimeWords: this.#wordsFor(program, file),
          whyMissing: (specifier, from) => this.#host.whyMissing(specifier, from),
        };
  }

  /** With those of a newer version of the file than the program has. */
  #wordsFor(living: LivingProgram, file: ts.SourceFile): RuntimeWords {
    const { program } = living;
    const isRuntime = (path: string): boolean => this.#runtime.has(path);
    if (this.#words?.of !== living)
      this.#words = { of: living, words: runtimeWords(program.getSourceFiles(), isRuntime) };
    const { words } = this.#words;
    const isNewer = file !== program.getSourceFile(file.fileName);
    return isNewer ? withNewer(words, file, isRuntime(file.fileName)) : words;
  }

  #extract(source: Omit<SourceUnit, "reads">): FileFacts {
    const facts = this.#memory.attempt(this.#present().checker, () => extractFacts(source));
    // The next program has the same files, and a checker that knows nothing yet.
    if (facts === undefined || this.#memory.isFull()) this.#fresh = false;
    return (
      facts ?? unknownFacts(source.file.fileName, ["its types need more memory than there is, and it is not checked"])
    );
  }

  variantsIn(path: string): readonly VariantDeclaration[] | undefined {
    const file = this.#present().fileOf(path);
    if (file === undefined) return undefined;
    const known = this.#variants.get(file) ?? readVariantDeclarations(file);
    this.#variants.set(file, known);
    return known;
  }

  change(paths: readonly string[]): readonly string[] {
    const stale = new Set<string>();
    for (const path of paths) {
      const before = this.#shapes.get(path) ?? this.#shapeNow(path);
      const file = this.#host.reparse(path);
      if (file === undefined) continue;
      const after = shapeOf(file);
      this.#shapes.set(path, after);
      stale.add(path);
      for (const reader of this.#readersOf(path)) stale.add(reader);
      if (before === after) this.#program?.replace(file);
      else {
        this.#fresh = false;
        for (const importer of this.#program?.importersOf(path) ?? []) stale.add(importer);
      }
    }
    for (const path of stale) this.#facts.delete(path);
    return [...stale];
  }

  reload(roots: readonly string[]): void {
    this.#roots = roots;
    this.#host.forgetLookups();
    this.#runtime.forget();
    this.#facts.clear();
    this.#shapes.clear();
    this.#program = undefined;
    this.#fresh = false;
  }

  #present(): LivingProgram {
    if (this.#program !== undefined && this.#fresh) return this.#program;
    const program = ts.createProgram({
      rootNames: this.#roots,
      options: tsOptionsOf(this.#settings),
      host: this.#host,
      ...(this.#settings.projectReferences === undefined
        ? {}
        : { projectReferences: this.#settings.projectReferences }),
      ...(this.#program === undefined ? {} : { oldProgram: this.#program.program }),
    });
    this.#program = new LivingProgram(program, (path) => this.#importsOf(program, path));
    this.#memory.begin();
    this.#fresh = true;
    return this.#program;
  }

  /** An import of what a referenced project was built to leads to its source. */
  #importsOf(program: ts.Program, path: string): readonly string[] {
    return this.#host.importsOf(path).map((imported) => program.getSourceFile(imported)?.fileName ?? imported);
  }

  #shapeNow(path: string): string | undefined {
    const file = this.#program?.fileOf(path);
    return file === undefined ? undefined : shapeOf(file);
  }

  #rememberShape(file: ts.SourceFile): void {
    if (!this.#shapes.has(file.fileName)) this.#shapes.set(file.fileName, shapeOf(file));
  }

  /** Files whose facts were read from inside the functions of `path`. */
  #readersOf(path: string): readonly string[] {
    return [...this.#facts.values()].filter((facts) => facts.reads.includes(path)).map((facts) => facts.path);
  }
}
