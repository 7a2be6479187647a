/** Fills in the variables of a launch configuration that say where the program is. Pure. */
import path from "node:path";

export interface Place {
  readonly workspaceFolder?: string | undefined;
  /** The file in the active editor. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @returns the text without variables, or `undefined` when one is left that only VS Code can fill in. */
export function fillIn(text: string, { workspaceFolder, file, env }: Place): string | undefined {
  const values: Readonly<Record<string, string | undefined>> = {
    workspaceFolder,
    workspaceRoot: workspaceFolder,
    workspaceFolderBasename: workspaceFolder && path.basename(workspaceFolder),
    file,
    fileDirname: file && path.dirname(file),
    fileBasename: file && path.basename(file),
    fileBasenameNoExtension: file && path.parse(file).name,
    relativeFile: file && workspaceFolder && path.relative(workspaceFolder, file),
    pathSeparator: path.sep,
    "/": path.sep,
  };
  let isComplete = true;
  const filled = text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const value = name.startsWith("env:") ? (env[name.slice(4)] ?? "") : values[name];
    if (value === undefined) isComplete = false;
    return value ?? whole;
  });
  return isComplete ? filled : undefined;
}
