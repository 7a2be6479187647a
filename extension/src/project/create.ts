/** Writes a new actor project. Needs no network and no npm; knows no editor. */
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { say } from "../sentence.ts";
import { projectFiles, VENDORED } from "./template.ts";

/** Where each package lies that a new project gets. */
export type Packages = { readonly [Name in keyof typeof VENDORED]: string };

/** The folder holds something already. */
export class FolderNotEmptyError extends Error {
  override readonly name = "FolderNotEmptyError";
}

/**
 * @param packages folders of the packages that come with the extension, by name
 * @throws {FolderNotEmptyError} as a rejection; nothing is written then.
 */
export async function createProject(folder: string, packages: Packages): Promise<void> {
  if (!(await isEmpty(folder)))
    throw new FolderNotEmptyError(say('"{0}" is not empty: choose an empty folder, or name a new one.', folder));
  for (const [file, text] of projectFiles(path.basename(folder))) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text, { flag: "wx" });
  }
  // Two copies: the vendored one is the project's, the other is what "npm install" would make of it.
  for (const [name, vendored] of Object.entries(VENDORED))
    for (const place of [vendored, `node_modules/${name}`])
      await cp(packages[name as keyof Packages], path.join(folder, place), { recursive: true });
}

/** Hidden folders such as `.git` do not count. */
export async function isEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.every((name) => name.startsWith(".git"));
}
