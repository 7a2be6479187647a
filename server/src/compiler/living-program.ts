/**
 * A program whose files may change inside their functions: a newer version of one file is read with the checker the program has,
 * which has learnt the types of all else. To that checker the newer version is one more module, which nobody imports.
 *
 * | what is newer than the program                  | read with its checker |
 * | ----------------------------------------------- | --------------------- |
 * | nothing                                         | every file            |
 * | the inside of functions of one file             | that file             |
 * | the same, and something the file sees sees it   | none                  |
 * | the same, and the file imports something else   | none                  |
 * | anything else                                   | none                  |
 */
import { ts } from "ts-morph";
import { ImportGraph } from "./import-graph.ts";
import { bindSourceFile } from "./late-members.ts";
import { isSeenByAll } from "./seen-by-all.ts";

/** What a checker learns of a version it keeps: after so many it is better to begin anew. */
const MOST_VERSIONS = 100;

export class LivingProgram {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly #importsOf: (path: string) => readonly string[];
  readonly #newer = new Map<string, ts.SourceFile>();
  readonly #canBeReplaced = new Map<string, boolean>();
  #graph: ImportGraph | undefined;
  #versions = 0;

  /** @param importsOf paths the imports of a file lead to. */
  constructor(program: ts.Program, importsOf: (path: string) => readonly string[]) {
    this.program = program;
    // Also makes the symbols of all files, and tells every node its parent.
    this.checker = program.getTypeChecker();
    this.#importsOf = importsOf;
  }

  /** Files that import `path`, directly or through others. */
  importersOf(path: string): ReadonlySet<string> {
    this.#graph ??= new ImportGraph(this.program, this.#importsOf);
    return this.#graph.importersOf(path);
  }

  /** The newest version of a file, to be looked at; {@link knows} says whether the checker can be asked about it. */
  fileOf(path: string): ts.SourceFile | undefined {
    return this.#newer.get(path) ?? this.program.getSourceFile(path);
  }

  /** Takes in a version whose types are those of the version before. */
  replace(file: ts.SourceFile): void {
    if (file === this.fileOf(file.fileName)) return;
    this.#newer.set(file.fileName, file);
    this.#versions++;
    placeBeside(this.program, file);
  }

  /** Whether the checker knows the newest version of a file, and of everything it sees. */
  knows(path: string): boolean {
    const newer = this.#newer.get(path);
    if (newer === undefined || this.#newer.size > 1 || this.#versions > MOST_VERSIONS) return this.#newer.size === 0;
    return this.#isReplaceable(path) && importSame(this.program.getSourceFile(path), newer);
  }

  #isReplaceable(path: string): boolean {
    const known = this.#canBeReplaced.get(path) ?? canBeReplaced(this.program, path, this.importersOf(path));
    this.#canBeReplaced.set(path, known);
    return known;
  }
}

/**
 * Whether nothing that a file can see sees the file: otherwise its newer version would meet the older one, and a class of the one is
 * not that of the other. What adds to the globals is seen by every file.
 */
function canBeReplaced(program: ts.Program, path: string, importers: ReadonlySet<string>): boolean {
  if (importers.has(path)) return false;
  return [path, ...importers].every((one) => {
    const file = program.getSourceFile(one);
    return file !== undefined && !isSeenByAll(file);
  });
}

/** Whether two versions import the same, also inside their functions: a new path only a new program resolves. */
function importSame(before: ts.SourceFile | undefined, after: ts.SourceFile): boolean {
  return before !== undefined && String(importsIn(before.text)) === String(importsIn(after.text));
}

function importsIn(text: string): readonly string[] {
  return ts.preProcessFile(text).importedFiles.map((one) => one.fileName);
}

/** What the compiler notes of a file beyond its public type. */
interface Placing {
  path?: unknown;
  resolvedPath?: unknown;
  originalFileName?: unknown;
  packageJsonLocations?: unknown;
  packageJsonScope?: unknown;
}

/** Makes a file that is not in the program readable for its checker. */
function placeBeside(program: ts.Program, file: ts.SourceFile): void {
  const before = program.getSourceFile(file.fileName) as Placing | undefined;
  const { path, resolvedPath, originalFileName, packageJsonLocations, packageJsonScope } = before ?? {};
  Object.assign(file, { path, resolvedPath, originalFileName, packageJsonLocations, packageJsonScope });
  bindSourceFile(file, program.getCompilerOptions());
}
