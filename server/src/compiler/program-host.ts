/** The compiler's view of the files: parsed files and module look-ups that survive from one program to the next. */
import { ts } from "ts-morph";
import { RUNTIME_PACKAGE } from "../reading/runtime-package.ts";
import { type FileSystem, MAX_FILE_BYTES } from "../source/file-system.ts";
import { readLate } from "./late-members.ts";
import { LIB_FOLDER, readLibFile } from "./lib-files.ts";
import { readReferencedConfig } from "./project-config.ts";

interface Parsed {
  readonly text: string;
  readonly file: ts.SourceFile;
  readonly how: ts.ScriptTarget | ts.CreateSourceFileOptions;
}

/** Parsed libraries and packages are shared by all projects of equal language settings. */
const sharedFiles = new Map<string, Parsed>();

/** Sources that several projects hold, such as those of a project and its tests, while one of them does. */
const sharedSources = new Map<string, WeakRef<ts.SourceFile>>();

/** What of the settings decides how the tree of a source and its symbols are made. */
const MADE_BY: readonly (keyof ts.CompilerOptions)[] = [
  "target",
  "module",
  "moduleResolution",
  "moduleDetection",
  "jsx",
  "jsxImportSource",
  "importHelpers",
  "isolatedModules",
  "strict",
  "alwaysStrict",
  "preserveConstEnums",
  "noFallthroughCasesInSwitch",
  "allowUnusedLabels",
  "allowUnreachableCode",
];

/** What changes in a folder when packages are installed, by whatever installs them. */
const INSTALLED: readonly string[] = ["node_modules", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];
/** The same in the packages of a folder. */
const INSTALLED_IN_MODULES: readonly string[] = [".package-lock.json", ".modules.yaml", ".yarn-state.yml"];

export class ProgramHost implements ts.CompilerHost {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #options: ts.CompilerOptions;
  readonly #settingsKey: string;
  readonly #sourceKey: string;
  readonly #parsed = new Map<string, Parsed>();
  readonly #exists = new Map<string, boolean>();
  /** By file: packages it imports that are not found. */
  readonly #missing = new Map<string, readonly string[]>();
  readonly #configs = new Map<string, ts.ParsedCommandLine>();
  readonly #imports = new Map<string, readonly string[]>();
  /** Files whose parsed text is the newest: changes are told, so that nothing has to be read again for each program. */
  readonly #current = new Set<string>();
  #resolutions: ts.ModuleResolutionCache;

  constructor(files: FileSystem, directory: string, options: ts.CompilerOptions) {
    this.#files = files;
    this.#directory = directory;
    this.#options = options;
    this.#settingsKey = `${options.target}|${options.module}|${options.moduleDetection}|${options.jsx}`;
    this.#sourceKey = JSON.stringify(MADE_BY.map((name) => options[name] ?? null));
    this.#resolutions = this.#newResolutions();
  }

  /** Forgets what was looked up, keeps what was parsed: the texts are compared. */
  forgetLookups(): void {
    this.#exists.clear();
    this.#imports.clear();
    this.#configs.clear();
    this.#missing.clear();
    this.#current.clear();
    this.#resolutions = this.#newResolutions();
  }

  /** Parses the new text of a changed file. The tree before is left as it is: a checker may know it. */
  reparse(path: string): ts.SourceFile | undefined {
    const old = this.#parsed.get(path);
    if (old === undefined) return undefined;
    const text = this.#readSource(path);
    if (text === undefined) {
      this.#parsed.delete(path);
      return undefined;
    }
    if (old.text === text) return old.file;
    return this.#parseSource(path, text, old.how);
  }

  /** Paths the imports of a file resolve to, as of the last program that looked. */
  importsOf(path: string): readonly string[] {
    return this.#imports.get(path) ?? [];
  }

  /** What an installation changes: lock files, `node_modules`, the declarations of packages, and where missing packages would be. */
  placesOf(program: ts.Program): readonly string[] {
    const places = new Set<string>();
    // Where there are no packages, nothing in them has to be looked at: that there are some is seen first.
    const isModules = (folder: string): boolean => this.#files.isDirectory(folder);
    for (const folder of foldersAbove(`${this.#directory}/`)) {
      for (const name of INSTALLED) places.add(`${folder}/${name}`);
      const modules = `${folder}/node_modules`;
      if (isModules(modules)) for (const name of INSTALLED_IN_MODULES) places.add(`${modules}/${name}`);
    }
    for (const file of program.getSourceFiles()) {
      const { fileName } = file;
      const isPackage = fileName.includes("/node_modules/") && !fileName.startsWith(LIB_FOLDER);
      if (isPackage && !fileName.includes("/node_modules/@types/")) places.add(fileName);
    }
    for (const [folder, names] of this.#missingByFolder()) {
      const modules = `${folder}/node_modules`;
      places.add(modules);
      if (!isModules(modules)) continue;
      for (const name of names) {
        places.add(`${modules}/${name}`);
        places.add(`${modules}/@types/${name.replace(/^@([^/]+)\//, "$1__")}`);
      }
    }
    return [...places];
  }

  /** Packages that are not found, by each folder in whose packages they could be. */
  #missingByFolder(): ReadonlyMap<string, ReadonlySet<string>> {
    const byFolder = new Map<string, Set<string>>();
    for (const [from, names] of this.#missing)
      for (const folder of foldersAbove(from)) {
        const known = byFolder.get(folder) ?? new Set<string>();
        for (const name of names) known.add(name);
        byFolder.set(folder, known);
      }
    return byFolder;
  }

  /** Why a module is not found, for people. */
  whyMissing(specifier: string, from: string): string {
    const { moduleResolution } = this.#options;
    const isOld =
      moduleResolution === ts.ModuleResolutionKind.Node10 || moduleResolution === ts.ModuleResolutionKind.Classic;
    const name = packageIn(specifier);
    if (name === undefined) return `module "${specifier}" is not found`;
    if (isOld && this.#isFoundByExports(specifier, from))
      return `${name} is installed, but "moduleResolution": "${moduleResolution === ts.ModuleResolutionKind.Classic ? "classic" : "node"}" does not look at what a package exports; "nodenext" and "bundler" do`;
    return this.#isInstalled(name, from)
      ? `${name} is installed, but the types of "${specifier}" are not found in it`
      : `${name} is imported and not installed`;
  }

  #isFoundByExports(specifier: string, from: string): boolean {
    const options = {
      ...this.#options,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    };
    return ts.resolveModuleName(specifier, from, options, this).resolvedModule !== undefined;
  }

  #isInstalled(name: string, from: string): boolean {
    for (let directory = from; directory.includes("/"); ) {
      directory = directory.slice(0, directory.lastIndexOf("/"));
      if (this.directoryExists(`${directory}/node_modules/${name}`)) return true;
    }
    return false;
  }

  getSourceFile(
    path: string,
    languageVersionOrOptions: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const isShared = path.startsWith(LIB_FOLDER) || path.includes("/node_modules/");
    const cache = isShared ? sharedFiles : this.#parsed;
    const key = isShared ? `${this.#settingsKey}|${path}` : path;
    const old = cache.get(key);
    if (old !== undefined && (this.#current.has(path) || path.startsWith(LIB_FOLDER))) return old.file;
    const text = this.#readSource(path);
    if (text === undefined) return undefined;
    this.#current.add(path);
    if (old?.text === text) return old.file;
    if (!isShared) return this.#parseSource(path, text, languageVersionOrOptions);
    const file = isReadLate(path)
      ? readLate({ text, options: this.#options, parse: (part) => parse(path, part, languageVersionOrOptions) })
      : parse(path, text, languageVersionOrOptions);
    sharedFiles.set(key, { text, file, how: languageVersionOrOptions });
    return file;
  }

  /** The tree another project has made of the same text in the same way, or one of its own. */
  #parseSource(path: string, text: string, how: Parsed["how"]): ts.SourceFile {
    const format = typeof how === "object" ? how.impliedNodeFormat : undefined;
    const key = `${format}|${this.#sourceKey}|${path}`;
    const known = sharedSources.get(key)?.deref();
    const file = known?.text === text ? known : parse(path, text, how);
    if (file !== known) sharedSources.set(key, new WeakRef(file));
    this.#parsed.set(path, { text, file, how });
    return file;
  }

  #readSource(path: string): string | undefined {
    const text = this.readFile(path);
    return text !== undefined && text.length > MAX_FILE_BYTES && !path.endsWith(".d.ts") ? "" : text;
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    containingFile: string,
    redirect: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    sourceFile: ts.SourceFile,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] {
    const resolved = literals.map((literal) => {
      const mode = ts.getModeForUsageLocation(sourceFile, literal, options);
      return ts.resolveModuleName(literal.text, containingFile, options, this, this.#resolutions, redirect, mode);
    });
    this.#imports.set(
      containingFile,
      resolved.flatMap((one) => one.resolvedModule?.resolvedFileName ?? []),
    );
    const missing = literals.flatMap((literal, at) =>
      resolved[at]?.resolvedModule === undefined ? (packageIn(literal.text) ?? []) : [],
    );
    if (missing.length > 0) this.#missing.set(containingFile, missing);
    else this.#missing.delete(containingFile);
    return resolved;
  }

  /** As in an editor: what a referenced project is built to may be old, or not there. */
  useSourceOfProjectReferenceRedirect(): boolean {
    return true;
  }

  /** The config of a referenced project. */
  getParsedCommandLine(path: string): ts.ParsedCommandLine | undefined {
    const known = this.#configs.get(path) ?? readReferencedConfig(this.#files, path);
    if (known !== undefined) this.#configs.set(path, known);
    return known;
  }

  /** With it the compiler asks for the `package.json` above each file once, not once for each program. */
  getModuleResolutionCache(): ts.ModuleResolutionCache {
    return this.#resolutions;
  }

  readFile(path: string): string | undefined {
    return path.startsWith(LIB_FOLDER) ? (readLibFile(path) ?? this.#files.read(path)) : this.#files.read(path);
  }

  fileExists(path: string): boolean {
    const known = this.#exists.get(path);
    if (known !== undefined) return known;
    const exists = path.startsWith(LIB_FOLDER) ? readLibFile(path) !== undefined : this.#files.isFile(path);
    this.#exists.set(path, exists);
    return exists;
  }

  directoryExists(path: string): boolean {
    const key = `${path}/`;
    const known = this.#exists.get(key);
    if (known !== undefined) return known;
    const exists = this.#files.isDirectory(path);
    this.#exists.set(key, exists);
    return exists;
  }

  getDirectories(path: string): string[] {
    return [...this.#files.list(path).directories];
  }

  realpath(path: string): string {
    return path.startsWith(LIB_FOLDER) ? path : this.#files.realPath(path);
  }

  getDefaultLibFileName(options: ts.CompilerOptions): string {
    return `${LIB_FOLDER}/${ts.getDefaultLibFileName(options)}`;
  }

  getDefaultLibLocation(): string {
    return LIB_FOLDER;
  }

  getCurrentDirectory(): string {
    return this.#directory;
  }

  getCanonicalFileName(path: string): string {
    return path;
  }

  useCaseSensitiveFileNames(): boolean {
    return true;
  }

  getNewLine(): string {
    return "\n";
  }

  writeFile(): void {}

  #newResolutions(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#directory, (path) => path, this.#options);
  }
}

function parse(path: string, text: string, how: Parsed["how"]): ts.SourceFile {
  const options = typeof how === "object" ? how : { languageVersion: how };
  return ts.createSourceFile(path, text, {
    ...options,
    jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeInfo,
  });
}

/**
 * Whose interfaces are read when they are asked for. Not the runtime, whose own words are asked for, and not what ECMAScript adds year by
 * year: it declares interfaces that others have declared, and those the compiler puts together at once.
 */
function isReadLate(path: string): boolean {
  return (
    /\.d\.[cm]?ts$/.test(path) &&
    !path.includes(`/node_modules/${RUNTIME_PACKAGE}/`) &&
    !path.startsWith(`${LIB_FOLDER}/lib.es`)
  );
}

/** `@scope/name` of a path into a package; `undefined` for what is no package. */
function packageIn(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./#@:][^/:]*(?=\/|$)/.exec(specifier)?.[0];
}

/** From the folder of a file to the top. */
function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path; at.includes("/"); ) {
    at = at.slice(0, at.lastIndexOf("/"));
    folders.push(at);
  }
  return folders;
}
