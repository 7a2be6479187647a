/** The program of a check in which something has changed: read by the compiler, with what is saved of the projects that are the same. */
import { SavedCompilers } from "../compiler/saved-compiler.ts";
import { makeCompiler } from "../compiler/ts-project.ts";
import type { KeptFacts } from "../engine/facts-file.ts";
import { Workspace } from "../engine/workspace.ts";
import type { FileSystem } from "../source/file-system.ts";
import { AnswerLog, RecordedFiles } from "../source/recorded-files.ts";

/** A program, and what is to be saved of it when it was read. */
export interface CompiledProgram {
  readonly program: Workspace;
  /** @returns `undefined` when files changed while they were read, or some could not be read. */
  toSave(folders: readonly string[]): Required<KeptFacts> | undefined;
}

export function plainProgram(files: FileSystem): Workspace {
  return new Workspace(files);
}

export function compiledProgram(kept: KeptFacts | undefined, files: FileSystem): CompiledProgram {
  const log = new AnswerLog();
  const compilers = new SavedCompilers(kept?.projects ?? new Map(), makeCompiler);
  const program = new Workspace(new RecordedFiles(files, log), () => {}, compilers.make);
  return { program, toSave: (folders) => toSave(program, log, compilers, folders) };
}

function toSave(
  program: Workspace,
  log: AnswerLog,
  compilers: SavedCompilers,
  folders: readonly string[],
): Required<KeptFacts> | undefined {
  const actorFiles = program.actorFiles();
  const facts = actorFiles.flatMap((path) => program.factsOf(path) ?? []);
  const skipped = program.skippedFiles();
  const problems = program.problems();
  const told = [...actorFiles, ...folders, ...[...skipped, ...problems].map(({ path }) => path)];
  const packages = new Map(told.map((path) => [path, program.packageOf(path)]));
  const rest = { folders, actorFiles, facts, emptyFolders: program.emptyFolders(), skipped, problems, packages };
  const projects = compilers.toSave(program.projects());
  // What failed may not fail the next time.
  const isWhole = log.isStable && facts.every(({ failures }) => failures.length === 0);
  return isWhole ? { projects, whole: { ...rest, ...log.noted } } : undefined;
}
