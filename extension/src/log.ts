/** The log that *Airssys: Show Log* opens. */
import * as vscode from "vscode";

export type Log = vscode.LogOutputChannel;

export function createLog(): Log {
  return vscode.window.createOutputChannel("Airssys", { log: true });
}
