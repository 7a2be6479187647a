/** What the compiler says is wrong with the files of a program, as far as it matters to a run. */
import { builtinModules } from "node:module";
import { ts } from "ts-morph";
import type { FileSystem } from "../source/file-system.ts";
import type { Span } from "../source/span.ts";
import { ProgramHost } from "./program-host.ts";
import type { ProjectConfig } from "./project-config.ts";
import { tsOptionsOf } from "./ts-options.ts";

export interface CompileError {
  readonly path: string;
  readonly span: Span;
  readonly message: string;
  readonly code: number;
}

/**
 * How modules are named, unused names and missing declarations of packages: whether those hinder a run is decided elsewhere, or
 * they hinder none.
 */
const HARMLESS: ReadonlySet<number> = new Set([
  1294, 2691, 2834, 2835, 2877, 2882, 5097, 6133, 6192, 6196, 6198, 6199, 7016,
]);
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2503, 2552, 2580, 2583, 2584, 2591, 2593]);

/** Errors of syntax in all files; those of types where a config file says that somebody checks them. */
export function compileErrors(
  files: FileSystem,
  config: ProjectConfig,
  paths: readonly string[],
): readonly CompileError[] {
  const [entry] = paths;
  if (entry === undefined) return [];
  const options = optionsFor(files, config);
  const ambient = [...config.fileNames].filter((path) => path.endsWith(".d.ts"));
  const program = ts.createProgram({
    rootNames: [entry, ...ambient],
    options,
    host: new ProgramHost(files, config.directory, options),
  });
  const isChecked = config.path.endsWith(".json") && !isPlugged(files, config.directory);
  const sources = paths.flatMap((path) => program.getSourceFile(path) ?? []);
  return sources
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...(isChecked ? program.getSemanticDiagnostics(file) : []),
    ])
    .filter((one) => one.category === ts.DiagnosticCategory.Error && matters(one))
    .flatMap(({ file, start, length, messageText, code }) =>
      file === undefined || start === undefined
        ? []
        : {
            path: file.fileName,
            span: { start, end: start + (length ?? 0) },
            message: ts.flattenDiagnosticMessageText(messageText, " "),
            code,
          },
    );
}

/** As the project's own compiler takes them: what a later one made the default is off unless it is written. */
function optionsFor(files: FileSystem, config: ProjectConfig): ts.CompilerOptions {
  const options = tsOptionsOf(config);
  const own = versionAbove(files, config.directory);
  return {
    ...options,
    ...(own >= 6
      ? {}
      : {
          strict: options.strict ?? false,
          types: options.types ?? ["*"],
          noUncheckedSideEffectImports: options.noUncheckedSideEffectImports ?? false,
        }),
  };
}

/** The main version of the TypeScript that is installed for a folder; the latest when there is none. */
function versionAbove(files: FileSystem, directory: string): number {
  for (let folder = directory; ; folder = folder.slice(0, folder.lastIndexOf("/"))) {
    const [, major] =
      /"version":\s*"(\d+)\./.exec(files.read(`${folder}/node_modules/typescript/package.json`) ?? "") ?? [];
    if (major !== undefined) return Number(major);
    if (!folder.includes("/")) return Number.POSITIVE_INFINITY;
  }
}

/** Packages in archives are not read: nothing they declare would be known. */
function isPlugged(files: FileSystem, directory: string): boolean {
  for (let folder = directory; folder.includes("/"); folder = folder.slice(0, folder.lastIndexOf("/")))
    if (files.isFile(`${folder}/.pnp.cjs`)) return true;
  return false;
}

function matters({ code, messageText }: ts.Diagnostic): boolean {
  if (HARMLESS.has(code)) return false;
  const [, name = ""] = /'([^']+)'/.exec(ts.flattenDiagnosticMessageText(messageText, " ")) ?? [];
  if (code === 2307) return !name.startsWith("node:") && !builtinModules.includes(name);
  return !(
    UNKNOWN_NAME.has(code) &&
    (name in globalThis || ["require", "module", "exports", "NodeJS", "__dirname", "__filename"].includes(name))
  );
}
