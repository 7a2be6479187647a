/** From what a referenced project is built to, there or not, to the source it is made of. */
import type { FileSystem } from "../source/file-system.ts";
import { type ProjectConfig, readReferencedConfig, referencedConfigPath } from "./project-config.ts";

interface Project {
  /** Folders it is built into, and the folder of its sources. */
  readonly outputs: readonly string[];
  readonly root: string;
}

const BUILT = /(?:\.d)?\.([cm]?)[jt]sx?$/;

export class ReferencedSources {
  readonly #files: FileSystem;
  readonly #projects: readonly Project[];

  constructor(files: FileSystem, config: ProjectConfig) {
    this.#files = files;
    this.#projects = projectsOf(files, config);
  }

  /** @returns `undefined` for a path that no referenced project is built to. */
  sourceOf(path: string): string | undefined {
    if (this.#projects.length === 0 || !BUILT.test(path)) return undefined;
    const real = this.#realPath(path);
    for (const { outputs, root } of this.#projects) {
      const output = outputs.find((one) => real.startsWith(`${one}/`));
      if (output === undefined) continue;
      const stem = `${root}${real.slice(output.length)}`.replace(BUILT, ".$1ts");
      const source = [stem, `${stem}x`].find((one) => this.#files.isFile(one));
      if (source !== undefined) return source;
    }
    return undefined;
  }

  /** Whether a folder is one that a referenced project is built into, or below it. */
  isOutput(path: string): boolean {
    if (this.#projects.length === 0) return false;
    const real = this.#realPath(path);
    return this.#projects.some(({ outputs }) => outputs.some((one) => real === one || real.startsWith(`${one}/`)));
  }

  /** Links followed, also where the file itself is not there yet. */
  #realPath(path: string): string {
    for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
      if (this.#files.isFile(at) || this.#files.isDirectory(at))
        return this.#files.realPath(at) + path.slice(at.length);
    return path;
  }
}

/** The projects that a config refers to, and those that these refer to. */
function projectsOf(files: FileSystem, config: ProjectConfig): readonly Project[] {
  const found = new Map<string, Project>();
  const queue = [...config.references];
  for (const path of queue) {
    const parsed = found.has(path) ? undefined : readReferencedConfig(files, path);
    if (parsed === undefined) continue;
    const { outDir, declarationDir, rootDir } = parsed.options;
    // A project that is referred to has its sources where its config is, unless it says otherwise.
    const root = rootDir ?? path.slice(0, path.lastIndexOf("/"));
    found.set(path, { root, outputs: [outDir, declarationDir].filter((one) => one !== undefined) });
    queue.push(...(parsed.projectReferences ?? []).map((one) => referencedConfigPath(files, one.path)));
  }
  return [...found.values()];
}
