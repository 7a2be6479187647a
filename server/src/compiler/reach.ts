/**
 * Whether a file gets at the runtime through the files it imports, though it does not name it.
 *
 * | an import                                                             | leads there |
 * | --------------------------------------------------------------------- | ----------- |
 * | of a file that names the runtime, or imports one that does            | yes         |
 * | of an installed package that depends on the runtime, by such a file   | yes         |
 * | of any other package                                                  | no          |
 * | of what is not found, by the name of something that actors begin with | perhaps: the file is looked at, and says what it misses |
 */
import { ts } from "ts-morph";
import { RUNTIME_PACKAGE } from "../reading/runtime-package.ts";
import { importsBeginning, mentionOf, specifiersIn } from "../source/actor-scan.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { ProjectConfig } from "./project-config.ts";
import { ReferencedSources } from "./referenced-sources.ts";
import { tsOptionsOf } from "./ts-options.ts";

export class Reach {
  readonly #files: FileSystem;
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.ModuleResolutionHost;
  readonly #sources: ReferencedSources;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #reaches = new Map<string, boolean>();
  /** By folder of an installed package: whether it depends on the runtime. */
  readonly #packages = new Map<string, boolean>();

  constructor(files: FileSystem, config: ProjectConfig) {
    this.#files = files;
    this.#options = tsOptionsOf(config);
    this.#cache = ts.createModuleResolutionCache(config.directory, (path) => path, this.#options);
    this.#sources = new ReferencedSources(files, config);
    this.#host = {
      fileExists: (path) => files.isFile(path) || this.#sources.sourceOf(path) !== undefined,
      readFile: (path) => files.read(path),
      directoryExists: (path) => files.isDirectory(path) || this.#sources.isOutput(path),
      realpath: (path) => files.realPath(path),
    };
  }

  reachesRuntime(path: string): boolean {
    const known = this.#reaches.get(path);
    if (known !== undefined) return known;
    // A cycle of imports is looked at once.
    this.#reaches.set(path, false);
    const text = this.#files.read(path) ?? "";
    const answer =
      mentionOf(text) === "certain" ||
      this.#importsOf(path, text).some((imported) => this.reachesRuntime(imported)) ||
      importsBeginning(text).some((specifier) => this.#find(specifier, path) === undefined);
    this.#reaches.set(path, answer);
    return answer;
  }

  #importsOf(from: string, text: string): readonly string[] {
    const found: string[] = [];
    for (const specifier of specifiersIn(text)) {
      if (specifier.startsWith("node:")) continue;
      const resolved = this.#find(specifier, from);
      // What a referenced project is built to may be old, or not there.
      const path = resolved === undefined ? undefined : (this.#sources.sourceOf(resolved) ?? resolved);
      if (path !== undefined && this.#mayLead(path)) found.push(path);
    }
    return found;
  }

  #find(specifier: string, from: string): string | undefined {
    return ts.resolveModuleName(specifier, from, this.#options, this.#host, this.#cache).resolvedModule
      ?.resolvedFileName;
  }

  /** What is not of the project only leads to the runtime when its package says that it needs it. */
  #mayLead(path: string): boolean {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
    if (folder === undefined) return true;
    const known = this.#packages.get(folder);
    const mayLead = known ?? this.#files.read(`${folder}/package.json`)?.includes(`"${RUNTIME_PACKAGE}"`) === true;
    this.#packages.set(folder, mayLead);
    return mayLead;
  }
}
