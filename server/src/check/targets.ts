/** What the words of a command line mean: folders to check, or files to report of the projects that they are in. */
import path from "node:path";
import { isSourceFile, sourceFilesIn, sourcesIn } from "../source/actor-scan.ts";
import type { FileSystem } from "../source/file-system.ts";
import { globTest, isGlob } from "../source/glob.ts";
import { pathOfNative } from "../source/path-uri.ts";
import { UsageError } from "./usage-error.ts";

export interface Targets {
  /** What is looked at: a message is sent and handled in different files, so that a file alone says little. */
  readonly folders: readonly string[];
  /** The files whose findings are told; `undefined`: all. */
  readonly files?: ReadonlySet<string>;
  /** Folders that were named beside files: all that is in them is told, also what nobody may read. */
  readonly whole?: readonly string[];
  /** What was named and is no source, for people. */
  readonly notes: readonly string[];
}

/** Folders that are not looked into. */
const LEFT_OUT = /\/(?:node_modules|\.[^/]+)\//;

/**
 * | a word                          | is looked at                                    | is told  |
 * | ------------------------------- | ----------------------------------------------- | -------- |
 * | a folder                        | the folder                                      | all of it |
 * | a file below the current folder | the current folder                              | the file |
 * | another file                    | the folder of the nearest `package.json` above it | the file |
 * | a pattern                       | the current folder                              | what fits |
 *
 * @param directory absolute, with `/`.
 * @throws {UsageError} for what is not there, fits nothing, or lies where nothing is looked for.
 */
export function targetsOf(words: readonly string[], directory: string, files: FileSystem): Targets {
  const folders = new Set<string>();
  const named = new Set<string>();
  const notes: string[] = [];
  for (const word of words) {
    const target = pathOfNative(path.resolve(directory, word));
    if (files.isDirectory(target)) folders.add(target);
    else if (files.isFile(target)) {
      if (isSourceFile(target)) named.add(lookedAt(target, directory));
      else notes.push(`${word} is neither TypeScript nor JavaScript: nothing to check`);
    } else if (isGlob(word)) for (const file of filesOf(word, directory, files)) named.add(file);
    else throw new UsageError(`${word} is not there: neither a folder nor a file`);
  }
  if (named.size === 0) return { folders: [...folders], notes, ...(folders.size === 0 ? { files: named } : {}) };
  const projects = new Set([...folders, ...[...named].map((file) => projectOf(file, directory, files))]);
  for (const folder of folders) {
    const { found, shut } = sourcesIn(files, folder);
    if (found.length === 0 && shut.length === 0) throw new UsageError(`${folder} holds no TypeScript or JavaScript`);
    for (const file of found) named.add(file);
  }
  return { folders: outermost([...projects]), files: named, whole: [...folders], notes };
}

function lookedAt(file: string, directory: string): string {
  const within = file.startsWith(`${directory}/`) ? file.slice(directory.length) : file;
  if (LEFT_OUT.test(within))
    throw new UsageError(`${file} is in a folder that is not looked at: node_modules, or one that begins with a dot`);
  return file;
}

function filesOf(pattern: string, directory: string, files: FileSystem): readonly string[] {
  const fits = testOf(pattern, directory);
  const found = sourceFilesIn(files, directory).filter(fits);
  if (found.length === 0)
    throw new UsageError(`the pattern "${pattern}" fits no TypeScript or JavaScript below ${directory}`);
  return found;
}

function testOf(pattern: string, directory: string): (path: string) => boolean {
  try {
    return globTest(pattern, directory);
  } catch (cause) {
    throw new UsageError(`the pattern "${pattern}" cannot be read: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function projectOf(file: string, directory: string, files: FileSystem): string {
  if (file.startsWith(`${directory}/`)) return directory;
  const parent = file.slice(0, file.lastIndexOf("/"));
  for (let at = parent; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
    if (files.isFile(`${at}/package.json`)) return at;
  return parent;
}

/** Without those that are in another. */
function outermost(folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)));
}
