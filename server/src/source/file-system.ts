/** The files the server reads, as a port: the disk, a disk with open editors over it, or a test's map. Paths use `/`. */
import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { pathOfNative } from "./path-uri.ts";
import { decodeText } from "./text-encoding.ts";

export interface DirectoryEntries {
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** What is there and leads to nothing that can be read: links to nowhere, pipes; `.` for a directory that nobody may list. */
  readonly shut?: readonly string[];
}

/** No method throws: what cannot be read does not exist. */
export interface FileSystem {
  /** Without a byte order mark. */
  read(path: string): string | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  list(directory: string): DirectoryEntries;
  realPath(path: string): string;
  /** Another value whenever a file is written, or something in a directory comes or goes; `undefined` where there is nothing. */
  stampOf(path: string): number | undefined;
}

/** Larger files are left out of analysis: they are generated, and one of them costs more than a whole program. */
export const MAX_FILE_BYTES: number = 1024 * 1024;

class Disk implements FileSystem {
  read(path: string): string | undefined {
    try {
      return decodeText(readFileSync(path)).text;
    } catch {
      return undefined;
    }
  }

  isFile(path: string): boolean {
    return this.#stat(path)?.isFile() ?? false;
  }

  isDirectory(path: string): boolean {
    return this.#stat(path)?.isDirectory() ?? false;
  }

  list(directory: string): DirectoryEntries {
    const files: string[] = [];
    const directories: string[] = [];
    const shut: string[] = [];
    try {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = `${directory}/${entry.name}`;
        const isLink = entry.isSymbolicLink();
        if (entry.isFile() || (isLink && this.isFile(path))) files.push(entry.name);
        else if (entry.isDirectory() || (isLink && this.isDirectory(path))) directories.push(entry.name);
        else shut.push(entry.name);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // What is not there, or no directory, is as good as empty.
      if (code !== "ENOENT" && code !== "ENOTDIR") shut.push(".");
    }
    return { files, directories, ...(shut.length === 0 ? {} : { shut }) };
  }

  stampOf(path: string): number | undefined {
    return this.#stat(path)?.mtimeMs;
  }

  /** A link that leads to itself, or a folder that nobody may enter, has nothing behind it. */
  #stat(path: string): Stats | undefined {
    try {
      return statSync(path, { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  }

  realPath(path: string): string {
    try {
      return pathOfNative(realpathSync.native(path));
    } catch {
      return path;
    }
  }
}

/** What is saved. */
export const DISK: FileSystem = new Disk();
