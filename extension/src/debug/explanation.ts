/** Explains a program that ended, and of which no actor system was seen. */
import path from "node:path";
import * as vscode from "vscode";
import type { Log } from "../log.ts";
import type { Silence } from "./launches.ts";

/**
 * | the source | the end | what is said |
 * |---|---|---|
 * | starts no system | any | that it does not, and how to choose another program |
 * | starts one, or nobody knows | with an exit code | that it failed before, and where it says why |
 * | starts one, or nobody knows | without | that no system was seen while it ran |
 */
export async function explain({ file, startsSystem, exitCode }: Silence, log: Log): Promise<void> {
  const name = path.basename(file);
  const hasFailed = exitCode !== undefined && exitCode !== 0;
  log.info(`${file} has ended (exit code ${exitCode ?? "unknown"}), and no actor system of it was seen`);
  if (startsSystem === false) {
    const choose = vscode.l10n.t("Run Another Program");
    const text = vscode.l10n.t(
      "{0} has ended without an actor system: neither it nor what it imports calls ActorSystem.start while it runs.",
      name,
    );
    if ((await vscode.window.showInformationMessage(text, choose)) === choose)
      await vscode.commands.executeCommand("workbench.action.debug.selectandstart");
    return;
  }
  const show = vscode.l10n.t("Show Output");
  const text = hasFailed
    ? vscode.l10n.t(
        "{0} ended with exit code {1} before an actor system was seen. Its output says why.",
        name,
        exitCode,
      )
    : vscode.l10n.t("{0} has ended, and no actor system was seen while it ran.", name);
  const choice = hasFailed
    ? await vscode.window.showWarningMessage(text, show)
    : await vscode.window.showInformationMessage(text, show);
  if (choice === show) await vscode.commands.executeCommand("workbench.debug.action.focusRepl");
}
