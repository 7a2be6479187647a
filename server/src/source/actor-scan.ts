/** Which texts may speak of actors: a look at the text only, for thousands of files in a moment. */
import type { FileSystem } from "./file-system.ts";

/** `certain`: names the runtime. `possible`: does what one does with refs or actors, and may get them through other files. */
export type Mention = "certain" | "possible" | "none";

const POSSIBLE = /\.(?:tell|tellAsync|ask)\s*\(|\bhandleMessage\b|\bdefineActor\b|\bsupervisor\s*\(/;

export function mentionOf(text: string): Mention {
  if (text.includes("airssys-rt")) return "certain";
  return POSSIBLE.test(text) ? "possible" : "none";
}

const IMPORT = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;

/** What a text imports, as it is written. */
export function specifiersIn(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => specifier);
}

const NAMED_IMPORT = /\bimport\s*\{([^}]*)\}\s*from\s*["']([^"'\n]+)["']/g;
/** What the code of actors begins with, and how that is seen in the rest of the file. */
const BEGINNINGS: readonly (readonly [name: RegExp, use: RegExp])[] = [
  [/(?:^|[\s,])Actor\b/, /\bextends\b[\s\S]*\bhandleMessage\b/],
  [/(?:^|[\s,])defineActor\b/, /\bhandlers\b/],
  [/(?:^|[\s,])supervisor\b/, /\bchildren\b/],
];

/** The modules that a text imports something from by the name the runtime has for what actors begin with. */
export function importsBeginning(text: string): readonly string[] {
  return [...text.matchAll(NAMED_IMPORT)].flatMap(([, names = "", specifier = ""]) =>
    BEGINNINGS.some(([name, use]) => name.test(names) && use.test(text)) ? [specifier] : [],
  );
}

const SOURCE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.[cm]?ts$|\.d\.[^./]+\.ts$/;

export function isSourceFile(path: string): boolean {
  return SOURCE.test(path) && !DECLARATION.test(path);
}

const LOCK = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;

/** Files in which a change can change what imports mean, besides the sources. */
export function isSettingsFile(path: string): boolean {
  return (
    /(?:^|\/)(?:package|tsconfig[^/]*|jsconfig[^/]*)\.json$/.test(path) || DECLARATION.test(path) || LOCK.test(path)
  );
}

/** What is below a folder, without packages and hidden folders. */
export interface Sources {
  readonly found: readonly string[];
  /** What is there and cannot be read: files by their names, and folders. */
  readonly shut: readonly { readonly path: string; readonly isFolder: boolean }[];
}

/** All source files below a folder. Cycles of links end. */
export function sourcesIn(files: FileSystem, folder: string): Sources {
  const found: string[] = [];
  const shut: { path: string; isFolder: boolean }[] = [];
  const seen = new Set<string>();
  const visit = (directory: string): void => {
    const real = files.realPath(directory);
    if (seen.has(real)) return;
    seen.add(real);
    const entries = files.list(directory);
    for (const name of entries.files) if (isSourceFile(name)) found.push(`${directory}/${name}`);
    for (const name of entries.shut ?? []) {
      const isFolder = name === ".";
      if (isFolder || isSourceFile(name)) shut.push({ path: isFolder ? directory : `${directory}/${name}`, isFolder });
    }
    for (const name of entries.directories)
      if (name !== "node_modules" && !name.startsWith(".")) visit(`${directory}/${name}`);
  };
  visit(folder.replace(/\/$/, ""));
  return { found, shut };
}

export function sourceFilesIn(files: FileSystem, folder: string): readonly string[] {
  return sourcesIn(files, folder).found;
}
