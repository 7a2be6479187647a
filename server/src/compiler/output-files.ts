/**
 * Which scripts a compiler or bundler has written: their source is looked at, not they.
 *
 * | a script                                                                       | is output |
 * | ------------------------------------------------------------------------------ | --------- |
 * | in the `outDir` of a tsconfig above it                                         | yes       |
 * | with its TypeScript beside it, or with a source map                            | yes       |
 * | in `dist`, `lib`, `build`, …, with its source at the same place beside that    | yes       |
 * | in `dist`, `out`, `output` or `coverage`, where other sources stand beside that | yes       |
 * | anything else, whatever its folder is called, or the folder is in              | no        |
 */
import { ts } from "ts-morph";
import { isSourceFile } from "../source/actor-scan.ts";
import type { FileSystem } from "../source/file-system.ts";

const SCRIPT = /\.([cm]?)jsx?$/;
/** Folders that may hold output, and those that hold nothing else where there are sources beside them. */
const MAYBE_OUTPUT: ReadonlySet<string> = new Set(["dist", "out", "output", "coverage", "build", "lib", "esm", "cjs"]);
const MOSTLY_OUTPUT: ReadonlySet<string> = new Set(["dist", "out", "output", "coverage"]);
const SOURCE_FOLDERS: readonly string[] = ["", "src/", "source/"];
const SOURCE_ENDINGS: readonly string[] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

export class OutputFiles {
  readonly #files: FileSystem;
  /** By directory: the output folders of the config files in it. */
  readonly #outDirs = new Map<string, readonly string[]>();
  /** By directory: whether there is a source in it or below, output aside. */
  readonly #hasSources = new Map<string, boolean>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  forget(): void {
    this.#outDirs.clear();
    this.#hasSources.clear();
  }

  /** @param folder the workspace folder, above which nothing is looked for. */
  isOutput(path: string, text: string, folder: string | undefined): boolean {
    if (!SCRIPT.test(path)) return false;
    return this.#hasSourceBeside(path, folder) || this.#isMapped(path, text) || this.#isNamedAsOutput(path, folder);
  }

  #isMapped(path: string, text: string): boolean {
    return /\n\/\/# sourceMappingURL=\S+\s*$/.test(text.slice(-400)) || this.#files.isFile(`${path}.map`);
  }

  #hasSourceBeside(path: string, folder = ""): boolean {
    const stem = path.replace(SCRIPT, "");
    if (["ts", "tsx", "mts", "cts"].some((ending) => this.#files.isFile(`${stem}.${ending}`))) return true;
    const parts = path.split("/");
    const above = folder === "" ? 0 : folder.split("/").length;
    return parts.slice(0, -1).some((name, at) => {
      if (at < above || !MAYBE_OUTPUT.has(name)) return false;
      const home = parts.slice(0, at).join("/");
      const rest = parts
        .slice(at + 1)
        .join("/")
        .replace(SCRIPT, "");
      const isSame = SOURCE_FOLDERS.some((source) =>
        SOURCE_ENDINGS.some((ending) => this.#files.isFile(`${home}/${source}${rest}.${ending}`)),
      );
      return isSame || (MOSTLY_OUTPUT.has(name) && this.#holdsSources(home));
    });
  }

  #holdsSources(directory: string): boolean {
    const known = this.#hasSources.get(directory);
    if (known !== undefined) return known;
    this.#hasSources.set(directory, false);
    const { files, directories } = this.#files.list(directory);
    const found =
      files.some((name) => isSourceFile(name) && !/\.config\.\w+$/.test(name)) ||
      directories.some(
        (name) =>
          name !== "node_modules" &&
          !name.startsWith(".") &&
          !MAYBE_OUTPUT.has(name) &&
          this.#holdsSources(`${directory}/${name}`),
      );
    this.#hasSources.set(directory, found);
    return found;
  }

  #isNamedAsOutput(path: string, folder: string | undefined): boolean {
    for (let at = parentOf(path); ; at = parentOf(at)) {
      if (this.#outDirsIn(at).some((out) => path.startsWith(`${out}/`))) return true;
      if (at === "" || at === folder) return false;
    }
  }

  #outDirsIn(directory: string): readonly string[] {
    const known = this.#outDirs.get(directory);
    if (known !== undefined) return known;
    const found = this.#files
      .list(directory)
      .files.filter((name) => /^[tj]sconfig[^/]*\.json$/.test(name))
      .flatMap((name) => this.#outDirsOf(`${directory}/${name}`, directory));
    this.#outDirs.set(directory, found);
    return found;
  }

  #outDirsOf(config: string, directory: string): readonly string[] {
    const read = ts.readConfigFile(config, (path) => this.#files.read(path));
    const host: ts.ParseConfigHost = {
      useCaseSensitiveFileNames: true,
      readFile: (path) => this.#files.read(path),
      fileExists: (path) => this.#files.isFile(path),
      // Its files are not asked for.
      readDirectory: () => [],
    };
    const { outDir } = ts.parseJsonConfigFileContent(
      read.config ?? {},
      host,
      directory || "/",
      undefined,
      config,
    ).options;
    // One that writes beside its sources names nothing.
    return outDir === undefined || `${directory}/`.startsWith(`${outDir.replace(/\/$/, "")}/`) ? [] : [outDir];
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
