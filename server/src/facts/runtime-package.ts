/** Which symbols are the runtime's: by the package that declares them, whatever they are called here. */
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";

export const RUNTIME_PACKAGE = "airssys-rt";

export class RuntimePackage {
  readonly #files: FileSystem;
  /** By directory: whether the nearest package.json is the runtime's. */
  readonly #known = new Map<string, boolean>();

  constructor(files: FileSystem) {
    this.#files = files;
  }

  forget(): void {
    this.#known.clear();
  }

  /** @returns the name in the runtime, such as `supervisor` or `ActorRef.ask`; `undefined` for a symbol of anybody else. */
  nameOf(symbol: ts.Symbol | undefined): string | undefined {
    const declaration = symbol?.declarations?.[0];
    if (symbol === undefined || declaration === undefined) return undefined;
    if (!this.#isRuntimeFile(declaration.getSourceFile().fileName)) return undefined;
    const parent = declaration.parent;
    const isMember = parent !== undefined && (ts.isInterfaceDeclaration(parent) || ts.isClassLike(parent));
    return isMember && parent.name !== undefined ? `${parent.name.text}.${symbol.name}` : symbol.name;
  }

  #isRuntimeFile(path: string): boolean {
    return this.#isRuntimeDirectory(path.slice(0, path.lastIndexOf("/")));
  }

  #isRuntimeDirectory(directory: string): boolean {
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const name = this.#packageName(`${directory}/package.json`);
    const parent = directory.slice(0, directory.lastIndexOf("/"));
    const answer = name === undefined ? parent !== "" && this.#isRuntimeDirectory(parent) : name === RUNTIME_PACKAGE;
    this.#known.set(directory, answer);
    return answer;
  }

  #packageName(path: string): string | undefined {
    const text = this.#files.read(path);
    if (text === undefined) return undefined;
    const name = /"name"\s*:\s*"([^"]*)"/.exec(text)?.[1];
    return name;
  }
}
