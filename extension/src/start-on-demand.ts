/** Runs the program of the workspace at once, and opens files of it, when the environment says so: how the example is shown. */
import path from "node:path";
import * as vscode from "vscode";
import { startProgram } from "./debug/provider.ts";
import type { Log } from "./log.ts";
import { VIEW_ID } from "./tree/view.ts";

/** Set to `1` by who opens a window to show the program of its workspace running. */
const ENV_START = "AIRSSYS_START_PROGRAM";
/** Files that are opened then, relative to the workspace, parted as in `PATH`; Markdown as it is read. */
const ENV_OPEN = "AIRSSYS_START_FILES";

export function startOnDemand(log: Log): void {
  if (process.env[ENV_START] !== "1" || !vscode.workspace.isTrusted) return;
  showRunning().catch((error: unknown) => log.error(`the program was not started: ${String(error)}`));
}

async function showRunning(): Promise<void> {
  await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
  await openFiles((process.env[ENV_OPEN] ?? "").split(path.delimiter).filter((file) => file !== ""));
  await startProgram(undefined, true);
}

/** The last one is in front. */
async function openFiles(files: readonly string[]): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) return;
  for (const file of files) {
    const uri = vscode.Uri.joinPath(folder.uri, file);
    if (file.endsWith(".md")) await vscode.commands.executeCommand("markdown.showPreview", uri);
    else await vscode.window.showTextDocument(uri, { preview: false });
  }
}
