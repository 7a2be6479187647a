/** Which symbols are the runtime's, or another package's: by the package that declares them, whatever they are called here. */
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";

export const RUNTIME_PACKAGE = "airssys-rt";

export class RuntimePackage {
  readonly #files: FileSystem;
  /** By directory: the name in the nearest package.json. */
  readonly #known = new Map<string, string>();

  /** By path of a package.json: the name in it; `undefined` where there is none. */
  readonly #names = new Map<string, string | undefined>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  forget(): void {
    this.#known.clear();
    this.#names.clear();
  }

  /**
   * @returns the name in the runtime, such as `supervisor` or `ActorRef.ask`; `undefined` for a symbol of anybody else. The context of any
   * actor is a context, whatever is known of its messages.
   */
  nameOf(symbol: ts.Symbol | undefined): string | undefined {
    return this.nameIn(RUNTIME_PACKAGE, symbol)?.replace(/^Any(?=ActorContext\b)/, "");
  }

  /** The folder of the copy of the runtime that a file belongs to; `undefined` for a file of another package. */
  folderOf(path: string): string | undefined {
    for (let at = path.slice(0, path.lastIndexOf("/")); at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      const name = this.#packageName(`${at}/package.json`);
      if (name !== undefined) return name === RUNTIME_PACKAGE ? at : undefined;
    }
    return undefined;
  }

  /** Whether a file belongs to the runtime. */
  has(path: string): boolean {
    return this.#isIn(RUNTIME_PACKAGE, path);
  }

  /** @returns the name in a package; `undefined` for a symbol of anybody else. */
  nameIn(packageName: string, symbol: ts.Symbol | undefined): string | undefined {
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return undefined;
    if (!this.#isIn(packageName, declaration.getSourceFile().fileName)) return undefined;
    const parent = declaration.parent;
    const isMember = parent !== undefined && (ts.isInterfaceDeclaration(parent) || ts.isClassLike(parent));
    return isMember && parent.name !== undefined ? `${parent.name.text}.${symbol.name}` : symbol.name;
  }

  #isIn(packageName: string, path: string): boolean {
    return this.#packageOf(path.slice(0, path.lastIndexOf("/"))) === packageName;
  }

  /** The empty text where there is no package. */
  #packageOf(directory: string): string {
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const parent = directory.slice(0, directory.lastIndexOf("/"));
    const found = this.#packageName(`${directory}/package.json`) ?? (parent === "" ? "" : this.#packageOf(parent));
    this.#known.set(directory, found);
    return found;
  }

  #packageName(path: string): string | undefined {
    if (!this.#names.has(path)) {
      const text = this.#files.read(path);
      this.#names.set(path, text === undefined ? undefined : /"name"\s*:\s*"([^"]*)"/.exec(text)?.[1]);
    }
    return this.#names.get(path);
  }
}
