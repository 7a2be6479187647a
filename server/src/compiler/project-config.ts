/** One tsconfig or jsconfig: options, files and references. A broken one gives defaults and says what is wrong. */
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";

/** A project that another refers to, as its config file says it. */
export interface ReferencedProject {
  readonly path: string;
  readonly originalPath?: string;
  readonly circular?: boolean;
}

export interface ProjectConfig {
  /** The config file; for files without one, the folder. */
  readonly path: string;
  readonly directory: string;
  /** Of the compiler, as plain data that JSON can hold, with its own numbers for what has a name. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Folder that the compiler writes to, and the one whose shape it keeps there, where the config names them. */
  readonly outDir?: string;
  readonly rootDir?: string;
  readonly fileNames: ReadonlySet<string>;
  readonly references: readonly string[];
  readonly projectReferences?: readonly ReferencedProject[];
  /** What is wrong with the file, for people. */
  readonly problems: readonly string[];
}

/** Settings that only concern what is written out, or slow the analysis down without changing a type. */
const OVERRIDES: ts.CompilerOptions = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  plugins: [],
};

/** Never throws. */
export function readProjectConfig(files: FileSystem, path: string): ProjectConfig {
  // The compiler fails over the names of modules in a directory without a name.
  const directory = path.slice(0, path.lastIndexOf("/")) || "/";
  const host = configHost(files);
  const read = ts.readConfigFile(path, (name) => files.read(name));
  const parsed = ts.parseJsonConfigFileContent(read.config ?? {}, host, directory, undefined, path);
  const errors = [...(read.error === undefined ? [] : [read.error]), ...parsed.errors];
  const { outDir, rootDir } = parsed.options;
  const references = (parsed.projectReferences ?? []).map((one) => referencedConfigPath(files, one.path));
  return {
    path,
    directory,
    ...(outDir === undefined ? {} : { outDir }),
    ...(rootDir === undefined ? {} : { rootDir }),
    options: withDefaults({ ...parsed.options, ...OVERRIDES, configFilePath: path }),
    fileNames: new Set(parsed.fileNames),
    references,
    ...(parsed.projectReferences === undefined ? {} : { projectReferences: parsed.projectReferences }),
    // A solution file may list no files at all.
    problems: [
      ...errors
        .filter((error) => error.code !== 18002 && error.code !== 18003)
        .map((error) => ts.flattenDiagnosticMessageText(error.messageText, " ")),
      ...references.filter((one) => !files.isFile(one)).map((one) => `The referenced project ${one} is not there`),
      ...missingTypes(files, path, parsed.options).map((name) => `The types of "${name}" are not found`),
    ],
  };
}

/** Those that the config names: what they declare for every file would be missed by many rules, and by none aloud. */
function missingTypes(files: FileSystem, path: string, options: ts.CompilerOptions): readonly string[] {
  const host: ts.ModuleResolutionHost = {
    fileExists: (one) => files.isFile(one),
    readFile: (one) => files.read(one),
    directoryExists: (one) => files.isDirectory(one),
    getDirectories: (one) => [...files.list(one).directories],
    realpath: (one) => files.realPath(one),
  };
  return (options.types ?? []).filter(
    (name) =>
      name !== "*" &&
      ts.resolveTypeReferenceDirective(name, path, options, host).resolvedTypeReferenceDirective === undefined,
  );
}

/** A config file as it is, for the compiler to tell what it writes where. */
export function readReferencedConfig(files: FileSystem, path: string): ts.ParsedCommandLine | undefined {
  const text = files.read(path);
  if (text === undefined) return undefined;
  const directory = path.slice(0, path.lastIndexOf("/")) || "/";
  const source = ts.parseJsonText(path, text);
  return ts.parseJsonSourceFileConfigFileContent(source, configHost(files), directory, undefined, path);
}

/** For files that no config file takes in. */
export function inferredConfig(directory: string): ProjectConfig {
  const options: ts.CompilerOptions = {
    ...OVERRIDES,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    allowJs: true,
    jsx: ts.JsxEmit.Preserve,
    strict: true,
  };
  return { path: directory, directory, options, fileNames: new Set(), references: [], problems: [] };
}

function withDefaults(options: ts.CompilerOptions): ts.CompilerOptions {
  const isStrict = options.strict === true || options.strictNullChecks === true;
  // Without null checks a union of literals still narrows: nothing else has to be changed.
  return isStrict ? options : { ...options, strictNullChecks: options.strictNullChecks ?? false };
}

export function referencedConfigPath(files: FileSystem, reference: string): string {
  const path = reference.replaceAll("\\", "/");
  return files.isDirectory(path) ? `${path}/tsconfig.json` : path;
}

type MatchFiles = (
  path: string,
  extensions: readonly string[] | undefined,
  excludes: readonly string[] | undefined,
  includes: readonly string[] | undefined,
  useCaseSensitiveFileNames: boolean,
  currentDirectory: string,
  depth: number | undefined,
  entriesOf: (path: string) => { readonly files: readonly string[]; readonly directories: readonly string[] },
  realPath: (path: string) => string,
) => string[];

function configHost(files: FileSystem): ts.ParseConfigHost {
  // The one function with the meaning of `include` and `exclude`; the compiler exports it without declaring it.
  const { matchFiles } = ts as unknown as { matchFiles: MatchFiles };
  return {
    useCaseSensitiveFileNames: true,
    readFile: (path) => files.read(path),
    fileExists: (path) => files.isFile(path),
    readDirectory: (path, extensions, excludes, includes, depth) =>
      matchFiles(
        path,
        extensions,
        excludes,
        includes,
        true,
        path,
        depth,
        (at) => files.list(at === "" ? "." : at),
        (at) => files.realPath(at),
      ),
  };
}
