/** A file system made of a map, for library callers and tests. */
import type { FileSystem } from "./file-system.ts";

export class MemoryFiles implements FileSystem {
  readonly #files = new Map<string, string>();
  readonly #stamps = new Map<string, number>();
  #writes = 0;

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) this.#files.set(path, text);
  }

  write(path: string, text: string): void {
    this.#files.set(path, text);
    this.#stamps.set(path, ++this.#writes);
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  read(path: string): string | undefined {
    return this.#files.get(path);
  }

  isFile(path: string): boolean {
    return this.#files.has(path);
  }

  isDirectory(path: string): boolean {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    for (const file of this.#files.keys()) if (file.startsWith(prefix)) return true;
    return false;
  }

  list(directory: string): ReturnType<FileSystem["list"]> {
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const files: string[] = [];
    const directories = new Set<string>();
    for (const file of this.#files.keys()) {
      if (!file.startsWith(prefix)) continue;
      const [head = "", ...rest] = file.slice(prefix.length).split("/");
      if (rest.length === 0) files.push(head);
      else directories.add(head);
    }
    return { files, directories: [...directories] };
  }

  stampOf(path: string): number | undefined {
    if (this.isFile(path)) return this.#stamps.get(path) ?? 0;
    const { files, directories } = this.list(path);
    return files.length + directories.length === 0 ? undefined : files.length + directories.length;
  }

  realPath(path: string): string {
    return path;
  }
}
