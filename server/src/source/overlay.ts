/** Open editors over a file system: what the user sees wins over what is saved. */
import type { DirectoryEntries, FileSystem } from "./file-system.ts";

export class Overlay implements FileSystem {
  readonly #below: FileSystem;
  readonly #open = new Map<string, string>();

  constructor(below: FileSystem) {
    this.#below = below;
  }

  set(path: string, text: string): void {
    this.#open.set(path, text);
  }

  delete(path: string): void {
    this.#open.delete(path);
  }

  isOpen(path: string): boolean {
    return this.#open.has(path);
  }

  openPaths(): readonly string[] {
    return [...this.#open.keys()];
  }

  read(path: string): string | undefined {
    return this.#open.get(path) ?? this.#below.read(path);
  }

  isFile(path: string): boolean {
    return this.#open.has(path) || this.#below.isFile(path);
  }

  isDirectory(path: string): boolean {
    return this.#below.isDirectory(path) || this.openPaths().some((open) => open.startsWith(`${path}/`));
  }

  /** With open files that were never saved. */
  list(directory: string): DirectoryEntries {
    const { files, directories, ...rest } = this.#below.list(directory);
    const prefix = directory.endsWith("/") ? directory : `${directory}/`;
    const names = [...this.#open.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length));
    if (names.length === 0) return { files, directories, ...rest };
    const below = names.filter((name) => name.includes("/")).map((name) => name.slice(0, name.indexOf("/")));
    return {
      files: [...new Set([...files, ...names.filter((name) => !name.includes("/"))])],
      directories: [...new Set([...directories, ...below])],
      ...rest,
    };
  }

  stampOf(path: string): number | undefined {
    return this.#below.stampOf(path);
  }

  realPath(path: string): string {
    return this.#below.realPath(path);
  }
}
