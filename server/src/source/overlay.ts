/** Open editors over a file system: what the user sees wins over what is saved. */
import type { FileSystem } from "./file-system.ts";

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

  list(directory: string): ReturnType<FileSystem["list"]> {
    return this.#below.list(directory);
  }

  realPath(path: string): string {
    return this.#below.realPath(path);
  }
}
