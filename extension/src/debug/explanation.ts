/** Explains a program that ended, and of which no actor system was seen. */
import * as vscode from "vscode";
import type { Log } from "../log.ts";
import { say } from "../sentence.ts";
import { explanationOf, type Launched } from "./launches.ts";

export async function explain(launched: Launched, log: Log): Promise<void> {
  const { text, offers } = explanationOf(launched);
  log.info(
    `${launched.file} has ended, exit code ${launched.exitCode ?? "unknown"}, and no actor system of it was seen`,
  );
  if (offers === "output") await offer(text, say("Show Output"), "workbench.debug.action.focusRepl");
  else await offer(text, say("Run Another Program"), "workbench.action.debug.selectandstart");
}

async function offer(text: string, button: string, command: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(text, button);
  if (choice === button) await vscode.commands.executeCommand(command);
}
