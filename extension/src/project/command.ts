/** The command *Airssys: New Actor Project*, and what is opened in the window that shows the project then. */
import path from "node:path";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import type { Log } from "../log.ts";
import { say } from "../sentence.ts";
import { createProject, isEmpty } from "./create.ts";
import { MAIN_FILE } from "./template.ts";

/** Kept for the window that opens a project first: its folder, as a URI. */
const OPENED_NEXT = "airssys.openedNext";

export function registerNewProject(log: Log, context: vscode.ExtensionContext): vscode.Disposable {
  const dist = path.join(context.extensionPath, "dist");
  const packages = {
    "airssys-rt": path.join(dist, "runtime"),
    "@types/node": path.join(dist, "types", "node"),
    "undici-types": path.join(dist, "types", "undici-types"),
  };
  openNew(context.globalState).catch((error: unknown) => log.error(`the new project was not shown: ${String(error)}`));
  return register(log, "airssys.newProject", async (given) => {
    const folder = given ?? (await askForFolder());
    if (!folder) return undefined;
    await createProject(folder.fsPath, packages);
    log.info(`made a new project in ${folder.fsPath}`);
    if (!given) await offerToOpen(folder, context.globalState);
    return folder;
  });
}

/** Opens what a new project begins with, in the first window that shows it. @returns whether this is that window */
export async function openNew(memory: vscode.Memento): Promise<boolean> {
  const next = memory.get<string>(OPENED_NEXT);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.toString() === next);
  if (!folder) return false;
  await memory.update(OPENED_NEXT, undefined);
  await vscode.commands.executeCommand("airssys.show");
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, MAIN_FILE), { preview: false });
  return true;
}

/** An empty folder the user chooses, or a new one in the folder they choose; at first, the workspace if it is empty, else that beside it. */
async function askForFolder(): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const place = workspace && vscode.Uri.joinPath(workspace.uri, (await isEmpty(workspace.uri.fsPath)) ? "." : "..");
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: say("Folder of the new actor project"),
      openLabel: say("Choose"),
      canSelectFiles: false,
      canSelectFolders: true,
      ...(place && { defaultUri: place }),
    })) ?? [];
  if (!chosen || (await isEmpty(chosen.fsPath))) return chosen;
  const name = await vscode.window.showInputBox({
    title: say("New actor project"),
    prompt: say('"{0}" is not empty. Name of the new folder in it', path.basename(chosen.fsPath)),
    value: "my-actors",
    validateInput: (value) =>
      /^[^/\\:*?"<>|]+$/.test(value.trim()) ? undefined : say("The name of a folder, without / or \\"),
  });
  return name === undefined ? undefined : vscode.Uri.joinPath(chosen, name.trim());
}

/** A folder that is open here already shows what is in it at once. */
async function offerToOpen(folder: vscode.Uri, memory: vscode.Memento): Promise<void> {
  if (vscode.workspace.workspaceFolders?.some(({ uri }) => uri.toString() === folder.toString())) {
    await memory.update(OPENED_NEXT, folder.toString());
    return void (await openNew(memory));
  }
  const [open, openInNewWindow, add] = [say("Open"), say("Open in New Window"), say("Add to Workspace")];
  const text = say('"{0}" is ready.', path.basename(folder.fsPath));
  const choice = await vscode.window.showInformationMessage(text, open, openInNewWindow, add);
  if (choice === undefined) return;
  await memory.update(OPENED_NEXT, folder.toString());
  if (choice !== add)
    return vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: choice === openInNewWindow });
  // The first folder that is added to a window restarts the extension, which then opens it; a later one does not.
  const added = vscode.workspace.onDidChangeWorkspaceFolders(() => {
    added.dispose();
    void openNew(memory);
  });
  vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, { uri: folder });
}
