/** Whether a file gets at the runtime through the files it imports, though it does not name it. */
import { ts } from "ts-morph";
import { mentionOf, specifiersIn } from "../source/actor-scan.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { ProjectConfig } from "./project-config.ts";

export class Reach {
  readonly #files: FileSystem;
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.ModuleResolutionHost;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #reaches = new Map<string, boolean>();

  constructor(files: FileSystem, config: ProjectConfig) {
    this.#files = files;
    this.#options = config.options;
    this.#cache = ts.createModuleResolutionCache(config.directory, (path) => path, config.options);
    this.#host = {
      fileExists: (path) => files.isFile(path),
      readFile: (path) => files.read(path),
      directoryExists: (path) => files.isDirectory(path),
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

  #importsOf(path: string, text: string): readonly string[] {
    const found: string[] = [];
    for (const specifier of specifiersIn(text)) {
      if (specifier.startsWith("node:")) continue;
      const resolved = ts.resolveModuleName(specifier, path, this.#options, this.#host, this.#cache).resolvedModule
        ?.resolvedFileName;
      if (resolved !== undefined && !resolved.includes("/node_modules/")) found.push(resolved);
    }
    return found;
  }
}
