/** What the compiler says of the files of a test: rewritten code must be right for it too. */
import ts from "typescript";
import { memory } from "./fixture.ts";

/** Errors with their lines, in the strictest settings; empty when all is well. */
export function compileErrors(files: ReadonlyMap<string, string>): readonly string[] {
  const memoryFiles = memory(files);
  const host: ts.CompilerHost = {
    getSourceFile: (path, options) => {
      const text = memoryFiles.read(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, options, true);
    },
    fileExists: (path) => memoryFiles.read(path) !== undefined,
    readFile: (path) => memoryFiles.read(path),
    getDefaultLibFileName: () => "/lib.d.ts",
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => {},
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noEmit: true,
    strict: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    noFallthroughCasesInSwitch: true,
    exactOptionalPropertyTypes: true,
    noUnusedParameters: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: ["mini"],
  };
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host });
  return [...files.keys()]
    .flatMap((path) => program.getSourceFile(path) ?? [])
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, start, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
      return `${file?.fileName}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}
