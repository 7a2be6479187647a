/** What is done to names: listing, looking, moving, deleting, making directories. */
import fs from "node:fs";
import { type Directory, denied, failure, kindOf, lookAt, type Walker } from "./directory.ts";
import type { FileEntry, FileKind, FileStat } from "./file-messages.ts";
import { type FileTarget, refuseAudit } from "./file-target.ts";
import { flush } from "./file-write.ts";

/** What is in a directory, by name. Links are listed as what they are. */
export async function list(target: FileTarget): Promise<readonly FileEntry[]> {
  using directory = target.openDirectory();
  try {
    const entries = await fs.promises.readdir(directory.path, { withFileTypes: true });
    directory.confirm(target.walker);
    return entries
      .map((entry) => ({ name: entry.name, kind: kindNamed(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw failure(error, target.walker);
  }
}

/** What has a name. @throws {AccessDeniedError} `symlink`, for a link. */
export function stat(target: FileTarget): FileStat {
  const { name, directory, walker } = target;
  const found = name === undefined ? directory.stat() : lookAt(target.place, walker);
  if (found.isSymbolicLink()) throw denied(walker, "symlink", `${JSON.stringify(name)} is a symbolic link`);
  return {
    kind: kindNamed(found),
    byteLength: Number(found.size),
    modifiedAt: Number(found.mtimeMs),
    mode: Number(found.mode) & 0o7777,
  };
}

/**
 * Gives a file or a directory another name. Without `replace` nothing that has the name is lost, also when it gets there meanwhile: the
 * system itself refuses.
 *
 * @param mayBeDirectory whether a directory may be moved, too: whoever may list where it goes sees the names in it.
 */
export async function move(
  source: FileTarget,
  target: FileTarget,
  replace: boolean,
  mayBeDirectory: boolean,
): Promise<void> {
  const { walker } = source;
  const found = lookAt(source.place, walker);
  if (found.isSymbolicLink()) throw denied(walker, "symlink", `${JSON.stringify(source.name)} is a symbolic link`);
  if (!found.isFile() && !found.isDirectory()) throw denied(walker, "not_regular", `it is ${kindOf(found)}`);
  if (found.isDirectory() && !mayBeDirectory)
    throw denied(
      walker,
      "not_granted",
      'no grant allows to "list" it: where a directory goes, the names in it are seen',
    );
  const [from, to] = [source, target].map(({ place }) => place.directory.at(place.name)) as [string, string];
  try {
    if (replace) fs.renameSync(from, to);
    else if (found.isDirectory()) moveDirectory(from, to);
    else {
      fs.linkSync(from, to);
      fs.unlinkSync(from);
    }
    await flush(source.directory);
    await flush(target.directory);
  } catch (error) {
    throw failure(error, walker);
  }
}

/** A directory takes the place of an empty one that was made for it: making fails where something is. */
function moveDirectory(from: string, to: string): void {
  fs.mkdirSync(to);
  try {
    fs.renameSync(from, to);
  } catch (error) {
    fs.rmdirSync(to);
    throw error;
  }
}

/** Makes a directory; with `recursive` also those above. */
export function makeDirectory(target: FileTarget): void {
  const { directory, name } = target.place;
  try {
    fs.mkdirSync(directory.at(name));
  } catch (error) {
    throw failure(error, target.walker);
  }
}

/**
 * Deletes a file, a link (never what it leads to), or a directory: an empty one, or with `recursive` all that is in it. An audit that is
 * met on the way ends it there.
 *
 * @param tell hears how many entries are gone.
 */
export async function remove(target: FileTarget, recursive: boolean, tell: (done: number) => void): Promise<void> {
  const { walker } = target;
  const { directory, name } = target.place;
  const found = lookAt(target.place, walker);
  try {
    if (!found.isDirectory()) fs.unlinkSync(directory.at(name));
    else {
      if (recursive) {
        using below = directory.descend([name], walker);
        await empty(below, walker, tell);
      }
      fs.rmdirSync(directory.at(name));
    }
    await flush(directory);
  } catch (error) {
    throw failure(error, walker);
  }
}

/**
 * Empties a directory without following a link: each directory is held by a descriptor while what is in it goes. A loop, as trees can be
 * deeper than the stack.
 */
async function empty(top: Directory, walker: Walker, tell: (done: number) => void): Promise<void> {
  const trail: { parent: Directory; name: string; directory: Directory }[] = [];
  let done = 0;
  const count = (): void => tell(++done);
  try {
    for (;;) {
      const current = trail.at(-1);
      const next = await unlinkFiles(current?.directory ?? top, walker, count);
      if (next !== undefined) {
        const parent = current?.directory ?? top;
        trail.push({ parent, name: next, directory: parent.descend([next], walker) });
        continue;
      }
      if (current === undefined) return;
      trail.pop();
      current.directory.close();
      fs.rmdirSync(current.parent.at(current.name));
      count();
    }
  } finally {
    for (const { directory } of trail) directory.close();
  }
}

/** Removes all but directories. @returns the first directory that is left. */
async function unlinkFiles(directory: Directory, walker: Walker, tell: () => void): Promise<string | undefined> {
  const entries = await fs.promises.opendir(directory.path);
  let first: string | undefined;
  for await (const entry of entries) {
    if (entry.isDirectory()) first ??= entry.name;
    else {
      refuseAudit({ directory, name: entry.name }, walker);
      fs.unlinkSync(directory.at(entry.name));
      tell();
    }
  }
  return first;
}

interface Typed {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

function kindNamed(entry: Typed): FileKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symbolicLink";
  if (entry.isFIFO()) return "fifo";
  return entry.isSocket() ? "socket" : "device";
}
