/** Which project a file belongs to: the nearest config file above it that takes it in, itself or through its references. */
import type { FileSystem } from "../source/file-system.ts";
import { inferredConfig, type ProjectConfig, readProjectConfig } from "./project-config.ts";

const CONFIG_NAMES = ["tsconfig.json", "jsconfig.json"];

export class ProjectFinder {
  readonly #files: FileSystem;
  readonly #configs = new Map<string, ProjectConfig>();
  /** Where no config file is. */
  readonly #absent = new Set<string>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  forget(): void {
    this.#configs.clear();
    this.#absent.clear();
  }

  /**
   * As TypeScript's server does, also above the folder that is open: `airssys check src` is of the project that `src` belongs to.
   *
   * @param folder the workspace folder, whose inferred project takes what no config file does; `undefined` for a file outside of all
   * folders.
   */
  projectOf(path: string, folder: string | undefined): ProjectConfig {
    for (let directory = parentOf(path); ; directory = parentOf(directory)) {
      for (const name of CONFIG_NAMES) {
        const owner = this.#ownerBelow(`${directory}/${name}`, path, new Set());
        if (owner !== undefined) return owner;
      }
      if (directory === "") return this.#inferred(folder ?? parentOf(path));
    }
  }

  /** What is wrong with the config files read so far. */
  problems(): readonly { readonly path: string; readonly text: string }[] {
    return [...this.#configs.values()].flatMap((config) =>
      config.problems.map((text) => ({ path: config.path, text })),
    );
  }

  #ownerBelow(configPath: string, path: string, seen: Set<string>): ProjectConfig | undefined {
    if (seen.has(configPath)) return undefined;
    seen.add(configPath);
    const config = this.#read(configPath);
    if (config === undefined || config.fileNames.has(path)) return config;
    for (const reference of config.references) {
      const owner = this.#ownerBelow(reference, path, seen);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }

  #read(configPath: string): ProjectConfig | undefined {
    const known = this.#configs.get(configPath);
    if (known !== undefined) return known;
    if (this.#absent.has(configPath)) return undefined;
    if (!this.#files.isFile(configPath)) {
      this.#absent.add(configPath);
      return undefined;
    }
    const config = readProjectConfig(this.#files, configPath);
    this.#configs.set(configPath, config);
    return config;
  }

  #inferred(folder: string): ProjectConfig {
    const known = this.#configs.get(folder) ?? inferredConfig(folder);
    this.#configs.set(folder, known);
    return known;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
