/** The standard declaration files (`lib.es2023.d.ts`, …) that ts-morph carries in memory. */
import { Project } from "ts-morph";

/** Where the files seem to lie. */
export const LIB_FOLDER = "/node_modules/typescript/lib";

const host = new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();

/** @returns the text, `undefined` when there is no such library. */
export function readLibFile(path: string): string | undefined {
  return host.fileExists(path) ? host.readFile(path) : undefined;
}
