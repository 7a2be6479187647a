/** Which files of a program import which, directly or through others. Made once for a program. */
import type { ts } from "ts-morph";

export class ImportGraph {
  /** By path: the files that name it. */
  readonly #importers = new Map<string, string[]>();

  /** @param importsOf paths the imports of a file lead to. */
  constructor(program: ts.Program, importsOf: (path: string) => readonly string[]) {
    for (const { fileName } of program.getSourceFiles()) {
      for (const imported of importsOf(fileName)) {
        const list = this.#importers.get(imported);
        if (list === undefined) this.#importers.set(imported, [fileName]);
        else list.push(fileName);
      }
    }
  }

  /** The file itself is among them when it imports itself through others. */
  importersOf(path: string): ReadonlySet<string> {
    const found = new Set<string>();
    const queue = [path];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const importer of this.#importers.get(next) ?? []) {
        if (found.has(importer)) continue;
        found.add(importer);
        queue.push(importer);
      }
    }
    return found;
  }
}
