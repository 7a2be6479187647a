/** Which symbols are the runtime's, or another package's: by the package that declares them, whatever they are called here. */
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";

export const RUNTIME_PACKAGE = "airssys-rt";

export class RuntimePackage {
  readonly #files: FileSystem;
  /** By directory: the name in the nearest package.json. */
  readonly #known = new Map<string, string>();
  /** By directory: the copy of the runtime it belongs to. */
  readonly #copies = new Map<string, string | undefined>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  forget(): void {
    this.#known.clear();
    this.#copies.clear();
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
    const directory = path.slice(0, path.lastIndexOf("/"));
    if (!this.#copies.has(directory)) this.#copies.set(directory, this.#copyAround(directory));
    return this.#copies.get(directory);
  }

  #copyAround(directory: string): string | undefined {
    for (let at = directory; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      const name = this.#packageName(`${at}/package.json`);
      if (name !== undefined) return name === RUNTIME_PACKAGE ? at : undefined;
    }
    return undefined;
  }

  /** @returns the name in a package; `undefined` for a symbol of anybody else. */
  nameIn(packageName: string, symbol: ts.Symbol | undefined): string | undefined {
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return undefined;
    const { fileName } = declaration.getSourceFile();
    if (this.#packageOf(fileName.slice(0, fileName.lastIndexOf("/"))) !== packageName) return undefined;
    const parent = declaration.parent;
    const isMember = parent !== undefined && (ts.isInterfaceDeclaration(parent) || ts.isClassLike(parent));
    return isMember && parent.name !== undefined ? `${parent.name.text}.${symbol.name}` : symbol.name;
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
    const text = this.#files.read(path);
    return text === undefined ? undefined : /"name"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  }
}
