/**
 * Which saved facts hold though other files have changed, told without making a program.
 *
 * | what is not as it was                                              | whose facts hold                                          |
 * | ------------------------------------------------------------------ | --------------------------------------------------------- |
 * | nothing                                                            | of all files                                              |
 * | the text of modules of the user                                    | of files that import none of them, directly or not, and were read without looking into one |
 * | the text of anything else, what there is in a folder, where a link leads | of none: imports may mean something else            |
 * | the same, or a new file, where it adds to what all files see       | of none                                                   |
 */
import type { FileFacts } from "../facts/file-facts.ts";
import type { FileSystem } from "../source/file-system.ts";
import { answerNow, textAskedFor } from "../source/recorded-files.ts";
import type { SavedProject } from "./saved-project.ts";
import { isTextSeenByAll } from "./seen-by-all.ts";

/** @param roots what the project is built from now. */
export function unchangedFacts(saved: SavedProject, roots: readonly string[], files: FileSystem): readonly FileFacts[] {
  const changed = changedModules(saved, files);
  if (changed === undefined) return [];
  const before = new Set(saved.roots);
  const unread = [...changed, ...roots.filter((path) => !before.has(path))];
  if (unread.some((path) => isTextSeenByAll(path, files.read(path) ?? ""))) return [];
  const stale = withImporters(changed, saved.imports);
  const isRoot = new Set(roots);
  return saved.facts.filter(
    ({ path, reads }) => isRoot.has(path) && !stale.has(path) && !reads.some((one) => changed.has(one)),
  );
}

/** @returns `undefined` when something else has changed than the text of modules of the user. */
function changedModules(saved: SavedProject, files: FileSystem): ReadonlySet<string> | undefined {
  const changed = new Set<string>();
  for (const [place, question] of saved.questions.entries()) {
    if (answerNow(files, question) === saved.answers[place]) continue;
    const path = textAskedFor(question);
    if (path === undefined || !saved.imports.has(path)) return undefined;
    changed.add(path);
  }
  return changed;
}

function withImporters(paths: ReadonlySet<string>, imports: SavedProject["imports"]): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const [path, imported] of imports)
    for (const one of imported) importers.set(one, [...(importers.get(one) ?? []), path]);
  const found = new Set(paths);
  // What is added while it is walked is walked, too.
  for (const path of found) for (const importer of importers.get(path) ?? []) found.add(importer);
  return found;
}
