/** The command *Airssys: New Actor Project*. */
import path from "node:path";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import type { Log } from "../log.ts";
import { createProject, isEmpty } from "./create.ts";

export function registerNewProject(log: Log, extensionPath: string): vscode.Disposable {
  const runtime = path.join(extensionPath, "dist", "runtime");
  return register(log, "airssys.newProject", async (given) => {
    const folder = given ?? (await askForFolder());
    if (!folder) return undefined;
    await createProject(folder.fsPath, runtime);
    log.info(`made a new project in ${folder.fsPath}`);
    if (!given) await offerToOpen(folder);
    return folder;
  });
}

/** An empty folder the user chooses, or a new one in the folder they choose. */
async function askForFolder(): Promise<vscode.Uri | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: "Folder of the new actor project",
      openLabel: "Choose",
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!chosen || (await isEmpty(chosen.fsPath))) return chosen;
  const name = await vscode.window.showInputBox({
    title: "New actor project",
    prompt: `"${path.basename(chosen.fsPath)}" is not empty. Name of the new folder in it`,
    value: "my-actors",
    validateInput: (value) =>
      /^[^/\\:*?"<>|]+$/.test(value.trim()) ? undefined : "The name of a folder, without / or \\",
  });
  return name === undefined ? undefined : vscode.Uri.joinPath(chosen, name.trim());
}

async function offerToOpen(folder: vscode.Uri): Promise<void> {
  const choice = await vscode.window.showInformationMessage(
    `"${path.basename(folder.fsPath)}" is ready.`,
    "Open",
    "Open in New Window",
  );
  if (choice === undefined) return;
  await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: choice !== "Open" });
}
