/** What the server needs of a compiler, and all it knows of one: facts about the files of one project, kept up to date. */
import type { FileFacts } from "../facts/file-facts.ts";
import type { SendableTag } from "../facts/message-type.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import type { VariantDeclaration } from "../facts/variant-declaration.ts";
import type { ActorMessages } from "../protocol.ts";
import type { FileSystem } from "../source/file-system.ts";
import type { ProjectConfig } from "./project-config.ts";

/** Makes the compiler of one project. */
export type CompilerMaker = (config: ProjectConfig, files: FileSystem, roots: readonly string[]) => Compiler;

export interface Compiler {
  /** Files the project is built from, before what they import. */
  readonly roots: readonly string[];

  /** Source files of the project the user wrote: roots and what they import, without declaration files and packages. */
  files(): readonly string[];

  /**
   * Of each source file of the project: the files its imports lead to. Without those that every file sees, and what is not TypeScript: a
   * change of them may concern any file.
   */
  imports(): ReadonlyMap<string, readonly string[]>;

  /** Does what has to be done for all files before the facts of the first. */
  prepare(): void;

  /**
   * Files and directories on the disk, outside of what the user writes, that decide what imports mean: those of packages, and where a
   * package that is missing would be. The same list until a new program is made.
   */
  places(): readonly string[];

  /** What the source says. Never throws on broken code: what is not understood is left out. */
  factsOf(path: string): FileFacts | undefined;

  /** Where message variants are declared in a file of the project; `undefined` when the file is not in it. */
  variantsIn(path: string): readonly VariantDeclaration[] | undefined;

  /** What can be sent at a place of a file where `tell` or `ask` begins, as it is written there. */
  sendableAt(path: string, offset: number): readonly SendableTag[];

  /** How else the code at a place of a file could be written. */
  rewritesAt(path: string, offset: number): readonly Rewrite[];

  /** What the messages of an actor look like that a file defines; `undefined` when not all are known. */
  messagesOf(path: string, actor: string): ActorMessages | undefined;

  /**
   * Takes in that files have new text.
   * @returns the files whose facts may have changed.
   */
  change(paths: readonly string[]): readonly string[];

  /** Takes in that files came or went, or that settings of the resolution changed: everything is looked up anew. */
  reload(roots: readonly string[]): void;
}
