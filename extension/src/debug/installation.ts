/** Installs a package that a program needs to run, with the package manager of its project. */
import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { say } from "../sentence.ts";
import type { Remedy } from "./launch-error.ts";
import { installCommand } from "./package-manager.ts";

/** @returns whether it is there now. */
export async function install({ package: name, folder }: Remedy): Promise<boolean> {
  const [command, ...args] = installCommand(folder, name, existsSync);
  const task = new vscode.Task(
    { type: "airssys-install", package: name },
    vscode.TaskScope.Workspace,
    say("install {0}", name),
    "Airssys",
    new vscode.ShellExecution(command, args, { cwd: folder }),
  );
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  const execution = await vscode.tasks.executeTask(task);
  return new Promise((resolve) => {
    const watch = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution !== execution) return;
      watch.dispose();
      resolve(event.exitCode === 0 && existsSync(path.join(folder, "package.json")));
    });
  });
}
