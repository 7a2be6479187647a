/** Knows whether the workspace uses the runtime: only then the language server is started. */
import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

const RUNTIME = "airssys-rt";
/** Packages of one workspace that are looked at. */
const MAX_PACKAGES = 500;

/** Calls `use` once, as soon as the workspace uses the runtime; also when it begins to while it is open. */
export function whenRuntimeIsUsed(use: () => void): vscode.Disposable {
  let isUsed = false;
  const look = async () => {
    if (isUsed || !(await usesRuntime()) || isUsed) return;
    isUsed = true;
    use();
  };
  const packages = vscode.workspace.createFileSystemWatcher("**/package.json");
  packages.onDidChange(look);
  packages.onDidCreate(look);
  void look();
  return vscode.Disposable.from(packages, vscode.workspace.onDidChangeWorkspaceFolders(look));
}

async function usesRuntime(): Promise<boolean> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.some(({ uri }) => isInstalledAbove(uri.fsPath))) return true;
  const packages = await vscode.workspace.findFiles("**/package.json", "**/node_modules/**", MAX_PACKAGES);
  for (const file of packages) if (await dependsOnRuntime(file)) return true;
  return false;
}

/** Where Node would find it for a file in that folder. */
function isInstalledAbove(folder: string): boolean {
  if (existsSync(path.join(folder, "node_modules", RUNTIME, "package.json"))) return true;
  const above = path.dirname(folder);
  return above !== folder && isInstalledAbove(above);
}

async function dependsOnRuntime(file: vscode.Uri): Promise<boolean> {
  try {
    const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString("utf8");
    return text.includes(`"${RUNTIME}"`);
  } catch {
    return false; // gone meanwhile
  }
}
