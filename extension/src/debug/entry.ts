/** Which program is meant when nobody names one. Pure. */
import path from "node:path";
import { innerPath } from "../inner-path.ts";

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
  /** Those of other folders that are open as well. */
  readonly elsewhere?: readonly KnownProgram[] | undefined;
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
 * | its package names a program in `start`, `main` or `bin`, or what is built of one | that program, by its source |
 * | its package has one program, not counting tests | that program |
 * | the folder that is open has one program, not counting tests | that program |
 * | there are several | the user says |
 * | there is none but tests | the user says |
 * | there is none at all | the same of the other folders that are open |
 */
export function chooseProgram({ active, folder, packageFolder, named, programs, elsewhere = [] }: Situation): Choice {
  if (active?.startsSystem === true) return { is: "one", file: active.file };
  const byName = named
    .map((name) => (programs.find(({ built }) => built === name) ?? programs.find(({ file }) => file === name))?.file)
    .find((file) => file !== undefined);
  if (byName !== undefined) return { is: "one", file: byName };
  const real = [...new Set(programs.filter(({ isTest }) => !isTest).map(({ file }) => file))];
  const near = packageFolder === undefined ? [] : real.filter((file) => innerPath(packageFolder, file) !== undefined);
  for (const candidates of [near, real]) {
    const [only, ...others] = candidates;
    if (only !== undefined && others.length === 0) return { is: "one", file: only };
  }
  const files = [...new Set(byLikelihood(folder, programs))];
  if (files.length > 0) return { is: "many", files };
  return elsewhere.length === 0 ? { is: "none" } : chooseProgram({ folder, named: [], programs: elsewhere });
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

/**
 * The files that a manifest's `start`, `main` and `bin` may name, in this order, as they are written there; with each ending that may be
 * left out. Scripts that `start` runs are read as well.
 */
export function namedFiles({ scripts, main, bin }: Readonly<Record<string, unknown>>): readonly string[] {
  const all = typeof scripts === "object" && scripts !== null ? (scripts as Readonly<Record<string, unknown>>) : {};
  const commands = typeof bin === "object" && bin !== null ? Object.values(bin) : [bin];
  const files = [main, ...commands].filter((file): file is string => typeof file === "string" && file !== "");
  return [...filesOfScript("start", all, new Set()), ...files.flatMap(withEndings)];
}

const SOURCE = /^[^-].*\.[cm]?[jt]sx?$/;
const ENDINGS = [".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".tsx"];
/** What is followed by a file, whose ending may be left out. */
const RUNNER = /^(node|nodejs|nodemon|node-dev|tsx|ts-node|ts-node-esm|ts-node-dev|tsnd|vite-node|jiti|bun)$/;
/** What is followed by something that is no program. */
const VALUED = /^(-r|-C|--(require|import|loader|experimental-loader|conditions|env-file|tsconfig|project))$/;
/** What is followed by names of scripts. */
const MANAGER = /^(npm|pnpm|yarn|bun|npm-run-all|run-s|run-p)$/;

function filesOfScript(name: string, scripts: Readonly<Record<string, unknown>>, seen: Set<string>): readonly string[] {
  const script = scripts[name];
  if (typeof script !== "string" || seen.has(name)) return [];
  seen.add(name);
  return filesIn(script, scripts, seen);
}

function filesIn(text: string, scripts: Readonly<Record<string, unknown>>, seen: Set<string>): readonly string[] {
  return commandsIn(text).flatMap((words) => {
    const runner = words.findIndex((word) => RUNNER.test(word));
    const runsScripts = words.some((word) => MANAGER.test(word));
    return words.flatMap((word, at) => {
      const inner = /\s/.test(word) ? filesIn(word, scripts, seen) : [];
      if (SOURCE.test(word)) return [word, ...inner];
      const isScript = runsScripts || words[at - 1] === "--run";
      if (isScript && Object.hasOwn(scripts, word)) return filesOfScript(word, scripts, seen);
      const isFile = runner >= 0 && at > runner && !word.startsWith("-") && !VALUED.test(words[at - 1] ?? "");
      return isFile ? [...withEndings(word), ...inner] : inner;
    });
  });
}

/** The words of each command; what stands in quotes is one. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [word] of text.matchAll(/"[^"]*"|'[^']*'|[;&|]+|[^\s"';&|]+/g))
    if (/^[;&|]/.test(word)) commands.push([]);
    else commands.at(-1)?.push(word.replace(/^(["'])(.*)\1$/, "$2"));
  return commands;
}

function withEndings(file: string): readonly string[] {
  if (SOURCE.test(file)) return [file];
  const bare = file.replace(/[\\/]+$/, "");
  return [bare, `${bare}/index`].flatMap((one) => ENDINGS.map((ending) => `${one}${ending}`));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
