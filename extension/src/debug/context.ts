/** Tells menus and keys what can be run: whether the active editor is an actor program, which one is meant, and whether there is a launch.json. */
import * as vscode from "vscode";
import { tellWindow } from "../context-keys.ts";
import type { ProgramQuestions } from "./questions.ts";
import { activeFile, choiceFor } from "./workspace-programs.ts";

export function registerContext(questions: ProgramQuestions): vscode.Disposable {
  const teller = new ContextTeller(questions);
  void teller.tell();
  tellConfigured();
  const changed = () => {
    questions.expire();
    void teller.tell();
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(() => teller.tell()),
    vscode.workspace.onDidSaveTextDocument(() => teller.tell()),
    vscode.workspace.onDidCreateFiles(changed),
    vscode.workspace.onDidDeleteFiles(changed),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("launch") && tellConfigured()),
  );
}

class ContextTeller {
  readonly #questions: ProgramQuestions;
  #generation = 0;

  constructor(questions: ProgramQuestions) {
    this.#questions = questions;
  }

  async tell(): Promise<void> {
    const generation = ++this.#generation;
    const file = activeFile();
    const folder = file && vscode.workspace.getWorkspaceFolder(file);
    const isProgram = file !== undefined && (await this.#questions.program(file.toString()))?.startsSystem === true;
    const hasProgram = isProgram || (folder !== undefined && (await choiceFor(folder, this.#questions)).is !== "none");
    // Another editor may be the active one by now.
    if (generation !== this.#generation) return;
    void tellWindow("airssys.isProgram", isProgram);
    void tellWindow("airssys.hasProgram", hasProgram);
  }
}

/** With a launch.json, F5 is left to what the user has written there. */
function tellConfigured(): void {
  const configurations = vscode.workspace.getConfiguration("launch").get<unknown>("configurations");
  const isConfigured = Array.isArray(configurations) && configurations.length > 0;
  void tellWindow("airssys.isConfigured", isConfigured);
}
