/** What the analysis needs to know of the files it judges: facts of each, and what could not be looked at. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { Overlay } from "../source/overlay.ts";
import type { SkippedFile } from "./gap.ts";

export interface ProgramSource {
  readonly files: Overlay;
  addFolder(path: string): void;
  removeFolder(path: string): void;
  /** Files whose reading ended the process: they are not read while they have the text they have now. */
  leaveOut(paths: readonly string[]): void;
  /**
   * Takes in files that have new text, came, or went.
   * @returns the actor files whose facts may have changed; `"all"` when everything has to be looked at anew.
   */
  change(paths: readonly string[]): readonly string[] | "all";
  /** @returns whether packages were installed or changed, so that everything has to be looked at anew. */
  lookAgain(): boolean;
  /** Files that speak of actors. */
  actorFiles(): readonly string[];
  factsOf(path: string): FileFacts | undefined;
  /** Folders in which there is no file to look at, actor or not. */
  emptyFolders(): readonly string[];
  /** Files that are not read, and why, for people; whether they speak of actors. */
  skippedFiles(): readonly SkippedFile[];
  /** What is wrong with config files, for people. */
  problems(): readonly { readonly path: string; readonly text: string }[];
  /** The folder of the nearest `package.json` above a file, within the workspace folder; that folder when there is none. */
  packageOf(path: string): string;
}
