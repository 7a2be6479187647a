/** Recognizes the files that start an actor program, by their text. Pure. */
import path from "node:path";

/** Whether running this file starts an actor system. */
export function startsSystem(text: string): boolean {
  return /["']airssys-rt["']/.test(text) && /\bActorSystem\s*\.\s*start\s*\(/.test(text);
}

/** The likeliest program first: nearest to the top, named like a start, never a test. */
export function byLikelihood(folder: string, files: readonly string[]): string[] {
  const names = ["main", "index", "app", "server", "start"];
  const rank = (file: string): number[] => {
    const relative = path.relative(folder, file).split(path.sep);
    const name = names.indexOf(path.parse(file).name);
    return [isTest(file) ? 1 : 0, name < 0 ? 1 : 0, relative.length, name, file.length];
  };
  return [...files].sort((a, b) => compare(rank(a), rank(b)) || (a < b ? -1 : 1));
}

function isTest(file: string): boolean {
  return /[./\\](test|tests|spec|__tests__)[./\\]/.test(file);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
