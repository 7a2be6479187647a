/** Tells menus and keys what can be run: whether the active editor is an actor program, and whether there is a launch.json. */
import * as vscode from "vscode";
import { startsSystem } from "./entry.ts";

export function registerContext(): vscode.Disposable {
  tellProgram(vscode.window.activeTextEditor);
  tellConfigured();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(tellProgram),
    vscode.workspace.onDidSaveTextDocument(() => tellProgram(vscode.window.activeTextEditor)),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("launch") && tellConfigured()),
  );
}

function tellProgram(editor: vscode.TextEditor | undefined): void {
  const isProgram = editor !== undefined && startsSystem(editor.document.getText());
  void vscode.commands.executeCommand("setContext", "airssys.isProgram", isProgram);
}

/** With a launch.json, F5 is left to what the user has written there. */
function tellConfigured(): void {
  const configurations = vscode.workspace.getConfiguration("launch").get<unknown>("configurations");
  const isConfigured = Array.isArray(configurations) && configurations.length > 0;
  void vscode.commands.executeCommand("setContext", "airssys.isConfigured", isConfigured);
}
