/** Knows which files belong to the workspace. */
import { realpathSync } from "node:fs";
import * as vscode from "vscode";
import { innerPath } from "./inner-path.ts";

/** Also when its folder was opened through a link, and the file is named by where it really is. Without a folder nothing is outside. */
export function isInWorkspace(uri: string): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const file = vscode.Uri.parse(uri);
  if (folders.length === 0 || vscode.workspace.getWorkspaceFolder(file) !== undefined) return true;
  return folders.some((folder) => (innerPath(realPathOf(folder.uri.fsPath), file.fsPath) ?? "") !== "");
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder; // gone meanwhile, and nothing is in it
  }
}
