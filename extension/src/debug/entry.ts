/** Which program is meant when nobody names one. Pure. */
import path from "node:path";

export interface KnownProgram {
  readonly file: string;
  readonly isTest: boolean;
  /** What a build makes of it. */
  readonly built?: string | undefined;
}

export interface Situation {
  /** The file in the editor, and whether it starts a system when it is run. */
  readonly active?: { readonly file: string; readonly startsSystem: boolean } | undefined;
  /** The folder that is open. */
  readonly folder: string;
  /** The package of the file in the editor; of the folder when there is none. */
  readonly packageFolder?: string | undefined;
  /** Files that `start`, `main` and `bin` of that package name, in this order. */
  readonly named: readonly string[];
  readonly programs: readonly KnownProgram[];
}

export type Choice =
  | { readonly is: "one"; readonly file: string }
  /** The likeliest first. */
  | { readonly is: "many"; readonly files: readonly string[] }
  | { readonly is: "none" };

/**
 * | | what runs |
 * |---|---|
 * | the file in the editor starts a system, itself or in what it imports | that file |
 * | its package names a program in `start`, `main` or `bin`, or what is built of one | that program |
 * | its package has one program, not counting tests | that program |
 * | the folder that is open has one program, not counting tests | that program |
 * | there are several | the user says |
 * | there is none but tests | the user says |
 */
export function chooseProgram({ active, folder, packageFolder, named, programs }: Situation): Choice {
  if (active?.startsSystem === true) return { is: "one", file: active.file };
  const byName = named
    .map((name) => programs.find(({ file, built }) => file === name || built === name)?.file)
    .find((file) => file !== undefined);
  if (byName !== undefined) return { is: "one", file: byName };
  const real = [...new Set(programs.filter(({ isTest }) => !isTest).map(({ file }) => file))];
  const near = packageFolder === undefined ? [] : real.filter((file) => isBelow(packageFolder, file));
  for (const candidates of [near, real]) {
    const [only, ...others] = candidates;
    if (only !== undefined && others.length === 0) return { is: "one", file: only };
  }
  const files = [...new Set(byLikelihood(folder, programs))];
  return files.length === 0 ? { is: "none" } : { is: "many", files };
}

/** The likeliest program first: nearest to the top, named like a start, never a test. */
export function byLikelihood(folder: string, programs: readonly KnownProgram[]): string[] {
  const names = ["main", "index", "app", "server", "start"];
  const rank = ({ file, isTest }: KnownProgram): number[] => {
    const relative = path.relative(folder, file).split(path.sep);
    const name = names.indexOf(path.parse(file).name);
    return [isTest ? 1 : 0, name < 0 ? 1 : 0, relative.length, name, file.length];
  };
  return [...programs].sort((a, b) => compare(rank(a), rank(b)) || (a.file < b.file ? -1 : 1)).map(({ file }) => file);
}

/** The files that a manifest's `start`, `main` and `bin` name, as they are written there. */
export function namedFiles({ scripts, main, bin }: Readonly<Record<string, unknown>>): readonly string[] {
  const start =
    typeof scripts === "object" && scripts !== null ? (scripts as Record<string, unknown>)["start"] : undefined;
  const commands = typeof bin === "object" && bin !== null ? Object.values(bin) : [bin];
  const inScript = typeof start === "string" ? start.split(/[\s"'&;|]+/).filter((word) => SOURCE.test(word)) : [];
  return [...inScript, main, ...commands].filter((file): file is string => typeof file === "string" && file !== "");
}

const SOURCE = /^[^-].*\.[cm]?[jt]sx?$/;

function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
