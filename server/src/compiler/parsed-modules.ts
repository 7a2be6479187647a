/** The modules of programs as syntax, and where their imports lead. Parsed files are kept while their text stays. */
import { ts } from "ts-morph";
import { readModule, type SourceModule } from "../reading/read-module.ts";
import { RUNTIME_PACKAGE } from "../reading/runtime-package.ts";
import { type FileSystem, MAX_FILE_BYTES } from "../source/file-system.ts";
import { ModuleLookup } from "./module-lookup.ts";
import { NodeTypes } from "./node-types.ts";
import type { ProjectConfig } from "./project-config.ts";
import { tsOptionsOf } from "./ts-options.ts";

export class ParsedModules {
  readonly #files: FileSystem;
  readonly #configOf: (path: string) => ProjectConfig;
  readonly #modules = new Map<string, { readonly text: string; readonly module: SourceModule }>();
  #nodeTypes: NodeTypes;
  readonly #lookups = new Map<string, ModuleLookup>();
  /** Those that were looked at since files may have changed. */
  readonly #current = new Map<string, SourceModule | undefined>();

  constructor(files: FileSystem, configOf: (path: string) => ProjectConfig) {
    this.#files = files;
    this.#configOf = configOf;
    this.#nodeTypes = new NodeTypes(files);
  }

  /** Files came, went, or settings changed. */
  forget(): void {
    this.#lookups.clear();
    this.#nodeTypes = new NodeTypes(this.#files);
    this.#current.clear();
  }

  /** Files that are loaded with a file, one step away. */
  importsOf(path: string): readonly string[] {
    const loads = this.moduleOf(path)?.loads ?? [];
    return loads.flatMap(({ specifier }) => this.lookupFor(path).find(specifier, path)?.path ?? []);
  }

  moduleOf(path: string): SourceModule | undefined {
    if (!this.#current.has(path)) this.#current.set(path, this.#readModule(path));
    return this.#current.get(path);
  }

  #readModule(path: string): SourceModule | undefined {
    const text = this.#files.read(path);
    if (text === undefined || text.length > MAX_FILE_BYTES || !/\.[cm]?[jt]sx?$/.test(path)) return undefined;
    const known = this.#modules.get(path);
    if (known?.text === text) return known.module;
    const module = readModule(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    this.#modules.set(path, { text, module });
    return module;
  }

  lookupFor(path: string): ModuleLookup {
    const config = this.#configOf(path);
    const known = this.#lookups.get(config.path) ?? new ModuleLookup(this.#files, config);
    this.#lookups.set(config.path, known);
    return known;
  }

  /** Whether Node's own modules have that name as a type alone, by the declarations that are installed. */
  isTypeOfNode(specifier: string, name: string, from: string): boolean {
    return this.#nodeTypes.has(specifier, name, from);
  }

  /** `customConditions`. */
  conditionsOf(path: string): readonly string[] {
    return tsOptionsOf(this.#configOf(path)).customConditions ?? [];
  }

  usesMetadata(path: string): boolean {
    return tsOptionsOf(this.#configOf(path)).emitDecoratorMetadata === true;
  }

  /** Whether a package may start systems for those who use it. */
  isAboutActors(path: string): boolean {
    if (!path.includes("/node_modules/")) return true;
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return (this.#files.read(`${folder}/package.json`) ?? "").includes(`"${RUNTIME_PACKAGE}"`);
  }
}
