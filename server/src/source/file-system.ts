/** The files the server reads, as a port: the disk, a disk with open editors over it, or a test's map. Paths use `/`. */
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";

/** No method throws: what cannot be read does not exist. */
export interface FileSystem {
  /** Without a byte order mark. */
  read(path: string): string | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  list(directory: string): { readonly files: readonly string[]; readonly directories: readonly string[] };
  realPath(path: string): string;
}

/** Larger files are left out of analysis: they are generated, and one of them costs more than a whole program. */
export const MAX_FILE_BYTES = 1024 * 1024;

export const DISK: FileSystem = {
  read(path: string): string | undefined {
    try {
      const text = readFileSync(path, "utf8");
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    } catch {
      return undefined;
    }
  },
  isFile: (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  isDirectory: (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  list(directory: string): ReturnType<FileSystem["list"]> {
    const files: string[] = [];
    const directories: string[] = [];
    try {
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const isLink = entry.isSymbolicLink();
        if (entry.isFile() || (isLink && this.isFile(`${directory}/${entry.name}`))) files.push(entry.name);
        else if (entry.isDirectory() || (isLink && this.isDirectory(`${directory}/${entry.name}`)))
          directories.push(entry.name);
      }
    } catch {
      // A directory that cannot be read is empty.
    }
    return { files, directories };
  },
  realPath(path: string): string {
    try {
      return realpathSync.native(path).replaceAll("\\", "/");
    } catch {
      return path;
    }
  },
};
