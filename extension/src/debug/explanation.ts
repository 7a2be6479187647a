/** Explains a program that ended, and of which no actor system was seen. */
import path from "node:path";
import * as vscode from "vscode";
import type { Log } from "../log.ts";
import { say } from "../sentence.ts";
import type { Launched } from "./launches.ts";

/**
 * | the source | what is said |
 * |---|---|
 * | starts no system | that it does not, and how to run another program |
 * | starts one, or nobody knows | that none was seen while it ran, and where it may say why |
 */
export async function explain({ file, startsSystem }: Launched, log: Log): Promise<void> {
  const name = path.basename(file);
  log.info(`${file} has ended, and no actor system of it was seen`);
  if (startsSystem === false) {
    const text = say(
      "{0} has ended without an actor system: neither it nor what it imports calls ActorSystem.start while it runs.",
      name,
    );
    await offer(text, say("Run Another Program"), "workbench.action.debug.selectandstart");
  } else {
    const text = say("{0} has ended, and no actor system was seen while it ran. Its output may say why.", name);
    await offer(text, say("Show Output"), "workbench.debug.action.focusRepl");
  }
}

async function offer(text: string, button: string, command: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(text, button);
  if (choice === button) await vscode.commands.executeCommand(command);
}
