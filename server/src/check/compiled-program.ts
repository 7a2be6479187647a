/** The program of a check in which something has changed: read by the compiler, with what is saved of the projects that are the same. */
import { SavedCompilers } from "../compiler/saved-compiler.ts";
import { TsProject } from "../compiler/ts-project.ts";
import { Workspace } from "../engine/workspace.ts";
import type { FileSystem } from "../source/file-system.ts";
import { AnswerLog, RecordedFiles } from "../source/recorded-files.ts";
import type { SavedCheck } from "./saved-facts.ts";

/** A program, and what is to be saved of it when it was read. */
export interface CompiledProgram {
  readonly program: Workspace;
  /** @returns `undefined` when files changed while they were read, or some could not be read. */
  toSave(folders: readonly string[]): Omit<SavedCheck, "build"> | undefined;
}

export function plainProgram(files: FileSystem): Workspace {
  return new Workspace(files);
}

export function compiledProgram(saved: SavedCheck | undefined, files: FileSystem): CompiledProgram {
  const log = new AnswerLog();
  const compilers = new SavedCompilers(
    log,
    saved,
    (config, projectFiles, roots) => new TsProject(config, projectFiles, roots),
  );
  const program = new Workspace(new RecordedFiles(files, log), () => {}, compilers.make);
  return { program, toSave: (folders) => toSave(program, log, compilers, folders) };
}

function toSave(
  program: Workspace,
  log: AnswerLog,
  compilers: SavedCompilers,
  folders: readonly string[],
): Omit<SavedCheck, "build"> | undefined {
  const actorFiles = program.actorFiles();
  const facts = actorFiles.flatMap((path) => program.factsOf(path) ?? []);
  const skipped = program.skippedFiles();
  const problems = program.problems();
  const told = [...actorFiles, ...folders, ...[...skipped, ...problems].map(({ path }) => path)];
  const rest = {
    folders,
    actorFiles,
    facts,
    emptyFolders: program.emptyFolders(),
    skipped,
    problems,
    packages: new Map(told.map((path) => [path, program.packageOf(path)])),
    projects: compilers.toSave(),
  };
  // What failed may not fail the next time.
  const isWhole = log.isStable && facts.every(({ failures }) => failures.length === 0);
  return isWhole ? { ...rest, questions: log.questions, answers: log.answers } : undefined;
}
