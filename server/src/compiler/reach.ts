/** Whether a file gets at the runtime through the files it imports, though it does not name it. */
import { ts } from "ts-morph";
import { mentionOf, specifiersIn } from "../source/actor-scan.ts";
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
      mentionOf(text) === "certain" || this.#importsOf(path, text).some((imported) => this.reachesRuntime(imported));
    this.#reaches.set(path, answer);
    return answer;
  }

  #importsOf(from: string, text: string): readonly string[] {
    const found: string[] = [];
    for (const specifier of specifiersIn(text)) {
      if (specifier.startsWith("node:")) continue;
      const resolved = ts.resolveModuleName(specifier, from, this.#options, this.#host, this.#cache).resolvedModule
        ?.resolvedFileName;
      // What a referenced project is built to may be old, or not there.
      const path = resolved === undefined ? undefined : (this.#sources.sourceOf(resolved) ?? resolved);
      if (path !== undefined && !path.includes("/node_modules/")) found.push(path);
    }
    return found;
  }
}
