/** Writes a new actor project. Needs no network and no npm; knows no editor. */
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { projectFiles, VENDORED } from "./template.ts";

/** The folder holds something already. */
export class FolderNotEmptyError extends Error {
  override readonly name = "FolderNotEmptyError";
}

/**
 * @param runtime folder of the runtime package that comes with the extension
 * @throws {FolderNotEmptyError} as a rejection; nothing is written then.
 */
export async function createProject(folder: string, runtime: string): Promise<void> {
  if (!(await isEmpty(folder)))
    throw new FolderNotEmptyError(`"${folder}" is not empty: choose an empty folder, or name a new one.`);
  for (const [file, text] of projectFiles(path.basename(folder))) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text, { flag: "wx" });
  }
  // Two copies: the vendored one is the project's, the other is what "npm install" would make of it.
  for (const place of [VENDORED, "node_modules/airssys-rt"])
    await cp(runtime, path.join(folder, place), { recursive: true });
}

/** Hidden folders such as `.git` do not count. */
export async function isEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.every((name) => name.startsWith(".git"));
}
