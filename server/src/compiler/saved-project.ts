/** What is saved of the projects of a program: their facts, and what these depend on. */
import type { FileFacts } from "../facts/file-facts.ts";
import type { Noted } from "../source/recorded-files.ts";

/** One project, with every question that its compiler asked of the files. */
export interface SavedProject extends Noted {
  /** Its settings. */
  readonly key: string;
  readonly roots: readonly string[];
  readonly facts: readonly FileFacts[];
  readonly places: readonly string[];
  /** As the compiler says it. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** By the path of the config. */
export type SavedProjects = ReadonlyMap<string, SavedProject>;
