/** Finds the actor programs of the workspace. */
import * as vscode from "vscode";
import { byLikelihood, startsSystem } from "./entry.ts";

const SOURCES = "**/*.{ts,mts,cts,js,mjs,cjs}";
const OTHERS = "**/{node_modules,dist,out,build,coverage,.git,vendor}/**";
/** Files looked at in one folder. */
const MAX_FILES = 2_000;
/** Bytes; programs are written by people. */
const MAX_SIZE = 256 * 1024;

/** The program in the active editor, else the likeliest of the folder; all others after it. */
export async function programsOf(
  folder: vscode.WorkspaceFolder | undefined,
  token?: vscode.CancellationToken,
): Promise<vscode.Uri[]> {
  const active = vscode.window.activeTextEditor?.document;
  const first = active && startsSystem(active.getText()) ? [active.uri] : [];
  if (!folder) return first;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, SOURCES), OTHERS, MAX_FILES, token);
  const starting = await Promise.all(found.map(async (file) => ((await isProgram(file)) ? [file.fsPath] : [])));
  const sorted = byLikelihood(folder.uri.fsPath, starting.flat()).map((file) => vscode.Uri.file(file));
  return [...first, ...sorted.filter((file) => file.fsPath !== first[0]?.fsPath)];
}

async function isProgram(file: vscode.Uri): Promise<boolean> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MAX_SIZE) return false;
    return startsSystem(Buffer.from(await vscode.workspace.fs.readFile(file)).toString("utf8"));
  } catch {
    return false; // gone meanwhile, or not ours to read
  }
}
