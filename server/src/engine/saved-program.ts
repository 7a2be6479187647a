/** A program of which only facts are there: as they were saved, with no compiler behind them. */
import type { FileFacts } from "../facts/file-facts.ts";
import type { FileSystem } from "../source/file-system.ts";
import { Overlay } from "../source/overlay.ts";
import type { ProgramSource } from "./program-source.ts";

/** What is known of it. */
export interface ProgramFacts {
  readonly actorFiles: readonly string[];
  readonly facts: readonly FileFacts[];
  readonly emptyFolders: ReturnType<ProgramSource["emptyFolders"]>;
  readonly skipped: ReturnType<ProgramSource["skippedFiles"]>;
  readonly problems: ReturnType<ProgramSource["problems"]>;
  /** By file or folder. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Files of which nothing but their facts is known. */
export function onlyFacts(facts: readonly FileFacts[]): ProgramFacts {
  const actorFiles = facts.map(({ path }) => path);
  return { actorFiles, facts, emptyFolders: [], skipped: [], problems: [], packages: new Map() };
}

export class SavedProgram implements ProgramSource {
  readonly files: Overlay;
  readonly #saved: ProgramFacts;
  readonly #facts: ReadonlyMap<string, FileFacts>;

  constructor(saved: ProgramFacts, files: FileSystem) {
    this.#saved = saved;
    this.files = new Overlay(files);
    this.#facts = new Map(saved.facts.map((facts) => [facts.path, facts]));
  }

  addFolder(): void {}

  removeFolder(): void {}

  leaveOut(): void {}

  /** Whoever changes something begins anew. */
  change(): "all" {
    return "all";
  }

  lookAgain(): boolean {
    return false;
  }

  actorFiles(): readonly string[] {
    return this.#saved.actorFiles;
  }

  factsOf(file: string): FileFacts | undefined {
    return this.#facts.get(file);
  }

  emptyFolders(): ProgramFacts["emptyFolders"] {
    return this.#saved.emptyFolders;
  }

  skippedFiles(): ProgramFacts["skipped"] {
    return this.#saved.skipped;
  }

  problems(): ProgramFacts["problems"] {
    return this.#saved.problems;
  }

  packageOf(file: string): string {
    return this.#saved.packages.get(file) ?? file.slice(0, file.lastIndexOf("/"));
  }
}
