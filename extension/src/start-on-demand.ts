/** Runs the program of the workspace at once when the environment says so: how the example is shown. */
import * as vscode from "vscode";
import { startProgram } from "./debug/provider.ts";
import type { Log } from "./log.ts";
import { VIEW_ID } from "./tree/view.ts";

/** Set to `1` by who opens a window to show the program of its workspace running. */
const ENV_START = "AIRSSYS_START_PROGRAM";

export function startOnDemand(log: Log): void {
  if (process.env[ENV_START] !== "1" || !vscode.workspace.isTrusted) return;
  showRunning().catch((error: unknown) => log.error(`the program was not started: ${String(error)}`));
}

async function showRunning(): Promise<void> {
  await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
  await startProgram(undefined, true);
}
