/**
 * The facts of a folder that an editor has open, in the file that `airssys check --cache` keeps there, too. A folder may come from anywhere:
 * an editor opens it without being asked for its facts.
 *
 * | what there is                                                        | is read | is written           |
 * | -------------------------------------------------------------------- | ------- | -------------------- |
 * | a file of the user's own that nobody else may read or write          | yes     | yes                  |
 * | one of somebody else's, one that others may read or write, a link    | no      | yes, in its place    |
 * | one that is damaged, or of another build                             | no      | yes                  |
 * | no file, and `node_modules`                                          | no      | yes                  |
 * | no `node_modules`                                                    | no      | no                   |
 * | `.cache` or a folder in it, that a link leads elsewhere              | no      | no                   |
 */
import { existsSync, lstatSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import type { SavedProjects } from "../compiler/saved-project.ts";
import { FACTS_PLACE } from "../source/facts-place.ts";
import { FactsFile } from "./facts-file.ts";

/** Where facts are kept between two openings of a folder. */
export interface FolderFacts {
  /** @returns none where none are kept. */
  read(folder: string): SavedProjects;
  /** @throws {Error} when they cannot be kept. */
  write(folder: string, projects: SavedProjects): void;
}

const NONE: SavedProjects = new Map();
/** Bits of a mode that say what others than the owner may do. */
const OTHERS = 0o077;

/** @param build of our code. */
export function factsOnDisk(build: string): FolderFacts {
  return {
    read: (folder) => {
      const file = placeIn(folder);
      return file !== undefined && existsSync(file) && isOwn(file)
        ? (new FactsFile(file, build).kept?.projects ?? NONE)
        : NONE;
    },
    write: (folder, projects) => {
      const file = placeIn(folder);
      if (file === undefined) return;
      if (existsSync(file) && !isOwn(file)) rmSync(file);
      new FactsFile(file, build).write({ projects });
    },
  };
}

/** @returns `undefined` where there is no `node_modules`, or a link leads out of it. */
function placeIn(folder: string): string | undefined {
  const modules = path.join(folder, "node_modules");
  if (!existsSync(modules)) return undefined;
  const file = path.join(folder, FACTS_PLACE);
  const home = path.dirname(file);
  const there = [home, path.dirname(home)].find((one) => existsSync(one)) ?? modules;
  const isInside = realpathSync(there) === path.join(realpathSync(modules), path.relative(modules, there));
  return isInside ? file : undefined;
}

/** Where there are no users, whoever can write into the folder is believed. */
function isOwn(file: string): boolean {
  const state = lstatSync(file);
  if (!state.isFile()) return false;
  const user = process.getuid?.();
  return user === undefined || (state.uid === user && (state.mode & OTHERS) === 0);
}
