/**
 * Facts that are kept from one check to the next. They depend on our own code, the settings of the projects, and what the files answered
 * to every question that was asked of them; all of that is saved with them, and compared.
 *
 * | what is the same                           | what is read                     |
 * | ------------------------------------------ | -------------------------------- |
 * | every answer                               | nothing: no compiler is loaded   |
 * | the settings and the answers of a project  | the projects that differ         |
 * | neither, or our code is another            | everything                       |
 */
import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { SavedProjects } from "../compiler/saved-compiler.ts";
import type { ProgramSource } from "../engine/program-source.ts";
import type { FileFacts } from "../facts/file-facts.ts";
import type { FileSystem } from "../source/file-system.ts";
import { Overlay } from "../source/overlay.ts";
import { answerNow } from "../source/recorded-files.ts";
import { VERSION } from "../source/version.ts";

const HASH_BYTES = 32;

/** A whole check as it was. */
export interface SavedCheck extends SavedProjects {
  readonly build: string;
  readonly folders: readonly string[];
  readonly actorFiles: readonly string[];
  readonly facts: readonly FileFacts[];
  readonly emptyFolders: ReturnType<ProgramSource["emptyFolders"]>;
  readonly skipped: ReturnType<ProgramSource["skippedFiles"]>;
  readonly problems: ReturnType<ProgramSource["problems"]>;
  /** By file or folder. */
  readonly packages: ReadonlyMap<string, string>;
}

/** The file that facts are kept in. */
export class FactsCache {
  readonly #file: string;
  readonly #build: string;
  readonly #saved: SavedCheck | undefined;

  /** @param script of our code: facts that other code made do not count. */
  constructor(file: string, script: string) {
    this.#file = file;
    this.#build = buildOf(script);
    this.#saved = readSaved(file, this.#build);
  }

  get saved(): SavedCheck | undefined {
    return this.#saved;
  }

  /** @returns the whole program, when all files answer as they did. */
  unchanged(folders: readonly string[], files: FileSystem): SavedProgram | undefined {
    const saved = this.#saved;
    if (saved === undefined || JSON.stringify(saved.folders) !== JSON.stringify(folders)) return undefined;
    const { questions, answers } = saved;
    const isSame = questions.every((question, place) => answerNow(files, question) === answers[place]);
    return isSame ? new SavedProgram(saved, files) : undefined;
  }

  /** @throws {Error} when it cannot be written. */
  write(saved: Omit<SavedCheck, "build">): void {
    const content = serialize({ ...saved, build: this.#build } satisfies SavedCheck);
    mkdirSync(path.dirname(this.#file), { recursive: true });
    // Two checks may end at once: each leaves a whole file.
    const part = `${this.#file}.${process.pid}`;
    writeFileSync(part, Buffer.concat([hash("sha256", content, "buffer"), content]));
    renameSync(part, this.#file);
  }
}

/** Our code: its version, and the bundle it runs from. */
function buildOf(script: string): string {
  const { size, mtimeMs } = statSync(script);
  return [VERSION, size, mtimeMs, process.versions.v8].join(" ");
}

/** @returns `undefined` when there is none, or it is damaged or of another build. */
function readSaved(file: string, build: string): SavedCheck | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const content = bytes.subarray(HASH_BYTES);
  if (!hash("sha256", content, "buffer").equals(bytes.subarray(0, HASH_BYTES))) return undefined;
  const saved = deserialize(content) as SavedCheck;
  return saved.build === build ? saved : undefined;
}

/** The program of a check in which nothing has changed. */
export class SavedProgram implements ProgramSource {
  readonly files: Overlay;
  readonly #saved: SavedCheck;
  readonly #facts: ReadonlyMap<string, FileFacts>;

  constructor(saved: SavedCheck, files: FileSystem) {
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

  emptyFolders(): SavedCheck["emptyFolders"] {
    return this.#saved.emptyFolders;
  }

  skippedFiles(): SavedCheck["skipped"] {
    return this.#saved.skipped;
  }

  problems(): SavedCheck["problems"] {
    return this.#saved.problems;
  }

  packageOf(file: string): string {
    return this.#saved.packages.get(file) ?? file.slice(0, file.lastIndexOf("/"));
  }
}
